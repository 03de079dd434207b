use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::{DocumentContext, MAX_NAME, RawDocument};
use crate::identity::{Answer, Answers, Entitlements, Kind, identity_from};
use crate::text::visible;

/// Whether roles, groups or permissions are read from a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ClaimUse {
    /// Values are read from it.
    Read,
    /// It is a known claim, but it is empty.
    Empty,
    /// It looks like one that contains some but is not known; the profile can name it.
    Offered,
    /// The person may have set it themself, so nothing relies on it.
    SelfAsserted,
    /// It is about something else.
    Other,
}

/// What is read from which claim of one document.
pub(super) struct ClaimUses {
    read: HashMap<String, Vec<Kind>>,
    self_asserted: HashSet<String>,
    empty: HashSet<String>,
    offered: HashSet<String>,
}

impl ClaimUses {
    /// Reads the document alone; the sources of the result show which claims were used.
    pub(super) fn of(raw: &RawDocument, about: &DocumentContext<'_>) -> Self {
        let answer = Answer { document: raw.document, claims: raw.claims.clone(), verified: raw.verified };
        let answers = Answers {
            issuer: about.issuer.to_owned(),
            answers: vec![answer],
            paths: about.paths.to_vec(),
            ..Answers::default()
        };
        let identity = identity_from(&answers);
        let facts = identity.documents.into_iter().next().map(|report| report.facts).unwrap_or_default();
        let first = |paths: Vec<Vec<String>>| paths.into_iter().filter_map(|path| path.into_iter().next()).collect();
        Self {
            read: roots(&identity.entitlements),
            self_asserted: roots(&identity.self_asserted).into_keys().collect(),
            empty: first(facts.empty),
            offered: first(facts.offered),
        }
    }

    pub(super) fn of_claim(&self, name: &str) -> (ClaimUse, &[Kind]) {
        if let Some(kinds) = self.read.get(name) {
            return (ClaimUse::Read, kinds);
        }
        // The paths are already safe to show.
        let shown = visible(name, MAX_NAME);
        let usage = if self.self_asserted.contains(name) {
            ClaimUse::SelfAsserted
        } else if self.empty.contains(&shown) {
            ClaimUse::Empty
        } else if self.offered.contains(&shown) {
            ClaimUse::Offered
        } else {
            ClaimUse::Other
        };
        (usage, &[])
    }
}

/// The root claims that carry values, with what they carry.
fn roots(entitlements: &Entitlements) -> HashMap<String, Vec<Kind>> {
    let mut roots: HashMap<String, Vec<Kind>> = HashMap::new();
    for (kind, entitlement) in entitlements.iter() {
        for name in entitlement.sources.iter().filter_map(|source| source.path.first()) {
            match roots.get_mut(name) {
                Some(kinds) if kinds.contains(&kind) => {}
                Some(kinds) => kinds.push(kind),
                None => {
                    roots.insert(name.clone(), vec![kind]);
                }
            }
        }
    }
    roots
}
