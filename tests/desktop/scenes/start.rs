//! The start of the program, before there is a window.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output, Stdio};

use rolecall_desktop_tests::{App, Display, Panel, Sandbox};

use super::{log_in, provider, start_in_tray};

fn output(sandbox: &Sandbox, argument: &str) -> Output {
    let mut command = sandbox.program();
    command.arg(argument).env_remove("DISPLAY").stdout(Stdio::piped()).stderr(Stdio::piped());
    command.output().expect("the program is built")
}

#[tokio::test(flavor = "multi_thread")]
async fn help_and_version_need_no_display_and_an_unknown_option_is_refused() {
    let sandbox = Sandbox::new().await;
    let help = output(&sandbox, "--help");
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("--in-tray"));
    let version = output(&sandbox, "--version");
    assert_eq!(String::from_utf8_lossy(&version.stdout), format!("rolecall-desktop {}\n", env!("CARGO_PKG_VERSION")));
    let unknown = output(&sandbox, "--tray");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("'--tray'"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_that_answers_nobody_is_told_in_one_sentence() {
    let sandbox = Sandbox::new().await;
    for name in [":4999", "nowhere.invalid:0", "nonsense"] {
        let mut command = sandbox.program();
        command.env("DISPLAY", name).stderr(Stdio::piped());
        let output = command.output().expect("the program is built");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains("does not answer") && !said.contains("panicked"), "{name}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_that_accepts_and_then_says_nothing_is_told_of_within_a_bound() {
    let sandbox = Sandbox::new().await;
    // Displays stand at ports from 6000 on.
    let (silent, number) = (50..200)
        .find_map(|number| Some((std::net::TcpListener::bind(("127.0.0.1", 6000 + number)).ok()?, number)))
        .expect("a free port");
    let mut command = sandbox.program();
    command.env("DISPLAY", format!("127.0.0.1:{number}")).stderr(Stdio::piped());
    let begun = tokio::time::Instant::now();
    let output =
        tokio::task::spawn_blocking(move || command.output().expect("the program is built")).await.expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("does not answer") && !said.contains("panicked"), "{said}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(30), "it ended after {:?}", begun.elapsed());
    silent.set_nonblocking(true).expect("it is ours");
    assert!(silent.accept().is_ok(), "it was asked");
}

/// Whether a core of a process that is made to crash would be written: asked with no limit on its size.
fn dumps_core(mut command: Command, crash: impl FnOnce(&mut std::process::Child)) -> bool {
    let program = command.get_program().to_owned();
    let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -c unlimited; exec \"$0\" \"$@\""]).arg(program).args(arguments);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    command = shell;
    let folder = tempfile::tempdir().expect("a folder");
    command.current_dir(folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("it starts");
    crash(&mut child);
    let status = child.wait().expect("it ends");
    assert!(status.signal().is_some(), "it crashed: {status}");
    status.core_dumped() || std::fs::read_dir(folder.path()).expect("the folder").count() > 0
}

fn crash(pid: u32) {
    assert!(Command::new("kill").args(["-QUIT", &pid.to_string()]).status().expect("kill runs").success());
}

#[tokio::test(flavor = "multi_thread")]
async fn tk_3_a_crash_of_window_or_tray_leaves_no_core() {
    let (sandbox, provider, panel, display) = (Sandbox::new().await, provider(), Panel::open().await, Display::open());
    log_in(&sandbox, &provider).await;
    let control = {
        let mut sleep = Command::new("sleep");
        sleep.arg("60");
        // Not while it is still the shell that lifts the limit.
        let is_there =
            |id| std::fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|name| name.trim() == "sleep");
        let crash_it = |child: &mut std::process::Child| {
            while !is_there(child.id()) {
                std::thread::yield_now();
            }
            crash(child.id());
        };
        tokio::task::block_in_place(|| dumps_core(sleep, crash_it))
    };
    assert!(control, "this system writes cores: a core of another program is there");
    for in_tray in [false, true] {
        let mut command = sandbox.program();
        if in_tray {
            command.arg("--in-tray");
        }
        let ready = async {
            if in_tray {
                panel.has_icons(2).await;
            } else {
                display.window().await;
                panel.has_icons(1).await;
            }
        };
        let runtime = tokio::runtime::Handle::current();
        let dumped = tokio::task::block_in_place(|| {
            dumps_core(command, |child| {
                runtime.block_on(ready);
                crash(child.id());
            })
        });
        assert!(!dumped, "in the tray: {in_tray}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tk_3_the_running_program_may_write_no_core() {
    let (sandbox, panel) = (Sandbox::new().await, Panel::open().await);
    let app: App = start_in_tray(&sandbox);
    panel.has_icon().await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", app.pid())).expect("its limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a line for cores");
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}
