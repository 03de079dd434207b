//! Keycloak's own directory: the account API as it answers an ordinary person, and what an administrator is told about
//! somebody who has a role in every way there is.

use serde_json::Value;

use super::driver::Driver;
use super::user::User;
use super::{Context, Report, ensure, recorded};
use crate::{Result, cargo};

/// What an administrator asks, and what must be told first.
struct Look {
    role: &'static str,
    /// Of what kind, where that has to be said.
    kind: &'static [&'static str],
    client: &'static str,
    /// The first finding; none where the role comes.
    first: Option<&'static str>,
    /// A line that its evidence has.
    evidence: &'static str,
}

/// The most requests of one look, those that find person and client among them.
const MOST: usize = 6;

const LOOKS: [Look; 11] = [
    Look {
        role: "publisher",
        kind: &[],
        client: "full-scope-off",
        first: Some("full_scope_off"),
        evidence: "through the group /editors",
    },
    Look {
        role: "approver",
        kind: &[],
        client: "full-scope-off",
        first: Some("full_scope_off"),
        // Nothing else is named: what contains it was found out.
        evidence: "assigned through the role chief\"",
    },
    Look {
        role: "reader",
        kind: &[],
        client: "full-scope-off",
        first: Some("full_scope_off"),
        evidence: "assigned at desktop",
    },
    Look {
        role: "editor",
        kind: &["--role"],
        client: "no-roles-scope",
        first: Some("roles_scope_missing"),
        evidence: "Directory: assigned",
    },
    Look {
        role: "/editors",
        kind: &["--group"],
        client: "no-group-mapper",
        first: Some("group_mapper_missing"),
        evidence: "Directory: assigned",
    },
    Look { role: "nobodys", kind: &[], client: "desktop", first: Some("not_assigned"), evidence: "not among the" },
    Look {
        role: "nobodys",
        kind: &[],
        client: "full-scope-off",
        first: Some("not_assigned"),
        evidence: "not among the",
    },
    Look {
        role: "editor",
        kind: &["--role"],
        client: "full-scope-off",
        first: Some("full_scope_off"),
        evidence: "it is not granted",
    },
    Look {
        role: "publisher",
        kind: &[],
        client: "no-roles-scope",
        first: Some("roles_scope_missing"),
        evidence: "Directory: assigned",
    },
    Look {
        role: "/staff",
        kind: &[],
        client: "no-group-mapper",
        first: Some("not_assigned"),
        evidence: "not among the",
    },
    Look { role: "publisher", kind: &[], client: "desktop", first: None, evidence: "" },
];

pub(super) fn run(context: &Context<'_>, report: &mut Report, provider: &mut Driver) -> Result<()> {
    let mut user = User::at(context, "keycloak", provider)?;
    user.becomes("rita");
    ordinary(report, &user, provider)?;
    user.becomes("ada");
    administrator(report, &user, provider)
}

fn ordinary(report: &mut Report, user: &User<'_>, provider: &Driver) -> Result<()> {
    user.sign_in("rita", provider.fact("issuer"), "no-group-mapper", &[])?;
    let roles = asked(user, &["roles", "--directory", "--json", "--profile", "rita"])?;
    ensure(state(&roles, "group") == "fully" && state(&roles, "role") == "could_not_be_asked", || format!("{roles}"))?;
    ensure(roles["groups"].to_string().contains(r#""document":"directory""#), || {
        format!("no group of the directory: {roles}")
    })?;
    let why = asked(user, &["why", "/editors", "--group", "--directory", "--json", "--profile", "rita"])?;
    // Where the computer is slow, that the tokens are older comes first.
    ensure(recorded::findings(&why).contains(&"group_mapper_missing"), || {
        format!("the findings are {:?}", recorded::findings(&why))
    })?;
    let why = asked(user, &["why", "/staff", "--group", "--directory", "--json", "--profile", "rita"])?;
    ensure(first(&why) == Some("not_assigned"), || format!("the findings are {:?}", recorded::findings(&why)))?;
    report.observed("`roles --directory` as an ordinary person: groups of the account API that no mapper writes; roles could not be asked");

    user.sign_in("rita-off", provider.fact("issuer"), "full-scope-off", &[])?;
    let roles = asked(user, &["roles", "--directory", "--json", "--profile", "rita-off"])?;
    ensure(
        state(&roles, "group") == "could_not_be_asked" && roles.to_string().contains("Full scope allowed is off"),
        || format!("{}", roles["directory"]),
    )?;
    let refused = user.run(&["why", "editor", "--user", "jane", "--profile", "rita"])?;
    ensure(refused.exit == 5 && refused.stderr.contains("view-users"), || refused.stderr.clone())?;
    report.observed("with *Full scope allowed* off the account API refuses the token, and that is said; asking about others is refused");
    for profile in ["rita", "rita-off"] {
        user.run_ok(&["profiles", "remove", profile])?;
    }
    Ok(())
}

fn administrator(report: &mut Report, user: &User<'_>, provider: &mut Driver) -> Result<()> {
    user.sign_in("ada", provider.fact("issuer"), "desktop", &[])?;
    let (mut wrong, mut most) = (Vec::new(), 0);
    for look in LOOKS {
        provider.order("admin_requests", &Value::Null)?;
        let words = ["why", look.role, "--user", "rita", "--client", look.client, "--json", "--profile", "ada"];
        let why = asked(user, &[&words[..], look.kind].concat())?;
        let evidence = why["findings"][0]["evidence"].to_string();
        let told = if look.first.is_some() { first(&why) } else { None };
        if told != look.first || why["present"] != look.first.is_none() || !evidence.contains(look.evidence) {
            wrong.push(format!("{} at {}: {:?}, {evidence}", look.role, look.client, recorded::findings(&why)));
        }
        let told: Vec<&str> =
            why["directory"]["requests"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let counted = provider.count("admin_requests")?;
        if told.len() > MOST || usize::try_from(counted) != Ok(told.len()) {
            wrong.push(format!(
                "{} at {}: Keycloak counts {counted} requests, told are {told:?}",
                look.role, look.client
            ));
        }
        println!("  {} at {}: {counted} requests", look.role, look.client);
        most = most.max(told.len());
    }
    ensure(wrong.is_empty(), || wrong.join("\n"))?;
    report.observed(format!(
        "`why ROLE --user WHO --client ID`: a role through a group, one through a composite, a client’s role, full scope off, no scope “roles”, no mapper, nobody’s; at most {most} requests as Keycloak counts them, two of them to find person and client"
    ));
    let own = asked(user, &["roles", "--directory", "--json", "--profile", "ada"])?;
    ensure(state(&own, "role") == "fully", || format!("{}", own["directory"]))?;
    report.observed("an administrator’s own roles from the admin API");
    user.run_ok(&["profiles", "remove", "ada"]).map(drop)
}

fn asked(user: &User<'_>, words: &[&str]) -> Result<Value> {
    cargo::parse(&user.run_ok(words)?.stdout)
}

fn first(why: &Value) -> Option<&str> {
    recorded::findings(why).first().copied()
}

/// How far a kind could be asked.
fn state<'v>(value: &'v Value, kind: &str) -> &'v str {
    let kinds = value["directory"]["kinds"].as_array().into_iter().flatten();
    let answer = kinds.into_iter().find(|answer| answer["kind"] == kind);
    answer.and_then(|answer| answer["state"].as_str()).unwrap_or_default()
}
