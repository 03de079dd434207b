//! oidc-provider: requests pushed, claims in the ID token or in userinfo alone, rotation, JWT access tokens for an API, revocation and its
//! page for signing out.

use serde_json::Value;

use super::driver::Driver;
use super::elsewhere::{Device, pasted};
use super::user::User;
use super::window_run::WindowRun;
use super::{Context, Report, ensure, recorded};
use crate::{Result, cargo};

/// Claims in the ID token and in userinfo; the access token says nothing.
const PROFILE: &str = "oidc-provider";

/// What comes when the claims are in ID token and userinfo.
const EVERYWHERE: [&str; 3] = [
    "role editor: id_token roles signature, userinfo roles tls",
    "group staff: id_token groups signature, userinfo groups tls",
    "group writers: id_token groups signature, userinfo groups tls",
];

const DEVICE: Device = Device {
    profile: "on-a-device",
    client: "rolecall-desktop",
    people: [("jane", "Jane Doe"), ("rita", "Rita Viewer")],
};

pub(super) fn run(context: &Context<'_>, report: &mut Report) -> Result<()> {
    claims_everywhere(context, report)?;
    claims_in_userinfo(context, report)
}

fn claims_everywhere(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let (port, state) = (super::port()?, context.state("oidc-provider")?);
    let start = || context.start("oidc-provider.mjs", &state, &[("PORT", &port)]);
    let mut provider = start()?;
    provider.fact("version").clone_into(&mut report.version);
    let user = User::at(context, "oidc-provider", &provider)?;
    without_consent(&user, &provider)?;
    report.observed("`offline_access` without consent: no refresh token comes, and Rolecall says so");

    provider.order("seen", &Value::Null)?;
    user.sign_in(PROFILE, provider.fact("issuer"), provider.fact("client_id"), &["--ask-consent"])?;
    pushed(&mut provider)?;
    report.observed("the request pushed ahead of the browser (PAR), which carries only its name");
    recorded::save(&context.recorded(), "oidc-provider", PROFILE, &user, &mut provider)?;
    recorded::expect("claims in the ID token", &user.roles(PROFILE)?, &EVERYWHERE)?;
    report.observed(
        "sign-in with `iss` in the answer; roles and groups from ID token and userinfo beside an opaque access token",
    );

    directory(&user, &mut provider)?;
    report.observed("`roles --directory`: could not be asked; nothing is sent, and what to do in its place is said");
    rotated(&user, &mut provider)?;
    report.observed("a role given at the provider, after refresh; each refresh token used once");
    for_an_api(context, report, &user, &mut provider)?;
    let mut elsewhere = User::at(context, "oidc-provider", &provider)?;
    DEVICE.run(report, &mut elsewhere, &mut provider)?;
    pasted(report, &user, &provider, &["--ask-consent"])?;

    provider.stop()?;
    let mut provider = start()?;
    user.run_ok(&["refresh", "--profile", PROFILE])?;
    report.observed("the session after a restart of the provider");
    signed_out(&user, &mut provider)?;
    report.observed("revocation, and its own page for signing out, as the provider saw them");
    let both = [&EVERYWHERE[..], &["role reviewer: id_token roles signature, userinfo roles tls"]].concat();
    let window_run = WindowRun {
        profile: PROFILE,
        before: (&["editor"], &EVERYWHERE),
        after: (&["editor", "reviewer"], &both),
        finding: "expected_missing",
        left: Some(0),
    };
    window_run.run(report, &user, provider, start).map(drop)
}

/// A provider of no known product: nothing is guessed, and nothing sent.
fn directory(user: &User<'_>, provider: &mut Driver) -> Result<()> {
    provider.order("seen", &Value::Null)?;
    let roles = cargo::parse(&user.run_ok(&["roles", "--directory", "--json", "--profile", PROFILE])?.stdout)?;
    let kinds = roles["directory"]["kinds"].as_array().into_iter().flatten();
    let all = kinds.filter(|kind| kind["state"] == "could_not_be_asked" && kind["needs"].is_string()).count();
    ensure(all == 3, || format!("the directory says: {}", roles["directory"]))?;
    let seen = provider.order("seen", &Value::Null)?;
    ensure(seen.as_array().is_some_and(Vec::is_empty), || format!("something was sent: {seen}"))
}

/// The request went to the provider, and only its name through the browser.
fn pushed(provider: &mut Driver) -> Result<()> {
    let seen = provider.order("seen", &Value::Null)?;
    let seen: Vec<&str> = seen.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let links: Vec<&&str> = seen.iter().filter(|line| line.starts_with("GET /auth?")).collect();
    ensure(seen.contains(&"POST /request 201"), || format!("no request was pushed: {seen:?}"))?;
    ensure(links == [&"GET /auth?client_id,request_uri 303"], || format!("the browser carried more: {links:?}"))
}

fn without_consent(user: &User<'_>, provider: &Driver) -> Result<()> {
    let stderr = user.sign_in("no-consent", provider.fact("issuer"), provider.fact("client_id"), &[])?.stderr;
    ensure(stderr.contains("refresh token") && stderr.contains("--ask-consent"), || {
        format!("nothing was said: {stderr}")
    })?;
    let roles = user.roles("no-consent")?;
    let codes = recorded::findings(&roles);
    ensure(codes.contains(&"offline_access_without_refresh_token"), || format!("the findings are {codes:?}"))?;
    user.run_ok(&["profiles", "remove", "no-consent"]).map(drop)
}

fn rotated(user: &User<'_>, provider: &mut Driver) -> Result<()> {
    provider.give_roles(&["editor", "reviewer"])?;
    for _ in 0..3 {
        user.run_ok(&["refresh", "--profile", PROFILE])?;
    }
    let lines = recorded::lines(&user.roles(PROFILE)?);
    let expected = "role reviewer: id_token roles signature, userinfo roles tls";
    ensure(lines.iter().any(|line| line == expected), || format!("the new role is not shown: {lines:?}"))?;
    let live = provider.count("refresh_tokens")?;
    ensure(live == 1, || format!("{live} refresh tokens are unused at the provider, not one"))
}

/// A token for an API is a JWT with roles of its own; userinfo refuses it, as it is not for userinfo.
fn for_an_api(context: &Context<'_>, report: &mut Report, user: &User<'_>, provider: &mut Driver) -> Result<()> {
    let resource = [
        "--ask-consent",
        "--param",
        "resource=https://api.example.com",
        "--scope",
        "openid profile offline_access read",
    ];
    user.sign_in("for-an-api", provider.fact("issuer"), provider.fact("client_id"), &resource)?;
    recorded::save(&context.recorded(), "oidc-provider-api", "for-an-api", user, provider)?;
    recorded::expect(
        "a token for an API",
        &user.roles("for-an-api")?,
        &[
            "role editor: id_token roles signature, access_token roles signature",
            "role reviewer: id_token roles signature, access_token roles signature",
            "group staff: id_token groups signature, access_token groups signature",
            "group writers: id_token groups signature, access_token groups signature",
        ],
    )?;
    let why = user.run(&["why", "--json", "--profile", "for-an-api"])?.stdout;
    ensure(why.contains("Userinfo: asking for it failed"), || format!("what became of userinfo is not told: {why}"))?;
    ensure(!why.contains("scope_not_granted"), || format!("a scope is said not to be granted: {why}"))?;
    user.run_ok(&["refresh", "--profile", "for-an-api"])?;
    user.run_ok(&["logout", "--profile", "for-an-api"])?;
    report.observed("a JWT access token by `resource`: roles from it too, and userinfo’s refusal of it told");
    Ok(())
}

fn signed_out(user: &User<'_>, provider: &mut Driver) -> Result<()> {
    ensure(provider.count("sessions")? > 0, || "the provider knows of no session".into())?;
    provider.order("seen", &Value::Null)?;
    user.pages();
    let stderr = user.run_ok(&["logout", "--browser", "--profile", PROFILE])?.stderr;
    ensure(stderr.contains("revoked at the provider"), || format!("signing out said: {stderr}"))?;
    ensure(provider.count("refresh_tokens")? == 0, || "the provider still has a refresh token".into())?;
    let mut all = String::new();
    let confirmed = crate::child::wait_until(std::time::Duration::from_secs(30), || {
        all += &provider.order("seen", &Value::Null).unwrap_or_default().to_string();
        all.contains("POST /session/end/confirm")
    });
    ensure(all.contains("POST /token/revocation 200"), || format!("no revocation arrived: {all}"))?;
    ensure(confirmed, || format!("nobody signed out in the browser: {all}\nthe browser: {}", user.pages()))?;
    ensure(user.run(&["token", "--profile", PROFILE])?.exit == 3, || "a token is still handed out".into())
}

fn claims_in_userinfo(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let (port, state) = (super::port()?, context.state("oidc-provider-userinfo")?);
    let mut provider = context.start("oidc-provider.mjs", &state, &[("PORT", &port), ("CLAIMS", "userinfo")])?;
    let user = User::at(context, "oidc-provider", &provider)?;
    let profile = "in-userinfo";
    user.sign_in(profile, provider.fact("issuer"), provider.fact("client_id"), &["--ask-consent"])?;
    pushed(&mut provider)?;
    recorded::save(&context.recorded(), "oidc-provider-userinfo", profile, &user, &mut provider)?;
    recorded::expect(
        "claims in userinfo alone",
        &user.roles(profile)?,
        &["role editor: userinfo roles tls", "group staff: userinfo groups tls", "group writers: userinfo groups tls"],
    )?;
    user.run_ok(&["logout", "--profile", profile])?;
    report.observed("roles and groups from userinfo alone, where requests must be pushed");
    Ok(())
}
