//! Why something is missing: explained facts, each made only from evidence.

use serde::{Deserialize, Serialize};

/// One explained fact about something missing or odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Finding {
    /// A stable name, `snake_case`.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is the case, one sentence.
    pub title: String,
    /// What it was concluded from.
    pub evidence: Vec<String>,
    /// What to do, where that is known.
    pub fix: Option<String>,
    /// Something to paste.
    pub snippet: Option<Snippet>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something expected is not there.
    Warning,
    /// Something is wrong.
    Error,
}

/// Text to paste somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Snippet {
    /// Its language, for example `js`.
    pub language: String,
    /// The text.
    pub text: String,
}
pub struct Evidence<'a> {
    pub profile: &'a crate::config::Profile,
    pub identity: &'a crate::identity::Identity,
    pub granted: Option<&'a str>,
    pub refresh_token_withheld: bool,
}
pub fn findings(_: &Evidence<'_>) -> Vec<Finding> {
    todo!()
}
