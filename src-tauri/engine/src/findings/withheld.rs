//! The provider had something and did not put it in, or a document is missing as a whole.

use super::evidence::{describe, document_name};
use super::{Evidence, Finding, Severity};
use crate::config::Product;
use crate::identity::{DocumentKind, DocumentState};
use crate::text::clean_line;

/// Too many groups for a token: Entra ID puts a pointer in instead (OpenID Connect Core section 5.6.2).
pub(super) fn overage(evidence: &Evidence<'_>) -> Vec<Finding> {
    let pointer = evidence.quoted("_claim_names").filter(|(_, names)| names.contains("groups"));
    let flag = evidence.quoted("hasgroups").filter(|(_, value)| value.contains("true"));
    let (document, seen) = match (pointer, flag) {
        (Some((document, names)), _) => (document, format!("_claim_names: {}", clean_line(names))),
        (None, Some((document, _))) => (document, "hasgroups: true".to_owned()),
        (None, None) => return Vec::new(),
    };
    let finding = Finding::warning("groups_overage", "The groups are not included: there are too many for the token")
        .seen(format!("{}: {seen}", document_name(document)))
        .seen("This does not mean that there are none")
        .fix(
            "In Entra ID choose Token configuration › Groups claim › Groups assigned to the application, or use app roles instead of groups. \
             An application that needs them all asks Microsoft Graph for the person’s memberships.",
        );
    vec![finding]
}

/// Whether the groups were too many for the token.
pub(super) fn is_overage(evidence: &Evidence<'_>) -> bool {
    !overage(evidence).is_empty()
}

/// A document that could not be had, at a provider that keeps roles or groups there, or that carried some before.
pub(super) fn document_failed(evidence: &Evidence<'_>) -> Vec<Finding> {
    let failed = evidence.report(DocumentKind::Userinfo).filter(|report| report.state == DocumentState::Failed);
    let Some(report) = failed.filter(|_| evidence.lacks_any()) else { return Vec::new() };
    let only_there = matches!(
        evidence.product,
        Product::Gitlab | Product::Authelia | Product::Authentik | Product::Canaille | Product::Zitadel
    );
    let finding = Finding::warning("document_missing", "Userinfo could not be read, so what stands there is not known")
        .seen(describe(report))
        .seen(if only_there {
            format!("{} puts roles or groups there", evidence.product.label())
        } else {
            "Some providers put roles or groups there".to_owned()
        })
        .fix("Refresh. If it stays so, ask the administrator whether this client may use the userinfo endpoint.");
    vec![finding]
}

/// A claim that was there before the last refresh and is not now (diagnosis D15).
pub(super) fn vanished(evidence: &Evidence<'_>) -> Vec<Finding> {
    let lost: Vec<&str> = evidence
        .vanished()
        .filter(|change| evidence.wanted.is_none_or(|wanted| wanted.value == change.value))
        .map(|change| change.value.as_str())
        .collect();
    let Some(first) = lost.first() else { return Vec::new() };
    let more = if lost.len() > 1 { format!(" and {} more", lost.len() - 1) } else { String::new() };
    let finding = Finding::new("lost_on_refresh", Severity::Warning, "A claim was there before the last refresh and is gone")
        .seen(format!("It held {}{more}", clean_line(first)))
        .seen("The claim itself is missing, so this is not a role taken away")
        .fix(
            "Sign in again: some providers run their claim rules only at sign-in, or leave claims out when a session is renewed. \
             If it is missing then too, a rule, mapper or scope was changed at the provider.",
        );
    vec![finding]
}
