use super::{Evidence, Finding, Severity};
use crate::config::ProviderKind;
use crate::text::clean_line;

/// A scope was asked for and is not among those the provider says it granted. When it says nothing it granted all
/// (RFC 6749 section 5.1). `offline_access` is judged by the refresh token, `openid` by the ID token.
pub(super) fn rule(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(granted) = evidence.granted.filter(|granted| !granted.trim().is_empty()) else { return Vec::new() };
    let provider = evidence.provider();
    let asked: Vec<&str> = evidence.profile.scopes.iter().collect();
    let missing: Vec<&str> = asked
        .iter()
        .copied()
        .filter(|scope| !matches!(*scope, "openid" | "offline_access") && !is_silent(provider, scope))
        .filter(|scope| !granted.split([' ', ',']).any(|given| means(given, scope)))
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let (word, it) = if missing.len() == 1 { ("scope", "it") } else { ("scopes", "them") };
    vec![Finding {
        code: "scope_not_granted".into(),
        severity: Severity::Warning,
        title: format!("The provider did not grant the {word} {}", missing.join(", ")),
        evidence: vec![format!("Asked for: {}", asked.join(" ")), format!("Granted: {}", clean_line(granted))],
        fix: Some(format!("{} Or take {it} out of the profile’s scopes.", fix(provider))),
        snippet: None,
    }]
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
        ProviderKind::Auth0
        | ProviderKind::Okta
        | ProviderKind::Google
        | ProviderKind::Gitlab
        | ProviderKind::Zitadel
        | ProviderKind::Authentik
        | ProviderKind::Cognito
        | ProviderKind::Other => false,
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
        ProviderKind::Google | ProviderKind::Zitadel | ProviderKind::Other => {
            "Have the administrator allow the scope for this client."
        }
    }
}
