use serde::Serialize;

use crate::config::AccentColor;
use crate::findings::{Finding, Found};
use crate::identity::{Entitlement, Kind};
use crate::ports::Timestamp;

/// What two sides have in common and in what they differ. Holds no token.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Comparison {
    /// When they were compared, POSIX seconds.
    pub now: Timestamp,
    /// The one side.
    pub a: ComparedSide,
    /// The other.
    pub b: ComparedSide,
    /// Whether both sides name their roles and groups; a report may only count them. Without that the lists are empty and
    /// nothing can be said to be the same.
    pub names_known: bool,
    /// What only the one has.
    pub only_a: Vec<Found>,
    /// What only the other has.
    pub only_b: Vec<Found>,
    /// The same but for case or prefix.
    pub spelled: Vec<ComparedPair>,
    /// The same value, in another claim or document, for another client, or as another kind.
    pub elsewhere: Vec<ComparedPair>,
    /// How many are the same in every respect.
    pub same: usize,
    /// What is compared besides: how each side was asked for.
    pub settings: Vec<ComparedSetting>,
    /// What explains the differences, from evidence.
    pub findings: Vec<Finding>,
    /// All of it as text, for a ticket.
    pub text: String,
}

/// What somebody chose for one side.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum CompareChoice {
    /// A profile, as it was read last.
    Profile {
        /// Its name.
        name: String,
    },
    /// A profile at an earlier time.
    Past {
        /// Its name.
        name: String,
        /// When, POSIX seconds.
        at: Timestamp,
    },
    /// One of the people that are being inspected.
    Inspected {
        /// Which, counted from 0.
        person: usize,
    },
    /// What was pasted for this side.
    Pasted,
}

/// For which side something was pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PastedSide {
    /// The one.
    A,
    /// The other.
    B,
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ComparedSide {
    /// What it is called: a profile, a file.
    pub label: String,
    /// Whom it is about, where it says.
    pub who: Option<String>,
    /// The profile's colour; `None` where it is no profile.
    pub accent_color: Option<AccentColor>,
    /// How old it is, in words: `refreshed`, `made`, `as it stood`.
    pub when_word: String,
    /// That moment, POSIX seconds.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub at: Option<Timestamp>,
    /// How many roles, groups and permissions it has, where that is known.
    pub count: Option<usize>,
    /// What limits it, one sentence each.
    pub notes: Vec<String>,
}

/// Two that are the same but for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ComparedPair {
    /// What it is at the one side.
    pub kind: Kind,
    /// How the one side has it.
    pub a: Entitlement,
    /// What it is at the other.
    pub kind_b: Kind,
    /// How the other side has it.
    pub b: Entitlement,
    /// In what they differ, a few words.
    pub differs: String,
}

/// A setting of both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ComparedSetting {
    /// Its name: `Audience`.
    pub name: String,
    /// At the one side; `None` where that is not known.
    pub a: Option<String>,
    /// At the other.
    pub b: Option<String>,
    /// Whether they differ, as far as both are known.
    pub differs: bool,
}

impl Comparison {
    /// Whether both have the same roles, groups and permissions, spelled the same. In which claim they are does not
    /// count. Where a side does not name them this is never so.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.names_known && self.only_a.is_empty() && self.only_b.is_empty() && self.spelled.is_empty()
    }
}
