//! Keycloak, from its own distribution: roles of realm and client, groups, rotation, and the mistakes people make there.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::driver::Driver;
use super::elsewhere::{Device, pasted};
use super::user::User;
use super::window_run::WindowRun;
use super::{Context, Report, ensure, keycloak_directory, recorded};
use crate::{Result, cargo, child};

const VERSION: &str = "26.7.3";
const FETCHER: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";
const CLIENT: &str = "desktop";

const GROUP: &str =
    "group /staff/writers: id_token groups signature, access_token groups signature, userinfo groups tls";

/// What comes when all is as it should be.
const RIGHT: [&str; 9] = [
    "role editor: access_token realm_access.roles signature",
    "role default-roles-acme: access_token realm_access.roles signature",
    "role offline_access: access_token realm_access.roles signature",
    "role uma_authorization: access_token realm_access.roles signature",
    "role manage-account at account: access_token resource_access.account.roles signature",
    "role manage-account-links at account: access_token resource_access.account.roles signature",
    "role view-profile at account: access_token resource_access.account.roles signature",
    "role reader at desktop: access_token resource_access.desktop.roles signature",
    GROUP,
];

/// The roles that come where they are not left out, after one more was given.
const ROLES: [&str; 9] = [
    RIGHT[0],
    RIGHT[1],
    RIGHT[2],
    "role reviewer: access_token realm_access.roles signature",
    RIGHT[3],
    RIGHT[4],
    RIGHT[5],
    RIGHT[6],
    RIGHT[7],
];

/// A client that has a mistake, and what comes of it.
struct Mistake {
    client: &'static str,
    /// What comes all the same.
    comes: &'static [&'static str],
    /// What a person would ask after, as words for `rolecall why`, and the first finding then.
    asked: &'static [&'static str],
    first: &'static str,
}

const MISTAKES: [Mistake; 6] = [
    Mistake { client: "no-roles-scope", comes: &[GROUP], asked: &["editor", "--role"], first: "roles_scope_missing" },
    // The scope offline_access brings the role of that name, whatever else is left out.
    Mistake {
        client: "full-scope-off",
        comes: &["role offline_access: access_token realm_access.roles signature", GROUP],
        asked: &["editor", "--role"],
        first: "full_scope_off",
    },
    Mistake {
        client: "not-in-id-token",
        comes: &[
            ROLES[0],
            ROLES[1],
            ROLES[2],
            ROLES[3],
            ROLES[4],
            ROLES[5],
            ROLES[6],
            ROLES[7],
            ROLES[8],
            "group /staff/writers: access_token groups signature, userinfo groups tls",
        ],
        asked: &["/staff/writers", "--group"],
        first: "in_another_document",
    },
    Mistake {
        client: "no-group-mapper",
        comes: &ROLES,
        asked: &["/staff/writers", "--group"],
        first: "group_mapper_missing",
    },
    Mistake {
        client: "not-multivalued",
        comes: &["role editor: id_token roles signature, access_token roles signature, userinfo roles tls", GROUP],
        asked: &["reviewer", "--role"],
        first: "single_value",
    },
    // Userinfo refuses such a token: 401, "Lightweight access token not allowed for userinfo endpoint".
    Mistake {
        client: "lightweight",
        comes: &["group /staff/writers: id_token groups signature"],
        asked: &["editor", "--role"],
        first: "lightweight_access_token",
    },
];

const DEVICE: Device =
    Device { profile: "on-a-device", client: "device", people: [("jane", "Jane Doe"), ("rita", "Rita Viewer")] };

pub(super) fn run(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let distribution = match fetch(context) {
        Ok(folder) => folder,
        Err(why) => {
            report.not_run = Some(format!("its distribution {VERSION} can’t be fetched: {why}"));
            return Ok(());
        }
    };
    let (port, state) = (super::port()?, context.state("keycloak")?);
    let distribution = distribution.display().to_string();
    let start = || {
        context.start(
            "keycloak.mjs",
            &state,
            &[("PORT", &port), ("KEYCLOAK", &distribution), ("KEYCLOAK_VERSION", VERSION)],
        )
    };
    let mut provider = start()?;
    provider.fact("version").clone_into(&mut report.version);
    let user = User::at(context, "keycloak", &provider)?;
    signed_in(context, report, &user, &mut provider)?;
    mistakes(context, report, &user, &mut provider)?;
    keycloak_directory::run(context, report, &mut provider)?;
    elsewhere(context, report, &mut provider)?;
    provider.stop()?;
    let mut provider = start()?;
    user.run_ok(&["refresh", "--profile", CLIENT])?;
    report.observed("the session after a restart of the provider");
    signed_out(report, &user, &mut provider)?;
    let window_run = WindowRun {
        profile: CLIENT,
        before: (&["editor"], &RIGHT),
        after: (&["editor", "reviewer"], &[&ROLES[..], &[GROUP]].concat()),
        finding: "expected_missing",
        left: Some(0),
    };
    window_run.run(report, &user, provider, start).map(drop)
}

/// Where no browser is. PKCE is required of every client.
fn elsewhere(context: &Context<'_>, report: &mut Report, provider: &mut Driver) -> Result<()> {
    let mut user = User::at(context, "keycloak", provider)?;
    let refused = provider.order("device_without_pkce", &serde_json::Value::Null)?;
    ensure(refused["status"] == 400 && refused["error_description"].to_string().contains("code_challenge"), || {
        format!("a code was given without PKCE: {refused}")
    })?;
    report.observed("a code for another device is refused without PKCE, which Rolecall sends");
    DEVICE.run(report, &mut user, provider)?;
    DEVICE.slowed_down(report, &mut user, provider)?;
    pasted(report, &user, provider, &[])
}

fn signed_in(context: &Context<'_>, report: &mut Report, user: &User<'_>, provider: &mut Driver) -> Result<()> {
    let stderr = user.sign_in(CLIENT, provider.fact("issuer"), CLIENT, &[])?.stderr;
    ensure(!stderr.contains("(PAR)"), || format!("the pushed request was refused: {stderr}"))?;
    recorded::save(&context.recorded(), "keycloak", CLIENT, user, provider)?;
    recorded::expect("signed in", &user.roles(CLIENT)?, &RIGHT)?;
    ensure(provider.count("refresh_tokens")? == 1, || "Keycloak knows of no offline session".into())?;
    report.observed("sign-in with a public client registered at `http://127.0.0.1/callback`, any port; the request pushed ahead (PAR)");
    report.observed("realm and client roles from the access token, groups by mapper from all three documents");

    provider.give_roles(&["editor", "reviewer"])?;
    let before = user.run_ok(&["token", "--profile", CLIENT])?.stdout;
    user.run_ok(&["refresh", "--profile", CLIENT])?;
    let lines = recorded::lines(&user.roles(CLIENT)?);
    ensure(lines.iter().any(|line| line.starts_with("role reviewer:")), || {
        format!("the new role is not shown: {lines:?}")
    })?;
    let changes = user.run_ok(&["changes", "--json", "--profile", CLIENT])?.stdout;
    ensure(changes.contains("reviewer") && changes.contains("added"), || format!("the history lacks it: {changes}"))?;
    ensure(user.run_ok(&["token", "--profile", CLIENT])?.stdout != before, || "refresh brought the same token".into())?;
    user.run_ok(&["token", "--refresh", "--profile", CLIENT])?;
    report.observed("a role given at the provider, after refresh, with *Revoke Refresh Token* on");
    Ok(())
}

fn mistakes(context: &Context<'_>, report: &mut Report, user: &User<'_>, provider: &mut Driver) -> Result<()> {
    let mut wrong = Vec::new();
    let mut told = Vec::new();
    for Mistake { client, comes, asked, first } in MISTAKES {
        user.sign_in(client, provider.fact("issuer"), client, &[])?;
        recorded::save(&context.recorded(), &format!("keycloak-{client}"), client, user, provider)?;
        wrong.extend(recorded::expect(client, &user.roles(client)?, comes).err());
        let why = user.run(&[&["why"], asked, &["--json", "--profile", client]].concat())?;
        let why = cargo::parse(&why.stdout)?;
        let codes = recorded::findings(&why);
        if codes.first() != Some(&first) {
            wrong.push(format!("{client}: the first finding should be {first}, the findings are {codes:?}"));
        }
        told.push(format!("`{first}`"));
        user.run_ok(&["logout", "--profile", client])?;
    }
    ensure(wrong.is_empty(), || wrong.join("\n"))?;
    report.observed(format!("mistakes explained: {}", told.join(", ")));
    Ok(())
}

fn signed_out(report: &mut Report, user: &User<'_>, provider: &mut Driver) -> Result<()> {
    let stderr = user.run_ok(&["logout", "--profile", CLIENT])?.stderr;
    ensure(stderr.contains("revoked at the provider"), || format!("signing out said: {stderr}"))?;
    let left = provider.count("refresh_tokens")?;
    ensure(left == 0, || format!("Keycloak still has {left} offline sessions"))?;
    ensure(user.run(&["token", "--profile", CLIENT])?.exit == 3, || "a token is still handed out".into())?;
    report.observed("revocation: the offline session is gone at the provider");

    // With offline_access Keycloak keeps no session of the browser that could be counted.
    let online = ["--scope", "openid profile email"];
    user.sign_in("online", provider.fact("issuer"), CLIENT, &online)?;
    let (before, mut now) = (provider.count("sessions")?, 0);
    user.pages();
    user.run_ok(&["logout", "--browser", "--profile", "online"])?;
    let mut pages = String::new();
    let signed_out = child::wait_until(Duration::from_secs(30), || {
        now = provider.count("sessions").unwrap_or(before);
        pages += &user.pages();
        now < before && pages.contains("You are logged out")
    });
    ensure(signed_out, || {
        format!("of {before} sessions of browsers {now} are left at Keycloak; the browser: {pages}")
    })?;
    report.observed("its own page for signing out: the browser’s session is gone too");
    Ok(())
}

/// Maven fetches the distribution into the target folder; it is unpacked there again, so that no run sees another's data.
fn fetch(context: &Context<'_>) -> Result<PathBuf> {
    let folder = context.workspace.target.join("interop");
    let archive = folder.join(format!("keycloak-quarkus-dist-{VERSION}.zip"));
    if !archive.exists() {
        println!("fetching Keycloak {VERSION}; once, 180 MB");
        let artifact = format!("-Dartifact=org.keycloak:keycloak-quarkus-dist:{VERSION}:zip");
        let output = format!("-DoutputDirectory={}", folder.display());
        child::run(Command::new("mvn").args(["--quiet", "--batch-mode", FETCHER, &artifact, &output]))?;
    }
    let place = context.state("keycloak-program")?;
    child::run(Command::new("unzip").arg("-q").arg(&archive).arg("-d").arg(&place))?;
    Ok(place.join(format!("keycloak-{VERSION}")))
}
