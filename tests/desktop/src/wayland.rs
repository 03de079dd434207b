//! A Wayland compositor without a screen, and its clipboard as another program sees it.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::wait::until;

/// Sway refuses to run as root, so there it runs as this user.
const NOBODY: u32 = 65_534;

/// The compositor. It ends with this value.
pub struct Wayland {
    compositor: Child,
    socket: PathBuf,
    _folder: TempDir,
}

impl Wayland {
    /// Starts it.
    ///
    /// # Panics
    /// When sway is not installed.
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("rolecall-wayland").tempdir().expect("a folder");
        let is_root = std::fs::metadata("/proc/self").expect("this process").uid() == 0;
        let mut command = Command::new(if is_root { "setpriv" } else { "sway" });
        if is_root {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).expect("root gives away what it likes");
            let user = NOBODY.to_string();
            command.args(["--reuid", &user, "--regid", &user, "--clear-groups", "sway"]);
        }
        command.args(["-c", "/dev/null"]).env("XDG_RUNTIME_DIR", folder.path()).env_remove("DISPLAY");
        command.env("WLR_BACKENDS", "headless").env("WLR_LIBINPUT_NO_DEVICES", "1").env("WLR_RENDERER", "pixman");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let compositor = command.spawn().expect("sway is installed");
        let socket = until("the compositor listens", async || {
            let entries = std::fs::read_dir(folder.path()).ok()?.flatten();
            let mut names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            let name = names.find(|name| name.starts_with("wayland-") && !name.contains(".lock"))?;
            Some(folder.path().join(name))
        })
        .await;
        Self { compositor, socket, _folder: folder }
    }

    /// Has a program use this compositor and no other display.
    pub fn put(&self, command: &mut Command) {
        command.env("WAYLAND_DISPLAY", &self.socket).env_remove("DISPLAY");
    }

    /// What another program pastes; `None` when there is nothing.
    #[must_use]
    pub fn paste(&self) -> Option<String> {
        self.ask(&["--no-newline"])
    }

    /// The forms in which the clipboard offers what it holds, and the content of the secret marker (CB-1).
    #[must_use]
    pub fn targets(&self) -> (Vec<String>, Option<String>) {
        let kinds = self.ask(&["--list-types"]).unwrap_or_default();
        let marker = self.ask(&["--no-newline", "--type", "x-kde-passwordManagerHint"]);
        (kinds.lines().map(ToOwned::to_owned).collect(), marker)
    }

    /// Copies something, as a person would in another program.
    ///
    /// # Panics
    /// When wl-copy is not installed.
    pub fn copy(&self, text: &str) {
        let mut command = Command::new("wl-copy");
        self.put(&mut command);
        command.arg(text).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().expect("wl-clipboard is installed").success());
    }

    fn ask(&self, arguments: &[&str]) -> Option<String> {
        let mut command = Command::new("wl-paste");
        self.put(&mut command);
        let output = command.args(arguments).stdin(Stdio::null()).output().expect("wl-clipboard is installed");
        let text = String::from_utf8(output.stdout).expect("text");
        (output.status.success() && !text.is_empty()).then_some(text)
    }
}

impl Drop for Wayland {
    fn drop(&mut self) {
        let _ = self.compositor.kill();
        let _ = self.compositor.wait();
    }
}
