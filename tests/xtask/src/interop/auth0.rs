//! The Auth0 simulator: with the rule that copies the old extension's roles into a claim of one's own, and without.

use super::user::User;
use super::window_run::WindowRun;
use super::{Context, Report, ensure, recorded};
use crate::Result;

const PROFILE: &str = "auth0";

pub(super) fn run(context: &Context<'_>, report: &mut Report) -> Result<()> {
    with_the_rule(context, report)?;
    without_it(context, report)
}

fn with_the_rule(context: &Context<'_>, report: &mut Report) -> Result<()> {
    // It takes no port of five digits.
    let port = super::small_port()?;
    let state = context.state("auth0")?;
    let start = |roles| context.start("auth0.mjs", &state, &[("PORT", &port), ("RULES", "1"), ("ROLES", roles)]);
    let mut provider = start("Editor")?;
    provider.fact("version").clone_into(&mut report.version);
    let user = User::at(context, "auth0", &provider)?;
    let trust = ["--provider", "auth0", "--ca-file", provider.fact("ca_file")];
    user.sign_in(PROFILE, provider.fact("issuer"), provider.fact("client_id"), &trust)?;
    let roles = user.roles(PROFILE)?;
    let claim = "id_token https://example.com/auth";
    let expected =
        [format!("role Editor: {claim}.roles signature"), format!("group Samples: {claim}.groups signature")];
    recorded::expect("the rule's claim", &roles, &expected.each_ref().map(String::as_str))?;
    recorded::save(&context.recorded(), "auth0-rule", PROFILE, &user, &mut provider)?;
    report.observed("sign-in with the form that Auth0's own library sends, over TLS with an authority of one's own");
    report.observed("`https://example.com/auth` of a rule: roles and groups, from the ID token");

    provider.give_roles(&["Editor", "Reviewer"])?;
    user.run_ok(&["refresh", "--profile", PROFILE])?;
    let roles = user.roles(PROFILE)?;
    ensure(recorded::lines(&roles).iter().any(|line| line.starts_with("role Reviewer:")), || {
        "the new role is not shown".into()
    })?;
    report.observed("a role given at the provider, after refresh");

    provider.stop()?;
    let mut provider = start("Reviewer")?;
    user.run_ok(&["refresh", "--profile", PROFILE])?;
    let left = recorded::lines(&user.roles(PROFILE)?);
    ensure(left[0].starts_with("role Reviewer:") && left.len() == 2, || format!("after the restart: {left:?}"))?;
    let token = user.run_ok(&["token", "--profile", PROFILE])?.stdout;
    let userinfo = provider.order("userinfo", &serde_json::json!({ "token": token.trim() }))?;
    ensure(userinfo["email"] == "jane@example.com", || format!("its userinfo does not take the token: {userinfo}"))?;
    report.observed("the session after a restart of the provider");

    let stderr = user.run_ok(&["logout", "--profile", PROFILE])?.stderr;
    ensure(stderr.contains("deleted here") && !stderr.contains("revoked"), || format!("signing out said: {stderr}"))?;
    ensure(user.run(&["status", "--profile", PROFILE])?.exit == 3, || "somebody is still signed in".into())?;
    report.observed("signed out here; it offers no revocation, and no more is claimed");
    let [role, group] = expected.each_ref().map(String::as_str);
    let reviewer = role.replace("Editor", "Reviewer");
    let window_run = WindowRun {
        profile: PROFILE,
        before: (&["Editor"], &[role, group]),
        after: (&["Editor", "Reviewer"], &[role, &reviewer, group]),
        // The old rules are what brings roles here, and they have come to their end.
        finding: "legacy_pipeline",
        left: None,
    };
    window_run.run(report, &user, provider, || start("Editor Reviewer")).map(drop)
}

fn without_it(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let port = super::small_port()?;
    let state = context.state("auth0-plain")?;
    let mut provider = context.start("auth0.mjs", &state, &[("PORT", &port)])?;
    let user = User::at(context, "auth0", &provider)?;
    let trust = ["--provider", "auth0", "--ca-file", provider.fact("ca_file")];
    user.sign_in("auth0-plain", provider.fact("issuer"), provider.fact("client_id"), &trust)?;
    let roles = user.roles("auth0-plain")?;
    recorded::expect("without the rule", &roles, &[])?;
    recorded::save(&context.recorded(), "auth0-plain", "auth0-plain", &user, &mut provider)?;
    let first = recorded::findings(&roles).first().copied();
    ensure(first == Some("no_entitlements"), || format!("without the rule the first finding is {first:?}"))?;
    user.run_ok(&["logout", "--profile", "auth0-plain"])?;
    report.observed("without the rule: nothing, and `no_entitlements` says why");
    Ok(())
}
