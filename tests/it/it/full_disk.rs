//! The real program where no file can be written any more: it says what is true, and costs nothing that is not a file.
//!
//! The disk is full by `RLIMIT_FSIZE`, which holds for root as well.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use rolecall_provider::Options;

use crate::sandbox::{Sandbox, built, talk};

/// Runs the program so that a write beyond a limit fails instead of ending it; with a limit of 0 from the start.
fn run(sandbox: &Sandbox, limit: Option<u64>, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Output {
    let mut command = sandbox.bus.command("sh".as_ref());
    let limit = limit.map_or_else(String::new, |limit| format!("ulimit -f {limit};"));
    command.args(["-c", &format!("trap '' XFSZ; {limit} exec \"$@\""), "sh"]);
    command.arg(built("rolecall", "ROLECALL_BIN")).args(arguments);
    command.env("BROWSER", built("rolecall-demo-browser", "ROLECALL_DEMO_BROWSER_BIN"));
    change(&mut command);
    command.output().expect("sh runs")
}

#[test]
fn kc_6_kc_8_a_sign_out_on_a_full_disk_revokes_deletes_and_says_what_could_not_be_noted() {
    let sandbox = Sandbox::signed_in(Options::default());
    let logout = run(&sandbox, Some(0), &["logout"], |_| {});
    assert_eq!(logout.status.code(), Some(0), "{}", talk(&logout));
    let said = talk(&logout);
    assert!(said.contains("revoked at the provider and deleted here") && said.contains("not everything"), "{said}");
    assert!(!said.contains("The session is kept"), "{said}");
    assert_eq!(sandbox.provider.live_sessions(), 0);
    // What can't be written any more is deleted, so that an open window notices and nothing tells of a session.
    let files = std::fs::read_dir(sandbox.bus.folder().join("state")).unwrap();
    let left: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!left.iter().any(|name| name.ends_with("generation") || name.ends_with("last.json")), "{left:?}");
    assert!(!sandbox.items().contains("username"), "{}", sandbox.items());
    assert_eq!(sandbox.rolecall(&["status"]).status.code(), Some(3));
}

#[test]
fn kc_2_a_full_disk_is_found_out_before_the_browser_opens_and_keeps_the_session() {
    let sandbox = Sandbox::signed_in(Options::default());
    sandbox.provider.forget_requests();
    let login = run(&sandbox, Some(0), &["login"], |command| {
        command.env("ROLECALL_DEMO_ACCOUNT", "ada");
    });
    assert_eq!(login.status.code(), Some(2), "{}", talk(&login));
    assert!(!sandbox.provider.requests().iter().any(|request| request.path == "/authorize"));
    assert_eq!((sandbox.provider.live_sessions(), sandbox.rolecall(&["token"]).status.code()), (1, Some(0)));
}

#[test]
fn kc_6_a_disk_that_fills_up_during_a_sign_in_costs_no_session_and_leaves_none_behind() {
    let sandbox = Sandbox::signed_in(Options::default());
    let browser = sandbox.bus.folder().join("filling-browser");
    let walk = built("rolecall-demo-browser", "ROLECALL_DEMO_BROWSER_BIN");
    // Fills the disk for the program that started it, then signs in.
    let script = format!("#!/bin/sh\nprlimit --pid=$PPID --fsize=0 && exec '{}' \"$@\"\n", walk.display());
    std::fs::write(&browser, script).unwrap();
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
    let login = run(&sandbox, None, &["login"], |command| {
        command.env("ROLECALL_DEMO_ACCOUNT", "ada").env("BROWSER", &browser);
    });
    let said = talk(&login);
    assert_eq!(login.status.code(), Some(0), "{said}");
    assert!(said.contains("Ada Admin") && said.contains("not everything"), "{said}");
    assert_eq!(sandbox.provider.live_sessions(), 1, "the session that was displaced is revoked");
    let status = sandbox.rolecall(&["status"]);
    assert!(String::from_utf8_lossy(&status.stdout).contains("Ada Admin"), "{}", talk(&status));
}

#[test]
fn kc_8_every_command_on_a_full_disk_says_what_is_and_leaves_all_as_it_was_or_as_it_says() {
    let sandbox = Sandbox::signed_in(Options::default());
    let issuer = sandbox.provider.issuer();
    let login = ["login", "--issuer", &issuer, "--client-id", "rolecall-demo", "--profile", "other"];
    let other = sandbox.rolecall(&login);
    assert_eq!(other.status.code(), Some(0), "{}", talk(&other));
    let settings = sandbox.bus.folder().join("openid.conf");
    let lines = format!(
        "map $host $oidc_authz_endpoint {{ default \"{issuer}/authorize\"; }}\nmap $host $oidc_client {{ default \"x\"; }}\n"
    );
    std::fs::write(&settings, lines).unwrap();
    let file = || std::fs::read_to_string(sandbox.bus.folder().join("config/rolecall.toml")).unwrap();
    let (before, items) = (file(), sandbox.items());
    let settings = settings.display().to_string();
    let commands: [&[&str]; 5] = [
        &["profiles", "select", "local"],
        &["client-secret", "--profile", "local"],
        &["import", "nginx", &settings, "--profile", "imported", "--client-id", "rolecall-demo"],
        &["login", "--profile", "third", "--issuer", &issuer, "--client-id", "x"],
        &["refresh", "--profile", "local"],
    ];
    for words in commands {
        let output = run(&sandbox, Some(0), words, |command| {
            command.stdin(std::fs::File::open("/proc/self/comm").unwrap());
        });
        let said = talk(&output);
        assert!(matches!(output.status.code(), Some(2 | 5)), "{words:?}: {:?} {said}", output.status);
        assert!(!said.contains("panicked") && said.contains("hint: "), "{words:?}: {said}");
        assert_eq!(file(), before, "{words:?}: {said}");
        assert_eq!(names(&sandbox.items()), names(&items), "{words:?}: {said}");
        for name in ["local", "other"] {
            let token = sandbox.rolecall(&["token", "--profile", name]);
            assert_eq!(token.status.code(), Some(0), "{words:?}: {}", talk(&token));
        }
    }
    let removed = run(&sandbox, Some(0), &["profiles", "remove", "other"], |_| {});
    let said = talk(&removed);
    let is_named = file().contains("[profiles.other]");
    assert_eq!(removed.status.success(), !is_named, "{said}");
    let honoured = sandbox.provider.live_sessions();
    let signed_in = sandbox.rolecall(&["token", "--profile", "other"]).status.success();
    assert_eq!(honoured, 1 + usize::from(signed_in), "{said}");
    assert!(signed_in || !said.contains("is kept"), "{said}");
}

/// What the key store holds, without what differs from one look to the next.
fn names(items: &str) -> Vec<&str> {
    let mut names: Vec<&str> = items.lines().filter(|line| line.contains("username")).collect();
    names.sort_unstable();
    names
}
