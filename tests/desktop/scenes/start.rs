//! What the program says and does before there is a window.

use std::process::{Output, Stdio};

use rolecall_desktop_tests::{App, Panel, Sandbox};

use super::start_in_tray;

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
async fn tk_3_the_running_program_may_write_no_core() {
    let (sandbox, panel) = (Sandbox::new().await, Panel::open().await);
    let app: App = start_in_tray(&sandbox);
    panel.has_icon().await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", app.pid())).expect("its limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a line for cores");
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}
