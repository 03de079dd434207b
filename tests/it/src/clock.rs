use std::sync::atomic::{AtomicI64, Ordering};

use rolecall_engine::ports::{Clock, SystemClock, Timestamp};

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Stands at the real time.
    #[must_use]
    pub fn now() -> Self {
        Self(AtomicI64::new(SystemClock.now().0))
    }

    /// Goes on, or back, by so many seconds.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}
