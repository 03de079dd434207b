use url::{Host, Url};

use crate::config::{Profile, ProviderKind};
use crate::problem::{Code, Problem, Result};

/// An address from the discovery document, if it may be used: https, or http on this computer for a provider on this
/// computer; no user name; the issuer's own origin, a host the profile allows, or one known to belong to that make of
/// provider (OP-1, OP-3).
pub(super) fn endpoint(profile: &Profile, member: &str, text: &str) -> Result<Url> {
    let unsafe_because = |why: &str| Problem::new(Code::UnsafeEndpoint, format!("{member} {why}"));
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(unsafe_because("contains blanks or control characters"));
    }
    let url = Url::parse(text).map_err(|_| unsafe_because("is not an address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unsafe_because("contains a user name"));
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    match url.scheme() {
        "https" => {}
        "http" if profile.issuer.is_loopback() && is_loopback(&url) => {}
        scheme => return Err(unsafe_because(&format!("uses {scheme} ({host})"))),
    }
    if url.origin() == profile.issuer.url().origin() || is_allowed(profile, &host) {
        return Ok(url);
    }
    Err(unsafe_because(&format!("is at another host than the issuer: {host}")))
}

fn is_allowed(profile: &Profile, host: &str) -> bool {
    profile.extra_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) || is_known(profile, host)
}

/// Hosts that a make of provider is known to spread its endpoints over, each from its published discovery document.
fn is_known(profile: &Profile, host: &str) -> bool {
    let issuer = profile.issuer.url().host_str().unwrap_or_default();
    match ProviderKind::of_issuer(&profile.issuer) {
        ProviderKind::Google => {
            ["accounts.google.com", "oauth2.googleapis.com", "openidconnect.googleapis.com", "www.googleapis.com"]
                .contains(&host)
        }
        ProviderKind::Entra => ["login.microsoftonline.com", "graph.microsoft.com"].contains(&host),
        ProviderKind::Cognito => issuer.starts_with("cognito-idp.") && host.ends_with(".amazoncognito.com"),
        ProviderKind::Auth0
        | ProviderKind::Keycloak
        | ProviderKind::Okta
        | ProviderKind::Gitlab
        | ProviderKind::Zitadel
        | ProviderKind::Authentik
        | ProviderKind::Other => false,
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Issuer;

    fn profile(issuer: &str) -> Profile {
        Profile::new("t".parse().unwrap(), Issuer::parse(issuer).unwrap(), "c".into())
    }

    #[test]
    fn op_1_only_web_addresses_without_tricks_are_used() {
        let profile = profile("https://idp.example/");
        assert!(endpoint(&profile, "token_endpoint", "https://idp.example/token").is_ok());
        for text in [
            "http://idp.example/token",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "smb://idp.example/x",
            "ms-settings:",
            "data:text/html,x",
            "https://user@idp.example/",
            "https://idp.example\\@evil.example/",
            "https://idp.example/\nx",
            "\\\\idp.example\\share",
            "",
        ] {
            assert_eq!(endpoint(&profile, "m", text).unwrap_err().code, Code::UnsafeEndpoint, "{text:?}");
        }
    }

    #[test]
    fn op_3_another_host_needs_the_profile_to_allow_it() {
        let mut profile = profile("https://idp.example/");
        let other = "https://login.example/authorize";
        assert_eq!(endpoint(&profile, "m", other).unwrap_err().code, Code::UnsafeEndpoint);
        profile.extra_hosts.push("login.example".into());
        assert!(endpoint(&profile, "m", other).is_ok());
    }

    #[test]
    fn a_provider_on_this_computer_may_use_http_there_and_only_there() {
        let profile = profile("http://127.0.0.1:9000");
        assert!(endpoint(&profile, "m", "http://127.0.0.1:9000/token").is_ok());
        assert!(endpoint(&profile, "m", "http://127.0.0.1:9001/token").is_err());
        assert!(endpoint(&profile, "m", "http://idp.example/token").is_err());
    }
}
