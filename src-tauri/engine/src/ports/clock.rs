use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::alarm;

/// A moment, as POSIX seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Timestamp(#[cfg_attr(test, ts(type = "number"))] pub i64);

impl Timestamp {
    /// The moment `seconds` later; stays at the end of time instead of overflowing.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Both clocks, read together (RF-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The wall clock.
    pub wall: Timestamp,
    /// The boot clock, see [`Clock::boot`].
    pub boot: Duration,
}

/// Two clocks: the wall clock can be set; the boot clock means nothing to another process. The system's own are banned by
/// lint everywhere else.
pub trait Clock: Send + Sync {
    /// The wall clock.
    fn now(&self) -> Timestamp;

    /// The time since a moment that stays the same while the program runs. It goes on while the computer sleeps, and
    /// setting the wall clock does not move it.
    fn boot(&self) -> Duration;

    /// Waits until [`Clock::boot`] comes to `until`. May return earlier, so look again: it does when the wall clock was
    /// set, where the system tells.
    fn alarm(&self, until: Duration) -> BoxFuture<'static, ()>;

    /// Both clocks.
    fn reading(&self) -> ClockReading {
        ClockReading { wall: self.now(), boot: self.boot() }
    }
}

/// Waits for so long, time asleep included: the runtime's own timers stop meanwhile.
pub async fn wait(clock: &dyn Clock, pause: Duration) {
    let until = clock.boot().saturating_add(pause);
    while clock.boot() < until {
        clock.alarm(until).await;
    }
}

/// The clocks of this computer.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    fn boot(&self) -> Duration {
        since_boot()
    }

    fn alarm(&self, until: Duration) -> BoxFuture<'static, ()> {
        Box::pin(alarm::ring(until.saturating_sub(self.boot())))
    }
}

#[cfg(unix)]
fn since_boot() -> Duration {
    use rustix::time::{ClockId, clock_gettime};

    // Linux stops its monotonic clock while the computer sleeps; macOS does not.
    #[cfg(target_os = "linux")]
    const BOOT: ClockId = ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    const BOOT: ClockId = ClockId::Monotonic;
    Duration::try_from(clock_gettime(BOOT)).unwrap_or_default()
}

/// Windows counts time asleep in the clock behind `Instant`.
#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
fn since_boot() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;

    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn rf_8_the_systems_boot_clock_goes_on_and_its_alarm_rings() {
        let before = SystemClock.reading();
        let pause = Duration::from_millis(120);
        let waiting = wait(&SystemClock, pause);
        tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("it rings");
        let after = SystemClock.reading();
        assert!(after.boot >= before.boot + pause && after.wall >= before.wall, "{before:?} {after:?}");
    }
}
