//! What came from a provider: as short lines to compare, and as documents to keep.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::driver::Driver;
use super::user::User;
use crate::Result;

/// Claims that differ from one run to the next; only that they are there is kept.
const PASSING: [&str; 14] = [
    "acr",
    "at_hash",
    "auth_time",
    "exp",
    "iat",
    "jti",
    "nbf",
    "nonce",
    "session_state",
    "sid",
    "sub",
    "subject",
    "as_of",
    "text",
];

/// What providers keep as sets, and so send in any order.
const SETS: [&str; 4] = ["aud", "groups", "permissions", "roles"];

/// One line for each role, group and permission: `role editor: access_token realm_access.roles signature, …`.
pub(super) fn lines(roles: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for (kind, list) in [("role", "roles"), ("group", "groups"), ("permission", "permissions")] {
        for held in roles[list].as_array().into_iter().flatten() {
            let context = held["context"].as_str().map(|context| format!(" at {context}")).unwrap_or_default();
            let sources: Vec<String> = held["sources"].as_array().into_iter().flatten().map(source).collect();
            lines.push(format!("{kind} {}{context}: {}", text(&held["value"]), sources.join(", ")));
        }
    }
    lines
}

/// Says what differs from the lines expected, in whatever order: providers keep sets.
pub(super) fn expect(what: &str, roles: &Value, expected: &[&str]) -> Result<()> {
    let (mut lines, mut expected) = (lines(roles), expected.to_vec());
    lines.sort_unstable();
    expected.sort_unstable();
    if lines == expected {
        return Ok(());
    }
    Err(format!("{what}: expected\n  {}\nbut Rolecall showed\n  {}", expected.join("\n  "), lines.join("\n  ")))
}

/// The codes of the findings, in order.
pub(super) fn findings(roles: &Value) -> Vec<&str> {
    roles["findings"].as_array().into_iter().flatten().map(|finding| text(&finding["code"])).collect()
}

/// Keeps what Rolecall was given and what it made of it under `tests/interop/recorded`, without what differs every time.
pub(super) fn save(folder: &Path, name: &str, profile: &str, user: &User<'_>, provider: &mut Driver) -> Result<()> {
    let access = user.run_ok(&["token", "--profile", profile])?.stdout;
    let id = user.run_ok(&["token", "--id", "--profile", profile])?.stdout;
    let userinfo = provider.order("userinfo", &json!({ "token": access.trim() }))?;
    let seen = json!({
        "provider": format!("{name} {}", provider.fact("version")),
        "id_token": claims(id.trim()),
        "access_token": claims(access.trim()),
        "userinfo": userinfo,
        "roles": user.roles(profile)?,
    });
    let issuer = provider.fact("issuer");
    let port: String = issuer
        .chars()
        .skip_while(|c| *c != ':')
        .skip(1)
        .skip_while(|c| *c != ':')
        .skip(1)
        .take_while(char::is_ascii_digit)
        .collect();
    let mut seen = seen;
    settle(&mut seen);
    let text =
        serde_json::to_string_pretty(&seen).map_err(|error| error.to_string())?.replace(&format!(":{port}"), ":PORT");
    let file = folder.join(format!("{name}.json"));
    std::fs::write(&file, text + "\n").map_err(|error| format!("{}: {error}", file.display()))
}

fn source(source: &Value) -> String {
    let path: Vec<&str> = source["path"].as_array().into_iter().flatten().map(text).collect();
    format!("{} {} {}", text(&source["document"]), path.join("."), text(&source["verified"]))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn settle(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                if PASSING.contains(&name.as_str()) {
                    *value = json!("…");
                    continue;
                }
                settle(value);
                if let (Value::String(words), "scope") = (&mut *value, name.as_str()) {
                    let mut scopes: Vec<&str> = words.split(' ').collect();
                    scopes.sort_unstable();
                    *words = scopes.join(" ");
                }
                if let (Value::Array(list), true) = (value, SETS.contains(&name.as_str())) {
                    list.sort_by_cached_key(Value::to_string);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(settle),
        _ => {}
    }
}

/// The claims of a JWT, unchecked: they are only kept here. `null` for a token that is none.
fn claims(token: &str) -> Value {
    let claims = token.split('.').nth(1).and_then(base64).and_then(|bytes| serde_json::from_slice(&bytes).ok());
    claims.map_or(Value::Null, |claims: Map<String, Value>| Value::Object(claims))
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_of_a_token_are_read() {
        assert_eq!(claims("e30.eyJyb2xlcyI6WyLDqSJdfQ.x"), json!({"roles": ["é"]}));
        assert_eq!(claims("opaque"), Value::Null);
    }

    #[test]
    fn a_role_becomes_one_line_with_all_its_sources() {
        let roles = json!({"roles": [{"value": "reader", "context": "desk", "sources": [
            {"document": "access_token", "path": ["resource_access", "desk", "roles"], "verified": "signature"}]}]});
        assert_eq!(lines(&roles), ["role reader at desk: access_token resource_access.desk.roles signature"]);
        assert!(expect("it", &roles, &[]).is_err());
    }
}
