//! The shapes that scripts read. Values are as the provider wrote them; an empty list is `[]`.

use std::io::{self, Write};

use rolecall_engine::Code;
use rolecall_engine::config::{Config, Profile, ProfileName};
use rolecall_engine::findings::Finding;
use rolecall_engine::history::Change;
use rolecall_engine::identity::{Directory, Entitlement, Entitlements};
use rolecall_engine::ports::Timestamp;
use rolecall_engine::text::clean;
use rolecall_engine::view::SessionReport;
use serde::Serialize;
use serde_json::{Value, json};

/// One document and a newline. What could act on a terminal is written as `\u` escapes, which read back as the same
/// values (CLI-1). Written as it is made: a provider may give a megabyte of roles.
pub(crate) fn line(value: &impl Serialize) -> String {
    let mut line = Line(String::new());
    // Serializing fails only for keys that are not strings, which no type here has; writing to memory does not fail.
    let _ = serde_json::to_writer(&mut line, value);
    line.0.push('\n');
    line.0
}

/// Escapes what is written into it.
struct Line(String);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        for character in text.chars() {
            if is_plain(character) {
                self.0.push(character);
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    use std::fmt::Write as _;
                    let _ = write!(self.0, "\\u{unit:04x}");
                }
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~') || !clean(character.encode_utf8(&mut [0; 4]), 1).is_empty()
}

pub(crate) fn status(profile: &Profile, report: Option<&SessionReport>) -> Value {
    let mut value = json!({
        "profile": profile.name.as_str(),
        "issuer": profile.issuer.as_str(),
        "client_id": profile.client_id,
        "state": if report.is_some() { "signed_in" } else { "signed_out" },
        "subject": report.map(|report| &report.subject),
        "name": report.map(|report| &report.name),
        "email": report.and_then(|report| report.email.as_ref()),
        "email_verified": report.and_then(|report| report.email_verified),
        "expires_at": report.and_then(|report| report.expires_at),
        "refreshed_at": report.map(|report| report.refreshed_at),
        "has_refresh_token": report.is_some_and(|report| report.has_refresh_token),
        "key_store": rolecall_engine::ports::KEY_STORE_NAME,
        "roles": report.map_or(0, |report| report.entitlements.roles.len()),
        "groups": report.map_or(0, |report| report.entitlements.groups.len()),
    });
    if let Some(report) = report.filter(|report| !report.missing.is_empty()) {
        value["missing"] = json!(report.missing);
    }
    value
}

/// The member of `status` about a sign-in or refresh that the provider refused.
pub(crate) fn refused(at: Timestamp, code: Code, detail: &str) -> Value {
    json!({"at": at, "code": code, "title": code.row().title, "detail": detail})
}

/// What `roles --json` writes.
#[derive(Serialize)]
pub(crate) struct Listing<'a> {
    as_of: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<&'a Directory>,
    findings: &'a [Finding],
    groups: &'a [Entitlement],
    issuer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_word: Option<&'a Entitlements>,
    permissions: &'a [Entitlement],
    profile: &'a str,
    roles: &'a [Entitlement],
    subject: &'a str,
}

pub(crate) fn roles(report: &SessionReport) -> Listing<'_> {
    let Entitlements { roles, groups, permissions } = &report.entitlements;
    Listing {
        as_of: report.refreshed_at,
        directory: report.directory.as_ref(),
        findings: &report.findings,
        groups,
        issuer: &report.issuer,
        own_word: Some(&report.self_asserted).filter(|own| !own.is_empty()),
        permissions,
        profile: &report.profile,
        roles,
        subject: &report.subject,
    }
}

pub(crate) fn changes(changes: &[Change]) -> impl Serialize {
    changes
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
