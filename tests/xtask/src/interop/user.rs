//! A person at a terminal: the real program, the real key store, and a browser that fills in the provider's pages.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::driver::Driver;
use super::{Context, Windows};
use crate::sandbox::Sandbox;
use crate::window::Window;
use crate::{Result, cargo, prerequisites};

/// Where a person sits.
pub(super) struct User<'a> {
    sandbox: &'a Sandbox,
    rolecall: PathBuf,
    windows: Windows,
    folder: PathBuf,
    browser: PathBuf,
    form: &'static str,
    account: [String; 2],
    denies: bool,
}

/// The result of a run of the program.
pub(super) struct CommandOutput {
    /// Its exit status.
    pub(super) exit: i32,
    /// What it wrote to standard output.
    pub(super) stdout: String,
    /// What it wrote to standard error.
    pub(super) stderr: String,
}

impl<'a> User<'a> {
    /// One with folders of their own, who knows the account of this provider.
    pub(super) fn at(context: &Context<'a>, form: &'static str, provider: &Driver) -> Result<Self> {
        let Context { sandbox, rolecall, scripts, windows, .. } = context;
        let folder = sandbox.folder().path().join(form);
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let browser = folder.join("open-link");
        let script = format!("#!/bin/sh\nexec node '{}' \"$1\"\n", scripts.join("browser.mjs").display());
        std::fs::write(&browser, script).map_err(|error| format!("{}: {error}", browser.display()))?;
        executable(&browser)?;
        let account = [provider.fact("user").to_owned(), provider.fact("password").to_owned()];
        let (rolecall, windows) = (rolecall.clone(), windows.clone());
        Ok(Self { sandbox, rolecall, windows, folder, browser, form, account, denies: false })
    }

    /// Somebody else from now on, with the same password.
    pub(super) fn becomes(&mut self, name: &str) {
        name.clone_into(&mut self.account[0]);
    }

    /// Whether the provider's question for consent is denied from now on.
    pub(super) fn denies(&mut self, denies: bool) {
        self.denies = denies;
    }

    /// Runs `rolecall` with these words.
    pub(super) fn run(&self, words: &[&str]) -> Result<CommandOutput> {
        self.run_with(words, &[])
    }

    /// The same with these variables besides.
    pub(super) fn run_with(&self, words: &[&str], more: &[(&str, &OsStr)]) -> Result<CommandOutput> {
        let mut command = self.command();
        command.args(words).stdin(Stdio::null()).envs(more.iter().copied());
        let output = command.output().map_err(|error| format!("rolecall did not start: {error}"))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let exit = output.status.code().unwrap_or(-1);
        Ok(CommandOutput { exit, stdout: text(&output.stdout), stderr: text(&output.stderr) })
    }

    /// The program, with all that makes it theirs.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.rolecall);
        self.sandbox.put(&mut command).env_remove("DISPLAY").envs(self.variables());
        command
    }

    /// The program they run.
    pub(super) fn program(&self) -> &Path {
        &self.rolecall
    }

    /// A folder of theirs.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The same where it must end well; gives standard output.
    pub(super) fn run_ok(&self, words: &[&str]) -> Result<CommandOutput> {
        let said = self.run(words)?;
        if said.exit == 0 {
            return Ok(said);
        }
        let mut message = format!("'rolecall {}' ended with {}: {}", words.join(" "), said.exit, said.stderr.trim());
        let _ = write!(message, "\nthe browser: {}", self.pages());
        Err(message)
    }

    /// Signs in, as somebody who reads the README would.
    pub(super) fn sign_in(&self, profile: &str, issuer: &str, client: &str, more: &[&str]) -> Result<CommandOutput> {
        let words = ["login", "--profile", profile, "--issuer", issuer, "--client-id", client, "--timeout", "90"];
        self.run_ok(&[&words, more].concat())
    }

    /// The answer of `rolecall roles --json`.
    pub(super) fn roles(&self, profile: &str) -> Result<Value> {
        cargo::parse(&self.run_ok(&["roles", "--json", "--profile", profile])?.stdout)
    }

    /// Writes down that a role is expected in this profile.
    pub(super) fn expect(&self, profile: &str, role: &str) -> Result<()> {
        let file = self.folder.join("config").join("rolecall.toml");
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let table = format!("[profiles.{profile}]\n");
        let (before, after) = text.split_once(&table).ok_or_else(|| format!("no profile {profile} in {text}"))?;
        let text = format!("{before}{table}expect.roles = [\"{role}\"]\n{after}");
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
    }

    /// Opens the window.
    pub(super) fn window(&self) -> Result<Window> {
        let mut driver = Command::new(&self.windows.driver);
        self.sandbox.put(&mut driver).envs(self.variables());
        Window::open(driver, &self.windows.program, self.folder.join("window.log"))
    }

    /// Goes to an address with a browser on another device, and gives what it saw; `more` are variables for it.
    pub(super) fn walk(&self, address: &str, more: &[(&str, &str)]) -> Result<String> {
        self.pages();
        let mut browser = Command::new(&self.browser);
        self.sandbox.put(&mut browser).env_remove("DISPLAY").envs(self.variables()).envs(more.iter().copied());
        let ended = browser.arg(address).stdin(Stdio::null()).status();
        ended.map_err(|error| format!("the browser did not start: {error}"))?;
        let pages = self.pages();
        if pages.contains("failed at") { Err(format!("the browser: {pages}")) } else { Ok(pages) }
    }

    /// What the browser saw since it was last asked.
    pub(super) fn pages(&self) -> String {
        let file = self.folder.join("pages");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let _ = std::fs::remove_file(file);
        text.trim().to_owned()
    }

    fn variables(&self) -> Vec<(&'static str, OsString)> {
        let chromium = ["chromium", "chromium-browser"].into_iter().find_map(prerequisites::find).unwrap_or_default();
        vec![
            ("ROLECALL_CONFIG_DIR", self.folder.join("config").into()),
            ("ROLECALL_STATE_DIR", self.folder.join("state").into()),
            ("ROLECALL_KEYRING_SERVICE", format!("Rolecall interop {}", self.form).into()),
            ("BROWSER", self.browser.clone().into()),
            ("CHROMIUM", chromium.into()),
            ("INTEROP_FORM", self.form.into()),
            ("INTEROP_USER", self.account[0].clone().into()),
            ("INTEROP_CONSENT", if self.denies { "deny" } else { "allow" }.into()),
            ("INTEROP_PASSWORD", self.account[1].clone().into()),
            ("INTEROP_PAGES", self.folder.join("pages").into()),
            ("INTEROP_COOKIES", self.folder.join("cookies.json").into()),
        ]
    }
}

#[cfg(unix)]
pub(super) fn executable(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).map_err(|error| error.to_string())
}

#[cfg(not(unix))]
pub(super) fn executable(_: &Path) -> Result<()> {
    Ok(())
}
