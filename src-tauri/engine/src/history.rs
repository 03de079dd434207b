//! What came and went between two refreshes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::identity::{Entitlement, Entitlements};
use crate::ports::Timestamp;

/// One difference between two snapshots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Change {
    /// When it was noticed, POSIX seconds.
    pub at: Timestamp,
    /// What kind of thing.
    pub kind: Kind,
    /// The value.
    pub value: String,
    /// What became of it.
    pub change: Became,
}

/// What kind of entitlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A role.
    Role,
    /// A group.
    Group,
    /// A permission.
    Permission,
}

/// What became of an entitlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It is there now and was not before.
    Added,
    /// It was there before and is not now.
    Removed,
}
/// What came and what went, by kind and value.
#[must_use]
pub fn changes(before: &Entitlements, after: &Entitlements, at: Timestamp) -> Vec<Change> {
    let kinds = [
        (Kind::Role, &before.roles, &after.roles),
        (Kind::Group, &before.groups, &after.groups),
        (Kind::Permission, &before.permissions, &after.permissions),
    ];
    let mut changes = Vec::new();
    for (kind, before, after) in kinds {
        let (old, new) = (values(before), values(after));
        let of = |value: &&str, change| Change { at, kind, value: (*value).to_owned(), change };
        changes.extend(new.difference(&old).map(|value| of(value, Became::Added)));
        changes.extend(old.difference(&new).map(|value| of(value, Became::Removed)));
    }
    changes
}

fn values(list: &[Entitlement]) -> BTreeSet<&str> {
    list.iter().map(|entitlement| entitlement.value.as_str()).collect()
}

/// The changes in a few words, for a line or a notification; `None` when there are none.
#[must_use]
pub fn in_words(changes: &[Change]) -> Option<String> {
    let of = |became: Became, verb: &str| {
        let values: Vec<&str> =
            changes.iter().filter(|change| change.change == became).map(|change| change.value.as_str()).collect();
        match values.as_slice() {
            [] => None,
            [one] => Some(format!("{one} {verb}")),
            [one, rest @ ..] => Some(format!("{one} and {} more {verb}", rest.len())),
        }
    };
    let parts: Vec<String> = [of(Became::Added, "came"), of(Became::Removed, "went")].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
