//! The shapes that scripts read. Values are as the provider wrote them; an empty list is `[]`.

use rolecall_engine::config::{Config, Profile, ProfileName};
use rolecall_engine::findings::Finding;
use rolecall_engine::history::Change;
use rolecall_engine::session::Standing;
use serde_json::{Value, json};

/// One document and a newline.
pub(crate) fn line(value: &Value) -> String {
    format!("{value}\n")
}

pub(crate) fn status(profile: &Profile, standing: Option<&Standing>) -> Value {
    let identity = standing.map(|standing| &standing.identity);
    json!({
        "profile": profile.name.as_str(),
        "issuer": profile.issuer.as_str(),
        "client_id": profile.client_id,
        "state": if standing.is_some() { "signed_in" } else { "signed_out" },
        "subject": identity.map(|identity| &identity.subject),
        "name": identity.map(|identity| &identity.name),
        "email": identity.and_then(|identity| identity.email.as_ref()),
        "email_verified": identity.and_then(|identity| identity.email_verified),
        "expires_at": standing.and_then(|standing| standing.expires_at),
        "refreshed_at": standing.map(|standing| standing.refreshed_at),
        "has_refresh_token": standing.is_some_and(|standing| standing.has_refresh_token),
        "key_store": rolecall_engine::ports::KEY_STORE_NAME,
        "roles": identity.map_or(0, |identity| identity.entitlements.roles.len()),
        "groups": identity.map_or(0, |identity| identity.entitlements.groups.len()),
    })
}

pub(crate) fn roles(profile: &Profile, standing: &Standing, findings: &[Finding]) -> Value {
    let identity = &standing.identity;
    json!({
        "profile": profile.name.as_str(),
        "issuer": profile.issuer.as_str(),
        "subject": identity.subject,
        "as_of": standing.refreshed_at,
        "roles": identity.entitlements.roles,
        "groups": identity.entitlements.groups,
        "permissions": identity.entitlements.permissions,
        "findings": findings,
    })
}

pub(crate) fn changes(changes: &[Change]) -> Value {
    json!(changes)
}

pub(crate) fn profiles(config: &Config, active: Option<&ProfileName>) -> Value {
    let all = config.profiles.iter().map(|profile| {
        json!({
            "profile": profile.name.as_str(),
            "issuer": profile.issuer.as_str(),
            "client_id": profile.client_id,
            "active": active == Some(&profile.name),
        })
    });
    all.collect()
}
