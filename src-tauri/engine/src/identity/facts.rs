use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::text::visible;

/// The most names kept of one document.
const MAX_NAMES: usize = 300;
/// The longest name or text kept, in characters.
const MAX_TEXT: usize = 200;

/// The claims whose short values findings quote; no more of a person's claims than these is kept.
const QUOTED: [&str; 6] = ["_claim_names", "aud", "email_verified", "hasgroups", "org_id", "tid"];

/// What stood in a document besides roles and groups: what findings are made from. Holds no token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Facts {
    /// The names of the claims at the root, safe to show.
    pub names: Vec<String>,
    /// Places known to hold roles or groups that are there and hold none.
    pub empty: Vec<Vec<String>>,
    /// Places that hold one plain text where a list is usual.
    pub single: Vec<Vec<String>>,
    /// Claims that look like roles or groups by their name but are not known: offered, not guessed.
    pub offered: Vec<Vec<String>>,
    /// Short values of claims that findings quote, as JSON.
    pub quoted: BTreeMap<String, String>,
}

impl Facts {
    pub(super) fn of(claims: &Map<String, Value>) -> Self {
        let names = claims.keys().take(MAX_NAMES).map(|name| visible(name, MAX_TEXT)).collect();
        let quote = |name: &str| {
            let text = claims.get(name)?.to_string();
            (text.len() <= 4 * MAX_TEXT).then(|| (name.to_owned(), visible(&text, MAX_TEXT)))
        };
        Self { names, quoted: QUOTED.into_iter().filter_map(quote).collect(), ..Self::default() }
    }

    /// Whether a claim stood at the root.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        // Where names were cut nothing can be said to be missing.
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
        self.names.iter().map(String::as_str).find(|name| super::shapes::is_namespaced(name))
    }
}
