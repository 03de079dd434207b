use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{Became, Change};
use crate::identity::{DocumentKind, DocumentState, Identity, Kind};
use crate::ports::Timestamp;
use crate::text::visible;

/// The entitlements in each document at one refresh. A document that could not be read keeps its earlier values: unread is
/// not the same as empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Snapshot {
    carried: Vec<Carried>,
    /// The claims at the root of each document when it was last read.
    claims: BTreeMap<DocumentKind, Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Carried {
    document: DocumentKind,
    /// The claim at the root.
    claim: String,
    kind: Kind,
    values: Vec<String>,
}

type Places<'a> = HashMap<(Kind, &'a str), Vec<(DocumentKind, &'a str)>>;

impl Snapshot {
    pub(super) fn of(identity: &Identity) -> Self {
        let mut index: HashMap<(DocumentKind, String, Kind), usize> = HashMap::new();
        let mut carried: Vec<Carried> = Vec::new();
        for (kind, entitlement) in identity.entitlements.iter() {
            for source in &entitlement.sources {
                let claim = source.path.first().map(|name| visible(name, 200)).unwrap_or_default();
                let place = *index.entry((source.document, claim.clone(), kind)).or_insert_with(|| {
                    carried.push(Carried { document: source.document, claim, kind, values: Vec::new() });
                    carried.len() - 1
                });
                carried[place].values.push(entitlement.value.clone());
            }
        }
        let read = identity.documents.iter().filter(|report| report.state == DocumentState::Read);
        let claims = read.map(|report| (report.document, report.facts.names.clone())).collect();
        Self { carried, claims }
    }

    /// Copies the values of documents that were not read now from the snapshot before.
    pub(super) fn carry_on(&mut self, before: &Self) {
        for (document, names) in &before.claims {
            if !self.claims.contains_key(document) {
                self.claims.insert(*document, names.clone());
                self.carried.extend(before.carried.iter().filter(|old| old.document == *document).cloned());
            }
        }
    }

    /// What each claim carries: document, claim, kind, values.
    pub(super) fn carried(&self) -> impl Iterator<Item = (DocumentKind, &str, Kind, &[String])> {
        self.carried.iter().map(|one| (one.document, one.claim.as_str(), one.kind, one.values.as_slice()))
    }

    fn places(&self) -> (Vec<(Kind, &str)>, Places<'_>) {
        let (mut order, mut places) = (Vec::new(), Places::new());
        for carried in &self.carried {
            for value in &carried.values {
                let known = places.entry((carried.kind, value.as_str())).or_insert_with(|| {
                    order.push((carried.kind, value.as_str()));
                    Vec::new()
                });
                known.push((carried.document, carried.claim.as_str()));
            }
        }
        (order, places)
    }

    fn has_claim(&self, document: DocumentKind, claim: &str) -> bool {
        self.claims.get(&document).is_some_and(|names| names.iter().any(|name| name == claim))
    }

    /// What was added and removed since `before`, each value once; additions first.
    pub(super) fn changes_since(&self, before: &Self, at: Timestamp) -> Vec<Change> {
        let (order, places) = self.places();
        let (old_order, old_places) = before.places();
        let known: HashSet<_> = old_order.iter().copied().collect();
        let came = order.iter().filter(|value| !known.contains(*value)).map(|value| {
            let new_claim = places[value].iter().all(|(document, claim)| !before.has_claim(*document, claim));
            (value, if new_claim { Became::ClaimAppeared } else { Became::Added })
        });
        let went = old_order.iter().filter(|value| !places.contains_key(*value)).map(|value| {
            let lost_claim = old_places[value].iter().all(|(document, claim)| !self.has_claim(*document, claim));
            (value, if lost_claim { Became::ClaimVanished } else { Became::Removed })
        });
        came.chain(went)
            .map(|((kind, value), change)| Change { at, kind: *kind, value: (*value).to_owned(), change })
            .collect()
    }
}
