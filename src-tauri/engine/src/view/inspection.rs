use serde::Serialize;

use super::Badge;
use crate::documents::Document;
use crate::findings::Finding;
use crate::identity::{Entitlements, Kind};
use crate::ports::Timestamp;

/// What was found in documents that somebody pasted. Holds no token.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Inspection {
    /// When they were looked at, POSIX seconds.
    pub now: Timestamp,
    /// Whom they are about, in the order in which they were found. Documents about different people are never merged.
    pub people: Vec<InspectedPerson>,
    /// What was found and is about nobody, or could not be read; one sentence each.
    pub notes: Vec<String>,
    /// How many more documents there were than are read.
    pub left_out: usize,
}

/// What the documents say of one person.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct InspectedPerson {
    /// Who it is said to be. The host is empty where no issuer is named.
    pub badge: Badge,
    /// The issuer that is named, safe to show.
    pub issuer: Option<String>,
    /// The provider's product, where issuer or claims show it; else the issuer's host.
    pub provider: String,
    /// From what the product was told; `None` where it was not.
    pub provider_because: Option<String>,
    /// When the newest of the documents says it was made, POSIX seconds.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub issued_at: Option<Timestamp>,
    /// When the first of them ends, POSIX seconds.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub expires_at: Option<Timestamp>,
    /// The documents.
    pub documents: Vec<InspectedDocument>,
    /// The state of all signatures together.
    pub check: SignatureCheck,
    /// Roles, groups, permissions.
    pub entitlements: Entitlements,
    /// What the person themself may have written; relied on nowhere.
    pub self_asserted: Entitlements,
    /// What was expected, in the order in which it was named.
    pub expected: Vec<Expected>,
    /// What is missing or odd.
    pub findings: Vec<Finding>,
    /// The same for an administrator, as Markdown. It counts roles and groups and does not name them.
    pub report: String,
}

/// One document.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct InspectedDocument {
    /// What it is, in words: `ID token`, `userinfo`.
    pub what: String,
    /// Where it was found: a file, a member of a token response, a line.
    pub from: String,
    /// When it says it was made, POSIX seconds.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub issued_at: Option<Timestamp>,
    /// When it says it ends, POSIX seconds.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub expires_at: Option<Timestamp>,
    /// Whether a newer one of the same kind and for the same application is beside it. It is shown, not counted.
    pub superseded: bool,
    /// The state of its signature.
    pub check: SignatureCheck,
    /// Its claims, explained.
    pub content: Document,
}

/// The state of a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignatureCheck {
    /// How far it was checked.
    pub state: CheckState,
    /// The same in a sentence.
    pub words: String,
    /// The host a check would ask; `None` where there is nothing that could be checked.
    pub host: Option<String>,
    /// The addresses that were asked.
    pub asked: Vec<String>,
}

/// How far a signature was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It does not fit, or is made in a way that proves nothing.
    Fails,
    /// It was to be checked and the issuer could not be asked.
    Unreachable,
    /// Nobody asked for a check.
    NotChecked,
    /// There is no signature to check.
    Unsigned,
    /// It fits a key that the issuer publishes.
    Fits,
}

/// A role, group or permission that was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Expected {
    /// Its name.
    pub value: String,
    /// What it is, where it is here.
    pub kind: Option<Kind>,
    /// Whether it is here.
    pub here: bool,
}
