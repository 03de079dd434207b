//! The clipboard as another program sees it, through xclip.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// What is on the clipboard; `None` when nothing is.
#[must_use]
pub fn clipboard_text() -> Option<String> {
    read(&[])
}

/// The forms in which the clipboard offers what it holds, and the content of the secret marker (CB-1).
#[must_use]
pub fn clipboard_targets() -> (Vec<String>, Option<String>) {
    let kinds = read(&["-t", "TARGETS"]).unwrap_or_default();
    (kinds.lines().map(ToOwned::to_owned).collect(), read(&["-t", "x-kde-passwordManagerHint"]))
}

/// Copies something, as a person would in another program.
///
/// # Panics
/// When xclip can't be used.
pub fn set_clipboard(text: &str) {
    let mut child = Command::new("xclip")
        .args(["-selection", "clipboard", "-in"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("xclip is installed");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("xclip reads");
    assert!(child.wait().expect("xclip ends").success());
}

fn read(more: &[&str]) -> Option<String> {
    let output = Command::new("xclip")
        .args(["-selection", "clipboard", "-out"])
        .args(more)
        .stdin(Stdio::null())
        .output()
        .expect("xclip is installed");
    let text = String::from_utf8(output.stdout).expect("text");
    (output.status.success() && !text.is_empty()).then_some(text)
}
