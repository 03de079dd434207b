//! Something about the person or the sign-in keeps roles away.

use super::{Evidence, Finding};
use crate::identity::DocumentKind;
use crate::products::document_name;
use crate::text::clean_line;

/// Many rules give roles only to people whose address is verified.
pub(super) fn email_not_verified(evidence: &Evidence<'_>) -> Option<Finding> {
    let unverified = evidence.identity.email_verified == Some(false)
        || evidence.quoted("email_verified").is_some_and(|(_, value)| matches!(value, "false" | "\"false\""));
    if !unverified || !evidence.lacks_any() || evidence.product.email_verified_means_nothing {
        return None;
    }
    let (document, _) = evidence.quoted("email_verified").unwrap_or((DocumentKind::IdToken, "false"));
    let finding = Finding::warning(
        "email_not_verified",
        "The email address is not verified, and roles may be given only to verified people",
    )
    .seen(format!("{}: email_verified is false", document_name(document)))
    .fix(evidence.product.verify_email);
    Some(finding)
}

/// Roles that hold in an organization come only when signing in to it, and the other way round.
pub(super) fn organization(evidence: &Evidence<'_>) -> Option<Finding> {
    if !evidence.product.organizations || !evidence.lacks_any() {
        return None;
    }
    if let Some((document, id)) = evidence.quoted("org_id") {
        let finding = Finding::info("organization_present", "This sign-in is for one organization, so only its roles come")
            .seen(format!("{}: org_id is {id}", document_name(document)))
            .fix("If the role was given outside that organization, sign in without it: take the parameter organization out of the profile. Else give the role to the member inside the organization.");
        return Some(finding.likely());
    }
    if let Some(asked) = evidence.request.params.get("organization") {
        let finding = Finding::warning("organization_absent", "An organization was asked for and the answer names none")
            .seen(format!("Parameter organization: {}", clean_line(asked)))
            .seen("No org_id came")
            .fix("Check that the organization exists, that the person is a member of it, and that this client may use organizations.");
        return Some(finding);
    }
    // A URL-named claim says that an Action ran; so the roles of an organization are what can still be missing.
    let ran =
        evidence.product.claims_named_by_url && evidence.all_facts().any(|(_, facts)| facts.namespaced().is_some());
    let finding = Finding::info("organization_absent", "Roles given inside an organization do not come: this sign-in was for none")
        .seen("No org_id came, and the profile has no parameter organization")
        .fix("If the role was given to a member of an organization, add the parameter organization (org_…) to the profile and sign in again.");
    ran.then(|| finding.likely())
}
