//! A display, a session bus and an unlocked key store of our own, gone afterwards.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Result;
use crate::child::{self, Background};
use crate::folder::Folder;

/// Listens in the sandbox's folder and starts no service, so nothing of the person's session can be reached or begun.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=RUN</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Variables of the environment that the sandbox removes.
const HIDDEN: [&str; 7] = [
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_CURRENT_DESKTOP",
    "DESKTOP_SESSION",
    "GNOME_KEYRING_CONTROL",
    "AT_SPI_BUS_ADDRESS",
    "SSH_AUTH_SOCK",
];

/// The sandbox. Everything on it ends when it is dropped, in this order.
pub(crate) struct Sandbox {
    _keys: Background,
    _bus: Background,
    _display: Option<Background>,
    window_manager: Vec<Background>,
    variables: Vec<(&'static str, OsString)>,
    folder: Folder,
}

impl Sandbox {
    /// Sets it up; with a display of that size, or without.
    pub(crate) fn set_up(display: Option<(u32, u32)>) -> Result<Self> {
        let folder = Folder::new()?;
        let mut variables = homes(&folder)?;
        let bus = start_bus(&folder)?;
        variables.push(("DBUS_SESSION_BUS_ADDRESS", bus.next_line(Duration::from_secs(10))?.into()));
        let keys = start_keys(&variables)?;
        let display = display.map(|size| start_display(&folder, size)).transpose()?;
        if let Some(display) = &display {
            let number = display.next_line(Duration::from_secs(20))?;
            variables.push(("DISPLAY", format!(":{}", number.trim()).into()));
            variables.push(("GDK_BACKEND", "x11".into()));
        }
        Ok(Self { _keys: keys, _bus: bus, _display: display, window_manager: Vec::new(), variables, folder })
    }

    /// Starts a window manager on the display, without which no window gets the keyboard. Measurements have none: it
    /// draws frames and titles of its own.
    pub(crate) fn start_window_manager(&mut self) -> Result<()> {
        let mut command = Command::new("openbox");
        command.arg("--sm-disable").stdout(Stdio::null()).stderr(Stdio::null());
        self.window_manager.push(Background::start("openbox", self.put(&mut command))?);
        Ok(())
    }

    /// The address of its session bus.
    pub(crate) fn bus_address(&self) -> Option<&OsStr> {
        let bus = self.variables.iter().find(|(name, _)| *name == "DBUS_SESSION_BUS_ADDRESS");
        bus.map(|(_, address)| address.as_os_str())
    }

    /// Puts a command on it.
    pub(crate) fn put<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        set_environment(command, &self.variables)
    }

    /// A folder for its files.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// What the display shows, as an X window dump, kept up to date by the display itself.
    pub(crate) fn picture(&self) -> PathBuf {
        self.folder.path().join("Xvfb_screen0")
    }
}

/// The folders a desktop session has, all inside the sandbox's own. Cargo, rustup and npm keep theirs.
fn homes(folder: &Folder) -> Result<Vec<(&'static str, OsString)>> {
    let mut variables: Vec<(&'static str, OsString)> = Vec::new();
    if let Some(real) = std::env::var_os("HOME").map(PathBuf::from) {
        for (name, place) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup"), ("npm_config_cache", ".npm")] {
            variables.push((name, std::env::var_os(name).unwrap_or_else(|| real.join(place).into())));
        }
    }
    for (name, place) in [
        ("HOME", "home"),
        ("XDG_RUNTIME_DIR", "run"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
    ] {
        variables.push((name, folder.inside(place)?.into()));
    }
    // No assistive bus here: waiting for one would only slow the first window down.
    variables.extend([("NO_AT_BRIDGE", "1".into()), ("GTK_A11Y", "none".into()), ("LC_ALL", "C.UTF-8".into())]);
    variables.push(("NO_PROXY", "127.0.0.1,localhost,::1".into()));
    Ok(variables)
}

fn start_bus(folder: &Folder) -> Result<Background> {
    let run = folder.path().join("run");
    let settings = folder.path().join("bus.conf");
    std::fs::write(&settings, BUS.replace("RUN", &run.to_string_lossy()))
        .map_err(|error| format!("{}: {error}", settings.display()))?;
    let mut command = Command::new("dbus-daemon");
    command.arg(format!("--config-file={}", settings.display())).args(["--nofork", "--print-address=1"]);
    command.stderr(Stdio::null());
    Background::start_talking("the session bus", &mut command)
}

fn start_keys(variables: &[(&'static str, OsString)]) -> Result<Background> {
    let mut command = Command::new("gnome-keyring-daemon");
    command.args(["--foreground", "--unlock", "--components=secrets"]).stderr(Stdio::null());
    let mut keys = Background::start_talking("gnome-keyring", set_environment(&mut command, variables))?;
    if let Some(mut input) = keys.stdin() {
        input.write_all(b"sandbox").map_err(|error| format!("gnome-keyring: {error}"))?;
    }
    let mut ask = Command::new("dbus-send");
    ask.args([
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.secrets",
        "/org/freedesktop/secrets/aliases/default",
    ]);
    ask.args(["org.freedesktop.DBus.Properties.Get", "string:org.freedesktop.Secret.Collection", "string:Locked"]);
    set_environment(&mut ask, variables);
    let unlocked = || child::output(ask.stderr(Stdio::null())).is_ok_and(|answer| answer.contains("false"));
    if child::wait_until(Duration::from_secs(15), unlocked) {
        Ok(keys)
    } else {
        Err("gnome-keyring came up without an unlocked key store".into())
    }
}

fn start_display(folder: &Folder, (width, height): (u32, u32)) -> Result<Background> {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24"), "-nolisten", "tcp", "-noreset"]);
    command.arg("-fbdir").arg(folder.path()).stderr(Stdio::null());
    Background::start_talking("Xvfb", &mut command)
}

fn set_environment<'a>(command: &'a mut Command, variables: &[(&'static str, OsString)]) -> &'a mut Command {
    for name in HIDDEN {
        command.env_remove(name);
    }
    command.envs(variables.iter().map(|(name, value)| (*name, value)))
}
