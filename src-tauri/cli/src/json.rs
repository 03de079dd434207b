//! The shapes that scripts read. Values are as the provider wrote them; an empty list is `[]`.

use std::fmt::Write as _;

use rolecall_engine::config::{Config, Profile, ProfileName};
use rolecall_engine::findings::{Evidence, Finding};
use rolecall_engine::history::Change;
use rolecall_engine::ports::Timestamp;
use rolecall_engine::session::SessionSummary;
use rolecall_engine::text::clean;
use serde_json::{Value, json};

/// One document and a newline. What could act on a terminal is written as `\u` escapes, which read back as the same
/// values (CLI-1).
pub(crate) fn line(value: &Value) -> String {
    let mut line = String::new();
    for character in value.to_string().chars() {
        if is_plain(character) {
            line.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(line, "\\u{unit:04x}");
            }
        }
    }
    line.push('\n');
    line
}

fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~') || !clean(character.encode_utf8(&mut [0; 4]), 1).is_empty()
}

pub(crate) fn status(profile: &Profile, summary: Option<&SessionSummary>, now: Timestamp) -> Value {
    let missing: Vec<Value> = summary.map_or_else(Vec::new, |summary| {
        let evidence = Evidence::of(profile, summary, now);
        evidence.expected_missing().map(|(kind, value)| json!({"kind": kind, "value": value})).collect()
    });
    let identity = summary.map(|summary| &summary.identity);
    let mut value = json!({
        "profile": profile.name.as_str(),
        "issuer": profile.issuer.as_str(),
        "client_id": profile.client_id,
        "state": if summary.is_some() { "signed_in" } else { "signed_out" },
        "subject": identity.map(|identity| &identity.subject),
        "name": identity.map(|identity| &identity.name),
        "email": identity.and_then(|identity| identity.email.as_ref()),
        "email_verified": identity.and_then(|identity| identity.email_verified),
        "expires_at": summary.and_then(|summary| summary.expires_at),
        "refreshed_at": summary.map(|summary| summary.refreshed_at),
        "has_refresh_token": summary.is_some_and(|summary| summary.has_refresh_token),
        "key_store": rolecall_engine::ports::KEY_STORE_NAME,
        "roles": identity.map_or(0, |identity| identity.entitlements.roles.len()),
        "groups": identity.map_or(0, |identity| identity.entitlements.groups.len()),
    });
    if !missing.is_empty() {
        value["missing"] = json!(missing);
    }
    value
}

pub(crate) fn roles(profile: &Profile, summary: &SessionSummary, findings: &[Finding]) -> Value {
    let identity = &summary.identity;
    let mut value = json!({
        "profile": profile.name.as_str(),
        "issuer": profile.issuer.as_str(),
        "subject": identity.subject,
        "as_of": summary.refreshed_at,
        "roles": identity.entitlements.roles,
        "groups": identity.entitlements.groups,
        "permissions": identity.entitlements.permissions,
        "findings": findings,
    });
    if !identity.self_asserted.is_empty() {
        value["own_word"] = json!(identity.self_asserted);
    }
    value
}

pub(crate) fn changes(changes: &[Change]) -> Value {
    json!(changes)
}

pub(crate) fn profiles(config: &Config, active: Option<&ProfileName>) -> Value {
    let all = config.profiles.iter().map(|profile| {
        let mut value = json!({
            "profile": profile.name.as_str(),
            "issuer": profile.issuer.as_str(),
            "client_id": profile.client_id,
            "active": active == Some(&profile.name),
        });
        if profile.never_signed_in {
            value["never_signed_in"] = json!(true);
        }
        value
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cli_1_json_reads_back_the_same_and_can_not_act_on_a_terminal() {
        let value = json!(["plain é 漢 😀", "\u{1b}]0;x\u{7}", "\u{9b}31m \u{7f} \u{202e} \u{e0041}", "a\nb"]);
        let line = line(&value);
        assert!(line.contains("plain é 漢 😀"), "{line}");
        assert!(line.trim_end().chars().all(is_plain), "{line:?}");
        assert_eq!(serde_json::from_str::<Value>(&line).ok(), Some(value));
    }
}
