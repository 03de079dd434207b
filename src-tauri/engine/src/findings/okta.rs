//! Okta's ways (providers' notes, section 4).

use super::evidence::name_of;
use super::{Evidence, Finding};
use crate::config::ProviderKind;
use crate::identity::{Kind, Mark};

/// Groups come, and the one that is missed is not among them: a filter covers groups made in Okta alone, those from a
/// directory or an application need an expression.
pub(super) fn filtered(evidence: &Evidence<'_>) -> Vec<Finding> {
    let groups = &evidence.identity.entitlements.groups;
    let own: Vec<_> = groups.iter().filter(|group| group.mark != Some(Mark::EverybodyHas)).collect();
    let Some(source) = own.first().and_then(|group| group.sources.first()) else { return Vec::new() };
    if evidence.provider != ProviderKind::Okta || !evidence.misses(Kind::Group) {
        return Vec::new();
    }
    let finding = Finding::warning("group_filtered", "Groups come, and the claim’s filter may leave this one out")
        .seen(format!("{}: {} groups, and not this one", name_of(source.document), own.len()))
        .fix(
            "A filter covers groups made in Okta. For groups from Active Directory, LDAP or an application set the claim to an expression, \
             such as Groups.startsWith(\"active_directory\", \"\", 100). If the group was made in Okta, check the filter, and that the person is in it.",
        );
    vec![finding]
}
