use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

use crate::display::Display;

/// There is one display, one clipboard and one panel.
static ALONE: Mutex<()> = Mutex::const_new(());

/// Stands in `$BROWSER`: notes each link and, where asked to, becomes the real browser. Its own process identifier
/// becomes the browser's, so that a test can end what it had started.
const BROWSER: &str = r#"#!/bin/sh
folder=$(mktemp -d "$ROLECALL_TEST_DIR/browser.XXXXXX")
env > "$folder/environment"
printf %s "$1" > "$folder/link"
echo $$ > "$folder/pid"
echo "$folder" >> "$ROLECALL_TEST_DIR/browsers"
[ -n "$ROLECALL_TEST_CHROMIUM" ] || exit 0
exec chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run \
  --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$folder" \
  --remote-debugging-port=0 $ROLECALL_TEST_CHROMIUM_FLAGS "$1" 2> "$folder/errors"
"#;

/// A person's computer as far as a test needs one: folders of its own, a browser, nobody else at the display.
pub struct Sandbox {
    folder: TempDir,
    service: String,
    _alone: MutexGuard<'static, ()>,
}

impl Sandbox {
    /// A fresh one.
    ///
    /// # Panics
    /// When there is no display or no session bus.
    pub async fn new() -> Self {
        for name in ["DISPLAY", "DBUS_SESSION_BUS_ADDRESS"] {
            assert!(std::env::var_os(name).is_some(), "these tests need {name}; 'cargo xtask test desktop' sets it");
        }
        let alone = ALONE.lock().await;
        // The display takes a moment to notice that the program of the test before has ended.
        let display = Display::open();
        display.has_window_manager().await;
        display.no_window().await;
        let folder = tempfile::Builder::new().prefix("rolecall-desktop").tempdir().expect("a folder");
        let script = folder.path().join("open-link");
        fs::write(&script, BROWSER).expect("the folder can be written");
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("the script can be started");
        let service = format!("Rolecall test {}", folder.path().display());
        Self { folder, service, _alone: alone }
    }

    /// Where its files are.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the configuration.
    ///
    /// # Panics
    /// When it can't.
    pub fn configure(&self, toml: &str) {
        let folder = self.path().join("config");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("rolecall.toml"), toml).expect("the configuration can be written");
    }

    /// Writes a profile for this provider, signed in by nobody, and a short stay for copied tokens.
    pub fn configure_for(&self, issuer: &str, client_id: &str) {
        self.configure(&format!(
            "active = \"demo\"\n\n[settings]\nclear_clipboard_after = 3\n\n[profiles.demo]\nissuer = \"{issuer}\"\nclient_id = \"{client_id}\"\n"
        ));
    }

    /// The program, ready to be started here.
    #[must_use]
    pub fn program(&self) -> Command {
        let mut command = Command::new(program());
        self.prepare(&mut command);
        command
    }

    /// The command line, in the same sandbox.
    #[must_use]
    pub fn rolecall(&self) -> Command {
        let mut command = Command::new(command_line());
        self.prepare(&mut command);
        command
    }

    /// The same, started by a shell that does this first.
    #[must_use]
    pub fn rolecall_where(&self, arguments: &[&str], script: &str) -> Command {
        let mut command = Command::new("sh");
        self.prepare(&mut command);
        command.args(["-c", &format!("{script} exec \"$@\""), "sh"]).arg(command_line()).args(arguments);
        command
    }

    /// Lets a command, and what it starts, live here.
    pub(crate) fn prepare(&self, command: &mut Command) {
        for (name, folder) in [
            ("ROLECALL_CONFIG_DIR", "config"),
            ("ROLECALL_STATE_DIR", "state"),
            ("XDG_CONFIG_HOME", "home"),
            ("XDG_DATA_HOME", "home"),
            ("XDG_CACHE_HOME", "home"),
            ("BROWSER", "open-link"),
            ("ROLECALL_TEST_DIR", ""),
        ] {
            command.env(name, self.path().join(folder));
        }
        command.env("ROLECALL_KEYRING_SERVICE", &self.service).env("NO_AT_BRIDGE", "1").env("NO_PROXY", "127.0.0.1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(self.log_file());
    }

    /// What the programs here wrote about themselves.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.path().join("log")).unwrap_or_default()
    }

    fn log_file(&self) -> Stdio {
        let file: File =
            OpenOptions::new().create(true).append(true).open(self.path().join("log")).expect("the log can be written");
        file.into()
    }
}

impl Drop for Sandbox {
    #[expect(clippy::print_stdout, reason = "shown by the test runner with the test that failed")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("-- what the programs said\n{}", self.log());
        }
    }
}

fn command_line() -> PathBuf {
    std::env::var_os("ROLECALL_BIN").map_or_else(|| program().with_file_name("rolecall"), PathBuf::from)
}

/// The program under test: `ROLECALL_DESKTOP_BIN`, else the one built beside this test.
pub(crate) fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("ROLECALL_DESKTOP_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().expect("this program has a path");
    let built = test.parent().and_then(Path::parent).expect("tests are built in target/debug/deps");
    built.join("rolecall-desktop")
}
