//! Places where a test ends the process, as a crash or an empty battery would (security note 6.3). They are there only
//! with the feature `failpoints`, which nothing that ships is built with.

/// Ends the process by SIGKILL where `ROLECALL_KILL_AT` names this place: nothing is tidied up. Panics where
/// `ROLECALL_PANIC_AT` does, as over a mistake of ours. `place#3` means the third time it is passed.
#[cfg(feature = "failpoints")]
pub(crate) fn failpoint(place: &str) {
    if ordered("ROLECALL_KILL_AT", place) {
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
    assert!(!ordered("ROLECALL_PANIC_AT", place), "a mistake of ours, as ordered");
}

#[cfg(feature = "failpoints")]
fn ordered(variable: &str, place: &str) -> bool {
    use std::sync::atomic::{AtomicUsize, Ordering};

    static PASSED: AtomicUsize = AtomicUsize::new(0);
    let Ok(wanted) = std::env::var(variable) else { return false };
    let (name, time) = wanted.split_once('#').unwrap_or((&wanted, "1"));
    name == place && time.parse() == Ok(PASSED.fetch_add(1, Ordering::SeqCst) + 1)
}

/// Nothing happens here.
#[cfg(not(feature = "failpoints"))]
pub(crate) fn failpoint(_: &str) {}
