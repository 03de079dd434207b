//! Why something is missing: explained facts, each made only from evidence.
//!
//! Each rule is a pure function from evidence to findings, in a file of its own and a line of `RULES`.

mod expected_missing;
mod fixes;
mod no_entitlements;
mod no_refresh_token;
mod opaque_access_token;
mod scope_not_granted;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::config::{Profile, ProviderKind};
use crate::identity::{DocumentKind, DocumentReport, DocumentState, Identity};

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

/// What findings are made from.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// What was asked for, and what is expected.
    pub profile: &'a Profile,
    /// What came.
    pub identity: &'a Identity,
    /// The scope granted, where the provider said (RFC 6749 section 5.1).
    pub granted: Option<&'a str>,
    /// Whether `offline_access` was asked for and no refresh token came.
    pub refresh_token_withheld: bool,
}

type Rule = fn(&Evidence<'_>) -> Vec<Finding>;

/// The rules, in the order their findings are shown.
const RULES: [Rule; 5] = [
    expected_missing::rule,
    no_entitlements::rule,
    scope_not_granted::rule,
    no_refresh_token::rule,
    opaque_access_token::rule,
];

/// Everything that can be said from this evidence.
#[must_use]
pub fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| rule(evidence)).collect()
}

impl Evidence<'_> {
    fn provider(&self) -> ProviderKind {
        self.profile.provider_kind()
    }

    fn report(&self, document: DocumentKind) -> Option<&DocumentReport> {
        self.identity.documents.iter().find(|report| report.document == document)
    }

    /// Whether anything could be read at all; without that nothing can be said to be missing.
    fn anything_read(&self) -> bool {
        self.identity.documents.iter().any(|report| report.state == DocumentState::Read)
    }

    /// One line for each document that was looked at.
    fn looked_at(&self) -> Vec<String> {
        self.identity.documents.iter().map(in_words).collect()
    }
}

fn in_words(report: &DocumentReport) -> String {
    let document = match report.document {
        DocumentKind::IdToken => "ID token",
        DocumentKind::AccessToken => "Access token",
        DocumentKind::Userinfo => "Userinfo",
        DocumentKind::Introspection => "Introspection",
    };
    match report.state {
        DocumentState::Read if report.claims == 1 => format!("{document}: read, 1 claim"),
        DocumentState::Read => format!("{document}: read, {} claims", report.claims),
        DocumentState::Opaque => format!("{document}: can’t be read, it is not a JWT"),
        DocumentState::Encrypted => format!("{document}: can’t be read, it is encrypted for somebody else"),
        DocumentState::Absent => format!("{document}: the provider gave none"),
        DocumentState::Failed => format!("{document}: asking for it failed"),
    }
}
