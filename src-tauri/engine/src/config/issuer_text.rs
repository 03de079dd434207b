use serde_json::{Map, Value};
use url::{Host, Url};

use super::issuer_candidates::issuers_of;
use super::{Issuer, Product};
use crate::problem::{Code, Problem};

/// Reads what a person typed or pasted as their issuer: a domain, an issuer, a discovery link, or what their provider
/// calls it (a tenant, a realm's admin console, a user pool ID). The provider is the one they chose, or
/// [`Product::Other`] to have it told from the address.
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
    if let Some(issuer) = from_word(text, provider) {
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
    let told = Product::of_url(&url);
    let kind = if provider == Product::Other { told } else { provider };
    Issuer::parse(&in_its_form(address, &url, kind)?)
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

/// What leads to an issuer without being an address.
fn from_word(text: &str, provider: Product) -> Option<String> {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    match provider {
        Product::Google if text.is_empty() || matches!(text, "google" | "google.com" | "www.google.com") => {
            Some("https://accounts.google.com".into())
        }
        Product::Gitlab if text.is_empty() => Some("https://gitlab.com".into()),
        Product::Entra if plain && !text.starts_with("login.microsoftonline") => {
            Some(format!("https://login.microsoftonline.com/{text}/v2.0"))
        }
        Product::Cognito if plain => {
            let (region, _) = text.split_once('_')?;
            Some(format!("https://cognito-idp.{region}.amazonaws.com/{text}"))
        }
        _ => None,
    }
}

fn with_scheme(text: &str) -> String {
    if text.contains("://") {
        return text.to_owned();
    }
    let local = Url::parse(&format!("http://{text}")).is_ok_and(|url| match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    });
    format!("{}://{text}", if local { "http" } else { "https" })
}

/// The issuer in the form this product gives it, read from any of its addresses.
fn in_its_form(address: &str, url: &Url, kind: Product) -> Result<String, Problem> {
    let bad = |why: &str| Err(Problem::new(Code::BadIssuer, why));
    let origin = url.origin().ascii_serialization();
    let host = url.host_str().unwrap_or_default();
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).collect();
    match kind {
        Product::Auth0 if host == "manage.auth0.com" => bad(
            "that is Auth0’s dashboard, not your tenant; the domain stands at Applications › your app › Settings › Domain",
        ),
        Product::Auth0 => Ok(format!("{origin}/")),
        Product::Keycloak => match realm(url, &segments) {
            Some((before, realm)) => Ok(format!("{origin}{before}/realms/{realm}")),
            None => bad("the realm is missing; a Keycloak issuer looks like https://host/realms/NAME"),
        },
        Product::Entra if host == "login.microsoftonline.com" => match segments.first() {
            Some(tenant) => Ok(format!("{origin}/{tenant}/v2.0")),
            None => bad("the tenant is missing; give the Directory (tenant) ID or a domain of the tenant"),
        },
        Product::Okta => Ok(okta(url, &segments)),
        Product::Google if host == "accounts.google.com" => Ok(origin),
        Product::Google => bad("Google’s issuer is https://accounts.google.com"),
        Product::Gitlab if host == "gitlab.com" => Ok(origin),
        Product::Zitadel => Ok(origin),
        Product::Authentik => match segments.as_slice() {
            ["application", "o", application, ..] => Ok(format!("{origin}/application/o/{application}/")),
            _ => bad("the application is missing; an authentik issuer looks like https://host/application/o/NAME/"),
        },
        Product::Cognito if host.ends_with(".amazoncognito.com") => {
            bad("that is the domain of the sign-in pages, not the issuer; give the user pool ID")
        }
        Product::Cognito => match segments.first() {
            Some(pool) => Ok(format!("{origin}/{pool}")),
            None => bad("the user pool is missing; give its ID, such as eu-west-1_Ab12Cd34E"),
        },
        _ => Ok(address.to_owned()),
    }
}

/// The realm of any link into a Keycloak, the admin console's included, with the path the server stands under.
fn realm(url: &Url, segments: &[&str]) -> Option<(String, String)> {
    let under = |index: usize| segments[..index].iter().flat_map(|segment| ["/", segment]).collect::<String>();
    if let Some(index) = segments.iter().position(|segment| *segment == "realms") {
        return Some((under(index), (*segments.get(index + 1)?).to_owned()));
    }
    let index = segments.iter().position(|segment| *segment == "admin")?;
    let mut inside = url.fragment().unwrap_or_default().split('/').filter(|part| !part.is_empty() && *part != "realms");
    let realm = inside.next().or_else(|| segments.get(index + 1).copied())?;
    Some((under(index), realm.to_owned()))
}

/// The org itself, or one of its authorization servers; the admin console's host stands for the org's.
fn okta(url: &Url, segments: &[&str]) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = match host.split_once('.') {
        Some((org, domain)) if domain.starts_with("okta") => {
            format!("{}.{domain}", org.strip_suffix("-admin").unwrap_or(org))
        }
        _ => host.to_owned(),
    };
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    let origin = format!("{}://{host}{port}", url.scheme());
    match segments {
        ["oauth2", server, ..] if *server != "v1" => format!("{origin}/oauth2/{server}"),
        _ => origin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, provider: Product) -> String {
        issuer_from(text, provider).unwrap_or_else(|problem| panic!("{text}: {problem}")).to_string()
    }

    #[test]
    fn what_people_paste_becomes_the_issuer_their_provider_means() {
        use Product::{Auth0, Authentik, Cognito, Entra, Gitlab, Google, Keycloak, Okta, Other, Zitadel};
        for (text, provider, issuer) in [
            ("acme.eu.auth0.com", Auth0, "https://acme.eu.auth0.com/"),
            ("  acme.eu.auth0.com/ ", Other, "https://acme.eu.auth0.com/"),
            ("login.acme.example", Auth0, "https://login.acme.example/"),
            ("https://acme.eu.auth0.com/.well-known/openid-configuration", Other, "https://acme.eu.auth0.com/"),
            ("https://acme.eu.auth0.com/authorize?client_id=x", Auth0, "https://acme.eu.auth0.com/"),
            ("<https://id.example.org>", Other, "https://id.example.org"),
            ("\"https://id.example.org/\"", Other, "https://id.example.org/"),
            ("id.example.org/x", Other, "https://id.example.org/x"),
            ("https://id.example.org/x/.well-known/openid-configuration?a=b", Other, "https://id.example.org/x"),
            ("127.0.0.1:8400", Other, "http://127.0.0.1:8400"),
            ("localhost:8400/", Other, "http://localhost:8400/"),
            ("[::1]:8400", Other, "http://[::1]:8400"),
            ("https://127.0.0.1:8400", Other, "https://127.0.0.1:8400"),
            ("https://id.example.org/realms/acme/account/", Other, "https://id.example.org/realms/acme"),
            ("https://id.example.org/auth/realms/acme/protocol/x", Keycloak, "https://id.example.org/auth/realms/acme"),
            (
                "https://id.example.org/admin/master/console/#/acme/clients/1",
                Keycloak,
                "https://id.example.org/realms/acme",
            ),
            ("https://id.example.org/auth/admin/acme/console/", Keycloak, "https://id.example.org/auth/realms/acme"),
            ("contoso.onmicrosoft.com", Entra, "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0"),
            (
                "8f0e0000-0000-4000-8000-000000000000",
                Entra,
                "https://login.microsoftonline.com/8f0e0000-0000-4000-8000-000000000000/v2.0",
            ),
            (
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                Other,
                "https://login.microsoftonline.com/common/v2.0",
            ),
            ("acme.okta.com", Okta, "https://acme.okta.com"),
            ("https://acme-admin.okta.com/admin/apps", Okta, "https://acme.okta.com"),
            ("https://acme.okta.com/oauth2/default/v1/authorize", Other, "https://acme.okta.com/oauth2/default"),
            ("https://acme.okta.com/oauth2/v1/authorize", Other, "https://acme.okta.com"),
            ("", Google, "https://accounts.google.com"),
            ("accounts.google.com", Other, "https://accounts.google.com"),
            ("", Gitlab, "https://gitlab.com"),
            ("gitlab.com/users/sign_in", Gitlab, "https://gitlab.com"),
            ("https://git.example.org", Gitlab, "https://git.example.org"),
            ("https://acme-1.zitadel.cloud/ui/console", Zitadel, "https://acme-1.zitadel.cloud"),
            ("auth.example.org/application/o/desk", Authentik, "https://auth.example.org/application/o/desk/"),
            ("eu-west-1_Ab1", Cognito, "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1"),
            (
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1/.well-known/jwks.json",
                Other,
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1",
            ),
        ] {
            assert_eq!(read(text, provider), issuer, "{text} at {provider:?}");
        }
    }

    #[test]
    fn op_1_what_leads_nowhere_safe_is_refused_with_a_reason() {
        use Product::{Auth0, Authentik, Cognito, Google, Keycloak, Other};
        for (text, provider, code) in [
            ("", Other, Code::BadIssuer),
            ("  ", Auth0, Code::BadIssuer),
            ("http://idp.example", Other, Code::InsecureIssuer),
            ("http://acme.eu.auth0.com", Auth0, Code::InsecureIssuer),
            ("javascript:alert(1)", Other, Code::BadIssuer),
            ("javascript:alert(1)", Auth0, Code::BadIssuer),
            ("file:///etc/passwd", Auth0, Code::BadIssuer),
            ("https://u:p@acme.eu.auth0.com", Auth0, Code::BadIssuer),
            ("acme tenant", Other, Code::BadIssuer),
            ("https://id.example.org", Keycloak, Code::BadIssuer),
            ("https://auth.example.org", Authentik, Code::BadIssuer),
            ("https://manage.auth0.com/dashboard/eu/acme", Other, Code::BadIssuer),
            ("https://desk.auth.eu-west-1.amazoncognito.com", Cognito, Code::BadIssuer),
            ("1-2.apps.googleusercontent.com", Google, Code::BadIssuer),
        ] {
            assert_eq!(issuer_from(text, provider).unwrap_err().code, code, "{text} at {provider:?}");
        }
    }
}
