//! Why something is missing: explained facts, each made only from evidence.
//!
//! A rule is a pure function from [`Evidence`] to at most one [`Finding`]. Those that hold everywhere are here, in a file
//! with those of their sort and a line of `RULES`; those of one product are in its file below [`crate::products`].
//! What the answers prove is told first, then what is likely, then what can't be told from them.

mod alike;
mod claims;
mod directory;
#[cfg(test)]
mod directory_tests;
mod expected_missing;
mod from_session;
mod no_entitlements;
mod person;
mod provider_has_none;
mod receiver;
pub mod refusal;
mod report;
mod scopes;
#[cfg(test)]
mod tests;
mod tokens;
mod why;
mod withheld;

pub(crate) use alike::{folded, short as short_name};
pub use report::{Names, report};
pub use why::{Found, Why, why, why_with};

pub use crate::problem::Severity;
pub use crate::products::{About, Evidence, Finding, Request, Snippet, Wanted};
use crate::products::{Certainty, Product, Rule};

/// The rules, those that explain most first. The product's own rules come between the two lists.
const FIRST: &[Rule] = &[
    directory::assigned_since,
    directory::not_assigned,
    directory::eligible,
    directory::nested,
    withheld::overage,
    provider_has_none::rule,
    withheld::values_cut,
    withheld::document_failed,
    person::email_not_verified,
    withheld::vanished,
    claims::self_asserted,
];

const LAST: &[Rule] = &[
    directory::assigned_not_sent,
    directory::taken_away,
    directory::not_asked,
    claims::one_value,
    scopes::not_granted,
    scopes::not_asked,
    claims::offered,
    person::organization,
    claims::empty,
    claims::only_defaults,
    no_entitlements::rule,
    claims::identifiers,
    tokens::stale,
    expected_missing::rule,
    claims::elsewhere,
    tokens::unreadable,
    tokens::no_refresh_token,
    tokens::group_limit,
];

/// What the directory says of an expected value that is missing, instead of the rule that knows no directory.
const EXPECTED: &[Rule] = &[
    directory::assigned_since,
    directory::not_assigned,
    directory::eligible,
    directory::nested,
    directory::assigned_not_sent,
];

/// Everything that can be said from this evidence. A code is told once, save for one expected value after the other.
#[must_use]
pub fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let rules = receiver::RULES.iter().chain(FIRST).chain(Product::rules_of(evidence.product)).chain(LAST);
    let mut told: Vec<Finding> = Vec::new();
    for finding in rules.filter_map(|rule| rule(evidence)) {
        if !told.iter().any(|earlier| earlier.code == finding.code) {
            told.push(finding);
        }
    }
    if evidence.wanted.is_none() {
        for (kind, value) in evidence.expected_missing() {
            let wanted = Wanted { value: value.to_owned(), kind: Some(kind) };
            let evidence = evidence.about(&wanted);
            match EXPECTED.iter().find_map(|rule| rule(&evidence)) {
                Some(finding) => {
                    let about = About { kind: Some(kind), value: value.to_owned() };
                    told.push(Finding { about: Some(about), ..finding });
                }
                None => told.extend(expected_missing::rule(&evidence)),
            }
        }
    }
    let (_, contradicted) = directory::ruled_out(evidence);
    let explained = told
        .iter()
        .any(|finding| finding.certainty == Certainty::Proven && directory::EXPLAIN.contains(&finding.code.as_str()));
    let answered = evidence.wanted.is_some() && !contradicted.is_empty();
    told.retain(|finding| {
        let guess = finding.certainty != Certainty::Proven && contradicted.contains(&finding.code.as_str());
        // Whether it is assigned is known, so that nobody has to be asked.
        let asks = answered && finding.code == "expected_missing" && finding.certainty == Certainty::Possible;
        // Where it is known why it is not sent, that it is not sent is no news.
        let explained = finding.code == "assigned_not_sent" && explained;
        !guess && !asks && !explained
    });
    told.sort_by_key(|finding| finding.certainty);
    told
}
