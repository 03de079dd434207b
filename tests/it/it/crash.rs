//! The real program killed at each numbered step of a refresh, on the real key store: no session is lost that the provider
//! still honours.

use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use rolecall_provider::Options;

use crate::sandbox::{Sandbox, built, talk};

/// Where it is killed (security note 6.3), and whether the provider has spent the old refresh token while the new one is
/// not in the key store yet: then only its grace can save the session, and where it has none the next refresh says why.
const PLACES: [(&str, bool); 11] = [
    ("1-joined", false),
    ("2-locked", false),
    ("3-read", false),
    ("4-marked", false),
    ("5-answered", true),
    ("6-parts", true),
    ("6-header", false),
    ("6-kept", false),
    ("7-counted", false),
    ("7-stored", false),
    ("8-done", false),
];
/// Rounds at every place, with grace and without.
const ROUNDS: usize = 10;
const SIGKILL: i32 = 9;

/// The program with the places in it, which is built for this test alone.
pub(crate) fn with_failpoints() -> PathBuf {
    let beside = || built("rolecall", "ROLECALL_BIN").with_file_name("../failpoints/debug/rolecall");
    let path = std::env::var_os("ROLECALL_FAILPOINTS_BIN").map_or_else(beside, PathBuf::from);
    let how = "cargo build -p rolecall-cli --features failpoints --target-dir target/failpoints";
    assert!(path.exists(), "build it first: {how}");
    path
}

fn kill_at(sandbox: &Sandbox, place: &str) -> ExitStatus {
    let mut process: Command = sandbox.bus.command(&with_failpoints());
    process.arg("refresh").env("ROLECALL_KILL_AT", place).stdout(Stdio::null()).stderr(Stdio::null());
    process.status().expect("the program runs")
}

#[test]
fn rf_2_killed_at_every_step_no_session_is_lost_that_the_provider_honours() {
    let mut rounds = 0;
    for grace in [0, 120] {
        // More than one item takes, so that there is a time between its parts and its header.
        let sandbox = Sandbox::new(Options { grace, ..Options::default() });
        let names: Vec<String> = (0..1500).map(|number| format!("/company/department/team-{number}")).collect();
        sandbox.provider.set_groups("ed", &names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(sandbox.login().status.code(), Some(0));
        for (place, spent) in PLACES {
            for _ in 0..ROUNDS {
                let ended = kill_at(&sandbox, place);
                assert_eq!(ended.signal(), Some(SIGKILL), "it never came to {place}");
                rounds += 1;
                let after = sandbox.rolecall(&["token", "--refresh"]);
                if spent && grace == 0 {
                    // The provider takes the old token no more: nothing can save this one, so it must be told.
                    assert_eq!(after.status.code(), Some(3), "{place}: {}", talk(&after));
                    assert!(talk(&after).contains("cut off"), "{place}: {}", talk(&after));
                    assert_eq!(sandbox.login().status.code(), Some(0));
                } else {
                    assert_eq!(after.status.code(), Some(0), "{place}, grace {grace}: {}", talk(&after));
                }
            }
        }
    }
    assert!(rounds >= 200, "{rounds} rounds");
}

#[test]
fn tk_1_a_panic_in_the_middle_of_a_refresh_shows_no_token_and_costs_no_session() {
    let sandbox = Sandbox::signed_in(Options { grace: 120, ..Options::default() });
    for (place, _) in PLACES.into_iter().filter(|(place, _)| *place != "6-parts") {
        let mut process = sandbox.bus.command(&with_failpoints());
        process.arg("refresh").env("ROLECALL_PANIC_AT", place).env("RUST_BACKTRACE", "full");
        let output = process.env("ROLECALL_LOG", "trace").output().expect("the program runs");
        let said = format!("{}{}", talk(&output), String::from_utf8_lossy(&output.stdout));
        assert!(said.contains("as ordered"), "{place}: {said}");
        for secret in sandbox.provider.secrets() {
            assert!(!said.contains(&secret), "{place}: a token was shown");
        }
        let after = sandbox.rolecall(&["token", "--refresh"]);
        assert_eq!(after.status.code(), Some(0), "{place}: {}", talk(&after));
    }
}

/// Killed before and after each file is put in place, and at the steps between them.
#[test]
fn kc_6_killed_anywhere_in_a_sign_in_nothing_is_left_in_the_key_store_that_prune_does_not_find() {
    let sandbox = Sandbox::new(Options::default());
    let mut killed = 0;
    for place in ["rename", "renamed", "establish-named", "6-header", "establish-stored"] {
        for time in 1.. {
            let mut login = sandbox.bus.command(&with_failpoints());
            login.args(["login", "--issuer", &sandbox.provider.issuer(), "--client-id", "rolecall-demo"]);
            login.env("BROWSER", built("rolecall-demo-browser", "ROLECALL_DEMO_BROWSER_BIN"));
            let ended = login.env("ROLECALL_KILL_AT", format!("{place}#{time}")).output().expect("the program runs");
            // By hand, so that no profile names the session whatever had been written.
            let _ = std::fs::remove_file(sandbox.bus.folder().join("config").join("rolecall.toml"));
            let stored = sandbox.items().contains("username");
            let listed = talk(&sandbox.rolecall(&["profiles"]));
            assert!(!stored || listed.contains("is left over"), "{place}#{time}: {listed}");
            let pruned = sandbox.rolecall(&["profiles", "prune"]);
            assert_eq!(pruned.status.code(), Some(0), "{place}#{time}: {}", talk(&pruned));
            assert!(!sandbox.items().contains("username"), "{place}#{time}: {}", sandbox.items());
            if ended.status.signal() != Some(SIGKILL) {
                assert!(ended.status.success(), "{place}#{time}: {}", talk(&ended));
                assert!(time > 1, "it never came to {place}");
                break;
            }
            killed += 1;
        }
    }
    assert!(killed >= 10, "{killed} places");
}
