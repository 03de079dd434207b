//! Signing in where no browser is, at providers that others wrote: on another device, and with the address at which a browser
//! on another computer ends. The browser walks the provider's own pages.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;

use super::driver::Driver;
use super::user::User;
use super::{Report, ensure};
use crate::child::{self, Background};
use crate::{Result, cargo};

/// For how long words are waited for; a poll comes every five seconds, and a slowed one later.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a code lives where it is to run out: longer than two polls.
const SHORT: u64 = 12;

/// Where device authorization is tried.
pub(super) struct Device {
    /// The profile that is made for it.
    pub(super) profile: &'static str,
    /// Its client ID.
    pub(super) client: &'static str,
    /// Two people who know the same password: user name, and what is shown of them.
    pub(super) people: [(&'static str, &'static str); 2],
}

/// A sign-in that was begun at a terminal and waits.
struct Begun {
    process: Background,
    said: std::path::PathBuf,
}

impl Device {
    /// Device sign-ins in turn: one that succeeds, one by another person, one that is denied, one whose code expires.
    pub(super) fn run(&self, report: &mut Report, user: &mut User<'_>, provider: &mut Driver) -> Result<()> {
        let [(own, name), (other, stranger)] = self.people;
        user.becomes(own);
        let begun = self.begin(user, provider.fact("issuer"))?;
        let (link, code) = begun.told()?;
        ensure(link.contains(&code), || format!("the link {link} has another code than {code}"))?;
        let pages = user.walk(&link, &[])?;
        let (exit, said) = begun.ended()?;
        ensure(exit == 0 && said.contains(&format!("Signed in as {name}")), || format!("{exit}: {said}\n{pages}"))?;
        let roles = cargo::parse(&user.run_ok(&["roles", "--json", "--profile", self.profile])?.stdout)?;
        report.observed(format!(
            "`login --device`: a browser elsewhere follows the link and signs in; told who it is, {} roles and groups",
            super::recorded::lines(&roles).len()
        ));

        // The code is typed instead, and somebody else signs in with it.
        user.becomes(other);
        let begun = self.begin(user, provider.fact("issuer"))?;
        let (address, code) = begun.address()?;
        let pages = user.walk(&address, &[("INTEROP_CODE", &code)])?;
        let (exit, said) = begun.ended()?;
        ensure(exit == 1 && said.contains(stranger) && said.contains(&format!("{name} is signed in here")), || {
            format!("somebody else with the code: {exit}: {said}\n{pages}")
        })?;
        let status = user.run_ok(&["status", "--profile", self.profile])?;
        ensure(format!("{}{}", status.stdout, status.stderr).contains(name), || status.stdout.clone())?;
        report.observed("the code typed by hand, by somebody else: told who, and the session of before is kept");

        user.becomes(own);
        user.denies(true);
        let begun = self.begin(user, provider.fact("issuer"))?;
        let pages = user.walk(&begun.told()?.0, &[])?;
        let (exit, said) = begun.ended()?;
        user.denies(false);
        ensure(exit == 1 && said.contains("Sign-in was declined"), || format!("denied: {exit}: {said}\n{pages}"))?;
        report.observed("denied on the provider’s page: told as that");

        provider.order("device_lifespan", &json!({ "seconds": SHORT }))?;
        let begun = self.begin(user, provider.fact("issuer"))?;
        begun.told()?;
        let (exit, said) = begun.ended()?;
        provider.order("device_lifespan", &json!({ "seconds": 300 }))?;
        ensure(exit == 1 && said.contains("The code has run out"), || format!("expired: {exit}: {said}"))?;
        ensure(said.contains("rolecall login --device"), || format!("no fresh code is offered: {said}"))?;
        report.observed("a code that nobody used runs out, and a fresh one is offered");
        user.run_ok(&["logout", "--profile", self.profile])?;
        user.run_ok(&["profiles", "remove", self.profile]).map(drop)
    }

    /// Begins a sign-in. The profile is made by the first.
    fn begin(&self, user: &User<'_>, issuer: &str) -> Result<Begun> {
        let words = ["login", "--device", "--profile", self.profile, "--issuer", issuer, "--client-id"];
        Begun::start(user, &[&words[..], &[self.client]].concat())
    }

    /// Signs in while the provider says to slow down, and checks the pauses between the polls.
    pub(super) fn slowed_down(&self, report: &mut Report, user: &mut User<'_>, provider: &mut Driver) -> Result<()> {
        user.becomes(self.people[0].0);
        provider.order("hurry", &json!({ "interval": 1 }))?;
        let begun = self.begin(user, provider.fact("slowed"))?;
        let (link, _) = begun.told()?;
        let mut polls = Vec::new();
        let slowed = child::wait_until(PATIENCE, || {
            let asked = provider.order("polls", &serde_json::Value::Null).unwrap_or_default();
            polls = asked.as_array().cloned().unwrap_or_default();
            polls.iter().any(|poll| poll["error"] == "slow_down") && polls.len() >= 4
        });
        ensure(slowed, || format!("nobody said to slow down: {polls:?}"))?;
        let first = polls.iter().position(|poll| poll["error"] == "slow_down").unwrap_or_default();
        let at = |index: usize| polls.get(index).and_then(|poll| poll["at"].as_f64()).unwrap_or_default();
        for index in first + 1..polls.len() {
            let pause = at(index) - at(index - 1);
            ensure(pause >= 5.9, || format!("asked again after {pause:.1} s: {polls:?}"))?;
        }
        let pages = user.walk(&link, &[])?;
        let (exit, said) = begun.ended()?;
        provider.order("hurry", &json!({ "interval": null }))?;
        ensure(exit == 0, || format!("slowed down: {exit}: {said}\n{pages}"))?;
        report.observed("asked too often, the provider says `slow_down`: five seconds more for good, then signed in");
        user.run_ok(&["logout", "--profile", self.profile])?;
        user.run_ok(&["profiles", "remove", self.profile]).map(drop)
    }
}

/// `login --paste`: the browser is on another computer, where the callback can't be loaded; an address of another sign-in is
/// told apart, the right one signs in, and neither is shown.
pub(super) fn pasted(report: &mut Report, user: &User<'_>, provider: &Driver, more: &[&str]) -> Result<()> {
    let profile = "pasted";
    let words = ["login", "--paste", "--profile", profile, "--issuer", provider.fact("issuer"), "--client-id"];
    let mut begun =
        Begun::start(user, &[&words[..], &[provider.fact("client_id"), "--timeout", "120"], more].concat())?;
    let said = begun.until("Paste the address here")?;
    let link =
        said.lines().map(str::trim).find(|line| line.starts_with("http")).ok_or("no link was printed")?.to_owned();
    let kept = user.folder().join("pasted-address");
    let pages = user.walk(&link, &[("INTEROP_PASTE", &kept.to_string_lossy())])?;
    let address = std::fs::read_to_string(&kept).map_err(|error| format!("{error}; the browser: {pages}"))?;
    let _ = std::fs::remove_file(&kept);
    let (before, state) = address.split_once("state=").ok_or_else(|| format!("no state in {address}"))?;
    let (state, after) = state.split_once('&').unwrap_or((state, ""));
    let old: String = state.chars().rev().collect();
    begun.types(&format!("{before}state={old}&{after}"))?;
    let tries = |said: &str| said.matches("Paste the address here").count();
    let again = child::wait_until(PATIENCE, || tries(&begun.text()) > 1);
    ensure(again, || format!("another try is not allowed: {}", begun.text()))?;
    begun.types(&address)?;
    let (exit, said) = begun.ended()?;
    ensure(exit == 0 && said.contains("Signed in as"), || format!("pasted: {exit}: {said}\n{pages}"))?;
    ensure(!said.contains(&old), || format!("a pasted address was shown: {said}"))?;
    let code = address.split_once("code=").and_then(|(_, rest)| rest.split('&').next()).unwrap_or_default();
    ensure(!code.is_empty() && !said.contains(code), || "the code was shown".into())?;
    user.run_ok(&["logout", "--profile", profile])?;
    user.run_ok(&["profiles", "remove", profile])?;
    report.observed("`login --paste`: the address of another sign-in is told apart, the right one signs in, unshown");
    Ok(())
}

/// At a provider without device authorization, says so and names the other way.
pub(super) fn no_device(report: &mut Report, user: &User<'_>, provider: &Driver, more: &[&str]) -> Result<()> {
    let words = ["login", "--device", "--profile", "no-device", "--issuer", provider.fact("issuer"), "--client-id"];
    let said = user.run(&[&words[..], &[provider.fact("client_id")], more].concat())?;
    ensure(said.exit == 5 && said.stderr.contains("--paste"), || format!("{}: {}", said.exit, said.stderr))?;
    report.observed("`login --device`: that its discovery document offers none is said, with the other way");
    let _ = user.run(&["profiles", "remove", "no-device"]);
    Ok(())
}

impl Begun {
    fn start(user: &User<'_>, words: &[&str]) -> Result<Self> {
        let said = user.folder().join("said");
        let file = std::fs::File::create(&said).map_err(|error| format!("{}: {error}", said.display()))?;
        let mut command = user.command();
        command.args(words).stderr(Stdio::from(file));
        Ok(Self { process: Background::start_talking("rolecall login", &mut command)?, said })
    }

    /// All it said on standard error so far.
    fn text(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap_or_default()
    }

    fn until(&mut self, words: &str) -> Result<String> {
        let there = child::wait_until(PATIENCE, || self.text().contains(words) || self.process.ended().is_some());
        let said = self.text();
        ensure(there && said.contains(words), || format!("“{words}” was not said: {said}"))?;
        Ok(said)
    }

    /// The link with the code in it, and the code.
    fn told(&self) -> Result<(String, String)> {
        let (_, code) = self.address()?;
        let link = |said: &str| {
            let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| line.starts_with("http")).collect();
            lines.get(1).map(|line| (*line).to_owned())
        };
        Ok((link(&self.text()).ok_or_else(|| format!("no link has the code in it: {}", self.text()))?, code))
    }

    /// The address where the code is typed, and the code.
    fn address(&self) -> Result<(String, String)> {
        ensure(child::wait_until(PATIENCE, || self.text().contains("Ctrl-C cancels")), || self.text())?;
        let said = self.text();
        let address = said.lines().map(str::trim).find(|line| line.starts_with("http")).unwrap_or_default().to_owned();
        let mut after = said.lines().skip_while(|line| !line.contains("enter this code")).skip(1);
        let code = after.find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
        ensure(!address.is_empty() && !code.is_empty(), || format!("no address or code: {said}"))?;
        Ok((address, code))
    }

    fn types(&mut self, line: &str) -> Result<()> {
        use std::io::Write as _;
        let input = self.process.stdin_open().ok_or("standard input is closed")?;
        writeln!(input, "{line}").map_err(|error| error.to_string())
    }

    /// How it ended, and all it said.
    fn ended(mut self) -> Result<(i32, String)> {
        let mut status = None;
        child::wait_until(PATIENCE, || {
            status = self.process.ended();
            status.is_some()
        });
        let said = self.text();
        let exit = status.ok_or_else(|| format!("it goes on: {said}"))?.code().unwrap_or(-1);
        ensure(!said.contains("eyJ"), || "a token was printed".into())?;
        Ok((exit, said))
    }
}
