//! Rules for Auth0 (providers' notes, section 1).

use super::evidence::{document_name, path_text};
use super::{Evidence, Finding, fixes};
use crate::config::Product;
use crate::identity::{DocumentKind, DocumentState, Kind};

/// Names that Auth0 drops without a word when a rule sets them bare.
const RESERVED: [&str; 4] = ["roles", "groups", "permissions", "entitlements"];

/// The profile says where the roles stand, and that is a place Auth0 silently drops (diagnosis D6).
pub(super) fn reserved_name(evidence: &Evidence<'_>) -> Vec<Finding> {
    if evidence.product != Product::Auth0 || !evidence.lacks_any() {
        return Vec::new();
    }
    let own = |name: &str| ["auth0.com", "webtask.io", "webtask.run", "urn:auth0"].iter().any(|own| name.contains(own));
    let dropped = evidence.profile.claims.iter().find_map(|claim| {
        let name = claim.path.first()?;
        let sent = evidence.all_facts().any(|(_, facts)| facts.has(name));
        (!sent && (RESERVED.contains(&name.as_str()) || own(name))).then_some(claim)
    });
    let Some(claim) = dropped else { return Vec::new() };
    let finding = Finding::warning("reserved_claim_dropped", "Auth0 drops this claim name without a word")
        .seen(format!("The profile expects the claim {}", path_text(&claim.path)))
        .seen("No document has it")
        .fix(
            "Name the claim by a URL of your own: bare roles, groups, permissions and entitlements are reserved, and names under auth0.com are ignored. \
             The sign-in succeeds all the same, only the claim is missing.",
        )
        .snippet(fixes::snippet_to_send_roles(evidence.product, evidence.profile));
    vec![finding]
}

/// One role is missing where an object with roles and groups comes: the shape of the old Authorization Extension.
pub(super) fn legacy_pipeline_misses(evidence: &Evidence<'_>) -> Vec<Finding> {
    if evidence.misses(Kind::Role) || evidence.misses(Kind::Group) { legacy_pipeline(evidence) } else { Vec::new() }
}

/// `"https://…/auth": {"groups", "roles"}` is what the Authorization Extension's rule writes; Rules reached their end of
/// life on 2026-11-18 (diagnosis D22).
pub(super) fn legacy_pipeline(evidence: &Evidence<'_>) -> Vec<Finding> {
    if evidence.product != Product::Auth0 {
        return Vec::new();
    }
    let places: Vec<(DocumentKind, &[String])> = evidence
        .identity
        .entitlements
        .iter()
        .flat_map(|(_, found)| &found.sources)
        .filter(|source| source.path.len() == 2 && source.path[0].contains("://"))
        .map(|source| (source.document, source.path.as_slice()))
        .collect();
    let has = |first: &str, member: &str| places.iter().any(|(_, path)| path[0] == first && path[1] == member);
    let Some((document, path)) = places.iter().find(|(_, path)| has(&path[0], "roles") && has(&path[0], "groups"))
    else {
        return Vec::new();
    };
    let finding = Finding::info("legacy_pipeline", "These roles come in the form of the old Authorization Extension")
        .seen(format!("{}: {} holds groups and roles", document_name(*document), path_text(&path[..1])))
        .fix(
            "Auth0’s Rules reached their end of life on 2026-11-18, and roles given under User Management › Roles are kept apart from those of the extension. \
             This Action writes the same claim from both: add it under Actions › Triggers › post-login and deploy it.",
        )
        .snippet(Some(fixes::auth0_action(&path[0])));
    vec![finding]
}

/// Permissions come in the access token alone, and only when the API has RBAC and adds them.
pub(super) fn permissions(evidence: &Evidence<'_>) -> Vec<Finding> {
    // Without a kind, a name such as read:invoices is taken for one.
    let asked =
        evidence.wanted.is_some_and(|wanted| wanted.kind == Some(Kind::Permission) || wanted.value.contains(':'));
    if evidence.product != Product::Auth0 || !asked || !evidence.misses(Kind::Permission) {
        return Vec::new();
    }
    let finding = match evidence.report(DocumentKind::AccessToken).map(|report| report.state) {
        Some(DocumentState::Opaque) if evidence.profile.audience.is_none() => {
            Finding::warning("access_token_opaque", "Permissions stand in the access token, and without an audience that can’t be read")
                .seen("Access token: can’t be read, it is not a JWT")
                .seen("No API audience was asked for")
                .fix("Put the identifier of your API (Applications › APIs) into the profile as its audience and sign in again.")
        }
        Some(DocumentState::Read) if evidence.facts(DocumentKind::AccessToken).is_some_and(|facts| !facts.has("permissions")) => {
            Finding::warning("rbac_off", "The API does not put permissions into the access token")
                .seen("Access token: read, no claim permissions")
                .fix("Turn on Enable RBAC and Add Permissions in the Access Token at Applications › APIs › your API › Settings, then sign in again.")
        }
        _ => return Vec::new(),
    };
    vec![finding]
}
