//! Providers that never send what is looked for.

use super::{Evidence, Finding, fixes};
use crate::config::ProviderKind;

pub(super) fn rule(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !evidence.anything_read() || !evidence.lacks_any() {
        return Vec::new();
    }
    let (code, title) = match evidence.provider {
        ProviderKind::Google => ("provider_has_none", "Google never puts roles or groups into its tokens"),
        ProviderKind::Clerk => {
            ("provider_has_none", "Clerk never gives an application’s tokens the roles in an organization")
        }
        _ => return Vec::new(),
    };
    let finding = Finding::warning(code, title)
        .seen(format!("Provider: {}", evidence.profile.issuer))
        .fix(fixes::to_send_roles(evidence.provider));
    vec![Finding { evidence: [finding.evidence, evidence.looked_at()].concat(), ..finding }]
}
