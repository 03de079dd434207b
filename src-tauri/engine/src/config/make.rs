//! Which make a provider is, told from its issuer and its discovery document.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Profile, ProviderKind};

/// The make of a provider and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Make {
    /// Which.
    pub kind: ProviderKind,
    /// How sure.
    pub sure: Sureness,
    /// From what that was told.
    pub because: String,
}

/// How sure something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Sureness {
    /// The profile says so.
    Said,
    /// The host belongs to it, or its own marks stand in its discovery document.
    Certain,
    /// The shape of its addresses suggests it.
    Likely,
    /// Nothing suggests one.
    Unknown,
}

/// What a discovery document shows of its make.
#[derive(Clone, Debug, Default)]
pub struct Marks<'a> {
    /// The authorization endpoint.
    pub authorization: &'a str,
    /// The key set.
    pub jwks: &'a str,
    /// The names of the document's members.
    pub members: Vec<&'a str>,
}

/// Services by the domain of their issuer.
const DOMAINS: [(&str, ProviderKind); 24] = [
    ("auth0.com", ProviderKind::Auth0),
    ("login.microsoftonline.com", ProviderKind::Entra),
    ("login.microsoftonline.us", ProviderKind::Entra),
    ("sts.windows.net", ProviderKind::Entra),
    ("ciamlogin.com", ProviderKind::Entra),
    ("okta.com", ProviderKind::Okta),
    ("oktapreview.com", ProviderKind::Okta),
    ("okta-emea.com", ProviderKind::Okta),
    ("accounts.google.com", ProviderKind::Google),
    ("gitlab.com", ProviderKind::Gitlab),
    ("zitadel.cloud", ProviderKind::Zitadel),
    ("logto.app", ProviderKind::Logto),
    ("clerk.accounts.dev", ProviderKind::Clerk),
    ("workos.com", ProviderKind::WorkOs),
    ("authkit.app", ProviderKind::WorkOs),
    ("supabase.co", ProviderKind::Supabase),
    ("securetoken.google.com", ProviderKind::Firebase),
    ("oryapis.com", ProviderKind::Ory),
    ("pingone.com", ProviderKind::Ping),
    ("jumpcloud.com", ProviderKind::JumpCloud),
    ("onelogin.com", ProviderKind::OneLogin),
    ("salesforce.com", ProviderKind::Salesforce),
    ("descope.com", ProviderKind::Descope),
    ("frontegg.com", ProviderKind::Frontegg),
];

/// Self-hosted makes by what their authorization endpoint's path ends with or holds.
const PATHS: [(&str, ProviderKind); 14] = [
    ("/protocol/openid-connect/auth", ProviderKind::Keycloak),
    ("/application/o/authorize/", ProviderKind::Authentik),
    ("/api/oidc/authorization", ProviderKind::Authelia),
    ("/ui/oauth2", ProviderKind::Kanidm),
    ("/oidc/authorize", ProviderKind::Rauthy),
    ("/login/oauth/authorize", ProviderKind::Casdoor),
    ("/oidc/auth", ProviderKind::Logto),
    ("/oauth2/auth", ProviderKind::Ory),
    ("/oauth/v2/authorize", ProviderKind::Zitadel),
    ("/adfs/oauth2/authorize", ProviderKind::Adfs),
    ("/as/authorization.oauth2", ProviderKind::Ping),
    ("/services/oauth2/authorize", ProviderKind::Salesforce),
    ("/auth/v1/oauth/authorize", ProviderKind::Supabase),
    ("/dex/auth", ProviderKind::Dex),
];

/// What the issuer's address alone suggests: the host for services, the shape of the path for self-hosted ones.
pub(super) fn of_issuer(url: &Url) -> Option<(ProviderKind, Sureness)> {
    let host = url.host_str().unwrap_or_default();
    let under = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    let is_one_host =
        |kind: ProviderKind| matches!(kind, ProviderKind::Google | ProviderKind::Gitlab | ProviderKind::Firebase);
    let by_host = DOMAINS.into_iter().find(|(domain, kind)| host == *domain || (!is_one_host(*kind) && under(domain)));
    if let Some((_, kind)) = by_host {
        return Some((kind, Sureness::Certain));
    }
    let (path, end) = (url.path(), url.path().trim_end_matches('/'));
    let by_path = if host.starts_with("cognito-idp.") && under("amazonaws.com") {
        ProviderKind::Cognito
    } else if path.contains("/realms/") {
        ProviderKind::Keycloak
    } else if path.contains("/application/o/") {
        ProviderKind::Authentik
    } else if path.contains("/oauth2/openid/") {
        ProviderKind::Kanidm
    } else if end.ends_with("/adfs") {
        ProviderKind::Adfs
    } else if end.ends_with("/dex") {
        ProviderKind::Dex
    } else {
        return None;
    };
    Some((by_path, Sureness::Likely))
}

impl Make {
    /// Tells the make: what the profile says, else the issuer, else the discovery document.
    #[must_use]
    pub fn of(profile: &Profile, marks: Option<&Marks<'_>>) -> Self {
        let make = |kind: ProviderKind, sure, because: &str| Self { kind, sure, because: because.into() };
        if let Some(kind) = profile.provider {
            return make(kind, Sureness::Said, "the profile says so");
        }
        if let Some((kind, sure)) = of_issuer(profile.issuer.url()) {
            let confirmed = marks.and_then(of_marks).is_some_and(|(told, ..)| told == kind);
            return make(kind, if confirmed { Sureness::Certain } else { sure }, "the issuer’s address");
        }
        match marks.and_then(of_marks) {
            Some((kind, sure, because)) => make(kind, sure, because),
            None => make(ProviderKind::Other, Sureness::Unknown, "neither issuer nor discovery document suggests one"),
        }
    }
}

fn of_marks(marks: &Marks<'_>) -> Option<(ProviderKind, Sureness, &'static str)> {
    let has = |member: &str| marks.members.contains(&member);
    let authorization = marks.authorization.split(['?', '#']).next().unwrap_or_default();
    let certain = "a member of the discovery document that only this make has";
    if has("mfa_challenge_endpoint") && authorization.ends_with("/authorize") {
        return Some((ProviderKind::Auth0, Sureness::Certain, certain));
    }
    if has("cloud_graph_host_name") || has("msgraph_host") {
        return Some((ProviderKind::Entra, Sureness::Certain, certain));
    }
    if marks.jwks.ends_with("/oauth/discovery/keys") && authorization.ends_with("/oauth/authorize") {
        return Some((ProviderKind::Gitlab, Sureness::Certain, "its endpoints"));
    }
    if authorization.contains("/oauth2/") && authorization.ends_with("/v1/authorize") {
        return Some((ProviderKind::Okta, Sureness::Likely, "its endpoints"));
    }
    if authorization.contains(".amazoncognito.com/") {
        return Some((ProviderKind::Cognito, Sureness::Certain, "its endpoints"));
    }
    let by_path = PATHS.into_iter().find(|(path, _)| authorization.ends_with(path));
    by_path.map(|(_, kind)| (kind, Sureness::Likely, "the path of its authorization endpoint"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Issuer;

    fn make(issuer: &str, authorization: &str, members: &[&str]) -> Make {
        let profile = Profile::new("work".parse().unwrap(), Issuer::parse(issuer).unwrap(), "c".into());
        Make::of(&profile, Some(&Marks { authorization, jwks: "", members: members.to_vec() }))
    }

    #[test]
    fn the_discovery_document_tells_what_the_issuer_does_not() {
        let told = |issuer, authorization, members: &[&str]| {
            let make = make(issuer, authorization, members);
            (make.kind, make.sure)
        };
        let own = "https://login.acme.example/";
        assert_eq!(
            told(own, "https://login.acme.example/authorize", &["mfa_challenge_endpoint"]),
            (ProviderKind::Auth0, Sureness::Certain)
        );
        assert_eq!(told(own, "https://login.acme.example/authorize", &[]), (ProviderKind::Other, Sureness::Unknown));
        assert_eq!(
            told(own, "https://x.example/api/oidc/authorization", &[]),
            (ProviderKind::Authelia, Sureness::Likely)
        );
        let realm = "https://id.example.org/realms/acme";
        let endpoint = "https://id.example.org/realms/acme/protocol/openid-connect/auth";
        assert_eq!(told(realm, endpoint, &[]), (ProviderKind::Keycloak, Sureness::Certain));
        assert_eq!(told("https://acme.eu.auth0.com/", "", &[]), (ProviderKind::Auth0, Sureness::Certain));
    }

    #[test]
    fn what_the_profile_says_goes_before_everything() {
        let issuer = Issuer::parse("https://acme.eu.auth0.com/").unwrap();
        let profile = Profile::at("work".parse().unwrap(), issuer, "c".into(), Some(ProviderKind::Keycloak));
        assert_eq!(Make::of(&profile, None).sure, Sureness::Said);
        assert_eq!(Make::of(&profile, None).kind, ProviderKind::Keycloak);
    }
}
