//! The Auth0 simulator: with the rule that copies the old extension's roles into a claim of one's own, and without.

use super::person::Person;
use super::visit::Visit;
use super::{House, Report, seen, sure};
use crate::Result;

const PROFILE: &str = "auth0";

pub(super) fn run(house: &House<'_>, report: &mut Report) -> Result<()> {
    with_the_rule(house, report)?;
    without_it(house, report)
}

fn with_the_rule(house: &House<'_>, report: &mut Report) -> Result<()> {
    // It takes no port of five digits.
    let port = super::small_port()?;
    let state = house.state("auth0")?;
    let start = |roles| house.start("auth0.mjs", &state, &[("PORT", &port), ("RULES", "1"), ("ROLES", roles)]);
    let mut provider = start("Editor")?;
    provider.fact("version").clone_into(&mut report.version);
    let person = Person::at(house, "auth0", &provider)?;
    let trust = ["--provider", "auth0", "--ca-file", provider.fact("ca_file")];
    person.sign_in(PROFILE, provider.fact("issuer"), provider.fact("client_id"), &trust)?;
    let roles = person.roles(PROFILE)?;
    let claim = "id_token https://example.com/auth";
    let expected =
        [format!("role Editor: {claim}.roles signature"), format!("group Samples: {claim}.groups signature")];
    seen::expect("the rule's claim", &roles, &expected.each_ref().map(String::as_str))?;
    seen::keep(&house.seen(), "auth0-rule", PROFILE, &person, &mut provider)?;
    report.saw("sign-in with the form that Auth0's own library sends, over TLS with an authority of one's own");
    report.saw("`https://example.com/auth` of a rule: roles and groups, from the ID token");

    provider.give_roles(&["Editor", "Reviewer"])?;
    person.ask(&["refresh", "--profile", PROFILE])?;
    let roles = person.roles(PROFILE)?;
    sure(seen::lines(&roles).iter().any(|line| line.starts_with("role Reviewer:")), || {
        "the new role is not shown".into()
    })?;
    report.saw("a role given at the provider, after refresh");

    provider.stop()?;
    let mut provider = start("Reviewer")?;
    person.ask(&["refresh", "--profile", PROFILE])?;
    let left = seen::lines(&person.roles(PROFILE)?);
    sure(left[0].starts_with("role Reviewer:") && left.len() == 2, || format!("after the restart: {left:?}"))?;
    let token = person.ask(&["token", "--profile", PROFILE])?.out;
    let userinfo = provider.order("userinfo", &serde_json::json!({ "token": token.trim() }))?;
    sure(userinfo["email"] == "jane@example.com", || format!("its userinfo does not take the token: {userinfo}"))?;
    report.saw("the session after a restart of the provider");

    let talk = person.ask(&["logout", "--profile", PROFILE])?.talk;
    sure(talk.contains("deleted here") && !talk.contains("revoked"), || format!("signing out said: {talk}"))?;
    sure(person.say(&["status", "--profile", PROFILE])?.exit == 3, || "somebody is still signed in".into())?;
    report.saw("signed out here; it offers no revocation, and no more is claimed");
    let [role, group] = expected.each_ref().map(String::as_str);
    let reviewer = role.replace("Editor", "Reviewer");
    let visit = Visit {
        profile: PROFILE,
        before: (&["Editor"], &[role, group]),
        after: (&["Editor", "Reviewer"], &[role, &reviewer, group]),
        // The old rules are what brings roles here, and they have come to their end.
        finding: "legacy_pipeline",
        left: None,
    };
    visit.make(report, &person, provider, || start("Editor Reviewer")).map(drop)
}

fn without_it(house: &House<'_>, report: &mut Report) -> Result<()> {
    let port = super::small_port()?;
    let state = house.state("auth0-plain")?;
    let mut provider = house.start("auth0.mjs", &state, &[("PORT", &port)])?;
    let person = Person::at(house, "auth0", &provider)?;
    let trust = ["--provider", "auth0", "--ca-file", provider.fact("ca_file")];
    person.sign_in("auth0-plain", provider.fact("issuer"), provider.fact("client_id"), &trust)?;
    let roles = person.roles("auth0-plain")?;
    seen::expect("without the rule", &roles, &[])?;
    seen::keep(&house.seen(), "auth0-plain", "auth0-plain", &person, &mut provider)?;
    let first = seen::findings(&roles).first().copied();
    sure(first == Some("no_entitlements"), || format!("without the rule the first finding is {first:?}"))?;
    person.ask(&["logout", "--profile", "auth0-plain"])?;
    report.saw("without the rule: nothing, and `no_entitlements` says why");
    Ok(())
}
