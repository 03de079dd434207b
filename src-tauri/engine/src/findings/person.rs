//! Something about the person or the sign-in keeps roles away.

use super::evidence::document_name;
use super::{Evidence, Finding};
use crate::config::Product;
use crate::identity::DocumentKind;

/// Many rules give roles only to people whose address is verified (diagnosis D18). authentik says "not verified" of
/// everybody unless told otherwise, so there it means nothing.
pub(super) fn email_not_verified(evidence: &Evidence<'_>) -> Vec<Finding> {
    let unverified = evidence.identity.email_verified == Some(false)
        || evidence.quoted("email_verified").is_some_and(|(_, value)| matches!(value, "false" | "\"false\""));
    if !unverified || !evidence.lacks_any() || evidence.product == Product::Authentik {
        return Vec::new();
    }
    let (document, _) = evidence.quoted("email_verified").unwrap_or((DocumentKind::IdToken, "false"));
    let fix = match evidence.product {
        Product::Auth0 => {
            "Have the person follow the link in Auth0’s verification email (User Management › Users › the person › Send Verification Email), then refresh. \
             A Rule or Action that checks user.email_verified adds no roles before that."
        }
        _ => {
            "Have the address verified at the provider, then refresh: a rule that gives roles only to verified people passes this person over."
        }
    };
    let finding = Finding::warning(
        "email_not_verified",
        "The email address is not verified, and roles may be given only to verified people",
    )
    .seen(format!("{}: email_verified is false", document_name(document)))
    .fix(fix);
    vec![finding]
}

/// FusionAuth gives roles only to people registered for the application (diagnosis D17).
pub(super) fn registration(evidence: &Evidence<'_>) -> Vec<Finding> {
    if evidence.product != Product::FusionAuth || !evidence.lacks_any() {
        return Vec::new();
    }
    let Some(facts) = evidence.facts(DocumentKind::AccessToken) else { return Vec::new() };
    if facts.has("applicationId") {
        return Vec::new();
    }
    let finding = Finding::warning("registration_missing", "The person is not registered for this application")
        .seen("Access token: no applicationId, which FusionAuth writes for registered people only")
        .fix(
            "In FusionAuth open Users › the person › Registrations, add this application with its roles, then refresh.",
        );
    vec![finding]
}

/// Roles that hold in an organization come only when signing in to it, and the other way round (diagnosis D11).
pub(super) fn organisation(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !matches!(
        evidence.product,
        Product::Auth0 | Product::WorkOs | Product::Clerk | Product::Logto | Product::Keycloak
    ) || !evidence.lacks_any()
    {
        return Vec::new();
    }
    let asked = evidence.profile.params.get("organization");
    if let Some((document, id)) = evidence.quoted("org_id") {
        let finding = Finding::info("organization_present", "This sign-in is for one organization, so only its roles come")
            .seen(format!("{}: org_id is {id}", document_name(document)))
            .fix("If the role was given outside that organization, sign in without it: take the parameter organization out of the profile. Else give the role to the member inside the organization.");
        return vec![finding];
    }
    match asked {
        Some(asked) => {
            let finding = Finding::warning("organization_absent", "An organization was asked for and the answer names none")
                .seen(format!("Parameter organization: {asked}"))
                .seen("No org_id came")
                .fix("Check that the organization exists, that the person is a member of it, and that this client may use organizations.");
            vec![finding]
        }
        None if evidence.product == Product::Auth0
            && evidence.all_facts().any(|(_, facts)| facts.namespaced().is_some()) =>
        {
            let finding = Finding::info("organization_absent", "Roles given inside an organization do not come: this sign-in was for none")
                .seen("No org_id came, and the profile has no parameter organization")
                .fix("If the role was given to a member of an organization, add the parameter organization (org_…) to the profile and sign in again.");
            vec![finding]
        }
        None => Vec::new(),
    }
}
