use super::{Evidence, Finding};

/// No role, group or permission is in any document that could be read.
pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Finding> {
    if !evidence.anything_read() || !evidence.identity.entitlements.is_empty() || evidence.overage().is_some() {
        return None;
    }
    let mut finding = Finding::warning("no_entitlements", "No roles, groups or permissions came");
    finding.evidence = evidence.looked_at();
    if evidence.product.claims_named_by_url && evidence.all_facts().all(|(_, facts)| facts.namespaced().is_none()) {
        finding = finding.seen("No document has a claim named by a URL");
    }
    let finding = finding.fix(evidence.product.send);
    Some(match (evidence.product.send_snippet)(evidence.request.audience) {
        Some((language, text)) => finding.snippet(language, text),
        None => finding,
    })
}
