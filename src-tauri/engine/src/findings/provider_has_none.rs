//! Providers that never send what is looked for.

use super::{Evidence, Finding};

pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Finding> {
    let title = evidence.product.never?;
    if !evidence.anything_read() || !evidence.lacks_any() {
        return None;
    }
    let mut finding = Finding::warning("provider_has_none", title)
        .seen(format!("Provider: {}", evidence.request.issuer))
        .fix(evidence.product.send);
    finding.evidence.extend(evidence.looked_at());
    Some(finding.proven())
}
