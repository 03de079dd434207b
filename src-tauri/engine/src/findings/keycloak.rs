//! Rules for Keycloak (providers' notes, section 2).

use super::evidence::path_text;
use super::{Evidence, Finding, Snippet};
use crate::config::Product;
use crate::identity::{DocumentKind, Facts, Kind};

/// Everybody has roles at Keycloak, if only the default ones; so none at all is worth a word even where groups came.
fn lacks_roles(evidence: &Evidence<'_>) -> bool {
    evidence.lacks(Kind::Role) || evidence.wanted.is_none() && evidence.has_none(Kind::Role)
}

/// The lightweight form of the access token carries no roles. Keycloak 26 refuses it at userinfo besides, so this comes
/// before what is said about userinfo.
pub(super) fn lightweight(evidence: &Evidence<'_>) -> Vec<Finding> {
    let facts = evidence.facts(DocumentKind::AccessToken).filter(|facts| is_lightweight(facts));
    if evidence.product != Product::Keycloak || !lacks_roles(evidence) || facts.is_none() || realm_roles(evidence) {
        return Vec::new();
    }
    let finding =
        Finding::warning("lightweight_access_token", "This client gets lightweight access tokens, which carry no roles")
            .seen(NO_REALM_ROLES)
            .seen("Access token: neither the person’s subject nor their name stands in it")
            .fix(
                "Turn off Always use lightweight access token at Clients › your client › Advanced, \
                 or turn on Add to lightweight access token in the mapper realm roles (Client scopes › roles › Mappers).",
            );
    vec![finding]
}

/// No realm roles in the access token: taken out for a client, by scope.
pub(super) fn roles_left_out(evidence: &Evidence<'_>) -> Vec<Finding> {
    if evidence.product != Product::Keycloak || !lacks_roles(evidence) || realm_roles(evidence) {
        return Vec::new();
    }
    let Some(facts) = evidence.facts(DocumentKind::AccessToken).filter(|facts| !is_lightweight(facts)) else {
        return Vec::new();
    };
    let only_offline = facts.has("realm_access");
    let finding = if only_offline || facts.has("resource_access") {
        Finding::warning("full_scope_off", "Realm roles are left out for this client: Full scope allowed is off")
            .seen(if only_offline { "Access token: realm_access holds offline_access alone" } else { NO_REALM_ROLES })
            .seen(if facts.has("resource_access") {
                "Access token: resource_access is there"
            } else {
                "Access token: no resource_access"
            })
            .fix(
                "Turn on Full scope allowed at Clients › your client › Client scopes › the dedicated scope › Scope, or assign the roles there. \
                 If it is on, the person has no realm role.",
            )
    } else {
        Finding::warning("roles_scope_missing", "Neither realm nor client roles come: the client scope “roles” is not in use")
            .seen(NO_REALM_ROLES)
            .seen("Access token: no resource_access")
            .fix(
                "Add the client scope roles as Default at Clients › your client › Client scopes › Add client scope. \
                 If it is there, turn on Full scope allowed in the dedicated scope’s tab Scope, or assign the roles there.",
            )
    };
    vec![finding]
}

const NO_REALM_ROLES: &str = "Access token: read, no realm_access";

/// Whether realm roles come at all. `offline_access` alone does not count: the scope of that name brings it along,
/// whatever is left out for the client.
fn realm_roles(evidence: &Evidence<'_>) -> bool {
    if !evidence.all_facts().any(|(_, facts)| facts.has("realm_access")) {
        return false;
    }
    let roles = &evidence.identity.entitlements.roles;
    let mut realm = roles.iter().filter(|role| {
        role.sources.iter().any(|source| source.path.first().is_some_and(|claim| claim == "realm_access"))
    });
    !realm.next().is_some_and(|first| first.value == "offline_access" && realm.next().is_none())
}

/// `sub` and the profile are left out of a lightweight token; the plain one has them.
fn is_lightweight(facts: &Facts) -> bool {
    facts.has("azp") && !facts.has("sub") && !facts.has("preferred_username")
}

/// A single text where several values could stand: the mapper's Multivalued is off (diagnosis D13).
pub(super) fn one_value(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !matches!(evidence.product, Product::Keycloak | Product::Adfs | Product::LemonLdap) {
        return Vec::new();
    }
    if !(evidence.misses(Kind::Role) || evidence.misses(Kind::Group) || evidence.product == Product::Keycloak) {
        return Vec::new();
    }
    let Some(path) = evidence.all_facts().find_map(|(_, facts)| facts.single.first()) else { return Vec::new() };
    let fix = match evidence.product {
        Product::Keycloak => {
            "Turn on Multivalued in the mapper that writes this claim (Clients › your client › Client scopes › the scope › Mappers), then refresh."
        }
        Product::LemonLdap => "Set the claim’s type to array “always” at the relying party’s exported attributes.",
        _ => "One value is a text here and several are a list; check the issuance rule that writes this claim.",
    };
    let finding = Finding::warning("single_value", "Only one value came where several could stand")
        .seen(format!("{} is one text, not a list", path_text(path)))
        .fix(fix);
    vec![finding]
}

/// Groups come only through a mapper that somebody has to add.
pub(super) fn group_mapper(evidence: &Evidence<'_>) -> Vec<Finding> {
    let asked = evidence.misses(Kind::Group) && evidence.wanted.is_none_or(|wanted| wanted.kind == Some(Kind::Group));
    if evidence.product != Product::Keycloak || !asked || !evidence.has_none(Kind::Group) {
        return Vec::new();
    }
    if evidence.all_facts().any(|(_, facts)| facts.has("groups")) {
        return Vec::new();
    }
    let finding = Finding::warning("group_mapper_missing", "Keycloak sends no groups by itself: a mapper is missing")
        .seen("No document has a claim groups")
        .fix("Add a mapper of the type Group Membership with the token claim name groups at Clients › your client › Client scopes › the dedicated scope › Add mapper.")
        .snippet(Some(Snippet { language: "json".into(), text: MAPPER.into() }));
    vec![finding]
}

/// For the admin interface: `POST /admin/realms/{realm}/clients/{id}/protocol-mappers/models`.
const MAPPER: &str = r#"{
  "name": "groups",
  "protocol": "openid-connect",
  "protocolMapper": "oidc-group-membership-mapper",
  "config": {
    "claim.name": "groups",
    "full.path": "false",
    "id.token.claim": "true",
    "access.token.claim": "true",
    "userinfo.token.claim": "true"
  }
}
"#;
