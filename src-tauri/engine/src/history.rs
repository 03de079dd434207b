//! What came and went between two refreshes.

use serde::{Deserialize, Serialize};

pub use crate::identity::Kind;
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
