use super::{Evidence, Finding, fixes, left_out};
use crate::config::ProviderKind;

/// No role, group or permission stands in any document that could be read (diagnosis D1).
pub(super) fn rule(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !evidence.anything_read() || !evidence.identity.entitlements.is_empty() || left_out::is_overage(evidence) {
        return Vec::new();
    }
    let mut finding = Finding::warning("no_entitlements", "No roles, groups or permissions came");
    finding.evidence = evidence.looked_at();
    if evidence.provider == ProviderKind::Auth0 && evidence.all_facts().all(|(_, facts)| facts.namespaced().is_none()) {
        finding = finding.seen("No document has a claim named by a URL");
    }
    let finding = finding
        .fix(fixes::to_send_roles(evidence.provider))
        .snippet(fixes::snippet_to_send_roles(evidence.provider, evidence.profile));
    vec![finding]
}
