//! A sign-in that failed, explained: what the provider's refusal means for roles (diagnoses D5, D19, D20, D21).

use serde::{Deserialize, Serialize};

use super::{Finding, Severity};
use crate::config::Profile;
use crate::oidc::Cause;
use crate::ports::Timestamp;
use crate::problem::{Code, Problem};
use crate::text::clean_line;

/// A sign-in that failed, as remembered to be explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// When.
    pub at: Timestamp,
    /// The row of the problem table.
    pub code: Code,
    /// What was said of it; holds no token.
    pub detail: String,
    /// What lies behind it, where that is known.
    #[serde(default)]
    pub cause: Option<Cause>,
}

impl Refusal {
    /// What to remember of a failed sign-in. What the person themself stopped, and a dead network, explain nothing.
    #[must_use]
    pub fn of(problem: &Problem, at: Timestamp) -> Option<Self> {
        let explains = matches!(
            problem.code,
            Code::ScopeRefused
                | Code::Declined
                | Code::Refused
                | Code::WrongClient
                | Code::AnswerNotTrusted
                | Code::IssuerMismatch
                | Code::NotAnIssuer
                | Code::TimedOut
        );
        explains.then(|| Self::new(problem, at))
    }

    /// What to remember of a problem.
    #[must_use]
    pub fn new(problem: &Problem, at: Timestamp) -> Self {
        Self { at, code: problem.code, detail: clean_line(&problem.detail), cause: problem.cause }
    }
}

/// What the failure means.
#[must_use]
pub fn explain(profile: &Profile, refusal: &Refusal) -> Finding {
    let product = profile.product();
    let (code, title, fix) = match refusal.code {
        Code::ScopeRefused => {
            ("scope_refused", "The provider refused a scope that was asked for", product.refused_scope)
        }
        Code::AnswerNotTrusted if refusal.detail.contains("'HS") => (
            "token_not_verifiable",
            "The ID token is signed with a shared secret, which a public client can’t check",
            "Give the provider a signing key (authentik: Signing Key in the provider’s settings), so that it signs with RS256 or ES256.",
        ),
        Code::AnswerNotTrusted => (
            "answer_not_trusted",
            "The provider’s answer could not be verified, so nothing in it is used",
            "Check that the issuer in the profile is written as the provider writes it, and that both clocks are right. Then sign in again.",
        ),
        Code::IssuerMismatch => {
            ("issuer_mismatch", "The provider calls itself by another name than the profile does", product.issuer_hint)
        }
        Code::NotAnIssuer => (
            "not_an_issuer",
            "No OpenID provider answers at this issuer",
            "Check the address: realm, tenant or server ID are part of it.",
        ),
        Code::TimedOut => (
            "sign_in_stopped",
            "The browser never came back from the provider",
            "If a page of the provider said that access is refused, an access rule there keeps the person out (LemonLDAP::NG, Okta policies). If it said that the callback address is wrong, register the address that Rolecall shows.",
        ),
        _ => ("sign_in_refused", "The provider refused the sign-in", product.admit),
    };
    let mut finding = Finding::new(code, Severity::Error, title).fix(fix);
    if !refusal.detail.is_empty() {
        finding = finding.seen(format!("It was said: {}", refusal.detail));
    }
    finding.seen(format!("Asked for: {}", clean_line(&profile.scopes.to_string())))
}
