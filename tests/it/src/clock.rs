use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use rolecall_engine::ports::{Clock, SystemClock, Timestamp};

/// A pair of clocks: the wall clock stands still until it is set, the boot clock goes on and can be put forward.
#[derive(Debug)]
pub struct ManualClock {
    wall: AtomicI64,
    asleep: AtomicU64,
    polls: AtomicU64,
}

/// So often whoever waits looks at these clocks, as the real ones' alarm may ring early.
const POLL: Duration = Duration::from_millis(10);

impl ManualClock {
    /// Stands at the real time.
    #[must_use]
    pub fn now() -> Self {
        Self { wall: AtomicI64::new(SystemClock.now().0), asleep: AtomicU64::new(0), polls: AtomicU64::new(0) }
    }

    /// So many seconds pass at once, as while the computer sleeps: on both clocks, and on no timer.
    pub fn advance(&self, seconds: u32) {
        self.asleep.fetch_add(u64::from(seconds), Ordering::SeqCst);
        self.set_wall(i64::from(seconds));
    }

    /// How often somebody waited for these clocks.
    pub fn polls(&self) -> u64 {
        self.polls.load(Ordering::SeqCst)
    }

    /// Sets the wall clock by so many seconds.
    pub fn set_wall(&self, seconds: i64) {
        self.wall.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.wall.load(Ordering::SeqCst))
    }

    fn boot(&self) -> Duration {
        SystemClock.boot() + Duration::from_secs(self.asleep.load(Ordering::SeqCst))
    }

    fn alarm(&self, until: Duration) -> BoxFuture<'static, ()> {
        self.polls.fetch_add(1, Ordering::SeqCst);
        Box::pin(tokio::time::sleep(POLL.min(until.saturating_sub(self.boot()))))
    }
}
