//! Microsoft Entra ID. App roles belong to a registration; groups are sent as object IDs, unless there are too many.

use super::Definition;
use super::evidence::{Evidence, Rule, document_name};
use super::finding::Finding;
use super::knowledge::{ClaimMark, Guide, Knowledge, Mark, TokensBy};
use crate::identity::{DocumentKind, Entitlement, Kind, ValueClass};

/// The tenant of personal Microsoft accounts.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

const RULES: &[Rule] = &[personal_account, emitted_as_roles, app_roles, groups_claim];

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "entra",
        name: "Entra ID",
        claim_marks: &[&[ClaimMark::Has("tid"), ClaimMark::Has("oid")], &[ClaimMark::Has("tid"), ClaimMark::Has("ver")]],
        hosts: &["login.microsoftonline.com", "login.microsoftonline.us", "sts.windows.net", ".ciamlogin.com"],
        marks: &[Mark::Member("cloud_graph_host_name"), Mark::Member("tenant_region_scope")],
        endpoint_hosts: &["login.microsoftonline.com", "graph.microsoft.com"],
        // Plain http is accepted for localhost alone, with any port.
        redirect_host: "localhost",
        any_port: true,
        issuer_from_word: |text| {
            let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
            (plain && !text.starts_with("login.microsoftonline"))
                .then(|| format!("https://login.microsoftonline.com/{text}/v2.0"))
        },
        issuer_form: |address, url| {
            if url.host_str() != Some("login.microsoftonline.com") {
                return Ok(address.to_owned());
            }
            match url.path_segments().into_iter().flatten().find(|segment| !segment.is_empty()) {
                Some(tenant) => Ok(format!("{}/{tenant}/v2.0", url.origin().ascii_serialization())),
                None => Err("the tenant is missing; give the Directory (tenant) ID or a domain of the tenant"),
            }
        },
        profile_name: |_| Some("entra".into()),
        secret_shape: |text| {
            text.contains('~').then_some(
                "a client secret of Entra ID; the Application (client) ID is made of digits, letters a to f and hyphens",
            )
        },
        tokens_by: TokensBy::ScopeOfResource,
        silent_scopes: &["profile", "email"],
        never_in_userinfo: true,
        group_limit: Some(200),
        send: "Define app roles on this app registration (App roles) and assign the person to one under Enterprise applications › Users and groups. \
               For groups choose Token configuration › Add groups claim.",
        into_id_token: "A role in the access token is one of the API’s registration. For the ID token define and assign it on this app’s registration too.",
        assign: "Assign the role at Enterprise applications › this app › Users and groups.",
        allow_scope: "Add the permission at App registrations › your app › API permissions, and have an administrator consent where that is needed.",
        names_for_ids: "Choose cloud_displayname for groups assigned to the application (Token configuration), or use app roles, which have names.",
        admit: "Assign the person at Enterprise applications › this app › Users and groups, or look at the sign-in logs for the Conditional Access policy.",
        public_client: "Register the redirect address under Authentication › Add a platform › Mobile and desktop applications, not under Web, and turn on Allow public client flows.",
        issuer_hint: "Write the tenant’s own ID in the issuer, in place of common or organizations: https://login.microsoftonline.com/TENANT-ID/v2.0 (Overview › Directory (tenant) ID).",
        guide: Some(Guide {
            monogram: "E",
            tile: "Tenant and client ID",
            issuer: [
                "Tenant",
                "contoso.onmicrosoft.com",
                "App registrations › your app › Overview › Directory (tenant) ID, or a domain of the tenant.",
            ],
            client_id_where: "App registrations › your app › Overview › Application (client) ID.",
            audience: None,
            redirects_where: "App registrations › your app › Authentication › Add a platform › Mobile and desktop applications. Entra ID lets any port through.",
            registers_redirects: true,
        }),
        ..Knowledge::GENERIC
    },
    rules: RULES,
};

fn personal_account(evidence: &Evidence<'_>) -> Option<Finding> {
    let (document, _) = evidence.quoted("tid").filter(|(_, tenant)| tenant.contains(PERSONAL))?;
    if !evidence.lacks_any() {
        return None;
    }
    let finding = Finding::warning(
        "personal_account",
        "This is a personal Microsoft account, which has no roles or groups",
    )
    .seen(format!("{}: tid is {PERSONAL}", document_name(document)))
    .fix("Sign in with the work account; the issuer with the tenant’s own ID instead of “common” asks for it at once.");
    Some(finding.proven())
}

/// With `emit_as_roles` groups are sent as roles, and app roles are not sent.
fn emitted_as_roles(evidence: &Evidence<'_>) -> Option<Finding> {
    let roles: Vec<_> = evidence.identity.entitlements.roles.iter().filter(|role| !from_wids(role)).collect();
    let like_a_group = |role: &&Entitlement| role.class == Some(ValueClass::Guid) || role.value.contains('\\');
    if !evidence.misses(Kind::Role) || roles.is_empty() || !roles.iter().all(like_a_group) {
        return None;
    }
    let finding = Finding::warning("groups_emitted_as_roles", "Groups are written as roles here, and that pushes the app roles out")
        .seen(format!("All {} values of roles look like groups", roles.len()))
        .fix("Take emit_as_roles out of the optional claim groups in the app registration’s manifest (or Token configuration › Groups claim › Emit groups as role claims).");
    Some(finding)
}

/// App roles are in the ID token when assigned on this registration, in the access token when assigned on the API's.
fn app_roles(evidence: &Evidence<'_>) -> Option<Finding> {
    let facts = evidence.facts(DocumentKind::IdToken)?;
    let about_group = evidence.wanted.is_some_and(|wanted| wanted.kind == Some(Kind::Group));
    if !evidence.lacks(Kind::Role) || about_group || facts.has("roles") {
        return None;
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
        );
    Some(finding.snippet("json", APP_ROLE))
}

/// No groups claim: not configured, or configured for groups the person is not in. The token looks the same either way.
fn groups_claim(evidence: &Evidence<'_>) -> Option<Finding> {
    let none = evidence.has_none(Kind::Group) && !evidence.any_has("groups");
    if !evidence.lacks(Kind::Group) || !none || evidence.overage().is_some() {
        return None;
    }
    let finding = Finding::warning(
        "groups_claim_not_configured",
        "No groups came: the app registration does not ask for them, or the person is in none that it covers",
    )
    .seen("No document has a claim groups, nor a pointer to one")
    .fix("Choose App registrations › this app › Token configuration › Add groups claim, for the ID token. Groups come as IDs unless cloud_displayname is chosen for groups assigned to the application. If it is there, check that it covers a group of the person’s.");
    Some(finding.snippet("json", GROUPS))
}

fn from_wids(role: &Entitlement) -> bool {
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
