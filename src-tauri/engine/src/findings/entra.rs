//! Rules for Entra ID (providers' notes, section 3).

use super::evidence::document_name;
use super::withheld::is_overage;
use super::{Evidence, Finding, Snippet};
use crate::config::Product;
use crate::identity::{DocumentKind, Kind, ValueClass};

/// The tenant of personal Microsoft accounts.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

pub(super) fn personal_account(evidence: &Evidence<'_>) -> Vec<Finding> {
    let tenant = evidence.quoted("tid").filter(|(_, tenant)| tenant.contains(PERSONAL));
    let Some((document, _)) = tenant.filter(|_| is_entra(evidence) && evidence.lacks_any()) else { return Vec::new() };
    let finding = Finding::warning(
        "personal_account",
        "This is a personal Microsoft account, which has no roles or groups",
    )
    .seen(format!("{}: tid is {PERSONAL}", document_name(document)))
    .fix("Sign in with the work account; the issuer with the tenant’s own ID instead of “common” asks for it at once.");
    vec![finding]
}

/// With `emit_as_roles` groups are written as roles and the app roles are gone.
pub(super) fn emitted_as_roles(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !is_entra(evidence) || !evidence.misses(Kind::Role) {
        return Vec::new();
    }
    let roles: Vec<_> = evidence.identity.entitlements.roles.iter().filter(|role| !from_wids(role)).collect();
    let like_a_group = |value: &str, class: Option<ValueClass>| class == Some(ValueClass::Guid) || value.contains('\\');
    if roles.is_empty() || !roles.iter().all(|role| like_a_group(&role.value, role.class)) {
        return Vec::new();
    }
    let finding = Finding::warning("groups_emitted_as_roles", "Groups are written as roles here, and that pushes the app roles out")
        .seen(format!("All {} values of roles look like groups", roles.len()))
        .fix("Take emit_as_roles out of the optional claim groups in the app registration’s manifest (or Token configuration › Groups claim › Emit groups as role claims).");
    vec![finding]
}

/// App roles come in the ID token when assigned on this registration, in the access token when on the API's.
pub(super) fn app_roles(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !is_entra(evidence)
        || !evidence.lacks(Kind::Role)
        || evidence.wanted.is_some_and(|wanted| wanted.kind == Some(Kind::Group))
    {
        return Vec::new();
    }
    let Some(facts) = evidence.facts(DocumentKind::IdToken) else { return Vec::new() };
    if facts.has("roles") {
        return Vec::new();
    }
    let audience = evidence.facts(DocumentKind::AccessToken).and_then(|facts| facts.quoted("aud"));
    let elsewhere = audience.map_or_else(
        || "Access token: can’t be read; a token for Microsoft Graph is for Graph alone".to_owned(),
        |audience| format!("Access token: it is for {audience}, whose registration has roles of its own"),
    );
    let finding = Finding::warning("app_role_not_assigned", "No app role of this app registration is assigned to the person")
        .seen("ID token: read, no claim roles")
        .seen(elsewhere)
        .fix(
            "Define the role at App registrations › this app › App roles, and assign it at Enterprise applications › this app › Users and groups. \
             Give it to the group itself: members of a group nested in it get nothing. \
             A role defined on the API’s registration comes only in the access token for that API.",
        )
        .snippet(Some(Snippet { language: "json".into(), text: APP_ROLE.into() }));
    vec![finding]
}

pub(super) fn groups_claim(evidence: &Evidence<'_>) -> Vec<Finding> {
    let none = evidence.all_facts().all(|(_, facts)| !facts.has("groups"));
    if !is_entra(evidence)
        || !evidence.lacks(Kind::Group)
        || !none
        || is_overage(evidence)
        || !evidence.has_none(Kind::Group)
    {
        return Vec::new();
    }
    let finding = Finding::warning("groups_claim_not_configured", "The app registration does not ask for groups")
        .seen("No document has a claim groups, nor a pointer to one")
        .fix("Choose App registrations › this app › Token configuration › Add groups claim, for the ID token. Groups come as IDs unless cloud_displayname is chosen for groups assigned to the application.")
        .snippet(Some(Snippet { language: "json".into(), text: GROUPS.into() }));
    vec![finding]
}

fn is_entra(evidence: &Evidence<'_>) -> bool {
    evidence.product == Product::Entra
}

fn from_wids(role: &crate::identity::Entitlement) -> bool {
    role.sources.iter().all(|source| source.path.first().is_some_and(|name| name == "wids"))
}

/// A member of `appRoles` in the manifest; the ID is any new GUID.
const APP_ROLE: &str = r#""appRoles": [{
  "allowedMemberTypes": ["User"],
  "displayName": "Editor",
  "description": "May edit",
  "value": "Editor",
  "id": "00000000-0000-0000-0000-000000000001",
  "isEnabled": true
}]
"#;

const GROUPS: &str = r#""groupMembershipClaims": "ApplicationGroup",
"optionalClaims": {
  "idToken": [{ "name": "groups", "additionalProperties": ["cloud_displayname"] }]
}
"#;
