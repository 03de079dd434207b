//! The real program on a real session bus with the real key store, as processes.

use std::io::Write as _;
use std::process::Stdio;

use rolecall_provider::{Endpoint, Fault, Options, Provider};

use crate::sandbox::{Sandbox, talk};

#[test]
fn a_session_stands_in_the_key_store_and_nowhere_after_signing_out() {
    let sandbox = Sandbox::signed_in(Options::default());
    let items = sandbox.items();
    assert!(items.contains("Rolecall test: local") && items.contains("username = local@"), "{items}");
    let token = sandbox.rolecall(&["token"]);
    assert!(token.status.success() && token.stdout.starts_with(b"eyJ"), "{}", talk(&token));
    assert_eq!(sandbox.rolecall(&["logout"]).status.code(), Some(0));
    assert!(!sandbox.items().contains("username"), "{}", sandbox.items());
}

#[test]
fn kc_1_a_locked_key_store_is_said_at_once_and_keeps_the_session() {
    let mut sandbox = Sandbox::signed_in(Options::default());
    sandbox.bus.restart_keyring(false);
    let locked = sandbox.rolecall(&["token"]);
    assert_eq!(locked.status.code(), Some(6), "{}", talk(&locked));
    assert!(talk(&locked).contains("locked"), "{}", talk(&locked));
    sandbox.bus.restart_keyring(true);
    assert_eq!(sandbox.rolecall(&["token"]).status.code(), Some(0));
}

#[test]
fn kc_2_without_a_key_store_nobody_is_sent_to_the_browser_and_nothing_is_written() {
    let mut sandbox = Sandbox::new(Options::default());
    sandbox.bus.stop_keyring();
    let mut login = sandbox.command(&["login", "--issuer", &sandbox.provider.issuer(), "--client-id", "rolecall-demo"]);
    let login = login.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").output().unwrap();
    assert_eq!(login.status.code(), Some(6), "{}", talk(&login));
    assert!(talk(&login).contains("There is no key store"), "{}", talk(&login));
    assert!(!sandbox.provider.requests().iter().any(|request| request.path == "/authorize"));
    assert!(!sandbox.bus.folder().join("config").join("rolecall.toml").exists());
}

#[test]
fn rf_1_ten_real_processes_make_one_token_request() {
    let sandbox = Sandbox::signed_in(Options::default());
    sandbox.provider.fault(Fault::Slow(Endpoint::Token, 300));
    let running: Vec<_> = (0..10)
        .map(|_| sandbox.command(&["refresh"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    for process in running {
        let ended = process.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{}", talk(&ended));
    }
    assert_eq!(sandbox.provider.token_requests("refresh_token"), 1);
}

#[test]
fn a_client_secret_is_kept_in_the_key_store_and_sent_in_the_header() {
    let sandbox = Sandbox::signed_in(Options::default());
    let give = |arguments: &[&str], input: &str| {
        let mut process = sandbox.command(arguments).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        process.wait_with_output().unwrap()
    };
    for nonsense in ["", "\n", "two\nlines", "\u{1b}[2J", &"x".repeat(5000)] {
        let refused = give(&["client-secret"], nonsense);
        assert_eq!(refused.status.code(), Some(2), "{nonsense:?}: {}", talk(&refused));
    }
    let kept = give(&["client-secret"], "s3cret-of-the-application\n");
    assert_eq!(kept.status.code(), Some(0), "{}", talk(&kept));
    sandbox.provider.fault(Fault::WantsSecret("s3cret-of-the-application"));
    let login = sandbox.rolecall(&["login"]);
    assert_eq!(login.status.code(), Some(0), "{}", talk(&login));
    assert_eq!(sandbox.rolecall(&["refresh"]).status.code(), Some(0));
    let file = std::fs::read_to_string(sandbox.bus.folder().join("config").join("rolecall.toml")).unwrap();
    assert!(file.contains("client_secret_basic") && !file.contains("s3cret"), "{file}");
    assert!(sandbox.items().contains("client secret"), "{}", sandbox.items());
    assert_eq!(sandbox.rolecall(&["client-secret", "--forget"]).status.code(), Some(0));
    assert!(!sandbox.items().contains("client secret"), "{}", sandbox.items());
    assert_eq!(give(&["client-secret"], "another").status.code(), Some(0));
    assert_eq!(sandbox.rolecall(&["profiles", "remove", "local"]).status.code(), Some(0));
    assert!(!sandbox.items().contains("username"), "{}", sandbox.items());
}

#[test]
fn kc_6_a_profile_pointed_elsewhere_or_changed_by_hand_leaves_nothing_of_before_unseen() {
    let sandbox = Sandbox::signed_in(Options::default());
    let mut process = sandbox.command(&["client-secret"]).stdin(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(b"s3cret").unwrap();
    assert!(process.wait().unwrap().success());
    sandbox.provider.fault(Fault::WantsSecret("s3cret"));
    assert_eq!(sandbox.items().matches("label = ").count(), 2, "a session and a secret");
    let second = Provider::start(Options::default()).unwrap();
    let there = ["login", "--profile", "local", "--issuer", &second.issuer(), "--client-id", "rolecall-demo"];
    let login = sandbox.rolecall(&there);
    assert_eq!(login.status.code(), Some(0), "{}", talk(&login));
    assert!(talk(&login).contains("was ended") && talk(&login).contains("secret was deleted"), "{}", talk(&login));
    assert_eq!((sandbox.provider.live_sessions(), second.live_sessions()), (0, 1));
    assert_eq!(sandbox.items().matches("label = ").count(), 1, "{}", sandbox.items());

    let file = sandbox.bus.folder().join("config").join("rolecall.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("rolecall-demo", "another")).unwrap();
    let told = sandbox.rolecall(&["profiles"]);
    assert!(talk(&told).contains("left over") && talk(&told).contains("profiles prune"), "{}", talk(&told));
    let tidied = sandbox.rolecall(&["profiles", "prune"]);
    assert!(talk(&tidied).contains("Ended the session of local"), "{}", talk(&tidied));
    assert_eq!((second.live_sessions(), sandbox.items().matches("label = ").count()), (0, 0), "{}", sandbox.items());
    assert!(!talk(&sandbox.rolecall(&["profiles"])).contains("left over"));
}

#[test]
fn without_a_browser_the_link_stands_alone_on_a_line() {
    let sandbox = Sandbox::new(Options::default());
    let mut login = sandbox.command(&["login", "--issuer", &sandbox.provider.issuer(), "--client-id", "rolecall-demo"]);
    let login = login.args(["--timeout", "1"]).env("BROWSER", "/nonexistent/browser").output().unwrap();
    assert_eq!(login.status.code(), Some(1));
    let words = talk(&login);
    assert!(
        words.lines().any(|line| line.starts_with(&sandbox.provider.issuer()) && line.contains("state=")),
        "{words}"
    );
}

#[test]
fn kc_3_sessions_of_eight_and_sixty_four_kibibytes_stand_in_the_real_key_store_and_go_whole() {
    for (groups, several) in [(120, false), (1200, true)] {
        let sandbox = Sandbox::new(Options::default());
        let names: Vec<String> = (0..groups).map(|number| format!("/company/department/team-{number}")).collect();
        sandbox.provider.set_groups("ed", &names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(sandbox.login().status.code(), Some(0));
        assert_eq!(sandbox.items().matches("label = ").count() > 1, several, "{groups} groups");
        let token = sandbox.rolecall(&["token", "--id"]);
        assert!(token.status.success() && token.stdout.len() > groups * 30, "{}", talk(&token));
        assert_eq!(sandbox.rolecall(&["refresh"]).status.code(), Some(0));
        assert_eq!(sandbox.rolecall(&["logout"]).status.code(), Some(0));
        assert_eq!(sandbox.items().matches("label = ").count(), 0, "{}", sandbox.items());
    }
}

#[test]
fn kc_5_another_item_under_our_name_is_no_session_and_is_in_nobodys_way() {
    let sandbox = Sandbox::signed_in(Options::default());
    let items = sandbox.items();
    let ours = items.lines().find_map(|line| line.strip_prefix("attribute.username = ")).unwrap().to_owned();
    let put = |attributes: &[&str]| {
        let mut command = sandbox.bus.command("secret-tool".as_ref());
        let words = ["store", "--label", "not ours", "service", "Rolecall test", "username", &ours];
        let mut process = command.args(words).args(attributes).stdin(Stdio::piped()).spawn().unwrap();
        process.stdin.take().unwrap().write_all(b"rolecall1 nonsense").unwrap();
        assert!(process.wait().unwrap().success());
    };
    // A second item that the same search finds.
    put(&["application", "another"]);
    let token = sandbox.rolecall(&["token"]);
    assert_eq!(token.status.code(), Some(0), "{}", talk(&token));
    assert_eq!(sandbox.rolecall(&["refresh"]).status.code(), Some(0));
    assert_eq!(sandbox.rolecall(&["logout"]).status.code(), Some(0));
    let left = sandbox.items();
    assert!(!left.contains("Rolecall test: local"), "{left}");
}

#[test]
fn kc_7_a_client_secret_whose_profile_was_changed_or_removed_by_hand_after_signing_out_is_found() {
    for edit in ["issuer", "client ID", "removed"] {
        let sandbox = Sandbox::signed_in(Options::default());
        let mut process = sandbox.command(&["client-secret"]).stdin(Stdio::piped()).spawn().unwrap();
        process.stdin.take().unwrap().write_all(b"s3cret").unwrap();
        assert!(process.wait().unwrap().success());
        assert_eq!(sandbox.rolecall(&["logout"]).status.code(), Some(0));
        assert_eq!(sandbox.items().matches("label = ").count(), 1, "the secret stays: {edit}");
        let file = sandbox.bus.folder().join("config").join("rolecall.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let text = match edit {
            "issuer" => text.replace("http://127.0.0.1", "http://localhost"),
            "client ID" => text.replace("rolecall-demo", "another"),
            _ => String::new(),
        };
        std::fs::write(&file, text).unwrap();
        let listed = talk(&sandbox.rolecall(&["profiles"]));
        assert!(listed.contains("left over") && listed.contains("rolecall profiles prune"), "{edit}: {listed}");
        let pruned = sandbox.rolecall(&["profiles", "tidy"]);
        assert!(talk(&pruned).contains("Deleted the client secret of local"), "{edit}: {}", talk(&pruned));
        assert_eq!(sandbox.items().matches("label = ").count(), 0, "{edit}: {}", sandbox.items());
        assert!(!talk(&sandbox.rolecall(&["profiles"])).contains("left over"), "{edit}");
    }
}

#[test]
fn av_2_a_lock_that_another_user_holds_keeps_no_command_waiting() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::signed_in(Options::default());
    let state = sandbox.bus.folder().join("state");
    let lock = state.join("config.lock");
    std::fs::set_permissions(&state, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(&lock, b"").unwrap();
    std::fs::set_permissions(&lock, std::fs::Permissions::from_mode(0o644)).unwrap();
    let theirs = std::fs::File::open(&lock).unwrap();
    theirs.lock().unwrap();
    for arguments in [["profiles", "select", "local"].as_slice(), &["client-secret", "--forget"], &["login"]] {
        let done = sandbox.rolecall(arguments);
        assert_eq!(done.status.code(), Some(0), "{arguments:?}: {}", talk(&done));
    }
    assert_eq!(std::fs::metadata(&lock).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn tk_1_a_client_secret_typed_at_a_terminal_is_not_shown() {
    let sandbox = Sandbox::signed_in(Options::default());
    // `script` gives the program a terminal of its own and passes on what is typed into it.
    let program = sandbox.command(&["client-secret"]);
    let mut command = sandbox.bus.command("script".as_ref());
    command.args(["-qec", &format!("{} client-secret", program.get_program().display()), "/dev/null"]);
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut screen = process.stdout.take().unwrap();
    let mut shown = Vec::new();
    let mut piece = [0; 256];
    // Typed once it asks, and not before: the echo is off from then on.
    while !String::from_utf8_lossy(&shown).contains("not shown") {
        let read = std::io::Read::read(&mut screen, &mut piece).unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&shown));
        shown.extend_from_slice(&piece[..read]);
    }
    process.stdin.take().unwrap().write_all(b"s3cret-typed\n").unwrap();
    std::io::Read::read_to_end(&mut screen, &mut shown).unwrap();
    assert!(process.wait().unwrap().success(), "{}", String::from_utf8_lossy(&shown));
    let shown = String::from_utf8_lossy(&shown);
    assert!(shown.contains("is in the key store") && !shown.contains("s3cret"), "{shown}");
    assert!(sandbox.items().contains("client secret"), "{}", sandbox.items());
}

#[test]
fn a_display_that_answers_nobody_is_in_the_way_of_no_command() {
    let sandbox = Sandbox::signed_in(Options::default());
    for arguments in [["status"].as_slice(), &["token"], &["refresh"], &["login", "--no-browser", "--timeout", "1"]] {
        let mut command = sandbox.command(arguments);
        let done = command.env("DISPLAY", ":4711").env_remove("BROWSER").stdin(Stdio::null()).output().unwrap();
        let wanted = i32::from(arguments[0] == "login");
        assert_eq!(done.status.code(), Some(wanted), "{arguments:?}: {}", talk(&done));
    }
}
