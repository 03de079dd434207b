//! The provider had something and did not put it in, or a document is missing as a whole.

use super::{Evidence, Finding};
use crate::identity::{DocumentKind, DocumentState};
use crate::products::{describe, document_name};
use crate::text::clean_line;

/// Too many groups for a token: Entra ID puts a pointer in instead.
pub(super) fn overage(evidence: &Evidence<'_>) -> Option<Finding> {
    let (document, seen) = evidence.overage()?;
    let finding = Finding::warning("groups_overage", "The groups are not included: there are too many for the token")
        .seen(format!("{}: {seen}", document_name(document)))
        .seen("This does not mean that there are none")
        .fix(
            "In Entra ID choose Token configuration › Groups claim › Groups assigned to the application, or use app roles instead of groups. \
             An application that needs them all asks Microsoft Graph for the person’s memberships.",
        );
    Some(finding.proven())
}

/// More came than is read: what is missing may be among the rest.
pub(super) fn values_cut(evidence: &Evidence<'_>) -> Option<Finding> {
    let cut: Vec<_> = evidence.all_facts().filter(|(_, facts)| facts.left_out > 0).collect();
    cut.first()?;
    let title = "More came than Rolecall reads, so something may be among the rest";
    let finding = if evidence.lacks_any() {
        Finding::warning("values_cut", title).proven()
    } else {
        Finding::info("values_cut", title)
    };
    let finding = cut.into_iter().fold(finding, |finding, (document, facts)| {
        finding.seen(format!("{}: {} values or members were left out", document_name(document), facts.left_out))
    });
    Some(finding.fix("Have the claim filtered to the roles and groups this application needs."))
}

/// A document that was not available, at a provider that keeps roles or groups there, or that had some before.
pub(super) fn document_failed(evidence: &Evidence<'_>) -> Option<Finding> {
    let report = evidence.report(DocumentKind::Userinfo).filter(|report| report.state == DocumentState::Failed)?;
    if !evidence.lacks_any() || evidence.product.never_in_userinfo {
        return None;
    }
    let finding = Finding::warning("document_missing", "Userinfo could not be read, so what stands there is not known")
        .seen(describe(report))
        .seen(if evidence.product.userinfo_only {
            format!("{} puts roles or groups there", evidence.product.name)
        } else {
            "Some providers put roles or groups there".to_owned()
        })
        .fix("Refresh. If it stays so, ask the administrator whether this client may use the userinfo endpoint.");
    Some(finding)
}

/// A claim that was there before the last refresh and is not now.
pub(super) fn vanished(evidence: &Evidence<'_>) -> Option<Finding> {
    let lost: Vec<_> = evidence
        .vanished()
        .filter(|change| evidence.wanted.is_none_or(|wanted| wanted.value == change.value))
        .collect();
    let first = lost.first()?;
    let more = if lost.len() > 1 { format!(" and {} more", lost.len() - 1) } else { String::new() };
    let finding = Finding::warning("lost_on_refresh", "A claim was there before the last refresh and is gone")
        .seen(format!("It held {}{more}", clean_line(&first.value)))
        .naming(first.kind, &first.value)
        .seen("The claim itself is missing, so this is not a role taken away")
        .fix(
            "Sign in again: some providers run their claim rules only at sign-in, or leave claims out when a session is refreshed. \
             If it is missing then too, a rule, mapper or scope was changed at the provider.",
        );
    Some(finding.proven())
}
