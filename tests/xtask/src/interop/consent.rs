//! Canaille and django-oauth-toolkit: they ask for consent each time, know groups and no roles, and end a session by
//! forgetting it.

use std::time::Duration;

use super::driver::Driver;
use super::user::User;
use super::{Context, Report, elsewhere, ensure, recorded};
use crate::{Result, cargo, child};

/// One of them.
pub(super) struct Consenting {
    /// Its script in `tests/interop`, and the profile.
    name: &'static str,
    /// What is asked for.
    scope: &'static str,
    /// What comes for somebody in the groups `editors` and `samples`.
    lines: [&'static str; 2],
    /// The first finding about somebody who was given nothing.
    nothing: &'static str,
    /// Whether its userinfo is known to be made from its directory each time.
    live: bool,
    /// Whether a session that is signed out of is gone at the provider.
    revokes: bool,
}

pub(super) const CANAILLE: Consenting = Consenting {
    name: "canaille_provider",
    scope: "openid profile email groups",
    lines: [
        "group editors: id_token groups signature, access_token groups signature, userinfo groups tls",
        // Its refreshes bring no ID token, so what came later is not in it.
        "group samples: access_token groups signature, userinfo groups tls",
    ],
    nothing: "no_entitlements",
    live: true,
    revokes: false,
};

pub(super) const DJANGO: Consenting = Consenting {
    name: "django_provider",
    scope: "openid profile email groups",
    lines: [
        "group editors: id_token groups signature, userinfo groups tls",
        "group samples: id_token groups signature, userinfo groups tls",
    ],
    nothing: "no_entitlements",
    live: false,
    revokes: false,
};

impl Consenting {
    /// Denies, signs in as somebody without groups, then as somebody whose groups come and go; ends the session there.
    pub(super) fn run(&self, context: &Context<'_>, report: &mut Report) -> Result<()> {
        let (port, callback) = (super::port()?, super::port()?);
        let state = context.state(self.name)?.display().to_string();
        let start = || context.start_python(self.name, &state, &[("PORT", &port), ("CALLBACK_PORT", &callback)]);
        let mut provider = start()?;
        provider.fact("version").clone_into(&mut report.version);
        let mut user = User::at(context, self.name, &provider)?;
        let login = ["--scope", self.scope, "--redirect-port", &callback];
        self.denied(report, &mut user, &provider, &login)?;
        self.nothing(report, &mut user, &provider, &login)?;
        elsewhere::no_device(report, &user, &provider, &login)?;
        elsewhere::pasted(report, &user, &provider, &login)?;
        self.comes_and_goes(context, report, &user, &mut provider, &login)?;
        provider.stop()?;
        let mut provider = start()?;
        user.run_ok(&["refresh", "--profile", self.name])?;
        report.observed("the session after a restart of the provider");
        self.ended(report, &user, &mut provider)?;
        self.signed_out(report, &user, &mut provider, &login)
    }

    fn sign_in(&self, user: &User<'_>, provider: &Driver, login: &[&str]) -> Result<()> {
        user.sign_in(self.name, provider.fact("issuer"), provider.fact("client_id"), login).map(drop)
    }

    fn denied(&self, report: &mut Report, user: &mut User<'_>, provider: &Driver, login: &[&str]) -> Result<()> {
        user.denies(true);
        user.pages();
        let words = ["login", "--profile", self.name, "--issuer", provider.fact("issuer"), "--client-id"];
        let said = user.run(&[&words[..], &[provider.fact("client_id"), "--timeout", "60"], login].concat())?;
        user.denies(false);
        // The page may come after the program's end.
        let mut pages = String::new();
        child::wait_until(Duration::from_secs(35), || {
            pages += &user.pages();
            pages.contains("at /") || pages.contains("failed at")
        });
        ensure(said.exit == 1, || format!("after a denial: exit {}: {}\n{pages}", said.exit, said.stderr))?;
        ensure(said.stderr.contains("eclined") || said.stderr.contains("denied"), || {
            format!("a denial is told as: {}\nthe browser: {pages}", said.stderr)
        })?;
        ensure(pages.contains("at /") && !pages.contains("failed at"), || {
            format!("after a denial the browser shows no page of ours: {pages}")
        })?;
        report.observed("consent denied: told as that, in the shell and in the browser");
        Ok(())
    }

    fn nothing(&self, report: &mut Report, user: &mut User<'_>, provider: &Driver, login: &[&str]) -> Result<()> {
        user.becomes("norah");
        self.sign_in(user, provider, login)?;
        let roles = user.roles(self.name)?;
        recorded::expect("somebody without groups", &roles, &[])?;
        let first = recorded::findings(&roles).first().copied();
        ensure(first == Some(self.nothing), || format!("of somebody without groups the first finding is {first:?}"))?;
        user.run_ok(&["logout", "--profile", self.name])?;
        user.becomes(provider.fact("user"));
        report.observed(format!("somebody in no group: nothing is shown, and `{}` says why", self.nothing));
        Ok(())
    }

    fn comes_and_goes(
        &self,
        context: &Context<'_>,
        report: &mut Report,
        user: &User<'_>,
        provider: &mut Driver,
        login: &[&str],
    ) -> Result<()> {
        let shown = |user: &User<'_>, expected: &[&str]| recorded::expect("groups", &user.roles(self.name)?, expected);
        provider.give_roles(&["editors"])?;
        self.sign_in(user, provider, login)?;
        shown(user, &self.lines[..1])?;
        provider.give_roles(&["editors", "samples"])?;
        self.directory(report, user)?;
        user.run_ok(&["refresh", "--profile", self.name])?;
        shown(user, &self.lines)?;
        recorded::save(&context.recorded(), self.name, self.name, user, provider)?;
        provider.give_roles(&["editors"])?;
        user.run_ok(&["refresh", "--profile", self.name])?;
        shown(user, &self.lines[..1])?;
        let changes = cargo::parse(&user.run_ok(&["changes", "--json", "--profile", self.name])?.stdout)?;
        let text = changes.to_string();
        ensure(text.contains("added") && text.contains("removed"), || format!("the history lacks a change: {text}"))?;
        report.observed(
            "groups from every document that carries them; one given and taken at the provider, after refresh",
        );
        Ok(())
    }

    /// A group that was given since the tokens were made: the directory has it already, where it can be asked.
    fn directory(&self, report: &mut Report, user: &User<'_>) -> Result<()> {
        let roles = cargo::parse(&user.run_ok(&["roles", "--directory", "--json", "--profile", self.name])?.stdout)?;
        let group = roles["groups"].as_array().into_iter().flatten().find(|group| group["value"] == "samples");
        let of_directory = group.is_some_and(|group| group["sources"][0]["document"] == "directory");
        ensure(of_directory == self.live, || format!("the directory says: {roles}"))?;
        report.observed(if self.live {
            "`roles --directory`: a group given since is assigned and in no document, from userinfo asked anew"
        } else {
            "`roles --directory`: could not be asked, and that is said"
        });
        Ok(())
    }

    fn ended(&self, report: &mut Report, user: &User<'_>, provider: &mut Driver) -> Result<()> {
        provider.order("end_sessions", &serde_json::Value::Null)?;
        let refused = user.run(&["refresh", "--profile", self.name])?;
        ensure(refused.exit == 3, || format!("a session that was ended: exit {}: {}", refused.exit, refused.stderr))?;
        let status = user.run(&["status", "--profile", self.name])?;
        ensure(status.exit == 3, || format!("status of a session that was ended: {} {}", status.exit, status.stderr))?;
        report.observed("a session that was ended there: exit 3, and the way on is a new sign-in");
        Ok(())
    }

    fn signed_out(&self, report: &mut Report, user: &User<'_>, provider: &mut Driver, login: &[&str]) -> Result<()> {
        self.sign_in(user, provider, login)?;
        ensure(provider.count("refresh_tokens")? == 1, || "the provider knows of no session".into())?;
        let said = user.run_ok(&["logout", "--profile", self.name])?.stderr;
        let left = provider.count("refresh_tokens")?;
        ensure((left == 0) == self.revokes, || {
            format!("after signing out {left} sessions are left there; said: {said}")
        })?;
        ensure(self.revokes == said.contains(": revoked at the provider"), || format!("signing out said: {said}"))?;
        ensure(user.run(&["token", "--profile", self.name])?.exit == 3, || "a token is still handed out".into())?;
        report.observed(if self.revokes {
            "signing out as the provider saw it"
        } else {
            "signing out here; that the provider was not told is said"
        });
        Ok(())
    }
}
