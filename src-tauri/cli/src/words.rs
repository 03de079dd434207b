//! What people read. Everything from the network is cleaned before it comes here, and once more where it is printed.

use std::fmt::Write as _;

use rolecall_engine::config::{Config, Profile, ProfileName};
use rolecall_engine::findings::Finding;
use rolecall_engine::history::Became;
use rolecall_engine::identity::{DocumentKind, Entitlement};
use rolecall_engine::ports::Timestamp;
use rolecall_engine::session::Standing;
use rolecall_engine::text::clean_line;

pub(crate) fn signed_in(standing: &Standing, profile: &Profile) -> String {
    let name = clean_line(&standing.identity.name);
    let entitlements = &standing.identity.entitlements;
    format!(
        "Signed in as {name} at {} (profile {}): {}, {}, {}.",
        profile.issuer.host(),
        profile.name,
        count(entitlements.roles.len(), "role"),
        count(entitlements.groups.len(), "group"),
        count(entitlements.permissions.len(), "permission")
    )
}

pub(crate) fn status(standing: &Standing, profile: &Profile, now: Timestamp) -> String {
    let identity = &standing.identity;
    let mut text = format!("{}\n", clean_line(&identity.name));
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "  {label:<11} {}", clean_line(value));
    };
    if let Some(email) = &identity.email {
        let verified = match identity.email_verified {
            Some(true) => " (verified)",
            Some(false) => " (not verified)",
            None => "",
        };
        line("email", &format!("{email}{verified}"));
    }
    line("subject", &identity.subject);
    line("provider", profile.issuer.as_str());
    line("profile", profile.name.as_str());
    let roles: Vec<&str> = identity.entitlements.roles.iter().map(|role| role.value.as_str()).collect();
    line("roles", &if roles.is_empty() { "none".to_owned() } else { roles.join(", ") });
    line("groups", &identity.entitlements.groups.len().to_string());
    line("token", &standing.expires_at.map_or_else(|| "for how long is not known".into(), |end| left(end, now)));
    line("read", &format!("{} ago", span(now.0 - standing.refreshed_at.0)));
    let kept =
        if standing.has_refresh_token { "renews by itself" } else { "no refresh token: ends with the access token" };
    line("session", kept);
    text
}

/// Who was here when the session was last read, for when it can't be read now.
pub(crate) fn last_here(standing: &Standing, now: Timestamp) -> String {
    let roles = standing.identity.entitlements.roles.len();
    let name = clean_line(&standing.identity.name);
    format!("Last seen {} ago: {name}, {}.", span(now.0 - standing.refreshed_at.0), count(roles, "role"))
}

pub(crate) fn roles(standing: &Standing, profile: &Profile, now: Timestamp) -> String {
    let entitlements = &standing.identity.entitlements;
    let lists =
        [("Roles", &entitlements.roles), ("Groups", &entitlements.groups), ("Permissions", &entitlements.permissions)];
    let all = lists.iter().flat_map(|(_, list)| list.iter()).map(|one| label(one).chars().count());
    let width = all.max().unwrap_or(0).min(40);
    let name = clean_line(&standing.identity.name);
    let mut text = format!("{name} at {}, read {} ago\n", profile.issuer.host(), span(now.0 - standing.refreshed_at.0));
    for (title, list) in lists {
        let _ = writeln!(text, "\n{title} ({})", list.len());
        for one in list {
            let _ = writeln!(text, "  {:<width$}  {}", label(one), sources(one));
        }
    }
    text
}

fn label(entitlement: &Entitlement) -> String {
    let value = clean_line(&entitlement.value);
    entitlement.context.as_ref().map_or(value.clone(), |context| format!("{value} ({})", clean_line(context)))
}

/// Where it stands, with the path once where all documents agree on it.
fn sources(entitlement: &Entitlement) -> String {
    let one = |kind: DocumentKind| match kind {
        DocumentKind::IdToken => "ID token",
        DocumentKind::AccessToken => "access token",
        DocumentKind::Userinfo => "userinfo",
        DocumentKind::Introspection => "introspection",
    };
    let mut documents: Vec<&str> = entitlement.sources.iter().map(|source| one(source.document)).collect();
    documents.dedup();
    let path = entitlement.sources.first().map(|source| clean_line(&source.path.join(" › "))).unwrap_or_default();
    format!("{}: {path}", documents.join(", "))
}

pub(crate) fn finding(finding: &Finding) -> String {
    let mut text = format!("note: {}", clean_line(&finding.title));
    for evidence in &finding.evidence {
        let _ = write!(text, "\n      {}", clean_line(evidence));
    }
    if let Some(fix) = &finding.fix {
        let _ = write!(text, "\n      {}", clean_line(fix));
    }
    text
}

pub(crate) fn brought(standing: &Standing) -> String {
    if standing.brought.is_empty() {
        return "Refreshed: nothing changed.\n".into();
    }
    let mut text = String::new();
    for change in &standing.brought {
        let sign = if change.change == Became::Added { '+' } else { '-' };
        let kind = format!("{:?}", change.kind).to_lowercase();
        let _ = writeln!(text, "{sign} {kind} {}", clean_line(&change.value));
    }
    text
}

pub(crate) fn profiles(config: &Config, active: Option<&ProfileName>) -> String {
    let width = config.profiles.iter().map(|profile| profile.name.as_str().len()).max().unwrap_or(0);
    let mut text = String::new();
    for profile in &config.profiles {
        let mark = if active == Some(&profile.name) { '*' } else { ' ' };
        let _ = writeln!(text, "{mark} {:<width$}  {}", profile.name.as_str(), profile.issuer);
    }
    text
}

fn left(end: Timestamp, now: Timestamp) -> String {
    if end > now { format!("{} left", span(end.0 - now.0)) } else { format!("ended {} ago", span(now.0 - end.0)) }
}

fn span(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ 0..90 => format!("{seconds} s"),
        seconds @ 90..5400 => format!("{} min", seconds / 60),
        seconds @ 5400..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// Minutes and seconds, as a clock shows them.
pub(crate) fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
