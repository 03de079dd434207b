//! Places where a test ends the process, as a crash or a lost battery would (security note 6.3). They are there only with
//! the feature `failpoints`, which nothing that ships is built with.

/// Ends the process by SIGKILL where `ROLECALL_KILL_AT` names this place: nothing is tidied up. Panics where
/// `ROLECALL_PANIC_AT` does, as over a mistake of ours.
#[cfg(feature = "failpoints")]
pub(crate) fn failpoint(place: &str) {
    if std::env::var_os("ROLECALL_KILL_AT").is_some_and(|wanted| wanted == place) {
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
    assert!(
        std::env::var_os("ROLECALL_PANIC_AT").is_none_or(|wanted| wanted != place),
        "a mistake of ours, as ordered"
    );
}

/// Nothing happens here.
#[cfg(not(feature = "failpoints"))]
pub(crate) fn failpoint(_: &str) {}
