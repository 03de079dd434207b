use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::redact::Redactor;
use crate::text::visible;

/// The most names kept of one document.
const MAX_NAMES: usize = 300;
/// The longest name or text kept, in characters.
const MAX_TEXT: usize = 200;

/// The claims whose short values findings quote; no more of a person's claims than these is kept.
const QUOTED: [&str; 6] = ["_claim_names", "aud", "email_verified", "hasgroups", "org_id", "tid"];

/// What findings need of a document besides roles and groups. Contains no token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Facts {
    /// The names of the claims at the root, safe to show.
    pub names: Vec<String>,
    /// Known paths for roles or groups that exist and are empty.
    pub empty: Vec<Vec<String>>,
    /// Paths with one plain text where a list is usual.
    pub single: Vec<Vec<String>>,
    /// Claims that look like roles or groups by their name but are not known: offered, not guessed.
    pub offered: Vec<Vec<String>>,
    /// How many values or members were left out because there were more than are read.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: usize,
    /// Short values of claims that findings quote, as JSON.
    pub quoted: BTreeMap<String, String>,
}

/// Whether a value is short enough to be written out and looked at.
fn is_short(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() <= 4 * MAX_TEXT,
        Value::Array(items) => {
            items.len() <= MAX_TEXT && items.iter().all(|item| !item.is_array() && !item.is_object())
        }
        Value::Object(members) => members.len() <= 20,
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Facts {
    pub(super) fn of(claims: &Map<String, Value>, redactor: &Redactor) -> Self {
        let names = claims.keys().take(MAX_NAMES).map(|name| visible(&redactor.text(name), MAX_TEXT)).collect();
        let quote = |name: &str| {
            let text = claims.get(name).filter(|value| is_short(value))?.to_string();
            (text.len() <= 4 * MAX_TEXT).then(|| (name.to_owned(), visible(&redactor.text(&text), MAX_TEXT)))
        };
        let left_out = claims.get(crate::json::LEFT_OUT).and_then(Value::as_u64).unwrap_or_default();
        Self {
            names,
            quoted: QUOTED.into_iter().filter_map(quote).collect(),
            left_out: usize::try_from(left_out).unwrap_or(usize::MAX / 2),
            ..Self::default()
        }
    }

    /// Whether a claim was at the root.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        // Beyond the limit names were dropped, so a missing one proves nothing.
        self.names.len() >= MAX_NAMES || self.names.iter().any(|known| known == name)
    }

    /// A quoted claim as JSON text.
    #[must_use]
    pub fn quoted(&self, name: &str) -> Option<&str> {
        self.quoted.get(name).map(String::as_str)
    }

    /// The first claim named by a URL or URN.
    #[must_use]
    pub fn namespaced(&self) -> Option<&str> {
        self.names.iter().map(String::as_str).find(|name| is_namespaced(name))
    }
}

/// Whether a claim is named by a URL or URN, as private claims should be (RFC 7519 section 4.2).
pub(super) fn is_namespaced(name: &str) -> bool {
    ["https://", "http://", "urn:"]
        .into_iter()
        .any(|scheme| name.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}
