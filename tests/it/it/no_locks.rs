//! A state folder on a file system without locks, as some network file systems are: nothing is spent there, and nothing
//! hangs.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rolecall_provider::Options;

use crate::sandbox::{Sandbox, talk};

/// What `flock` answers there (ENOLCK), in front of the C library's own.
const WITHOUT_LOCKS: &str = "#include <errno.h>\nint flock(int file, int what) { errno = ENOLCK; return -1; }\n";

/// Longer than the wait for a lock that another holds.
const BOUND: Duration = Duration::from_secs(20);

fn library(sandbox: &Sandbox) -> PathBuf {
    let (source, library) = (sandbox.bus.folder().join("locks.c"), sandbox.bus.folder().join("locks.so"));
    std::fs::write(&source, WITHOUT_LOCKS).unwrap();
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status().unwrap();
    assert!(built.success(), "cc is installed");
    library
}

#[test]
#[expect(clippy::disallowed_methods, reason = "bounds real processes by real time")]
fn rf_3_av_2_where_files_can_not_be_locked_nothing_is_sent_nothing_hangs_and_nothing_is_lost() {
    let sandbox = Sandbox::signed_in(Options::default());
    let library = library(&sandbox);
    sandbox.provider.forget_requests();
    for (words, expected) in [
        (&["refresh"][..], Some(2)),
        (&["token", "--refresh"], Some(2)),
        (&["logout"], Some(2)),
        // A token that still holds needs no lock, and neither does a look.
        (&["token"], Some(0)),
        (&["status"], Some(0)),
        (&["roles"], Some(0)),
    ] {
        let begun = Instant::now();
        let output = sandbox.command(words).env("LD_PRELOAD", &library).stdin(Stdio::null()).output().unwrap();
        assert!(begun.elapsed() < BOUND, "{words:?} took {:?}", begun.elapsed());
        assert_eq!(output.status.code(), expected, "{words:?}: {}", talk(&output));
    }
    assert_eq!((sandbox.provider.token_requests("refresh_token"), sandbox.provider.live_sessions()), (0, 1));
    assert_eq!(
        sandbox.rolecall(&["refresh"]).status.code(),
        Some(0),
        "and on a file system with locks all is as before"
    );
}
