use serde_json::{Map, Value};
use url::Url;

use super::issuer_candidates::issuers_of;
use super::{Issuer, Product, is_loopback};
use crate::problem::{Code, Problem};

/// Reads what a person typed or pasted as their issuer: a domain, an issuer, a discovery link, or what their provider
/// calls it (a tenant, a realm's admin console, a user pool ID). The provider is the one they chose, or
/// [`Product::OTHER`] to have it recognised by the address.
///
/// A missing scheme is https, except on this computer.
///
/// # Errors
/// [`Code::BadIssuer`] and [`Code::InsecureIssuer`], as [`Issuer::parse`]; also when the provider needs more than was
/// given, such as a realm.
pub fn issuer_from(text: &str, provider: Product) -> Result<Issuer, Problem> {
    let text = unwrapped(text);
    if text.starts_with('{') {
        return from_document(text);
    }
    if let Some(issuer) = (provider.issuer_from_word)(text) {
        return Issuer::parse(&issuer);
    }
    if text.is_empty() {
        return Err(Problem::new(Code::BadIssuer, "nothing was given"));
    }
    let full = with_scheme(text);
    let address = full.split("/.well-known/").next().unwrap_or(&full);
    let Ok(url) = Url::parse(address) else { return Issuer::parse(address) };
    let is_web = matches!(url.scheme(), "https" | "http") && url.host().is_some();
    if !is_web || !url.username().is_empty() || url.password().is_some() {
        return Issuer::parse(address);
    }
    let product = if provider == Product::OTHER { Product::of_url(&url) } else { provider };
    match (product.issuer_form)(address, &url) {
        Ok(issuer) => Issuer::parse(&issuer),
        Err(missing) => Err(Problem::new(Code::BadIssuer, missing)),
    }
}

/// A discovery document pasted whole. Members that are empty or missing do not matter while the issuer can be told.
fn from_document(text: &str) -> Result<Issuer, Problem> {
    let bad = |why: &str| Problem::new(Code::BadIssuer, why);
    let document: Map<String, Value> =
        serde_json::from_str(text).map_err(|_| bad("it looks like a discovery document, but it is no whole JSON"))?;
    let member = |name: &str| document.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    if let Some(issuer) = member("issuer") {
        return Issuer::parse(issuer);
    }
    let endpoint = member("authorization_endpoint").unwrap_or_default();
    let candidates = issuers_of(endpoint, member("jwks_uri").unwrap_or_default());
    match candidates.first() {
        Some(issuer) => Issuer::parse(issuer),
        None => Err(bad("the document names neither issuer nor authorization_endpoint")),
    }
}

/// Without the blanks, quotes and brackets that come along when copying.
fn unwrapped(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || "\"'`<>“”‘’".contains(c))
}

fn with_scheme(text: &str) -> String {
    if text.contains("://") {
        return text.to_owned();
    }
    let local = Url::parse(&format!("http://{text}")).is_ok_and(|url| is_loopback(&url));
    format!("{}://{text}", if local { "http" } else { "https" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, provider: Product) -> String {
        issuer_from(text, provider).unwrap_or_else(|problem| panic!("{text}: {problem}")).to_string()
    }

    #[test]
    fn what_people_paste_becomes_the_issuer_their_provider_means() {
        for (text, provider, issuer) in [
            ("acme.eu.auth0.com", Product::AUTH0, "https://acme.eu.auth0.com/"),
            ("  acme.eu.auth0.com/ ", Product::OTHER, "https://acme.eu.auth0.com/"),
            ("login.acme.example", Product::AUTH0, "https://login.acme.example/"),
            (
                "https://acme.eu.auth0.com/.well-known/openid-configuration",
                Product::OTHER,
                "https://acme.eu.auth0.com/",
            ),
            ("https://acme.eu.auth0.com/authorize?client_id=x", Product::AUTH0, "https://acme.eu.auth0.com/"),
            ("<https://id.example.org>", Product::OTHER, "https://id.example.org"),
            ("\"https://id.example.org/\"", Product::OTHER, "https://id.example.org/"),
            ("id.example.org/x", Product::OTHER, "https://id.example.org/x"),
            (
                "https://id.example.org/x/.well-known/openid-configuration?a=b",
                Product::OTHER,
                "https://id.example.org/x",
            ),
            ("127.0.0.1:8400", Product::OTHER, "http://127.0.0.1:8400"),
            ("localhost:8400/", Product::OTHER, "http://localhost:8400/"),
            ("[::1]:8400", Product::OTHER, "http://[::1]:8400"),
            ("https://127.0.0.1:8400", Product::OTHER, "https://127.0.0.1:8400"),
            ("https://id.example.org/realms/acme/account/", Product::OTHER, "https://id.example.org/realms/acme"),
            (
                "https://id.example.org/auth/realms/acme/protocol/x",
                Product::KEYCLOAK,
                "https://id.example.org/auth/realms/acme",
            ),
            (
                "https://id.example.org/admin/master/console/#/acme/clients/1",
                Product::KEYCLOAK,
                "https://id.example.org/realms/acme",
            ),
            (
                "https://id.example.org/auth/admin/acme/console/",
                Product::KEYCLOAK,
                "https://id.example.org/auth/realms/acme",
            ),
            (
                "contoso.onmicrosoft.com",
                Product::ENTRA,
                "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0",
            ),
            (
                "8f0e0000-0000-4000-8000-000000000000",
                Product::ENTRA,
                "https://login.microsoftonline.com/8f0e0000-0000-4000-8000-000000000000/v2.0",
            ),
            (
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                Product::OTHER,
                "https://login.microsoftonline.com/common/v2.0",
            ),
            ("acme.okta.com", Product::OKTA, "https://acme.okta.com"),
            ("https://acme-admin.okta.com/admin/apps", Product::OKTA, "https://acme.okta.com"),
            (
                "https://acme.okta.com/oauth2/default/v1/authorize",
                Product::OTHER,
                "https://acme.okta.com/oauth2/default",
            ),
            ("https://acme.okta.com/oauth2/v1/authorize", Product::OTHER, "https://acme.okta.com"),
            ("", Product::GOOGLE, "https://accounts.google.com"),
            ("accounts.google.com", Product::OTHER, "https://accounts.google.com"),
            ("", Product::GITLAB, "https://gitlab.com"),
            ("gitlab.com/users/sign_in", Product::GITLAB, "https://gitlab.com"),
            ("https://git.example.org", Product::GITLAB, "https://git.example.org"),
            ("https://acme-1.zitadel.cloud/ui/console", Product::ZITADEL, "https://acme-1.zitadel.cloud"),
            ("auth.example.org/application/o/desk", Product::AUTHENTIK, "https://auth.example.org/application/o/desk/"),
            ("eu-west-1_Ab1", Product::COGNITO, "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1"),
            (
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1/.well-known/jwks.json",
                Product::OTHER,
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1",
            ),
        ] {
            assert_eq!(read(text, provider), issuer, "{text} at {provider:?}");
        }
    }

    #[test]
    fn op_1_what_leads_nowhere_safe_is_refused_with_a_reason() {
        for (text, provider, code) in [
            ("", Product::OTHER, Code::BadIssuer),
            ("  ", Product::AUTH0, Code::BadIssuer),
            ("http://idp.example", Product::OTHER, Code::InsecureIssuer),
            ("http://acme.eu.auth0.com", Product::AUTH0, Code::InsecureIssuer),
            ("javascript:alert(1)", Product::OTHER, Code::BadIssuer),
            ("javascript:alert(1)", Product::AUTH0, Code::BadIssuer),
            ("file:///etc/passwd", Product::AUTH0, Code::BadIssuer),
            ("https://u:p@acme.eu.auth0.com", Product::AUTH0, Code::BadIssuer),
            ("acme tenant", Product::OTHER, Code::BadIssuer),
            ("https://id.example.org", Product::KEYCLOAK, Code::BadIssuer),
            ("https://auth.example.org", Product::AUTHENTIK, Code::BadIssuer),
            ("https://manage.auth0.com/dashboard/eu/acme", Product::OTHER, Code::BadIssuer),
            ("https://desk.auth.eu-west-1.amazoncognito.com", Product::COGNITO, Code::BadIssuer),
            ("1-2.apps.googleusercontent.com", Product::GOOGLE, Code::BadIssuer),
        ] {
            assert_eq!(issuer_from(text, provider).unwrap_err().code, code, "{text} at {provider:?}");
        }
    }
}
