use super::{Evidence, Finding, Severity};
use crate::config::ProviderKind;
use crate::text::clean_line;

/// `offline_access` was asked for and no refresh token came (OpenID Connect Core section 11).
pub(super) fn rule(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !evidence.refresh_token_withheld {
        return Vec::new();
    }
    let mut seen = vec!["Asked for: offline_access".to_owned(), "No refresh token came".to_owned()];
    if let Some(granted) = evidence.granted {
        seen.push(format!("Granted: {}", clean_line(granted)));
    }
    if evidence.profile.ask_consent {
        seen.push("Consent was asked for (prompt=consent)".to_owned());
    }
    let mut fix = Vec::new();
    if !evidence.profile.ask_consent {
        fix.push("Sign in again and let Rolecall ask for consent (prompt=consent): some providers give a refresh token only then.");
    }
    fix.push(at(evidence.provider()));
    vec![Finding {
        code: "offline_access_without_refresh_token".into(),
        severity: Severity::Warning,
        title: "The provider gave no refresh token, so this session ends with the access token".into(),
        evidence: seen,
        fix: Some(fix.join(" ")),
        snippet: None,
    }]
}

const fn at(provider: ProviderKind) -> &'static str {
    match provider {
        ProviderKind::Auth0 => {
            "In Auth0 tick Refresh Token at Applications › your app › Settings › Advanced › Grant Types; with an audience also turn on Allow Offline Access at Applications › APIs › your API › Settings."
        }
        ProviderKind::Keycloak => {
            "In Keycloak the client needs the client scope offline_access, and the person the role offline_access."
        }
        ProviderKind::Okta => "In Okta tick Refresh Token at Applications › your app › General › Grant type.",
        ProviderKind::Authentik => "In authentik add offline_access to the provider’s selected scopes.",
        ProviderKind::Entra
        | ProviderKind::Google
        | ProviderKind::Gitlab
        | ProviderKind::Zitadel
        | ProviderKind::Cognito
        | ProviderKind::Other => {
            "At the provider, the client must be allowed the refresh token grant and the scope offline_access."
        }
    }
}
