//! Providers that never send what is looked for.

use super::{Evidence, Finding, fixes};
use crate::config::Product;

pub(super) fn rule(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !evidence.anything_read() || !evidence.lacks_any() {
        return Vec::new();
    }
    let title = match evidence.product {
        Product::Google => "Google never puts roles or groups into its tokens",
        Product::Clerk => "Clerk never gives an application’s tokens the roles in an organization",
        _ => return Vec::new(),
    };
    let mut finding = Finding::warning("provider_has_none", title)
        .seen(format!("Provider: {}", evidence.profile.issuer))
        .fix(fixes::to_send_roles(evidence.product));
    finding.evidence.extend(evidence.looked_at());
    vec![finding]
}
