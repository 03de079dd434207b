//! What was asked for and what was granted.

use super::{Evidence, Finding, fixes};
use crate::config::ProviderKind;
use crate::identity::Kind;
use crate::text::clean_line;

/// A scope was asked for and is not among those the provider says it granted. When it says nothing it granted all
/// (RFC 6749 section 5.1). `offline_access` is judged by the refresh token, `openid` by the ID token. Where the token is
/// for an API (RFC 8707 `resource`), oidc-provider lists the API's scopes alone, so those for claims can't be judged.
pub(super) fn not_granted(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(granted) = evidence.granted.filter(|granted| !granted.trim().is_empty()) else { return Vec::new() };
    let missing: Vec<&str> = evidence
        .profile
        .scopes
        .iter()
        .filter(|scope| !matches!(*scope, "openid" | "offline_access") && !is_silent(evidence.provider, scope))
        .filter(|scope| !(evidence.profile.params.contains_key("resource") && brings_claims(scope)))
        .filter(|scope| !granted.split([' ', ',']).any(|given| means(given, scope)))
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let (word, it) = if missing.len() == 1 { ("scope", "it") } else { ("scopes", "them") };
    let title = format!("The provider did not grant the {word} {}", clean_line(&missing.join(", ")));
    let finding = Finding::warning("scope_not_granted", title)
        .seen(evidence.asked_line())
        .seen(format!("Granted: {}", clean_line(granted)))
        .fix(format!("{} Or take {it} out of the profile’s scopes.", fix(evidence.provider)));
    vec![finding]
}

/// The scopes of OpenID Connect Core section 5.4.
fn brings_claims(scope: &str) -> bool {
    matches!(scope, "profile" | "email" | "address" | "phone")
}

/// A scope that at this provider does nothing by itself: at Auth0 nothing listens to `roles` or `groups`.
pub(super) fn meaningless(evidence: &Evidence<'_>) -> Vec<Finding> {
    let asked: Vec<&str> =
        evidence.profile.scopes.iter().filter(|scope| matches!(*scope, "roles" | "groups" | "permissions")).collect();
    if evidence.provider != ProviderKind::Auth0 || asked.is_empty() || !evidence.lacks_any() {
        return Vec::new();
    }
    if evidence.all_facts().any(|(_, facts)| facts.namespaced().is_some()) {
        return Vec::new();
    }
    let title = format!("The scope {} does nothing at Auth0: only an Action puts roles into a token", asked.join(", "));
    let finding = Finding::warning("scope_meaningless", title)
        .seen(evidence.asked_line())
        .seen("No document has a claim named by a URL")
        .fix(fixes::to_send_roles(evidence.provider))
        .snippet(fixes::snippet_to_send_roles(evidence.provider, evidence.profile));
    vec![finding]
}

/// A scope that brings roles or groups at this provider, or that it offers by such a name, was not asked for.
pub(super) fn not_asked(evidence: &Evidence<'_>) -> Vec<Finding> {
    for (kind, scope) in
        usual(evidence.provider).into_iter().filter(|(kind, _)| evidence.lacks(*kind) && evidence.has_none(*kind))
    {
        let known =
            evidence.scopes_supported.is_empty() || evidence.scopes_supported.iter().any(|known| known == scope);
        if !evidence.asked_for(scope) && (known || !is_listed(evidence.provider)) {
            return vec![told(
                evidence,
                scope,
                format!("{} sends {}s with the scope {scope}", evidence.provider.label(), kind.word()),
            )];
        }
    }
    if usual(evidence.provider).is_empty()
        && evidence.provider != ProviderKind::Auth0
        && evidence.has_nothing()
        && evidence.lacks_any()
    {
        let offered = ["groups", "roles", "entitlements", "permissions"]
            .into_iter()
            .find(|scope| evidence.scopes_supported.iter().any(|known| known == scope) && !evidence.asked_for(scope));
        if let Some(scope) = offered {
            return vec![told(evidence, scope, format!("The provider says it knows the scope {scope}"))];
        }
    }
    Vec::new()
}

fn told(evidence: &Evidence<'_>, scope: &str, why: String) -> Finding {
    Finding::warning("scope_not_asked", format!("The scope {scope} was not asked for"))
        .seen(evidence.asked_line())
        .seen(why)
        .fix(format!(
            "Add {scope} to the profile’s scopes and sign in again; the client must be allowed to ask for it. {}",
            fix(evidence.provider)
        ))
}

/// The scopes that bring roles or groups (providers' notes).
fn usual(provider: ProviderKind) -> Vec<(Kind, &'static str)> {
    match provider {
        ProviderKind::Authentik => vec![(Kind::Group, "profile"), (Kind::Role, "entitlements")],
        ProviderKind::Authelia
        | ProviderKind::Dex
        | ProviderKind::Kanidm
        | ProviderKind::Okta
        | ProviderKind::Canaille
        | ProviderKind::LemonLdap
        | ProviderKind::OneLogin
        | ProviderKind::Rauthy => vec![(Kind::Group, "groups")],
        ProviderKind::Logto => vec![(Kind::Role, "roles"), (Kind::Role, "urn:logto:scope:organization_roles")],
        ProviderKind::Zitadel => vec![(Kind::Role, "urn:zitadel:iam:org:projects:roles")],
        ProviderKind::Adfs => vec![(Kind::Role, "allatclaims")],
        ProviderKind::Salesforce => vec![(Kind::Permission, "custom_permissions")],
        _ => Vec::new(),
    }
}

/// Whether the provider's `scopes_supported` names such a scope when it has it: Okta and ZITADEL do not list theirs.
fn is_listed(provider: ProviderKind) -> bool {
    matches!(
        provider,
        ProviderKind::Authelia | ProviderKind::Dex | ProviderKind::Kanidm | ProviderKind::Rauthy | ProviderKind::Logto
    )
}

/// Whether a granted scope is the one asked for. Google answers with addresses for the standard ones.
fn means(given: &str, scope: &str) -> bool {
    given.eq_ignore_ascii_case(scope)
        || given.strip_prefix("https://www.googleapis.com/auth/userinfo.").is_some_and(|rest| rest == scope)
}

/// Scopes that work without being told: Keycloak's default ones, and at Entra ID the standard ones beside an API's.
fn is_silent(provider: ProviderKind, scope: &str) -> bool {
    match provider {
        ProviderKind::Keycloak => matches!(scope, "roles" | "web-origins" | "basic" | "acr"),
        ProviderKind::Entra => matches!(scope, "profile" | "email"),
        _ => false,
    }
}

const fn fix(provider: ProviderKind) -> &'static str {
    match provider {
        ProviderKind::Auth0 => {
            "A scope of an API is granted only with that API’s audience, and with RBAC only when the person has the permission; in Auth0 a scope “roles” or “groups” does nothing by itself."
        }
        ProviderKind::Keycloak => {
            "Add the client scope at Clients › your client › Client scopes; one with role mappings is granted only to people who have such a role."
        }
        ProviderKind::Entra => {
            "Add the permission at App registrations › your app › API permissions, and have an administrator consent where that is needed."
        }
        ProviderKind::Okta => {
            "Define the scope at Security › API › your server › Scopes, and allow it in the access policy."
        }
        ProviderKind::Gitlab => "Tick the scope at Preferences › Applications › your application.",
        ProviderKind::Authentik => "Select the scope mapping at Applications › Providers › your provider › Scopes.",
        ProviderKind::Cognito => "Tick the scope at App clients › your client › Login pages › OpenID Connect scopes.",
        ProviderKind::Kanidm => "Map the scope to a group of the person’s: kanidm system oauth2 update-scope-map.",
        ProviderKind::Authelia => "Add the scope to the client’s scopes in Authelia’s configuration.",
        _ => "Have the administrator allow the scope for this client.",
    }
}
