use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// A session bus of its own with the real GNOME Keyring on it, and folders of its own, for running the real program.
pub struct Bus {
    folder: PathBuf,
    /// The same, where it was made here.
    _made: Option<TempDir>,
    address: String,
    daemon: Option<Child>,
    keyring: Option<Child>,
}

/// The password of the keyring.
pub const PASSWORD: &str = "correct horse";

/// How the bus learns of the window that asks for passwords.
const PROMPTER: &str = "/usr/share/dbus-1/services/org.gnome.keyring.SystemPrompter.service";

const SETTINGS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <servicedir>FOLDER/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["runtime", "data", "home"] {
        std::fs::create_dir(folder.path().join(name)).expect("a folder inside");
    }
    folder
}

impl Bus {
    /// A bus with an unlocked keyring.
    ///
    /// # Panics
    /// When `dbus-daemon` or `gnome-keyring-daemon` is missing.
    #[must_use]
    pub fn new() -> Self {
        Self::on(folder(), "--session")
    }

    /// The same on the display there is, where the keyring asks for its password by its own window; nothing else is
    /// started by being asked for, so that a keyring that is gone stays gone.
    ///
    /// # Panics
    /// When one of the programs is missing.
    #[must_use]
    pub fn with_prompts() -> Self {
        let folder = folder();
        let services = folder.path().join("services");
        std::fs::create_dir(&services).expect("a folder inside");
        std::fs::copy(PROMPTER, services.join("prompter.service")).expect("gcr is installed");
        let settings = Self::write_settings(&folder);
        Self::on(folder, &settings)
    }

    /// A bus on which nobody serves secrets yet, and nothing is started by being asked for.
    ///
    /// # Panics
    /// When `dbus-daemon` is missing.
    #[must_use]
    pub fn without_keyring() -> Self {
        let folder = folder();
        std::fs::create_dir(folder.path().join("services")).expect("a folder inside");
        let settings = Self::write_settings(&folder);
        Self::serve(folder, &settings)
    }

    /// The bus that this process was started with by [`Bus::command`] of another process.
    ///
    /// # Panics
    /// When it was not.
    #[must_use]
    pub fn inherited() -> Self {
        let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").expect("an address");
        let home = std::env::var_os("HOME").map(PathBuf::from).expect("a home");
        let folder = home.parent().expect("a folder around it").to_owned();
        Self { folder, _made: None, address, daemon: None, keyring: None }
    }

    fn write_settings(folder: &TempDir) -> String {
        let settings = folder.path().join("bus.conf");
        std::fs::write(&settings, SETTINGS.replace("FOLDER", &folder.path().to_string_lossy())).expect("the settings");
        format!("--config-file={}", settings.display())
    }

    fn on(folder: TempDir, settings: &str) -> Self {
        let mut bus = Self::serve(folder, settings);
        bus.start_keyring(true);
        bus
    }

    fn serve(folder: TempDir, settings: &str) -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args([settings, "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().expect("its output")).read_line(&mut address).expect("its address");
        let (path, address) = (folder.path().to_owned(), address.trim().to_owned());
        Self { folder: path, _made: Some(folder), address, daemon: Some(daemon), keyring: None }
    }

    /// Where it is, as `DBUS_SESSION_BUS_ADDRESS` has it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends the keyring and starts it again, unlocked or locked.
    pub fn restart_keyring(&mut self, unlocked: bool) {
        self.stop_keyring();
        self.start_keyring(unlocked);
    }

    /// Ends the keyring.
    pub fn stop_keyring(&mut self) {
        if let Some(mut keyring) = self.keyring.take() {
            let _ = keyring.kill();
            let _ = keyring.wait();
        }
    }

    /// Has the keyring answer nobody any more, though it is there.
    ///
    /// # Panics
    /// When none runs.
    pub fn freeze_keyring(&self) {
        let keyring = self.keyring.as_ref().expect("a keyring").id().to_string();
        let stopped = Command::new("kill").args(["-STOP", &keyring]).status();
        assert!(stopped.is_ok_and(|status| status.success()), "it runs");
    }

    /// A program with this bus and these folders.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        self.put(&mut command);
        command
    }

    /// The folder for configuration and state.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.folder.clone()
    }

    fn put(&self, command: &mut Command) {
        let at = |name: &str| self.folder.join(name);
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            // Without a display the keyring can't ask for its password, and says so at once; with one it asks by another
            // program, which the bus starts.
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env("HOME", at("home"))
            .env("XDG_DATA_HOME", at("data"))
            .env("XDG_RUNTIME_DIR", at("runtime"))
            .env("ROLECALL_CONFIG_DIR", at("config"))
            .env("ROLECALL_STATE_DIR", at("state"))
            .env("ROLECALL_KEYRING_SERVICE", "Rolecall test");
    }

    fn start_keyring(&mut self, unlocked: bool) {
        let mut command = Command::new("gnome-keyring-daemon");
        self.put(&mut command);
        command.args(["--foreground", "--components=secrets"]);
        if unlocked {
            command.arg("--unlock");
        }
        let mut keyring = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon is installed");
        if let Some(mut input) = keyring.stdin.take() {
            let _ = input.write_all(PASSWORD.as_bytes());
        }
        self.keyring = Some(keyring);
        self.wait_until_served();
    }

    /// Waits until somebody serves secrets on the bus.
    fn wait_until_served(&self) {
        for _ in 0..400 {
            let mut ask = Command::new("dbus-send");
            self.put(&mut ask);
            let owned = ask
                .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"])
                .args(["org.freedesktop.DBus.GetNameOwner", "string:org.freedesktop.secrets"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            if owned.is_ok_and(|status| status.success()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("nobody serves secrets on the test's bus");
    }
}

impl Default for Bus {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.stop_keyring();
        if let Some(daemon) = &mut self.daemon {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}
