//! The real command line told to end in the middle of something. The provider here ends a session when a refresh token that
//! was spent comes again, so an answer that nobody stores costs the session.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rolecall_provider::{Endpoint, Fault, Options};
use tokio::time::Instant;

use crate::sandbox::{Sandbox, talk};

/// How long the provider holds its answers back, in milliseconds.
const HELD: u64 = 1500;

/// What a person, a lost terminal and a log-out send, once and in a hurry.
const SIGNALS: [&[&str]; 5] = [&["-TERM"], &["-INT"], &["-HUP"], &["-INT", "-INT"], &["-TERM", "-TERM", "-HUP"]];

/// Starts a command and sends these signals once the request has reached the provider.
fn told_to_end(sandbox: &Sandbox, arguments: &[&str], signals: &[&str], reached: impl Fn() -> bool) {
    let mut command = sandbox.command(arguments);
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while !reached() {
        assert!(process.try_wait().unwrap().is_none(), "{arguments:?}, {signals:?}: it ended too early");
        assert!(begun.elapsed() < Duration::from_secs(20), "{arguments:?}, {signals:?}: nothing was sent");
        std::thread::sleep(Duration::from_millis(10));
    }
    for signal in signals {
        send(signal, &process);
        std::thread::sleep(Duration::from_millis(60));
    }
    process.wait().unwrap();
    sandbox.provider.clear_faults();
}

fn send(signal: &str, process: &Child) {
    assert!(Command::new("kill").args([signal, &process.id().to_string()]).status().unwrap().success());
}

#[test]
fn rf_9_a_refresh_that_was_sent_survives_every_signal_that_ends_the_program() {
    for signals in SIGNALS {
        let sandbox = Sandbox::signed_in(Options { grace: 0, ..Options::default() });
        sandbox.provider.fault(Fault::Slow(Endpoint::Token, HELD));
        sandbox.provider.forget_requests();
        told_to_end(&sandbox, &["refresh"], signals, || sandbox.provider.token_requests("refresh_token") > 0);
        let after = sandbox.rolecall(&["token", "--refresh"]);
        assert_eq!(after.status.code(), Some(0), "{signals:?}: {}", talk(&after));
    }
}

#[test]
fn rf_9_a_sign_in_that_came_back_survives_every_signal_that_ends_the_program() {
    for signals in SIGNALS {
        let sandbox = Sandbox::new(Options { grace: 0, ..Options::default() });
        sandbox.provider.fault(Fault::Slow(Endpoint::Token, HELD));
        let issuer = sandbox.provider.issuer();
        let login = ["login", "--issuer", &issuer, "--client-id", "rolecall-demo"];
        told_to_end(&sandbox, &login, signals, || sandbox.provider.token_requests("authorization_code") > 0);
        let after = sandbox.rolecall(&["refresh", "--profile", "local"]);
        assert_eq!(after.status.code(), Some(0), "{signals:?}: {}", talk(&after));
        assert_eq!(sandbox.provider.live_sessions(), 1, "{signals:?}");
    }
}

#[test]
fn rf_9_a_sign_out_that_was_begun_is_carried_through_whatever_signal_comes() {
    for signals in SIGNALS {
        let sandbox = Sandbox::signed_in(Options::default());
        sandbox.provider.fault(Fault::Slow(Endpoint::Revocation, HELD));
        let asked = || sandbox.provider.requests().iter().any(|request| request.path.contains("revo"));
        told_to_end(&sandbox, &["logout"], signals, asked);
        assert_eq!(sandbox.provider.live_sessions(), 0, "{signals:?}");
        assert_eq!(sandbox.rolecall(&["status"]).status.code(), Some(3), "{signals:?}");
        assert!(!sandbox.items().contains("username"), "{signals:?}: {}", sandbox.items());
    }
}

#[test]
fn rf_9_a_log_that_can_not_be_written_ends_nothing() {
    let sandbox = Sandbox::new(Options { grace: 0, ..Options::default() });
    let issuer = sandbox.provider.issuer();
    let login = ["login", "--issuer", &issuer, "--client-id", "rolecall-demo"];
    for words in [&login[..], &["refresh"], &["token"], &["status"], &["logout"]] {
        // As on a full disk, or once the terminal was closed.
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = sandbox.command(words);
        command.env("ROLECALL_LOG", "trace").stdin(Stdio::null()).stdout(Stdio::null()).stderr(full);
        assert_eq!(command.status().unwrap().code(), Some(0), "{words:?}");
    }
    assert_eq!(sandbox.provider.live_sessions(), 0);
}
