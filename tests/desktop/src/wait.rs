use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long anything may take before a test fails. Machines that test are slow at times.
const BOUND: Duration = Duration::from_secs(40);

/// Looks until there is something to see, and gives it.
///
/// # Panics
/// When `what` did not come about in time.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + BOUND;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < end, "not in time: {what}");
        sleep(Duration::from_millis(50)).await;
    }
}
