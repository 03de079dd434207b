//! `cargo xtask demo`: Rolecall on a provider of its own. Its settings, state and key-store entry are its own too.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::cargo::Workspace;
use crate::child::{self, Background};
use crate::demo_folders::{DemoFolders, PROFILE};
use crate::provider::Provider;
use crate::sandbox::Sandbox;
use crate::{Result, prerequisites, tour};

/// The ports tried for the demo's provider, so that its addresses stay the same from one demo to the next.
const PORTS: [u16; 4] = [8400, 8401, 8402, 0];

/// Runs the demo: in a window where there is a display, else in the shell.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        return Err("the demo takes no arguments".into());
    }
    let workspace = Workspace::find()?;
    if has_display() { in_a_window(&workspace) } else { in_the_shell(&workspace) }
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

fn in_a_window(workspace: &Workspace) -> Result<()> {
    prerequisites::install(&[prerequisites::BUILD, prerequisites::WINDOW])?;
    println!("Building Rolecall and the demo provider. The first time takes some minutes.");
    workspace.build_programs()?;
    let _only = only_demo(workspace)?;
    let provider = Provider::start(&workspace.built("rolecall-demo-provider"), &PORTS)?;
    let mut folders = DemoFolders::in_folder(workspace.target.join("demo"))?;
    folders.write_profile(&provider, None)?;
    let own_key_store = if has_key_store() { None } else { Some(start_key_store()?) };
    folders.bus = own_key_store.as_ref().and_then(Sandbox::bus_address).map(ToOwned::to_owned);
    let mut command = Command::new(workspace.built("rolecall-desktop"));
    let mut window = Background::start("Rolecall", folders.put(&mut command))?;
    println!("{}", what_to_do(&provider));
    let ended = wait_for_end(&mut window);
    drop(window);
    forget(workspace, &folders);
    ended
}

/// Whether a key store answers on the session bus, or would be started when asked.
fn has_key_store() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    // Without an address, dbus-send would start a bus that nobody ends.
    let runtime_bus = std::env::var_os("XDG_RUNTIME_DIR").map(|folder| Path::new(&folder).join("bus"));
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none() && !runtime_bus.is_some_and(|socket| socket.exists()) {
        return false;
    }
    ["ListNames", "ListActivatableNames"].iter().any(|list| {
        let mut ask = Command::new("dbus-send");
        ask.args(["--session", "--print-reply", "--reply-timeout=3000", "--dest=org.freedesktop.DBus"]);
        ask.args(["/org/freedesktop/DBus", &format!("org.freedesktop.DBus.{list}")]);
        let names = child::output(ask.stderr(std::process::Stdio::null()));
        names.is_ok_and(|names| names.contains("\"org.freedesktop.secrets\""))
    })
}

/// A session bus with an unlocked key store, for the demo alone.
fn start_key_store() -> Result<Sandbox> {
    println!("No key store answers in this session, so the demo brings one of its own.");
    prerequisites::install(&[prerequisites::SANDBOX])?;
    Sandbox::set_up(None)
}

/// Two demos would share one folder, so the second is refused while the first runs.
fn only_demo(workspace: &Workspace) -> Result<File> {
    let path = workspace.target.join("demo.lock");
    let file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    file.try_lock().map_err(|_| "a demo is running already; end it first".to_owned())?;
    Ok(file)
}

fn what_to_do(provider: &Provider) -> String {
    format!(
        "
Rolecall is open, with a demo provider at {issuer} that ends with it.

  1. Choose 'Sign in with your browser'. The provider's page opens there: sign in as Ed Itor.
     The window shows who that is, with roles and groups.
  2. Open {accounts} and tick another role for Ed Itor.
  3. Choose Refresh, in the window or in the tray: the new role is there.

Closing the window leaves Rolecall in the tray, where there is one. Quit there, or Ctrl-C here, ends the demo and
takes its key-store entry away. Your own profiles and sessions are not touched.
",
        issuer = provider.issuer,
        accounts = provider.accounts_page()
    )
}

fn wait_for_end(window: &mut Background) -> Result<()> {
    loop {
        if child::stopped() {
            return Ok(());
        }
        match window.ended() {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("Rolecall ended with a failure ({status})")),
            None => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// Takes the demo's session out of the key store; when nobody signed in there is none, which is fine too.
fn forget(workspace: &Workspace, folders: &DemoFolders) {
    let mut command = Command::new(workspace.built("rolecall"));
    let mut logout =
        match Background::start("rolecall logout", folders.put(command.args(["logout", "--profile", PROFILE]))) {
            Ok(process) => process,
            Err(message) => return println!("{message}"),
        };
    let patience = std::time::Instant::now() + Duration::from_secs(15);
    while logout.ended().is_none() && std::time::Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn in_the_shell(workspace: &Workspace) -> Result<()> {
    println!("There is no display here, so the demo shows the same sign-in by the command line, with a browser that");
    println!("walks the provider's pages by itself, and with a session bus and a key store of its own.\n");
    prerequisites::install(&[prerequisites::BUILD, prerequisites::SANDBOX])?;
    // Where the window was built before, its libraries are there, and so is everything this would build otherwise.
    if workspace.built("rolecall-desktop").exists() {
        workspace.build_programs()?;
    } else {
        child::run(&mut workspace.cargo(&["build", "-p", "rolecall-cli", "-p", "rolecall-provider"]))?;
    }
    let sandbox = Sandbox::set_up(None)?;
    let provider = Provider::start(&workspace.built("rolecall-demo-provider"), &PORTS)?;
    let folders = DemoFolders::in_folder(sandbox.folder().path().join("demo"))?;
    let browser = workspace.built("rolecall-demo-browser");
    tour::run(&tour::Tour {
        rolecall: &workspace.built("rolecall"),
        browser: as_browser(&browser)?,
        sandbox: &sandbox,
        folders: &folders,
        provider: &provider,
    })
}

/// `$BROWSER` is split at blanks and colons.
pub(crate) fn as_browser(program: &Path) -> Result<&str> {
    let text = program.to_str().unwrap_or("");
    if text.is_empty() || text.contains([' ', ':']) {
        return Err(format!(
            "{} can't stand in $BROWSER; move the project to a folder without blanks",
            program.display()
        ));
    }
    Ok(text)
}
