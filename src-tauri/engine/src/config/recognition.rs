//! Which product a provider is, told from its issuer and its discovery document.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Product, Profile};

/// The product of a provider and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Recognition {
    /// Which.
    #[serde(rename = "kind")]
    pub product: Product,
    /// How sure.
    #[serde(rename = "sure")]
    pub confidence: Confidence,
    /// From what that was told.
    #[serde(rename = "because")]
    pub reason: String,
}

/// How sure something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The profile says so.
    #[serde(rename = "said")]
    Configured,
    /// The host belongs to it, or its own marks stand in its discovery document.
    Certain,
    /// The shape of its addresses suggests it.
    Likely,
    /// Nothing suggests one.
    Unknown,
}

/// What a discovery document shows of its product.
#[derive(Clone, Debug, Default)]
pub struct DiscoveryHints<'a> {
    /// The authorization endpoint.
    pub authorization: &'a str,
    /// The key set.
    pub jwks: &'a str,
    /// The names of the document's members.
    pub members: Vec<&'a str>,
}

/// Services by the domain of their issuer.
const DOMAINS: [(&str, Product); 24] = [
    ("auth0.com", Product::Auth0),
    ("login.microsoftonline.com", Product::Entra),
    ("login.microsoftonline.us", Product::Entra),
    ("sts.windows.net", Product::Entra),
    ("ciamlogin.com", Product::Entra),
    ("okta.com", Product::Okta),
    ("oktapreview.com", Product::Okta),
    ("okta-emea.com", Product::Okta),
    ("accounts.google.com", Product::Google),
    ("gitlab.com", Product::Gitlab),
    ("zitadel.cloud", Product::Zitadel),
    ("logto.app", Product::Logto),
    ("clerk.accounts.dev", Product::Clerk),
    ("workos.com", Product::WorkOs),
    ("authkit.app", Product::WorkOs),
    ("supabase.co", Product::Supabase),
    ("securetoken.google.com", Product::Firebase),
    ("oryapis.com", Product::Ory),
    ("pingone.com", Product::Ping),
    ("jumpcloud.com", Product::JumpCloud),
    ("onelogin.com", Product::OneLogin),
    ("salesforce.com", Product::Salesforce),
    ("descope.com", Product::Descope),
    ("frontegg.com", Product::Frontegg),
];

/// Self-hosted products by what their authorization endpoint's path ends with or holds.
const PATHS: [(&str, Product); 14] = [
    ("/protocol/openid-connect/auth", Product::Keycloak),
    ("/application/o/authorize/", Product::Authentik),
    ("/api/oidc/authorization", Product::Authelia),
    ("/ui/oauth2", Product::Kanidm),
    ("/oidc/authorize", Product::Rauthy),
    ("/login/oauth/authorize", Product::Casdoor),
    ("/oidc/auth", Product::Logto),
    ("/oauth2/auth", Product::Ory),
    ("/oauth/v2/authorize", Product::Zitadel),
    ("/adfs/oauth2/authorize", Product::Adfs),
    ("/as/authorization.oauth2", Product::Ping),
    ("/services/oauth2/authorize", Product::Salesforce),
    ("/auth/v1/oauth/authorize", Product::Supabase),
    ("/dex/auth", Product::Dex),
];

/// What the issuer's address alone suggests: the host for services, the shape of the path for self-hosted ones.
pub(super) fn of_issuer(url: &Url) -> Option<(Product, Confidence)> {
    let host = url.host_str().unwrap_or_default();
    let under = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    let is_one_host = |kind: Product| matches!(kind, Product::Google | Product::Gitlab | Product::Firebase);
    let by_host = DOMAINS.into_iter().find(|(domain, kind)| host == *domain || (!is_one_host(*kind) && under(domain)));
    if let Some((_, kind)) = by_host {
        return Some((kind, Confidence::Certain));
    }
    let (path, end) = (url.path(), url.path().trim_end_matches('/'));
    let by_path = if host.starts_with("cognito-idp.") && under("amazonaws.com") {
        Product::Cognito
    } else if path.contains("/realms/") {
        Product::Keycloak
    } else if path.contains("/application/o/") {
        Product::Authentik
    } else if path.contains("/oauth2/openid/") {
        Product::Kanidm
    } else if end.ends_with("/adfs") {
        Product::Adfs
    } else if end.ends_with("/dex") {
        Product::Dex
    } else {
        return None;
    };
    Some((by_path, Confidence::Likely))
}

impl Recognition {
    /// Tells the product: what the profile says, else the issuer, else the discovery document.
    #[must_use]
    pub fn of(profile: &Profile, marks: Option<&DiscoveryHints<'_>>) -> Self {
        let recognized =
            |kind: Product, sure, because: &str| Self { product: kind, confidence: sure, reason: because.into() };
        if let Some(kind) = profile.provider {
            return recognized(kind, Confidence::Configured, "the profile says so");
        }
        if let Some((kind, sure)) = of_issuer(profile.issuer.url()) {
            let confirmed = marks.and_then(of_marks).is_some_and(|(told, ..)| told == kind);
            return recognized(kind, if confirmed { Confidence::Certain } else { sure }, "the issuer’s address");
        }
        match marks.and_then(of_marks) {
            Some((kind, sure, because)) => recognized(kind, sure, because),
            None => {
                recognized(Product::Other, Confidence::Unknown, "neither issuer nor discovery document suggests one")
            }
        }
    }
}

fn of_marks(marks: &DiscoveryHints<'_>) -> Option<(Product, Confidence, &'static str)> {
    let has = |member: &str| marks.members.contains(&member);
    let authorization = marks.authorization.split(['?', '#']).next().unwrap_or_default();
    let certain = "a member of the discovery document that only this product has";
    if has("mfa_challenge_endpoint") && authorization.ends_with("/authorize") {
        return Some((Product::Auth0, Confidence::Certain, certain));
    }
    if has("cloud_graph_host_name") || has("msgraph_host") {
        return Some((Product::Entra, Confidence::Certain, certain));
    }
    if marks.jwks.ends_with("/oauth/discovery/keys") && authorization.ends_with("/oauth/authorize") {
        return Some((Product::Gitlab, Confidence::Certain, "its endpoints"));
    }
    if authorization.contains("/oauth2/") && authorization.ends_with("/v1/authorize") {
        return Some((Product::Okta, Confidence::Likely, "its endpoints"));
    }
    if authorization.contains(".amazoncognito.com/") {
        return Some((Product::Cognito, Confidence::Certain, "its endpoints"));
    }
    let by_path = PATHS.into_iter().find(|(path, _)| authorization.ends_with(path));
    by_path.map(|(_, kind)| (kind, Confidence::Likely, "the path of its authorization endpoint"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Issuer;

    fn recognized(issuer: &str, authorization: &str, members: &[&str]) -> Recognition {
        let profile = Profile::new("work".parse().unwrap(), Issuer::parse(issuer).unwrap(), "c".into());
        Recognition::of(&profile, Some(&DiscoveryHints { authorization, jwks: "", members: members.to_vec() }))
    }

    #[test]
    fn the_discovery_document_tells_what_the_issuer_does_not() {
        let told = |issuer, authorization, members: &[&str]| {
            let it = recognized(issuer, authorization, members);
            (it.product, it.confidence)
        };
        let own = "https://login.acme.example/";
        assert_eq!(
            told(own, "https://login.acme.example/authorize", &["mfa_challenge_endpoint"]),
            (Product::Auth0, Confidence::Certain)
        );
        assert_eq!(told(own, "https://login.acme.example/authorize", &[]), (Product::Other, Confidence::Unknown));
        assert_eq!(told(own, "https://x.example/api/oidc/authorization", &[]), (Product::Authelia, Confidence::Likely));
        let realm = "https://id.example.org/realms/acme";
        let endpoint = "https://id.example.org/realms/acme/protocol/openid-connect/auth";
        assert_eq!(told(realm, endpoint, &[]), (Product::Keycloak, Confidence::Certain));
        assert_eq!(told("https://acme.eu.auth0.com/", "", &[]), (Product::Auth0, Confidence::Certain));
    }

    #[test]
    fn what_the_profile_says_goes_before_everything() {
        let issuer = Issuer::parse("https://acme.eu.auth0.com/").unwrap();
        let profile = Profile::at("work".parse().unwrap(), issuer, "c".into(), Some(Product::Keycloak));
        assert_eq!(Recognition::of(&profile, None).confidence, Confidence::Configured);
        assert_eq!(Recognition::of(&profile, None).product, Product::Keycloak);
    }
}
