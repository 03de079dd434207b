use crate::identity::Kind;
use crate::identity::facts::is_namespaced;

/// The kind of values in a claim of this name, in any case of letters. Scopes are excluded: a scope is what an application
/// may do, not what a person was given.
pub(super) fn kind_of(name: &str) -> Option<Kind> {
    let name = name.strip_prefix("custom:").unwrap_or(name).to_ascii_lowercase();
    Some(match name.as_str() {
        "roles"
        | "role"
        | "wids"
        | "cognito:roles"
        | "cognito:preferred_role"
        | "org_role"
        | "org_roles"
        | "x-hasura-allowed-roles"
        | "x-hasura-default-role"
        // SAP's, dot and all.
        | "xs.rolecollections" => Kind::Role,
        "groups" | "group" | "memberof" | "ismemberof" | "groups_direct" | "groups_name" | "groups_spn" | "cognito:groups"
        // The WLCG profile's, dot and all.
        | "wlcg.groups" => Kind::Group,
        "permissions" | "permission" | "permissionnames" | "org_permissions" | "entitlements" | "entitlement"
        | "custom_permissions" => Kind::Permission,
        _ => return None,
    })
}

/// Whether a text under this name may be split at spaces: a singular name has one value.
pub(super) fn is_plural(name: &str) -> bool {
    name.to_ascii_lowercase().trim_end_matches(|last| "])}".contains(last)).ends_with('s')
}

/// A switch that makes its holder an administrator (Firebase, Casdoor).
pub(super) fn is_flag(name: &str) -> bool {
    matches!(name, "admin" | "isAdmin" | "is_admin" | "isGlobalAdmin" | "is_superuser")
}

/// A container whose members are read by their names.
pub(super) fn is_container(name: &str) -> bool {
    matches!(
        name,
        "realm_access"
            | "app_metadata"
            | "public_metadata"
            | "authorization"
            | "ext"
            | "custom"
            | "claims"
            | "custom_claims"
            | "xs.system.attributes"
    )
}

/// A container that the person may edit themself.
pub(super) fn is_self_asserted(name: &str) -> bool {
    matches!(name, "user_metadata" | "unsafe_metadata")
}

/// A container with a client, tenant or organisation for each member.
pub(super) fn is_per_context(name: &str) -> bool {
    matches!(name, "resource_access" | "tenants" | "organization" | "organizations")
}

/// Parts of claim names that suggest roles or groups.
const SOUNDS: [&str; 12] = [
    "role",
    "group",
    "permission",
    "entitlement",
    "memberof",
    "membership",
    "privilege",
    "authorit",
    "affiliation",
    "team",
    "accessright",
    "access_right",
];

/// A container about somebody or something else than the person: who acts for them (RFC 8693), the key of the token, a
/// place to live, where claims can be fetched. What looks like roles in it is not theirs.
pub(super) fn is_about_something_else(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "act"
            | "may_act"
            | "actor"
            | "impersonator"
            | "manager"
            | "cnf"
            | "address"
            | "_claim_names"
            | "_claim_sources"
            | "scope"
            | "scopes"
            | "scp"
            | "allowed-origins"
            | "events"
            | "firebase"
            | "identities"
    )
}

/// A name that sounds like roles or groups without being known.
pub(super) fn sounds_like(name: &str) -> bool {
    let name = last_segment(name).to_ascii_lowercase();
    SOUNDS.iter().any(|word| name.contains(word)) || matches!(name.as_str(), "auth" | "authorization" | "authz" | "acl")
}

/// The part after the last slash, colon or hash of a URL or URN; never split on dots.
pub(super) fn last_segment(name: &str) -> &str {
    if !is_namespaced(name) {
        return name;
    }
    name.rsplit(['/', ':', '#']).find(|segment| !segment.is_empty()).unwrap_or_default()
}
