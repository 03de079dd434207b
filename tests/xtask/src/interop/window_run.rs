//! A person at the window: signs in, reads the table, asks why a role is missing, refreshes, comes back after a restart of
//! both sides, signs out.

use std::time::Duration;

use super::driver::Driver;
use super::user::User;
use super::{Report, ensure, recorded};
use crate::window::Window;
use crate::{Result, cargo, child};

/// A role that nobody has anywhere.
const MISSING: &str = "publisher";

/// The order of the columns.
const DOCUMENTS: [&str; 3] = ["id_token", "access_token", "userinfo"];

/// What a visit at one provider is to show.
pub(super) struct WindowRun<'a> {
    /// The profile, which exists and at which nobody is signed in.
    pub(super) profile: &'a str,
    /// The roles the account has at first, as the provider calls them, and the lines that come of it.
    pub(super) before: (&'a [&'a str], &'a [&'a str]),
    /// The same after one more was given.
    pub(super) after: (&'a [&'a str], &'a [&'a str]),
    /// The code of the first finding about a role that is missing.
    pub(super) finding: &'a str,
    /// How many sessions the provider has left when somebody has signed out; `None` where it can't be told to end one.
    pub(super) left: Option<u64>,
}

impl WindowRun<'_> {
    /// Makes the visit; `start` brings the provider up again after it was stopped.
    pub(super) fn run(
        &self,
        report: &mut Report,
        user: &User<'_>,
        mut provider: Driver,
        start: impl Fn() -> Result<Driver>,
    ) -> Result<Driver> {
        let Self { profile, before, after, finding, left } = *self;
        provider.give_roles(before.0)?;
        user.expect(profile, MISSING)?;
        user.run_ok(&["profiles", "select", profile])?;
        user.pages();
        let mut window = user.window()?;
        window.order("screen", "signed_out")?;
        window.order("click", "#sign-in")?;
        window.order("screen", "signed_in").map_err(|error| format!("{error}\nthe browser: {}", user.pages()))?;
        let first = marks(before.1);
        ensure(window.entitlements()? == first, || format!("the window shows not {first:?}"))?;
        window.order("picture", &format!("interop-{profile}"))?;

        let told = cargo::parse(&user.run(&["why", MISSING, "--role", "--json", "--profile", profile])?.stdout)?;
        let code = recorded::findings(&told).first().copied();
        ensure(code == Some(finding), || format!("of a missing role the first finding is {code:?}, not {finding}"))?;
        window.order("click", ".row.missing")?;
        window.order("see", "#finding-0")?;
        let title = told["findings"][0]["title"].as_str().unwrap_or_default().to_owned();
        let shown = window.order("words", "#finding-0")?;
        ensure(shown.as_str() == Some(title.as_str()), || {
            format!("the window's first finding is {shown}, not {title}")
        })?;
        window.order("picture", &format!("interop-{profile}-why"))?;
        window.order("click", "#back")?;

        provider.give_roles(after.0)?;
        window.order("click", "#refresh")?;
        let second = marks(after.1);
        settles(&mut window, &second)?;
        drop(window);
        provider.stop()?;
        let mut provider = start()?;
        provider.give_roles(before.0)?;
        let mut window = user.window()?;
        window.order("screen", "signed_in")?;
        ensure(window.entitlements()? == second, || format!("after the restart the window shows not {second:?}"))?;
        window.order("click", "#refresh")?;
        settles(&mut window, &first)?;

        window.order("click", "#profile-button")?;
        window.order("press", &format!("Sign out of {profile}"))?;
        window.order("screen", "signed_out")?;
        if let Some(left) = left {
            let gone = child::wait_until(Duration::from_secs(10), || {
                provider.count("refresh_tokens").is_ok_and(|count| count == left)
            });
            ensure(gone, || "the provider still has the session that the window ended".into())?;
        }
        ensure(user.run(&["token", "--profile", profile])?.exit == 3, || "a token is still handed out".into())?;
        let ended = if left.is_some() { ", signing out as the provider saw it" } else { ", signing out" };
        report.observed(format!(
            "in the window: sign-in, the table to the last mark, a missing role (`{finding}`), a role given and taken after refresh, the session after a restart of both sides{ended}"
        ));
        Ok(provider)
    }
}

/// Waits until the table is as it should be.
fn settles(window: &mut Window, expected: &[String]) -> Result<()> {
    let mut last = Vec::new();
    let settled = child::wait_until(Duration::from_secs(30), || {
        last = window.entitlements().unwrap_or_default();
        last == expected
    });
    ensure(settled, || format!("the window should show {expected:?} but shows {last:?}"))
}

/// The lines of the command line as the window has them: one mark for each document instead of its sources.
fn marks(lines: &[&str]) -> Vec<String> {
    let mut rows: Vec<String> = lines.iter().map(|line| row(line)).collect();
    rows.sort_unstable();
    rows
}

fn row(line: &str) -> String {
    let (name, sources) = line.split_once(": ").unwrap_or((line, ""));
    let mark = |document: &str| {
        let source = sources.split(", ").find(|source| source.starts_with(document));
        match source.and_then(|source| source.rsplit(' ').next()) {
            Some("signature") => "on",
            Some("tls") => "tls",
            Some(_) => "half",
            None => "off",
        }
    };
    format!("{name}: {}", DOCUMENTS.map(mark).join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_becomes_a_row_with_a_mark_for_each_document() {
        assert_eq!(row("role a at b: access_token x signature, userinfo x tls"), "role a at b: off on tls");
    }
}
