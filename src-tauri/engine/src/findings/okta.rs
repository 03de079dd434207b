//! Rules for Okta (providers' notes, section 4).

use super::evidence::document_name;
use super::{Evidence, Finding};
use crate::config::Product;
use crate::identity::{Kind, ValueClass};

/// Groups come, and the one that is missed is not among them: a filter covers groups made in Okta alone, those from a
/// directory or an application need an expression.
pub(super) fn filtered(evidence: &Evidence<'_>) -> Vec<Finding> {
    let groups = &evidence.identity.entitlements.groups;
    let own: Vec<_> = groups.iter().filter(|group| group.class != Some(ValueClass::Default)).collect();
    let Some(source) = own.first().and_then(|group| group.sources.first()) else { return Vec::new() };
    if evidence.product != Product::Okta || !evidence.misses(Kind::Group) {
        return Vec::new();
    }
    let finding = Finding::warning("group_filtered", "Groups come, and the claim’s filter may leave this one out")
        .seen(format!("{}: {} groups, and not this one", document_name(source.document), own.len()))
        .fix(
            "A filter covers groups made in Okta. For groups from Active Directory, LDAP or an application set the claim to an expression, \
             such as Groups.startsWith(\"active_directory\", \"\", 100). If the group was made in Okta, check the filter, and that the person is in it.",
        );
    vec![finding]
}
