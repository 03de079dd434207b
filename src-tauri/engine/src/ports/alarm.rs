//! Waiting on the boot clock. The runtime's timers stop while the computer sleeps on Linux and macOS, so a
//! deadline would come as much later as it slept.

use std::time::Duration;

/// Waits `pause`, time asleep included, or less.
#[cfg(target_os = "linux")]
pub(super) async fn ring(pause: Duration) {
    if let Err(error) = linux::ring(pause.min(LONGEST)).await {
        tracing::debug!(%error, "no timer on the boot clock");
        tokio::time::sleep(pause.min(TICK)).await;
    }
}

/// Waits `pause` or less: with a short tick the clocks are looked at soon after the computer woke.
#[cfg(not(target_os = "linux"))]
pub(super) async fn ring(pause: Duration) {
    tokio::time::sleep(pause.min(TICK)).await;
}

/// How long the clocks may go without being looked at, where nothing tells that the computer woke or was set.
const TICK: Duration = Duration::from_secs(45);

/// The same where the kernel tells.
#[cfg(target_os = "linux")]
const LONGEST: Duration = Duration::from_secs(15 * 60);

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::time::Duration;

    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
    };
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// Two timers of the kernel's: one that counts time asleep too, and one that rings only when the wall clock is set,
    /// which it also is when the computer wakes. So nothing has to wake up in between.
    pub(super) async fn ring(pause: Duration) -> io::Result<()> {
        // A timer of zero would never ring.
        let pause = pause.max(Duration::from_millis(1));
        let due = timer(TimerfdClockId::Boottime, TimerfdTimerFlags::empty(), pause)?;
        let never = Duration::from_secs(1 << 40);
        let set =
            timer(TimerfdClockId::Realtime, TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET, never)?;
        tokio::select! {
            rung = due.readable() => rung.map(drop),
            was_set = set.readable() => was_set.map(drop),
        }
    }

    #[expect(deprecated, reason = "the successor is unsafe, for types that do not own their descriptor; this one does")]
    fn timer(clock: TimerfdClockId, flags: TimerfdTimerFlags, at: Duration) -> io::Result<AsyncFd<OwnedFd>> {
        let timer = timerfd_create(clock, TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK)?;
        let once = Timespec { tv_sec: 0, tv_nsec: 0 };
        let at = Timespec::try_from(at).map_err(io::Error::other)?;
        timerfd_settime(&timer, flags, &Itimerspec { it_interval: once, it_value: at })?;
        AsyncFd::with_interest(timer, Interest::READABLE)
    }
}
