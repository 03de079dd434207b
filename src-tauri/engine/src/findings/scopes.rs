//! What was asked for and what was granted.

use super::{Evidence, Finding, fixes};
use crate::config::Product;
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
        .filter(|scope| !matches!(*scope, "openid" | "offline_access") && !granted_silently(evidence.product, scope))
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
        .fix(format!("{} Or take {it} out of the profile’s scopes.", fix(evidence.product)));
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
    if evidence.product != Product::Auth0 || asked.is_empty() || !evidence.lacks_any() {
        return Vec::new();
    }
    if evidence.all_facts().any(|(_, facts)| facts.namespaced().is_some()) {
        return Vec::new();
    }
    let title = format!("The scope {} does nothing at Auth0: only an Action puts roles into a token", asked.join(", "));
    let finding = Finding::warning("scope_meaningless", title)
        .seen(evidence.asked_line())
        .seen("No document has a claim named by a URL")
        .fix(fixes::to_send_roles(evidence.product))
        .snippet(fixes::snippet_to_send_roles(evidence.product, evidence.profile));
    vec![finding]
}

/// A scope that brings roles or groups at this provider, or that it offers by such a name, was not asked for.
pub(super) fn not_asked(evidence: &Evidence<'_>) -> Vec<Finding> {
    for (kind, scope) in
        usual(evidence.product).into_iter().filter(|(kind, _)| evidence.lacks(*kind) && evidence.has_none(*kind))
    {
        let known =
            evidence.scopes_supported.is_empty() || evidence.scopes_supported.iter().any(|known| known == scope);
        if !evidence.asked_for(scope) && (known || !is_listed(evidence.product)) {
            return vec![told(
                evidence,
                scope,
                format!("{} sends {}s with the scope {scope}", evidence.product.label(), kind.word()),
            )];
        }
    }
    if usual(evidence.product).is_empty()
        && evidence.product != Product::Auth0
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
            fix(evidence.product)
        ))
}

/// The scopes that bring roles or groups (providers' notes).
fn usual(product: Product) -> Vec<(Kind, &'static str)> {
    match product {
        Product::Authentik => vec![(Kind::Group, "profile"), (Kind::Role, "entitlements")],
        Product::Authelia
        | Product::Dex
        | Product::Kanidm
        | Product::Okta
        | Product::Canaille
        | Product::LemonLdap
        | Product::OneLogin
        | Product::Rauthy => vec![(Kind::Group, "groups")],
        Product::Logto => vec![(Kind::Role, "roles"), (Kind::Role, "urn:logto:scope:organization_roles")],
        Product::Zitadel => vec![(Kind::Role, "urn:zitadel:iam:org:projects:roles")],
        Product::Adfs => vec![(Kind::Role, "allatclaims")],
        Product::Salesforce => vec![(Kind::Permission, "custom_permissions")],
        _ => Vec::new(),
    }
}

/// Whether the provider's `scopes_supported` names such a scope when it has it: Okta and ZITADEL do not list theirs.
fn is_listed(product: Product) -> bool {
    matches!(product, Product::Authelia | Product::Dex | Product::Kanidm | Product::Rauthy | Product::Logto)
}

/// Whether a granted scope is the one asked for. Google answers with addresses for the standard ones.
fn means(given: &str, scope: &str) -> bool {
    given.eq_ignore_ascii_case(scope)
        || given.strip_prefix("https://www.googleapis.com/auth/userinfo.").is_some_and(|rest| rest == scope)
}

/// Scopes that work without being told: Keycloak's default ones, and at Entra ID the standard ones beside an API's.
fn granted_silently(product: Product, scope: &str) -> bool {
    match product {
        Product::Keycloak => matches!(scope, "roles" | "web-origins" | "basic" | "acr"),
        Product::Entra => matches!(scope, "profile" | "email"),
        _ => false,
    }
}

const fn fix(product: Product) -> &'static str {
    match product {
        Product::Auth0 => {
            "A scope of an API is granted only with that API’s audience, and with RBAC only when the person has the permission; in Auth0 a scope “roles” or “groups” does nothing by itself."
        }
        Product::Keycloak => {
            "Add the client scope at Clients › your client › Client scopes; one with role mappings is granted only to people who have such a role."
        }
        Product::Entra => {
            "Add the permission at App registrations › your app › API permissions, and have an administrator consent where that is needed."
        }
        Product::Okta => {
            "Define the scope at Security › API › your server › Scopes, and allow it in the access policy."
        }
        Product::Gitlab => "Tick the scope at Preferences › Applications › your application.",
        Product::Authentik => "Select the scope mapping at Applications › Providers › your provider › Scopes.",
        Product::Cognito => "Tick the scope at App clients › your client › Login pages › OpenID Connect scopes.",
        Product::Kanidm => "Map the scope to a group of the person’s: kanidm system oauth2 update-scope-map.",
        Product::Authelia => "Add the scope to the client’s scopes in Authelia’s configuration.",
        _ => "Have the administrator allow the scope for this client.",
    }
}
