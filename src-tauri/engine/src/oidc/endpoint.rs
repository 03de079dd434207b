use url::Url;

use super::failure;
use crate::config::{Issuer, Product, Profile, is_loopback};
use crate::problem::{Code, Problem, Result};

/// Reads an endpoint that the discovery document names, and refuses one that must not be used.
///
/// It is https (http only on this computer, for an issuer on this computer), carries no user name, fragment or control
/// character (OP-1), and has the issuer's origin, or a host the profile allows or that product is known for (OP-3).
pub(super) fn read(member: &str, text: &str, profile: &Profile) -> Result<Url> {
    let refuse = |why: &str| Err(Problem::new(Code::UnsafeEndpoint, format!("{member} {why}")));
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return refuse("contains blanks or control characters");
    }
    let Ok(url) = Url::parse(text) else { return refuse("is not an address") };
    if url.host().is_none() || !matches!(url.scheme(), "https" | "http") {
        return refuse("is not a web address");
    }
    let host = failure::host(&url);
    if url.scheme() == "http" && !(profile.issuer.is_loopback() && is_loopback(&url)) {
        return refuse(&format!("at {host} is not https"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return refuse(&format!("at {host} carries a user name, a password or a fragment"));
    }
    if url.origin() == profile.issuer.url().origin() || allowed(&url, profile) || known(&url, &profile.issuer) {
        return Ok(url);
    }
    refuse(&format!("is at {host}, not at {}", profile.issuer.host()))
}

/// Reads the address of a page for a person, on whatever host: it is only shown, and nothing is sent there. It is https
/// (http only on this computer, for an issuer on this computer), and carries no user name or control character (OP-1).
pub(super) fn page(member: &str, text: &str, profile: &Profile) -> Result<Url> {
    let refuse = |why: &str| Err(Problem::new(Code::UnsafeEndpoint, format!("{member} {why}")));
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return refuse("contains blanks or control characters");
    }
    let Some(url) = Url::parse(text).ok().filter(Url::has_host) else { return refuse("is not an address") };
    let local = url.scheme() == "http" && profile.issuer.is_loopback() && is_loopback(&url);
    if url.scheme() != "https" && !local {
        return refuse(&format!("at {} is not https", failure::host(&url)));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("carries a user name or a password");
    }
    Ok(url)
}

/// A host alone allows all its ports, `host:port` that one.
fn allowed(url: &Url, profile: &Profile) -> bool {
    let host = url.host_str().unwrap_or_default();
    let with_port = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
    profile.extra_hosts.iter().any(|extra| extra.eq_ignore_ascii_case(host) || extra.eq_ignore_ascii_case(&with_port))
}

fn known(url: &Url, known_issuer: &Issuer) -> bool {
    let (Some(host), Some(issuer)) = (url.host_str(), known_issuer.url().host_str()) else { return false };
    if url.port().is_some() {
        return false;
    }
    Product::of_url(known_issuer.url()).may_have_endpoint_at(issuer, host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(issuer: &str) -> Profile {
        Profile::new("test".parse().unwrap(), Issuer::parse(issuer).unwrap(), "client".into())
    }

    #[test]
    fn op_1_addresses_that_must_never_be_opened_are_refused() {
        let profile = profile("https://idp.example/realm");
        for text in [
            "http://idp.example/token",
            "http://127.0.0.1/token",
            "file:///etc/passwd",
            "smb://idp.example/x",
            "javascript:alert(1)",
            "ms-msdt:/id",
            "data:text/html,x",
            "//idp.example/x",
            "\\\\idp.example\\x",
            "https://user@idp.example/token",
            "https://idp.example@evil.example/token",
            "https://idp.example/to ken",
            "https://idp.example/\u{7}token",
            "https://idp.example/token#x",
            "",
        ] {
            let problem = read("token_endpoint", text, &profile).unwrap_err();
            assert_eq!(problem.code, Code::UnsafeEndpoint, "{text}");
            assert!(problem.detail.starts_with("token_endpoint"), "{}", problem.detail);
        }
        assert!(read("token_endpoint", "https://idp.example/token?p=x", &profile).is_ok());
    }

    #[test]
    fn op_3_another_origin_is_refused_unless_the_profile_lists_it() {
        let mut profile = profile("https://idp.example");
        for text in
            ["https://evil.example/token", "https://idp.example:8443/token", "https://idp.example.evil.example/"]
        {
            let problem = read("token_endpoint", text, &profile).unwrap_err();
            assert_eq!(problem.code, Code::UnsafeEndpoint, "{text}");
        }
        assert!(read("jwks_uri", "https://KEYS.example/x", &profile).unwrap_err().detail.contains("keys.example"));
        profile.extra_hosts = vec!["Keys.example".into(), "idp.example:8443".into()];
        assert!(read("jwks_uri", "https://KEYS.example/x", &profile).is_ok());
        assert!(read("jwks_uri", "https://idp.example:8443/x", &profile).is_ok());
        assert!(read("jwks_uri", "http://keys.example/x", &profile).is_err());
        assert!(read("jwks_uri", "https://idp.example:9443/x", &profile).is_err());
    }

    #[test]
    fn op_3_products_that_spread_over_hosts_are_known_and_only_those() {
        let google = profile("https://accounts.google.com");
        assert!(read("token_endpoint", "https://oauth2.googleapis.com/token", &google).is_ok());
        assert!(read("token_endpoint", "https://oauth2.googleapis.com:444/token", &google).is_err());
        assert!(read("token_endpoint", "https://graph.microsoft.com/x", &google).is_err());
        let entra = profile("https://login.microsoftonline.com/t/v2.0");
        assert!(read("userinfo_endpoint", "https://graph.microsoft.com/oidc/userinfo", &entra).is_ok());
        let cognito = profile("https://cognito-idp.eu-west-1.amazonaws.com/pool");
        assert!(read("token_endpoint", "https://x.auth.eu-west-1.amazoncognito.com/t", &cognito).is_ok());
        assert!(read("token_endpoint", "https://xamazoncognito.com/t", &cognito).is_err());
        let other = profile("https://idp.example");
        assert!(read("token_endpoint", "https://x.auth.eu-west-1.amazoncognito.com/t", &other).is_err());
    }

    #[test]
    fn op_1_plain_http_is_for_a_provider_on_this_computer() {
        let local = profile("http://127.0.0.1:8400");
        assert!(read("token_endpoint", "http://127.0.0.1:8400/token", &local).is_ok());
        assert!(read("token_endpoint", "http://127.0.0.1:8401/token", &local).is_err());
        let mut wide = local;
        wide.extra_hosts = vec!["idp.example".into()];
        assert!(read("token_endpoint", "http://idp.example/token", &wide).is_err());
    }
}
