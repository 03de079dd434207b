use url::Url;

/// Endings of authorization endpoints and what replaces them in the issuer.
const ENDINGS: [(&str, &str); 9] = [
    ("/protocol/openid-connect/auth", ""),
    ("/oauth2/v2.0/authorize", "/v2.0"),
    ("/adfs/oauth2/authorize", "/adfs"),
    ("/oauth2/v1/authorize", ""),
    ("/v1/authorize", ""),
    ("/as/authorization.oauth2", ""),
    ("/services/oauth2/authorize", ""),
    ("/oauth2/auth", ""),
    ("/connect/authorize", ""),
];

/// Addresses that may be the issuer, the likeliest first, told from the authorization endpoint and the key set. They
/// are to be confirmed by discovery.
pub(super) fn issuers_of(authorization: &str, jwks: &str) -> Vec<String> {
    let mut candidates: Vec<String> = Vec::new();
    let mut add = |candidate: String| {
        if !candidates.contains(&candidate) {
            candidates.push(candidate);
        }
    };
    let web =
        |text: &str| Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    if let Some(keys) = web(jwks) {
        let address = without_query(&keys);
        if keys.host_str().is_some_and(|host| host.starts_with("cognito-idp.")) {
            add(address.trim_end_matches("/.well-known/jwks.json").to_owned());
        }
        if address.contains("/application/o/")
            && let Some(application) = address.strip_suffix("jwks/")
        {
            add(application.to_owned());
        }
    }
    let Some(url) = web(authorization) else { return candidates };
    let (address, origin) = (without_query(&url), url.origin().ascii_serialization());
    if url.host_str() == Some("accounts.google.com") {
        add(origin.clone());
    }
    for (ending, instead) in ENDINGS {
        if let Some(before) = address.strip_suffix(ending) {
            add(format!("{before}{instead}"));
        }
    }
    let segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
    let at_root = segments.len() == 1;
    if at_root {
        add(format!("{origin}/"));
    }
    // Shorter and shorter, as most providers put their endpoints below the issuer.
    for kept in (0..segments.len()).rev() {
        let path = segments[..kept].iter().fold(String::new(), |path, segment| format!("{path}/{segment}"));
        add(format!("{origin}{path}"));
        add(format!("{origin}{path}/"));
    }
    candidates.truncate(10);
    candidates
}

fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_is_derived_as_each_make_builds_its_endpoints() {
        for (authorization, jwks, issuer) in [
            ("https://acme.eu.auth0.com/authorize", "", "https://acme.eu.auth0.com/"),
            (
                "https://id.example.org/auth/realms/a/protocol/openid-connect/auth",
                "",
                "https://id.example.org/auth/realms/a",
            ),
            ("https://acme.okta.com/oauth2/default/v1/authorize", "", "https://acme.okta.com/oauth2/default"),
            ("https://acme.okta.com/oauth2/v1/authorize?x=1", "", "https://acme.okta.com"),
            (
                "https://login.microsoftonline.com/t/oauth2/v2.0/authorize",
                "",
                "https://login.microsoftonline.com/t/v2.0",
            ),
            (
                "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/authorize",
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1/.well-known/jwks.json",
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1",
            ),
            (
                "https://auth.example.org/application/o/authorize/",
                "https://auth.example.org/application/o/desk/jwks/",
                "https://auth.example.org/application/o/desk/",
            ),
            ("https://accounts.google.com/o/oauth2/v2/auth", "conf.d/idp_jwk.json", "https://accounts.google.com"),
        ] {
            assert_eq!(issuers_of(authorization, jwks)[0], issuer);
        }
        assert_eq!(issuers_of("nonsense", "also nonsense"), Vec::<String>::new());
        assert!(issuers_of("https://a.example/x/y/authorize", "").contains(&"https://a.example/".to_owned()));
    }
}
