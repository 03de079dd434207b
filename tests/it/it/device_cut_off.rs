//! A sign-in on another device that is stopped or killed at each of its steps: nothing is left behind that nobody is told of,
//! and no session that was there is lost.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rolecall_it::until;
use rolecall_provider::{Endpoint, Fault, Options};

use crate::crash::with_failpoints;
use crate::device::decide;
use crate::sandbox::{Sandbox, built, talk};

/// A `login --device`, what it says, and the code it showed.
struct Login {
    process: Child,
    said: std::path::PathBuf,
    code: String,
}

impl Login {
    /// Starts it and waits until the code is shown.
    async fn start(sandbox: &Sandbox, program: &Path, kill_at: Option<&str>) -> Self {
        let said = sandbox.bus.folder().join("said");
        let mut command = sandbox.bus.command(program);
        command.args(["login", "--device", "--issuer", &sandbox.provider.issuer(), "--client-id", "rolecall-demo"]);
        if let Some(place) = kill_at {
            command.env("ROLECALL_KILL_AT", place);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(std::fs::File::create(&said).unwrap());
        let started = Self { process: command.spawn().unwrap(), said, code: String::new() };
        until("the code is shown", || started.said().contains("Give the code to nobody")).await;
        let code = started.said().lines().find_map(|line| line.strip_prefix("    ")).unwrap().to_owned();
        Self { code, ..started }
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap_or_default()
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap().success());
    }

    async fn end(mut self) -> (std::process::ExitStatus, String) {
        let status = tokio::task::spawn_blocking(move || self.process.wait().unwrap());
        (status.await.unwrap(), std::fs::read_to_string(&self.said).unwrap())
    }
}

fn questions(sandbox: &Sandbox) -> usize {
    sandbox.provider.device_questions().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_ctrl_c_before_the_code_is_used_leaves_nothing_and_after_it_finishes_first() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        for used in [false, true] {
            let sandbox = Sandbox::signed_in(Options { grace: 0, ..Options::default() });
            let login = Login::start(&sandbox, &built("rolecall", "ROLECALL_BIN"), None).await;
            if used {
                // Userinfo is read once the tokens are there: the code is spent, and nothing is stored yet.
                sandbox.provider.forget_requests();
                sandbox.provider.fault(Fault::Slow(Endpoint::Userinfo, 1500));
                assert_eq!(decide(&sandbox.provider.issuer(), &login.code, "ed", "allow").await, 200);
                let asked = || sandbox.provider.requests().iter().any(|request| request.path == "/userinfo");
                until("the answer is being checked", asked).await;
            }
            login.signal(signal);
            let (status, said) = login.end().await;
            sandbox.provider.clear_faults();
            assert_eq!(status.code(), Some(i32::from(!used)), "{signal}, used {used}: {said}");
            assert_eq!(said.contains("finishing first"), used, "{said}");
            let after = sandbox.rolecall(&["token", "--refresh"]);
            assert_eq!(after.status.code(), Some(0), "{signal}, used {used}: {}", talk(&after));
            // The same person's session of before is left to itself.
            assert!(sandbox.provider.live_sessions() <= 1 + usize::from(used), "{signal}, used {used}");
            let status = talk(&sandbox.rolecall(&["status"]));
            assert!(!status.contains("cut off"), "{status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_ctrl_c_while_the_provider_answers_gives_back_what_the_answer_brings() {
    let sandbox = Sandbox::new(Options { grace: 0, ..Options::default() });
    let login = Login::start(&sandbox, &built("rolecall", "ROLECALL_BIN"), None).await;
    sandbox.provider.fault(Fault::Slow(Endpoint::Token, 1500));
    assert_eq!(decide(&sandbox.provider.issuer(), &login.code, "ed", "allow").await, 200);
    let before = questions(&sandbox);
    until("it asks", || questions(&sandbox) > before || sandbox.provider.live_sessions() > 0).await;
    login.signal("-INT");
    let (status, said) = login.end().await;
    sandbox.provider.clear_faults();
    let stored = sandbox.items().contains("username");
    assert_eq!(sandbox.provider.live_sessions(), usize::from(stored), "{said}");
    assert_eq!(status.code(), Some(i32::from(!stored)), "what is said is what is: {said}");
    let listed = talk(&sandbox.rolecall(&["status"]));
    assert!(!listed.contains("cut off"), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn kc_7_killed_at_any_step_of_it_the_key_store_holds_nothing_unnamed_and_what_is_lost_is_told() {
    for (place, lost) in [
        ("redeeming", false),
        ("redeemed", true),
        ("establish-named", true),
        ("6-header", false),
        ("establish-stored", false),
    ] {
        for signed_in in [false, true] {
            let sandbox = Sandbox::new(Options::default());
            let mut before = 0;
            if signed_in {
                assert_eq!(sandbox.login().status.code(), Some(0));
                before = sandbox.provider.live_sessions();
            }
            let login = Login::start(&sandbox, &with_failpoints(), Some(place)).await;
            if place != "redeeming" {
                assert_eq!(decide(&sandbox.provider.issuer(), &login.code, "ed", "allow").await, 200);
            }
            let (ended, said) = login.end().await;
            assert_eq!(ended.signal(), Some(9), "it never came to {place}: {said}");
            let new = sandbox.provider.live_sessions() - before;
            assert_eq!(new, usize::from(place != "redeeming"), "{place}");
            if signed_in {
                let after = sandbox.rolecall(&["token", "--refresh"]);
                assert_eq!(after.status.code(), Some(0), "{place}: {}", talk(&after));
            } else {
                let listed = talk(&sandbox.rolecall(&["profiles"]));
                assert!(!sandbox.items().contains("username") || listed.contains("left over"), "{place}: {listed}");
                let text = format!(
                    "[profiles.local]\nissuer = \"{}\"\nclient_id = \"rolecall-demo\"\n",
                    sandbox.provider.issuer()
                );
                let config = sandbox.bus.folder().join("config");
                std::fs::create_dir_all(&config).unwrap();
                std::fs::write(config.join("rolecall.toml"), text).unwrap();
                let status = sandbox.rolecall(&["status"]);
                let told = talk(&status).contains("cut off");
                assert!(told || !lost, "{place}: {}", talk(&status));
                let stored = matches!(place, "6-header" | "establish-stored");
                assert_eq!(status.status.code(), Some(if stored { 0 } else { 3 }), "{place}: {}", talk(&status));
            }
        }
    }
}
