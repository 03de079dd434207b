//! Keycloak. By default roles are in the access token only, and groups are sent only after a mapper was added.

use url::Url;

use super::Definition;
use super::evidence::{Evidence, Rule};
use super::finding::Finding;
use super::keycloak_directory::{MAPPER, cut_by_scope, groups_not_mapped, not_mapped};
use super::knowledge::{ChangesCome, ClaimMark, Guide, Knowledge, Mark};
use crate::identity::{DocumentKind, Facts, Kind};

const RULES: &[Rule] =
    &[cut_by_scope, not_mapped, groups_not_mapped, lightweight, roles_left_out, groups_absent];

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "keycloak",
        name: "Keycloak",
        claim_marks: &[&[ClaimMark::Has("realm_access"), ClaimMark::Has("typ")], &[ClaimMark::Has("resource_access"), ClaimMark::Has("typ")], &[ClaimMark::Has("session_state"), ClaimMark::Has("typ"), ClaimMark::Has("azp")], &[ClaimMark::Text("typ", "ID"), ClaimMark::Has("azp"), ClaimMark::Has("acr"), ClaimMark::Has("sid")]],
        issuer_shape: |url| url.path().contains("/realms/"),
        marks: &[
            Mark::Ends("authorization_endpoint", "/protocol/openid-connect/auth"),
            Mark::Ends("token_endpoint", "/protocol/openid-connect/token"),
        ],
        any_port: true,
        issuer_form: |_, url| match realm(url) {
            Some((before, realm)) => {
                Ok(format!("{}{before}/realms/{realm}", url.origin().ascii_serialization()))
            }
            None => Err("the realm is missing; a Keycloak issuer looks like https://host/realms/NAME"),
        },
        // Up to version 16 everything stood below /auth, and a setting still puts it there.
        near_issuers: |url| {
            let (origin, path) = (url.origin().ascii_serialization(), url.path());
            vec![match path.strip_prefix("/auth/realms/") {
                Some(rest) => format!("{origin}/realms/{rest}"),
                None => format!("{origin}/auth{path}"),
            }]
        },
        profile_name: |url| super::segment_after(url, "realms"),
        is_default: Some(|value, client| match client {
            Some("account") => matches!(value, "manage-account" | "manage-account-links" | "view-profile"),
            _ => {
                matches!(value, "uma_authorization" | "offline_access") || value.starts_with("default-roles-")
            }
        }),
        // Default client scopes: they apply without being requested and are not listed in the token response.
        silent_scopes: &["roles", "web-origins", "basic", "acr"],
        changes_come: ChangesCome::WithRefresh,
        organizations: true,
        send: "Keycloak’s client scope “roles” writes them into the access token only: in its mappers “realm roles” and “client roles”, turn on Add to ID token and Add to userinfo. \
               For groups add a mapper of the type Group Membership. Somebody who has no role and is in no group gets none either way.",
        into_id_token: "Turn on Add to ID token (and Add to userinfo) in the mapper: Client scopes › roles › Mappers › realm roles or client roles, or your own mapper.",
        assign: "Assign a role at Users › the person › Role mapping (or to a group of theirs).",
        allow_scope: "Add the client scope at Clients › your client › Client scopes; one with role mappings is granted only to people who have such a role.",
        refused_scope: "The realm has no client scope of that name, or it is not assigned to the client: add it at Clients › your client › Client scopes, or take it out of the profile’s scopes, then sign in again.",
        allow_refresh: "In Keycloak the client needs the client scope offline_access, and the person the role offline_access.",
        several_values: Some(
            "Turn on Multivalued in the mapper that writes this claim (Clients › your client › Client scopes › the scope › Mappers), then refresh.",
        ),
        one_value_is_odd: true,
        admit: "Check that Standard flow is on at Clients › your client › Settings, and that no required role or policy of the authentication flow keeps the person out.",
        public_client: "Turn Client authentication off at Clients › your client › Settings.",
        issuer_hint: "Keycloak calls itself by its hostname setting (KC_HOSTNAME), or by the address a proxy hands on: write the issuer as the provider does, or correct that setting.",
        guide: Some(Guide {
            monogram: "K",
            tile: "Server and realm",
            issuer: [
                "Server and realm",
                "https://id.example.org/realms/acme",
                "A link to the realm or to its admin console will do.",
            ],
            client_id_where: "Clients › your client › Client ID. Client authentication is off, Standard flow is on.",
            audience: None,
            redirects_where: "Clients › your client › Settings › Valid redirect URIs. Written without a port, it lets any port through.",
            registers_redirects: true,
        }),
        ..Knowledge::GENERIC
    },
    rules: RULES,
};

/// The realm in any link to a Keycloak, the admin console's included, with the server's base path.
fn realm(url: &Url) -> Option<(String, String)> {
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).collect();
    let under = |index: usize| segments[..index].iter().flat_map(|segment| ["/", segment]).collect::<String>();
    if let Some(index) = segments.iter().position(|segment| *segment == "realms") {
        return Some((under(index), (*segments.get(index + 1)?).to_owned()));
    }
    let index = segments.iter().position(|segment| *segment == "admin")?;
    let mut inside = url.fragment().unwrap_or_default().split('/').filter(|part| !part.is_empty() && *part != "realms");
    let realm = inside.next().or_else(|| segments.get(index + 1).copied())?;
    Some((under(index), realm.to_owned()))
}

/// Everybody has at least the default roles at Keycloak, so having none is reported even where groups were received.
fn lacks_roles(evidence: &Evidence<'_>) -> bool {
    evidence.lacks(Kind::Role) || evidence.wanted.is_none() && evidence.has_none(Kind::Role)
}

/// The lightweight form of the access token carries no roles.
fn lightweight(evidence: &Evidence<'_>) -> Option<Finding> {
    let facts = evidence.facts(DocumentKind::AccessToken)?;
    if !is_lightweight(facts) || !lacks_roles(evidence) || realm_roles(evidence) {
        return None;
    }
    let finding =
        Finding::warning("lightweight_access_token", "This client gets lightweight access tokens, which carry no roles")
            .seen(NO_REALM_ROLES)
            .seen("Access token: neither the person’s subject nor their name stands in it")
            .fix(
                "Turn off Always use lightweight access token at Clients › your client › Advanced, \
                 or turn on Add to lightweight access token in the mapper realm roles (Client scopes › roles › Mappers).",
            );
    Some(finding.proven())
}

/// No realm roles in the access token: the person has none, or they are not sent to this client. The token looks the
/// same either way.
fn roles_left_out(evidence: &Evidence<'_>) -> Option<Finding> {
    let facts = evidence.facts(DocumentKind::AccessToken)?;
    if !lacks_roles(evidence) || realm_roles(evidence) || is_lightweight(facts) {
        return None;
    }
    let only_offline = facts.has("realm_access");
    if only_offline || facts.has("resource_access") {
        let finding = Finding::warning(
            "full_scope_off",
            "No realm roles come: Full scope allowed is off for this client, or the person has none",
        )
        .seen(if only_offline { "Access token: realm_access holds offline_access alone" } else { NO_REALM_ROLES })
        .seen(if facts.has("resource_access") {
            "Access token: resource_access is there"
        } else {
            "Access token: no resource_access"
        })
        .fix(
            "Look at Users › the person › Role mapping whether the person has the role. If so, turn on Full scope allowed at Clients › your client › Client scopes › the dedicated scope › Scope, or assign the roles there.",
        );
        // The default roles, which everybody has, are missing too.
        return Some(if only_offline { finding.proven() } else { finding });
    }
    let finding = Finding::warning(
        "roles_scope_missing",
        "Neither realm nor client roles come: the client scope “roles” is not in use, or the person has no role at all",
    )
    .seen(NO_REALM_ROLES)
    .seen("Access token: no resource_access")
    .fix(
        "Look at Users › the person › Role mapping whether the person has the role. If so, add the client scope roles as Default at Clients › your client › Client scopes › Add client scope; \
         if that is there, turn on Full scope allowed in the dedicated scope’s tab Scope, or assign the roles there.",
    );
    Some(finding)
}

const NO_REALM_ROLES: &str = "Access token: read, no realm_access";

/// Whether any realm role is sent. `offline_access` does not count: the scope of that name brings it along,
/// whatever is left out for the client.
fn realm_roles(evidence: &Evidence<'_>) -> bool {
    if !evidence.any_has("realm_access") {
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

/// Groups come only through a mapper, and the mapper leaves the claim out for somebody who is in no group: the two look
/// the same.
fn groups_absent(evidence: &Evidence<'_>) -> Option<Finding> {
    let asked = evidence.misses(Kind::Group) && evidence.wanted.is_none_or(|wanted| wanted.kind == Some(Kind::Group));
    if !asked || !evidence.has_none(Kind::Group) || evidence.any_has("groups") {
        return None;
    }
    let finding = Finding::warning(
        "group_mapper_missing",
        "No groups came: the person is in no group, or no mapper writes them. The token looks the same either way",
    )
    .seen("No document has a claim groups")
    .fix(
        "Look at Users › the person › Groups whether the person is in the group; if not, have them added (Join Group), then refresh. \
         If they are, add a mapper of the type Group Membership with the token claim name groups at Clients › your client › Client scopes › the dedicated scope › Add mapper.",
    );
    Some(finding.snippet("json", MAPPER))
}
