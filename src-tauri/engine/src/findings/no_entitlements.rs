use super::{Evidence, Finding, Severity, fixes};

/// No role, group or permission stands in any document that could be read.
pub(super) fn rule(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !evidence.anything_read() || !evidence.identity.entitlements.is_empty() {
        return Vec::new();
    }
    vec![Finding {
        code: "no_entitlements".into(),
        severity: Severity::Warning,
        title: "No roles, groups or permissions came".into(),
        evidence: evidence.looked_at(),
        fix: Some(fixes::to_send_roles(evidence.provider()).into()),
        snippet: fixes::snippet_to_send_roles(evidence.provider(), evidence.profile),
    }]
}
