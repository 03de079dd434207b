//! `cargo xtask interop`: the real program at providers that others wrote, through a real browser.

mod auth0;
mod consent;
mod driver;
mod elsewhere;
mod keycloak;
mod keycloak_directory;
mod kubernetes;
mod oidc_provider;
mod python;
mod readme;
mod recorded;
mod user;
mod window_run;

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::cargo::Workspace;
use crate::sandbox::Sandbox;
use crate::{Result, child, prerequisites};
use driver::Driver;

type Scenario = fn(&Context<'_>, &mut Report) -> Result<()>;

/// The word to ask for it, its name, what is tried there in a line, and how.
const PROVIDERS: [(&str, &str, &str, Scenario); 6] = [
    (
        "keycloak",
        "Keycloak",
        "PAR, roles and groups, refresh, six mistakes explained, restart, revocation, window",
        keycloak::run,
    ),
    (
        "oidc-provider",
        "oidc-provider",
        "PAR, consent, `iss`, rotation, JWT for an API, restart, revocation, window",
        oidc_provider::run,
    ),
    ("auth0", "Auth0 simulator", "TLS of one's own, claims of a rule and none, refresh, restart, window", auth0::run),
    ("kubernetes", "Kubernetes API server (its authentication)", KUBERNETES, kubernetes::run),
    ("canaille", "Canaille", CONSENTING, |context, report| consent::CANAILLE.run(context, report)),
    ("django", "django-oauth-toolkit", CONSENTING, |context, report| consent::DJANGO.run(context, report)),
];

const KUBERNETES: &str = "`why --at kubernetes`: prefix, a claim not read, four refusals, somebody else, no answer";

const CONSENTING: &str = "consent denied, nothing given, groups that come and go, restart, a session ended there";

/// Where all providers are run.
struct Context<'a> {
    sandbox: &'a Sandbox,
    workspace: &'a Workspace,
    rolecall: PathBuf,
    windows: Windows,
    scripts: PathBuf,
}

/// The program with a window, and what steers it.
#[derive(Clone)]
struct Windows {
    program: PathBuf,
    driver: PathBuf,
}

/// What was seen at one provider.
#[derive(Default)]
struct Report {
    name: &'static str,
    /// What is tried, in a line.
    summary: &'static str,
    version: String,
    seen: Vec<String>,
    /// Why it was not run at all, which is no failure.
    not_run: Option<String>,
    failure: Option<String>,
}

/// Runs all providers, or those named; writes what was seen into the README when all were asked for, unless told not to.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (flags, wanted): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|word| *word == "--no-write");
    if let Some(unknown) = wanted.iter().find(|word| !PROVIDERS.iter().any(|(known, ..)| known == **word)) {
        let names: Vec<&str> = PROVIDERS.iter().map(|(name, ..)| *name).collect();
        return Err(format!("there is no provider '{unknown}'; there are {}", names.join(", ")));
    }
    if !cfg!(target_os = "linux") {
        return Err("this makes a session bus and a key store of its own, which only works on Linux".into());
    }
    prerequisites::install(&[
        prerequisites::BUILD,
        prerequisites::WINDOW,
        prerequisites::SANDBOX,
        prerequisites::DISPLAY,
        prerequisites::INTEROP,
    ])?;
    let workspace = Workspace::find()?;
    // All of it, as the tests do, so that no dependency is built twice with other features.
    workspace.build_everything()?;
    let scripts = workspace.root.join("tests").join("interop");
    child::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&scripts))?;
    let sandbox = Sandbox::set_up(Some((1280, 900)))?;
    let windows = Windows { program: workspace.built("rolecall-desktop"), driver: workspace.built("rolecall-window") };
    let rolecall = workspace.built("rolecall");
    let context = Context { sandbox: &sandbox, workspace: &workspace, rolecall, windows, scripts };
    let mut reports = Vec::new();
    for (word, name, summary, scenario) in PROVIDERS {
        if wanted.is_empty() || wanted.iter().any(|wanted| *wanted == word) {
            println!("\n== {name}");
            let begun = Instant::now();
            let mut report = Report { name, summary, ..Report::default() };
            report.failure = scenario(&context, &mut report).err();
            report.tell(begun);
            reports.push(report);
        }
    }
    if wanted.is_empty() && flags.is_empty() {
        readme::write(&workspace.root, &reports)?;
    }
    let failed: Vec<&str> =
        reports.iter().filter(|report| report.failure.is_some()).map(|report| report.name).collect();
    if failed.is_empty() { Ok(()) } else { Err(format!("{} did not pass", failed.join(", "))) }
}

impl Context<'_> {
    /// A folder for what a provider remembers, gone with the sandbox.
    fn state(&self, name: &str) -> Result<PathBuf> {
        self.sandbox.folder().inside(&format!("provider-{name}"))
    }

    fn start(&self, script: &str, state: &Path, settings: &[(&str, &str)]) -> Result<Driver> {
        Driver::start("node".as_ref(), &self.scripts, script, state, settings)
    }

    /// Where documents that came are kept.
    fn recorded(&self) -> PathBuf {
        self.scripts.join("recorded")
    }
}

impl Report {
    fn observed(&mut self, what: impl Into<String>) {
        let what = what.into();
        println!("  seen: {what}");
        self.seen.push(what);
    }

    fn tell(&self, begun: Instant) {
        let seconds = begun.elapsed().as_secs();
        match (&self.failure, &self.not_run) {
            (Some(failure), _) => println!("failed after {seconds} s: {failure}"),
            (None, Some(why)) => println!("not run: {why}"),
            (None, None) => println!("{} {}: passed in {seconds} s", self.name, self.version),
        }
    }
}

/// A port nobody has at the moment; the same one serves after a restart.
fn port() -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port().to_string()).map_err(|error| error.to_string())
}

/// One of four digits.
fn small_port() -> Result<String> {
    let free = (4400..10_000).find(|port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok());
    free.map(|port| port.to_string()).ok_or_else(|| "no port of four digits is free".into())
}

/// Fails with these words unless it is so.
fn ensure(so: bool, otherwise: impl FnOnce() -> String) -> Result<()> {
    if so { Ok(()) } else { Err(otherwise()) }
}
