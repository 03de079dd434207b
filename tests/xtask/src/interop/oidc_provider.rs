//! oidc-provider: requests pushed, claims in the ID token or in userinfo alone, rotation, JWT access tokens for an API, revocation and its
//! page for signing out.

use serde_json::Value;

use super::driver::Driver;
use super::person::Person;
use super::visit::Visit;
use super::{House, Report, seen, sure};
use crate::Result;

/// Claims in the ID token and in userinfo; the access token says nothing.
const PROFILE: &str = "oidc-provider";

/// What comes when the claims are in ID token and userinfo.
const EVERYWHERE: [&str; 3] = [
    "role editor: id_token roles signature, userinfo roles tls",
    "group staff: id_token groups signature, userinfo groups tls",
    "group writers: id_token groups signature, userinfo groups tls",
];

pub(super) fn run(house: &House<'_>, report: &mut Report) -> Result<()> {
    claims_everywhere(house, report)?;
    claims_in_userinfo(house, report)
}

fn claims_everywhere(house: &House<'_>, report: &mut Report) -> Result<()> {
    let (port, state) = (super::port()?, house.state("oidc-provider")?);
    let start = || house.start("oidc-provider.mjs", &state, &[("PORT", &port)]);
    let mut provider = start()?;
    provider.fact("version").clone_into(&mut report.version);
    let person = Person::at(house, "oidc-provider", &provider)?;
    without_consent(&person, &provider)?;
    report.saw("`offline_access` without consent: no refresh token comes, and Rolecall says so");

    provider.order("seen", &Value::Null)?;
    person.sign_in(PROFILE, provider.fact("issuer"), provider.fact("client_id"), &["--ask-consent"])?;
    pushed(&mut provider)?;
    report.saw("the request pushed ahead of the browser (PAR), which carries only its name");
    seen::keep(&house.seen(), "oidc-provider", PROFILE, &person, &mut provider)?;
    seen::expect("claims in the ID token", &person.roles(PROFILE)?, &EVERYWHERE)?;
    report.saw(
        "sign-in with `iss` in the answer; roles and groups from ID token and userinfo beside an opaque access token",
    );

    rotated(&person, &mut provider)?;
    report.saw("a role given at the provider, after refresh; each refresh token used once");
    for_an_api(house, report, &person, &mut provider)?;

    provider.stop()?;
    let mut provider = start()?;
    person.ask(&["refresh", "--profile", PROFILE])?;
    report.saw("the session after a restart of the provider");
    signed_out(&person, &mut provider)?;
    report.saw("revocation, and its own page for signing out, as the provider saw them");
    let both = [&EVERYWHERE[..], &["role reviewer: id_token roles signature, userinfo roles tls"]].concat();
    let visit = Visit {
        profile: PROFILE,
        before: (&["editor"], &EVERYWHERE),
        after: (&["editor", "reviewer"], &both),
        finding: "expected_missing",
        left: Some(0),
    };
    visit.make(report, &person, provider, start).map(drop)
}

/// The request went to the provider, and only its name through the browser.
fn pushed(provider: &mut Driver) -> Result<()> {
    let seen = provider.order("seen", &Value::Null)?;
    let seen: Vec<&str> = seen.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let links: Vec<&&str> = seen.iter().filter(|line| line.starts_with("GET /auth?")).collect();
    sure(seen.contains(&"POST /request 201"), || format!("no request was pushed: {seen:?}"))?;
    sure(links == [&"GET /auth?client_id,request_uri 303"], || format!("the browser carried more: {links:?}"))
}

fn without_consent(person: &Person<'_>, provider: &Driver) -> Result<()> {
    let talk = person.sign_in("no-consent", provider.fact("issuer"), provider.fact("client_id"), &[])?.talk;
    sure(talk.contains("refresh token") && talk.contains("--ask-consent"), || format!("nothing was said: {talk}"))?;
    let roles = person.roles("no-consent")?;
    let codes = seen::findings(&roles);
    sure(codes.contains(&"offline_access_without_refresh_token"), || format!("the findings are {codes:?}"))?;
    person.ask(&["profiles", "remove", "no-consent"]).map(drop)
}

fn rotated(person: &Person<'_>, provider: &mut Driver) -> Result<()> {
    provider.give_roles(&["editor", "reviewer"])?;
    for _ in 0..3 {
        person.ask(&["refresh", "--profile", PROFILE])?;
    }
    let lines = seen::lines(&person.roles(PROFILE)?);
    let expected = "role reviewer: id_token roles signature, userinfo roles tls";
    sure(lines.iter().any(|line| line == expected), || format!("the new role is not shown: {lines:?}"))?;
    let live = provider.count("refresh_tokens")?;
    sure(live == 1, || format!("{live} refresh tokens are unused at the provider, not one"))
}

/// A token for an API is a JWT with roles of its own; userinfo refuses it, as it is not for userinfo.
fn for_an_api(house: &House<'_>, report: &mut Report, person: &Person<'_>, provider: &mut Driver) -> Result<()> {
    let resource = [
        "--ask-consent",
        "--param",
        "resource=https://api.example.com",
        "--scope",
        "openid profile offline_access read",
    ];
    person.sign_in("for-an-api", provider.fact("issuer"), provider.fact("client_id"), &resource)?;
    seen::keep(&house.seen(), "oidc-provider-api", "for-an-api", person, provider)?;
    seen::expect(
        "a token for an API",
        &person.roles("for-an-api")?,
        &[
            "role editor: id_token roles signature, access_token roles signature",
            "role reviewer: id_token roles signature, access_token roles signature",
            "group staff: id_token groups signature, access_token groups signature",
            "group writers: id_token groups signature, access_token groups signature",
        ],
    )?;
    let why = person.say(&["why", "--json", "--profile", "for-an-api"])?.out;
    sure(why.contains("Userinfo: asking for it failed"), || format!("what became of userinfo is not told: {why}"))?;
    sure(!why.contains("scope_not_granted"), || format!("a scope is said not to be granted: {why}"))?;
    person.ask(&["refresh", "--profile", "for-an-api"])?;
    person.ask(&["logout", "--profile", "for-an-api"])?;
    report.saw("a JWT access token by `resource`: roles from it too, and userinfo’s refusal of it told");
    Ok(())
}

fn signed_out(person: &Person<'_>, provider: &mut Driver) -> Result<()> {
    sure(provider.count("sessions")? > 0, || "the provider knows of no session".into())?;
    provider.order("seen", &Value::Null)?;
    person.pages();
    let talk = person.ask(&["logout", "--browser", "--profile", PROFILE])?.talk;
    sure(talk.contains("revoked at the provider"), || format!("signing out said: {talk}"))?;
    sure(provider.count("refresh_tokens")? == 0, || "the provider still has a refresh token".into())?;
    let mut all = String::new();
    let confirmed = crate::child::wait_until(std::time::Duration::from_secs(30), || {
        all += &provider.order("seen", &Value::Null).unwrap_or_default().to_string();
        all.contains("POST /session/end/confirm")
    });
    sure(all.contains("POST /token/revocation 200"), || format!("no revocation arrived: {all}"))?;
    sure(confirmed, || format!("nobody signed out in the browser: {all}\nthe browser: {}", person.pages()))?;
    sure(person.say(&["token", "--profile", PROFILE])?.exit == 3, || "a token is still handed out".into())
}

fn claims_in_userinfo(house: &House<'_>, report: &mut Report) -> Result<()> {
    let (port, state) = (super::port()?, house.state("oidc-provider-userinfo")?);
    let mut provider = house.start("oidc-provider.mjs", &state, &[("PORT", &port), ("CLAIMS", "userinfo")])?;
    let person = Person::at(house, "oidc-provider", &provider)?;
    let profile = "in-userinfo";
    person.sign_in(profile, provider.fact("issuer"), provider.fact("client_id"), &["--ask-consent"])?;
    pushed(&mut provider)?;
    seen::keep(&house.seen(), "oidc-provider-userinfo", profile, &person, &mut provider)?;
    seen::expect(
        "claims in userinfo alone",
        &person.roles(profile)?,
        &["role editor: userinfo roles tls", "group staff: userinfo groups tls", "group writers: userinfo groups tls"],
    )?;
    person.ask(&["logout", "--profile", profile])?;
    report.saw("roles and groups from userinfo alone, where requests must be pushed");
    Ok(())
}
