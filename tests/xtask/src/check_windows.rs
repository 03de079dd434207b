//! `cargo xtask check-windows`: the workspace checked for Windows, and the command line run there, as far as Wine goes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::cargo::Workspace;
use crate::child::{self, Background};
use crate::folder::Folder;
use crate::provider::Provider;
use crate::{Result, prerequisites};

const TARGET: &str = "x86_64-pc-windows-gnu";

/// Debian's own compiler: the one whose standard library's source is available to be built for Windows.
const DEBIAN: &str = "/usr/bin";

/// The largest item of the Credential Manager, in bytes (`CRED_MAX_CREDENTIAL_BLOB_SIZE`).
const LARGEST_ITEM: usize = 2560;

/// Wine 8 lacks the library from which Rust's standard library takes its random numbers; this calls Wine's own generator.
const RANDOM: &str = "#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return RtlGenRandom(data, (ULONG)size); }
";

/// Checks, builds, runs.
pub(crate) fn run(_: &[String]) -> Result<()> {
    prerequisites::install(&[prerequisites::BUILD, prerequisites::WINDOWS])?;
    let workspace = Workspace::find()?;
    let target = workspace.target.join("windows");
    println!("== check: the workspace for {TARGET}");
    child::run(&mut cargo(&workspace, &target, &["check", "--workspace", "--exclude", "rolecall-desktop-tests"]))?;
    println!("== build: rolecall.exe");
    child::run(&mut cargo(&workspace, &target, &["build", "-p", "rolecall-cli"]))?;
    child::run(workspace.cargo(&["build", "-p", "rolecall-provider"]).stdin(Stdio::null()))?;
    println!("== run: rolecall.exe under Wine");
    let wine = Wine::new(&workspace, &target)?;
    wine.session()
}

fn cargo(workspace: &Workspace, target: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(Path::new(DEBIAN).join("cargo"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let first = std::env::join_paths(std::iter::once(DEBIAN.into()).chain(std::env::split_paths(&path)));
    command
        .args(words)
        .args(["-Zbuild-std=std,panic_abort", "--target", TARGET, "--target-dir"])
        .arg(target)
        .current_dir(&workspace.root)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", Path::new(DEBIAN).join("rustc"))
        .env("PATH", first.unwrap_or(path))
        .env_remove("RUSTUP_TOOLCHAIN");
    command
}

/// A Windows of its own for one run.
struct Wine {
    folder: Folder,
    program: PathBuf,
    browser: PathBuf,
    provider: Provider,
}

impl Wine {
    fn new(workspace: &Workspace, target: &Path) -> Result<Self> {
        let (folder, built) = (Folder::new()?, target.join(TARGET).join("debug"));
        let source = folder.path().join("random.c");
        std::fs::write(&source, RANDOM).map_err(|error| error.to_string())?;
        let mut library = Command::new("x86_64-w64-mingw32-gcc");
        library.arg("-shared").arg("-o").arg(built.join("bcryptprimitives.dll")).arg(source).arg("-ladvapi32");
        child::run(&mut library)?;
        let provider = Provider::start(&workspace.built("rolecall-demo-provider"), &[0])?;
        let browser = workspace.built("rolecall-demo-browser");
        Ok(Self { folder, program: built.join("rolecall.exe"), browser, provider })
    }

    fn session(&self) -> Result<()> {
        child::run(&mut self.rolecall(&["--version"]))?;
        child::output(&mut self.rolecall(&["--help"]))?;
        self.sign_in()?;
        let token = child::output(&mut self.rolecall(&["token"]))?;
        let roles = child::output(&mut self.rolecall(&["roles"]))?;
        if token.trim().split('.').count() != 3 || !roles.contains("Editor") {
            return Err(format!("signed in, but without token or role:\n{roles}"));
        }
        let items = self.items()?;
        println!("  token and roles: there. Items in the Credential Manager, bytes: {items:?}");
        if items.len() < 2 || items.iter().any(|size| *size > LARGEST_ITEM) {
            return Err("the session does not stand in parts that the Credential Manager takes".into());
        }
        child::run(&mut self.rolecall(&["refresh"]))?;
        child::run(&mut self.rolecall(&["logout"]))?;
        match self.items()?.as_slice() {
            [] => println!("  after signing out nothing is left in the Credential Manager"),
            left => return Err(format!("items are left: {left:?}")),
        }
        println!(
            "seen: --version, --help, login, token, roles, refresh, logout. Not to be had here: window, tray, clipboard"
        );
        Ok(())
    }

    /// The link is walked by our own browser, outside: Wine has none.
    fn sign_in(&self) -> Result<()> {
        let Provider { issuer, client_id, .. } = &self.provider;
        let words = ["login", "--issuer", issuer, "--client-id", client_id, "--no-browser", "--timeout", "60"];
        let said = self.folder.path().join("said");
        let file = std::fs::File::create(&said).map_err(|error| error.to_string())?;
        let mut login = Background::start_talking("rolecall.exe login", self.rolecall(&words).stderr(file))?;
        let link = || {
            let text = std::fs::read_to_string(&said).unwrap_or_default();
            text.lines()
                .find(|line| line.starts_with(issuer.as_str()) && line.contains("state="))
                .map(|line| line.trim().to_owned())
        };
        if !child::wait_until(Duration::from_secs(60), || link().is_some()) {
            return Err("no link was printed".into());
        }
        child::run(Command::new(&self.browser).arg(link().unwrap_or_default()))?;
        if !child::wait_until(Duration::from_secs(60), || login.ended().is_some()) {
            return Err("the sign-in did not end".into());
        }
        let text = std::fs::read_to_string(&said).unwrap_or_default();
        println!("  {}", text.lines().last().unwrap_or_default().trim());
        if text.contains("Signed in as Ed Itor") { Ok(()) } else { Err(text) }
    }

    /// The sizes of what the Credential Manager holds of ours.
    fn items(&self) -> Result<Vec<usize>> {
        let mut query = self.wine("reg");
        query.args(["query", "HKCU\\Software\\Wine\\Credential Manager", "/s"]);
        let text = child::output(&mut query)?;
        let secrets = text.split("HKEY_CURRENT_USER").filter(|item| item.contains(".Rolecall"));
        let sizes =
            secrets.filter_map(|item| item.split_once("Password    REG_BINARY    ")?.1.split_whitespace().next());
        // Two digits for each byte.
        Ok(sizes.map(|digits| digits.len() / 2).collect())
    }

    fn rolecall(&self, words: &[&str]) -> Command {
        let mut command = self.wine(&self.program);
        command.args(words);
        command
    }

    fn wine(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let inside = |name: &str| format!("Z:{}", self.folder.path().join(name).display()).replace('/', "\\");
        let mut command = Command::new("wine");
        command
            .arg(program)
            .env("WINEPREFIX", self.folder.path().join("windows"))
            .env("WINEDEBUG", "-all")
            .env("ROLECALL_CONFIG_DIR", inside("config"))
            .env("ROLECALL_STATE_DIR", inside("state"))
            .stdin(Stdio::null());
        command
    }
}
