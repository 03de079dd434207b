//! Why something is missing: explained facts, each made only from evidence.
//!
//! Each rule is a pure function from evidence to findings, in a file with those of its sort and a line of `RULES`.

mod auth0;
mod claims;
mod entra;
mod evidence;
mod expected_missing;
mod fixes;
mod keycloak;
mod no_entitlements;
mod okta;
mod person;
mod provider_has_none;
pub mod refusal;
mod report;
mod scopes;
#[cfg(test)]
mod tests;
mod tokens;
mod why;
mod withheld;

use serde::{Deserialize, Serialize};

use evidence::document_name;
pub use evidence::{Evidence, Wanted};
pub use report::report;
pub use why::{Found, Why, why};

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

type Rule = fn(&Evidence<'_>) -> Vec<Finding>;

/// The rules, in the order their findings are shown: what explains most comes first.
const RULES: [Rule; 35] = [
    withheld::overage,
    provider_has_none::rule,
    entra::personal_account,
    keycloak::lightweight,
    withheld::document_failed,
    person::email_not_verified,
    withheld::vanished,
    claims::self_asserted,
    auth0::reserved_name,
    auth0::legacy_pipeline_misses,
    auth0::permissions,
    person::registration,
    keycloak::one_value,
    keycloak::roles_left_out,
    keycloak::group_mapper,
    okta::filtered,
    entra::emitted_as_roles,
    entra::app_roles,
    entra::groups_claim,
    scopes::meaningless,
    scopes::not_granted,
    scopes::not_asked,
    claims::offered,
    person::organisation,
    claims::empty,
    claims::only_defaults,
    no_entitlements::rule,
    tokens::stale,
    expected_missing::rule,
    claims::elsewhere,
    claims::identifiers,
    tokens::unreadable,
    tokens::no_refresh_token,
    tokens::size,
    auth0::legacy_pipeline,
];

/// Everything that can be said from this evidence. A code is told once, save for one expected value after the other.
#[must_use]
pub fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut told: Vec<Finding> = Vec::new();
    for finding in RULES.iter().flat_map(|rule| rule(evidence)) {
        if finding.code == "expected_missing" || !told.iter().any(|earlier| earlier.code == finding.code) {
            told.push(finding);
        }
    }
    told
}

impl Finding {
    fn new(code: &str, severity: Severity, title: impl Into<String>) -> Self {
        let title = title.into();
        Self { code: code.into(), severity, title, evidence: Vec::new(), fix: None, snippet: None }
    }

    fn warning(code: &str, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, title)
    }

    fn info(code: &str, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Info, title)
    }

    fn seen(mut self, line: impl Into<String>) -> Self {
        self.evidence.push(line.into());
        self
    }

    fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    fn snippet(mut self, snippet: Option<Snippet>) -> Self {
        self.snippet = snippet;
        self
    }
}
