//! The demo's sign-in by the command line: every step is shown, and must succeed.

use std::path::Path;
use std::process::Command;

use crate::demo_folders::{DemoFolders, PROFILE};
use crate::provider::Provider;
use crate::sandbox::Sandbox;
use crate::{Result, cargo, child};

/// The account that signs in, and the role it gets on the way.
const ACCOUNT: &str = "ed";
const NEW_ROLE: &str = "Publisher";

/// The programs and the sandbox that the tour uses.
pub(crate) struct Tour<'a> {
    /// The program.
    pub(crate) rolecall: &'a Path,
    /// The browser that walks the pages by itself.
    pub(crate) browser: &'a str,
    /// Bus and key store.
    pub(crate) sandbox: &'a Sandbox,
    /// Folders.
    pub(crate) folders: &'a DemoFolders,
    /// Where to sign in.
    pub(crate) provider: &'a Provider,
}

/// Signs in, shows roles and groups, changes a role at the provider, refreshes, shows what changed, signs out.
pub(crate) fn run(tour: &Tour<'_>) -> Result<()> {
    tour.sign_in()?;
    tour.show(&["status"])?;
    tour.show(&["roles"])?;
    let before = tour.roles()?;
    if before.is_empty() {
        return Err("the sign-in brought no role".into());
    }
    println!("\n  At the provider, Ed Itor is now given the role {NEW_ROLE}.");
    let after: Vec<&str> = before.iter().map(String::as_str).chain([NEW_ROLE]).collect();
    tour.provider.set_roles(ACCOUNT, &after)?;
    tour.show(&["refresh"])?;
    let now = tour.roles()?;
    let came: Vec<&String> = now.iter().filter(|role| !before.contains(role)).collect();
    let went: Vec<&String> = before.iter().filter(|role| !now.contains(role)).collect();
    println!("\n  Came: {came:?}. Went: {went:?}.");
    if came != [NEW_ROLE] || !went.is_empty() {
        return Err(format!("after the refresh the roles should be {after:?}, and are {now:?}"));
    }
    tour.token()?;
    tour.show(&["logout"])
}

impl Tour<'_> {
    /// Signs in at the provider.
    pub(crate) fn sign_in(&self) -> Result<()> {
        let Provider { issuer, client_id, .. } = self.provider;
        self.show(&["login", "--issuer", issuer, "--client-id", client_id, "--timeout", "60"])
    }

    fn show(&self, words: &[&str]) -> Result<()> {
        println!("\n$ rolecall {} --profile {PROFILE}", words.join(" "));
        child::run(&mut self.command(words))
    }

    fn token(&self) -> Result<()> {
        println!("\n$ rolecall token --profile {PROFILE} | wc -c");
        let token = child::output(&mut self.command(&["token"]))?;
        println!("{}", token.trim().len());
        if token.trim().is_empty() { Err("there is no token".into()) } else { Ok(()) }
    }

    fn roles(&self) -> Result<Vec<String>> {
        let answer = cargo::parse(&child::output(&mut self.command(&["roles", "--json"]))?)?;
        let values = answer["roles"].as_array().into_iter().flatten();
        Ok(values.filter_map(|role| role["value"].as_str().map(ToOwned::to_owned)).collect())
    }

    /// The program with these words, in the sandbox.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.rolecall);
        command.args(words).args(["--profile", PROFILE]).env("BROWSER", self.browser);
        self.folders.put(self.sandbox.put(&mut command));
        command
    }
}
