//! Files that somebody else holds: the window goes on answering.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rolecall_desktop_tests::{Sandbox, Window, until};
use serde_json::json;
use tokio::time::Instant;

use super::{log_in, provider, session_is_read, window_of_session};

const STRANGER: u32 = 65534;
/// The longest the page may wait for an answer meanwhile.
const BEARABLE: Duration = Duration::from_secs(1);

/// Holds a file's lock as that user, until dropped.
struct Holder(Child);

impl Holder {
    fn of(file: &Path, user: u32) -> Self {
        let mut command = Command::new("flock");
        command.arg(file).args(["sh", "-c", "echo held; exec sleep 120"]).uid(user).gid(user);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("flock is installed");
        let mut word = String::new();
        let output = child.stdout.take().expect("a pipe");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut word).expect("it is read");
        assert_eq!(word.trim(), "held");
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // `flock` is the parent of `sleep`, which has the lock too and would keep it until its end.
        let children = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.0.id())).unwrap_or_default();
        for child in children.split_whitespace() {
            let _ = Command::new("kill").arg(child).status();
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn answers_soon(window: &Window) {
    let begun = Instant::now();
    assert!(window.invoke("snapshot", &json!({})).is_ok());
    assert!(begun.elapsed() < BEARABLE, "the page waited for {:?}", begun.elapsed());
}

fn session_lock(sandbox: &Sandbox) -> PathBuf {
    let files = std::fs::read_dir(sandbox.path().join("state")).expect("the folder").flatten();
    let mut locks =
        files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|ending| ending == "lock"));
    locks.find(|path| path.file_stem().is_some_and(|name| name != "config")).expect("a lock")
}

#[tokio::test(flavor = "multi_thread")]
async fn av_2_a_lock_of_another_user_makes_neither_window_nor_its_end_wait() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    log_in(&sandbox, &provider).await;
    let lock = session_lock(&sandbox);
    if chown(&lock, Some(STRANGER), Some(STRANGER)).is_err() {
        return;
    }
    for folder in [sandbox.path().to_owned(), sandbox.path().join("state")] {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder, mode).expect("the folder is ours");
    }
    let _held = Holder::of(&lock, STRANGER);
    let window = Window::open(&sandbox).await;
    session_is_read(&window).await;
    let begun = Instant::now();
    window.invoke("refresh", &json!({})).expect("it begins");
    window.wait_for_text("belongs to another user").await;
    assert!(begun.elapsed() < Duration::from_secs(5), "told after {:?}", begun.elapsed());
    answers_soon(&window);
    assert_eq!(provider.token_requests("refresh_token"), 0, "without the lock nothing is sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn av_2_while_another_program_holds_the_configuration_the_window_answers_and_tells_in_time() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = window_of_session(&sandbox, &provider).await;
    let lock = sandbox.path().join("state/config.lock");
    // As the programs make it: one that others could open would be replaced.
    let mut new = std::fs::OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(new.create(true).append(true), 0o600).open(&lock).expect("a file");
    let held = Holder::of(&lock, 0);
    // As many as the window has threads, and more.
    let ask = "window.told = []; for (const on of [false, false, false, false, false])
        window.__TAURI_INTERNALS__.invoke('set', { setting: { what: 'notify_changes', to: on } })
            .then(() => window.told.push('done'), (why) => window.told.push('refused'));";
    let _ = window.run(ask, &[]);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(3) {
        answers_soon(&window);
    }
    until("all are told", async || (window.run("return window.told.length", &[]) == json!(5)).then_some(())).await;
    assert_eq!(window.run("return window.told.every((one) => one === 'refused')", &[]), json!(true));
    drop(held);
    window.invoke("set", &json!({ "setting": { "what": "notify_changes", "to": false } })).expect("it is free now");
    until("it is written", async || {
        let text = std::fs::read_to_string(sandbox.path().join("config/rolecall.toml")).ok()?;
        text.contains("notify_changes = false").then_some(())
    })
    .await;
}
