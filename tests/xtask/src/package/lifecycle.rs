//! The life of a package on a clean system: installed, started from its entry, signed in, upgraded and downgraded while it
//! runs, exchanged for the command line alone, removed.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::cargo::{self, Workspace};
use crate::child;
use crate::provider::Provider;
use crate::sandbox::Sandbox;
use crate::{Result, demo};

use super::clean_root::CleanRoot;

/// How long the window may take to come up, or the program to end.
const SOON: Duration = Duration::from_secs(60);

/// The packages of one run, as files.
pub(super) struct Files {
    /// Window, tray and command line, of an earlier version.
    pub(super) earlier: PathBuf,
    /// The same, of this version.
    pub(super) desktop: PathBuf,
    /// The command line alone.
    pub(super) cli: PathBuf,
}

/// Runs through it; gives what was seen.
pub(super) fn run(workspace: &Workspace, files: &Files, system: &Path) -> Result<Vec<&'static str>> {
    let sandbox = Sandbox::set_up(Some((1280, 900)))?;
    let root = CleanRoot::unpack(workspace, system, &sandbox)?;
    let provider = Provider::start(&workspace.built("rolecall-demo-provider"), &[0])?;
    let browser = sandbox.folder().path().join("browser");
    std::fs::copy(workspace.built("rolecall-demo-browser"), &browser).map_err(|error| error.to_string())?;
    let lifecycle =
        Lifecycle { root: &root, sandbox: &sandbox, provider: &provider, browser: demo::as_browser(&browser)? };
    let mut seen = Vec::new();
    lifecycle.installed(files, &mut seen)?;
    lifecycle.upgraded(files, &mut seen)?;
    lifecycle.removed(files, &mut seen)?;
    Ok(seen)
}

struct Lifecycle<'a> {
    root: &'a CleanRoot,
    sandbox: &'a Sandbox,
    provider: &'a Provider,
    browser: &'a str,
}

impl Lifecycle<'_> {
    fn installed(&self, files: &Files, seen: &mut Vec<&'static str>) -> Result<()> {
        if self.exists("/usr/bin/cc") {
            return Err("there is a compiler in the clean root".into());
        }
        self.root.install(&files.earlier)?;
        for path in
            ["/usr/bin/rolecall", "/usr/share/man/man1/rolecall.1.gz", "/usr/share/man/man1/rolecall-desktop.1.gz"]
        {
            self.expect(path, true)?;
        }
        seen.push("installed on a Debian without build tools; every dependency is a package of Debian");
        let Provider { issuer, client_id, .. } = self.provider;
        self.rolecall(&["login", "--issuer", issuer, "--client-id", client_id, "--timeout", "60"])?;
        self.signed_in()?;
        seen.push("signed in by the command line");
        Ok(())
    }

    fn upgraded(&self, files: &Files, seen: &mut Vec<&'static str>) -> Result<()> {
        let window = self.start_from_entry()?;
        seen.push("window started from its desktop entry");
        self.root.install(&files.desktop)?;
        self.still_runs(window.id())?;
        self.signed_in()?;
        self.rolecall(&["refresh"])?;
        // A second start brings up the window of the first, though the first is of an earlier version.
        child::run(&mut self.prepared("rolecall-desktop", &[]))?;
        self.still_runs(window.id())?;
        seen.push("upgraded while the window was open: it goes on, the session is kept");
        self.root.install(&files.earlier)?;
        self.still_runs(window.id())?;
        self.signed_in()?;
        seen.push("downgraded: the session is kept");
        Ok(())
    }

    fn removed(&self, files: &Files, seen: &mut Vec<&'static str>) -> Result<()> {
        self.root.remove("rolecall")?;
        self.expect("/usr/bin/rolecall", false)?;
        self.expect("/usr/share/applications/rolecall-desktop.desktop", false)?;
        self.root.install(&files.cli)?;
        self.expect("/usr/bin/rolecall-desktop", false)?;
        self.signed_in()?;
        seen.push("removed, and the command line installed instead: the session is kept");
        self.rolecall(&["logout"])?;
        self.root.remove("rolecall-cli")?;
        let mut find = Command::new("find");
        let left = child::output(find.arg(self.root.path().join("usr")).args(["-name", "*rolecall*"]))?;
        if !left.is_empty() {
            return Err(format!("these are left:\n{left}"));
        }
        seen.push("signed out and removed: no file of the packages is left");
        Ok(())
    }

    /// Starts the window as a desktop does, and waits until it is on the display.
    fn start_from_entry(&self) -> Result<Window> {
        let entry = "/usr/share/applications/rolecall-desktop.desktop";
        child::run(&mut self.prepared("gio", &["launch", entry]))?;
        let mut id = None;
        let up = child::wait_until(SOON, || {
            id = self.running();
            id.is_some() && self.window_is_up()
        });
        match id {
            Some(id) if up => Ok(Window(id)),
            _ => Err("no window came up".into()),
        }
    }

    fn window_is_up(&self) -> bool {
        let mut search = Command::new("xdotool");
        search.args(["search", "--onlyvisible", "--name", "^Rolecall$"]).stderr(Stdio::null());
        child::quietly(self.sandbox.put(&mut search))
    }

    /// The process of the window: the only one whose root is the clean one.
    fn running(&self) -> Option<u32> {
        let root = std::fs::metadata(self.root.path()).ok()?;
        let processes = std::fs::read_dir("/proc").ok()?.flatten();
        processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).find(|id: &u32| {
            let its_root = std::fs::metadata(format!("/proc/{id}/root"));
            let name = std::fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
            its_root.is_ok_and(|its| (its.dev(), its.ino()) == (root.dev(), root.ino()))
                && name.starts_with("rolecall-deskto")
        })
    }

    fn still_runs(&self, id: u32) -> Result<()> {
        if self.running() == Some(id) { Ok(()) } else { Err("the window's program ended".into()) }
    }

    fn signed_in(&self) -> Result<()> {
        let status = cargo::parse(&child::output(&mut self.prepared("rolecall", &["status", "--json"]))?)?;
        if status["state"] == "signed_in" { Ok(()) } else { Err(format!("not signed in: {status}")) }
    }

    fn rolecall(&self, words: &[&str]) -> Result<()> {
        println!("\n$ rolecall {}", words.join(" "));
        child::run(&mut self.prepared("rolecall", words))
    }

    fn prepared(&self, program: &str, words: &[&str]) -> Command {
        let mut command = self.root.command(program, words);
        self.sandbox.put(&mut command).env("BROWSER", self.browser);
        command
    }

    fn exists(&self, path: &str) -> bool {
        self.root.path().join(&path[1..]).exists()
    }

    fn expect(&self, path: &str, there: bool) -> Result<()> {
        if self.exists(path) == there {
            return Ok(());
        }
        Err(format!("{path} should {}be there", if there { "" } else { "not " }))
    }
}

/// The process of a window, ended when dropped.
struct Window(u32);

impl Window {
    fn id(&self) -> u32 {
        self.0
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // The one process, not the group: whoever started it is in there too.
        let _ = Command::new("kill").arg(self.0.to_string()).status();
        let gone = || !Path::new(&format!("/proc/{}", self.0)).exists();
        child::wait_until(SOON, gone);
    }
}
