use super::{Evidence, Finding, fixes, withheld};
use crate::config::Product;

/// No role, group or permission stands in any document that could be read (diagnosis D1).
pub(super) fn rule(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !evidence.anything_read() || !evidence.identity.entitlements.is_empty() || withheld::is_overage(evidence) {
        return Vec::new();
    }
    let mut finding = Finding::warning("no_entitlements", "No roles, groups or permissions came");
    finding.evidence = evidence.looked_at();
    if evidence.product == Product::Auth0 && evidence.all_facts().all(|(_, facts)| facts.namespaced().is_none()) {
        finding = finding.seen("No document has a claim named by a URL");
    }
    let finding = finding
        .fix(fixes::to_send_roles(evidence.product))
        .snippet(fixes::snippet_to_send_roles(evidence.product, evidence.profile));
    vec![finding]
}
