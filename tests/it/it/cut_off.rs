//! Files that a killed program leaves behind, and how the next one handles them.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use rolecall_engine::config::{Config, Profile};
use rolecall_engine::engine::Live;
use rolecall_engine::ports::Folders;
use rolecall_engine::state::Coordination;
use rolecall_engine::vault::Vault;
use rolecall_engine::view::Screen;
use rolecall_it::{World, until};
use rolecall_provider::Options;

use crate::crash::with_failpoints;
use crate::sandbox::{Sandbox, built, talk};

const SIGKILL: i32 = 9;

fn killed(sandbox: &Sandbox, arguments: &[&str], place: &str) -> Output {
    let mut command = sandbox.bus.command(&with_failpoints());
    command.args(arguments).env("BROWSER", built("rolecall-demo-browser", "ROLECALL_DEMO_BROWSER_BIN"));
    let output = command.env("ROLECALL_KILL_AT", place).output().expect("the program runs");
    assert_eq!(output.status.signal(), Some(SIGKILL), "it never came to {place}: {}", talk(&output));
    output
}

/// Files that were being written.
fn unfinished(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    files.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn rf_2_half_written_files_of_a_killed_program_are_gone_after_the_next_one() {
    let sandbox = Sandbox::signed_in(Options { grace: 120, ..Options::default() });
    let (state, config) = (sandbox.bus.folder().join("state"), sandbox.bus.folder().join("config"));
    for time in 1..=4 {
        killed(&sandbox, &["refresh"], &format!("rename#{time}"));
        assert_eq!(unfinished(&state).len(), 1, "each kill leaves one, and the next program tidies up");
    }
    std::fs::write(state.join(".tmpA1b2C3"), "of an earlier version").unwrap();
    assert_eq!(sandbox.rolecall(&["refresh"]).status.code(), Some(0));
    assert_eq!(unfinished(&state), Vec::<String>::new());

    let text = std::fs::read_to_string(Config::path(&folders(&sandbox))).unwrap();
    std::fs::write(Config::path(&folders(&sandbox)), format!("{text}\n{}", text.replace("local", "other"))).unwrap();
    std::fs::write(config.join(".rolecall-backup"), "a person's own").unwrap();
    killed(&sandbox, &["profiles", "select", "other"], "rename");
    assert_eq!(unfinished(&config).len(), 2);
    assert_eq!(sandbox.rolecall(&["profiles", "select", "other"]).status.code(), Some(0));
    assert_eq!(unfinished(&config), [".rolecall-backup"]);
}

fn folders(sandbox: &Sandbox) -> Folders {
    let folder = sandbox.bus.folder();
    Folders { config: folder.join("config"), state: folder.join("state") }
}

#[test]
fn kc_7_a_sign_in_cut_off_before_anything_was_stored_is_told_by_status_and_why() {
    for place in ["redeeming", "redeemed", "establish-named"] {
        let sandbox = Sandbox::new(Options::default());
        let issuer = sandbox.provider.issuer();
        killed(&sandbox, &["login", "--issuer", &issuer, "--client-id", "rolecall-demo"], place);
        let lost = sandbox.provider.live_sessions();
        assert_eq!(lost, usize::from(place != "redeeming"), "{place}: the provider honours what nobody holds");
        // The profile is written at the end of a sign-in; by hand here.
        let text = format!("[profiles.local]\nissuer = \"{issuer}\"\nclient_id = \"rolecall-demo\"\n");
        std::fs::create_dir_all(folders(&sandbox).config).unwrap();
        std::fs::write(Config::path(&folders(&sandbox)), text).unwrap();
        let status = sandbox.rolecall(&["status"]);
        assert_eq!(status.status.code(), Some(3), "{place}: {}", talk(&status));
        assert!(talk(&status).contains("cut off") && talk(&status).contains("at the provider"), "{}", talk(&status));
        let why = sandbox.rolecall(&["why"]);
        let said = format!("{}{}", String::from_utf8_lossy(&why.stdout), talk(&why));
        assert!(said.contains("cut off") && said.contains("end the one that nobody uses"), "{place}: {said}");
        assert_eq!(sandbox.rolecall(&["login"]).status.code(), Some(0));
        let status = sandbox.rolecall(&["status"]);
        assert!(!talk(&status).contains("cut off"), "{}", talk(&status));
    }
}

/// Runs a command that is killed the first, second, … time it comes to each place, until it is killed no more; looks each
/// time at what is left.
fn killed_everywhere(sandbox: &Sandbox, words: &[&str], input: &str, mut look: impl FnMut(&str)) -> usize {
    let mut killed = 0;
    for place in ["rename", "renamed", "6-header", "sign-out-revoked", "sign-out-deleted"] {
        for time in 1.. {
            let mut command = sandbox.bus.command(&with_failpoints());
            command.args(words).env("ROLECALL_KILL_AT", format!("{place}#{time}"));
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut process = command.spawn().unwrap();
            process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
            let ended = process.wait().unwrap();
            look(&format!("{words:?} killed at {place}#{time}"));
            if ended.signal() != Some(SIGKILL) {
                break;
            }
            killed += 1;
        }
    }
    killed
}

#[test]
fn kc_7_killed_anywhere_in_storing_a_client_secret_or_signing_out_nothing_is_left_that_prune_does_not_find() {
    let sandbox = Sandbox::signed_in(Options { grace: 120, ..Options::default() });
    let file = Config::path(&folders(&sandbox));
    let text = std::fs::read_to_string(&file).unwrap();
    let pruned = |what: &str| {
        // Removed by hand, so that no profile names what is left.
        std::fs::remove_file(&file).unwrap();
        let prune = sandbox.rolecall(&["profiles", "prune"]);
        assert_eq!(prune.status.code(), Some(0), "{what}: {}", talk(&prune));
        assert!(!sandbox.items().contains("username"), "{what}: {}", sandbox.items());
        assert_eq!(sandbox.provider.live_sessions(), 0, "{what}");
        std::fs::write(&file, &text).unwrap();
        assert_eq!(sandbox.rolecall(&["login"]).status.code(), Some(0), "{what}");
    };
    assert!(killed_everywhere(&sandbox, &["client-secret"], "s3cret-of-the-client", pruned) > 1);
    assert!(
        killed_everywhere(&sandbox, &["logout"], "", |what| {
            // A second try ends whatever the first one left.
            let again = sandbox.rolecall(&["logout"]);
            assert!(matches!(again.status.code(), Some(0 | 3)), "{what}: {}", talk(&again));
            assert_eq!(sandbox.provider.live_sessions(), 0, "{what}");
            assert_eq!(sandbox.rolecall(&["status"]).status.code(), Some(3), "{what}");
            pruned(what);
        }) > 1
    );
}

#[test]
fn kc_2_the_trial_of_the_key_store_that_was_cut_off_holds_nothing_and_is_cleared_away() {
    let sandbox = Sandbox::new(Options::default());
    // As a sign-in leaves it that is killed in the middle of its trial.
    let mut left = sandbox.bus.command("secret-tool".as_ref());
    left.args(["store", "--label", "Rolecall: trial", "service", "Rolecall test", "username", "probe"]);
    left.stdin(Stdio::piped());
    let mut left = left.spawn().unwrap();
    left.stdin.take().unwrap().write_all(b"trial").unwrap();
    assert!(left.wait().unwrap().success());
    assert!(sandbox.items().contains("trial"), "{}", sandbox.items());
    assert_eq!(sandbox.login().status.code(), Some(0));
    assert!(!sandbox.items().contains("trial"), "{}", sandbox.items());
    assert_eq!(sandbox.rolecall(&["logout"]).status.code(), Some(0));
    assert!(!sandbox.items().contains("username"), "{}", sandbox.items());
}

/// The window of a world, and whether it shows somebody signed in.
fn window(world: &World) -> (Live, impl Fn(bool) -> bool + use<>) {
    let live = world.engine.live();
    let view = live.view();
    let shows = move |signed_in: bool| match &view.borrow().screen {
        Screen::SignedIn(shown) => signed_in && shown.tokens_ready,
        Screen::SignedOut { .. } | Screen::Inactive(_) => !signed_in,
        _ => false,
    };
    (live, shows)
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_7_the_window_follows_a_program_that_was_killed_before_it_could_count_its_write() {
    let world = World::new();
    let profile: Profile = world.save_profile();
    world.sign_in().await.unwrap();
    let stored = Vault::new(&world.ports()).load(&profile).await.unwrap().unwrap();
    let (_live, shows) = window(&world);
    until("signed in", || shows(true)).await;
    // Another process, which is killed with the lock in its hands, after the key store and before any file.
    let vault = Vault::new(&world.ports());
    let coordination = Coordination::new(&world.ports().folders, &profile);
    for signed_in in [false, true] {
        let held = coordination.lock(Duration::from_secs(5)).await.unwrap();
        if signed_in {
            vault.store(&profile, &stored).await.unwrap();
        } else {
            vault.delete(&profile).await.unwrap();
        }
        drop(held);
        until("the window follows", || shows(signed_in)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_3_waiting_for_the_lock_does_not_make_the_window_read_the_key_store_again_and_again() {
    let world = World::new();
    let profile = world.save_profile();
    world.sign_in().await.unwrap();
    let (_live, shows) = window(&world);
    until("signed in", || shows(true)).await;
    let coordination = Coordination::new(&world.ports().folders, &profile);
    let held = coordination.lock(Duration::from_secs(5)).await.unwrap();
    let before = world.key_store.calls();
    assert!(coordination.lock(Duration::from_millis(900)).await.is_err());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let read = world.key_store.calls() - before;
    assert!(read <= 4, "{read} times while another waited");
    drop(held);
}
