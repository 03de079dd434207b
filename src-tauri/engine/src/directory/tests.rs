//! Which token goes where, and what addresses are made.

use url::Url;

use super::keycloak_roles::admin_of;
use super::*;
use crate::config::Issuer;
use crate::identity::{Asked, Kind};
use crate::redact::Redactor;
use crate::tokens::Secret;

fn origin_of(product: Product, issuer: &str) -> Option<String> {
    match (api_of(product)?.token)(&Session::for_test(issuer)) {
        TokenFor::Made { origin, .. } => Some(origin.ascii_serialization()),
        TokenFor::Session | TokenFor::Userinfo | TokenFor::None(_) => None,
    }
}

#[test]
fn dr_2_graph_has_the_host_of_the_issuer_s_cloud_and_no_other_issuer_has_one() {
    for (issuer, graph) in [
        ("https://login.microsoftonline.com/t/v2.0", Some("https://graph.microsoft.com")),
        ("https://login.microsoftonline.us/t/v2.0", Some("https://graph.microsoft.us")),
        ("https://login.partner.microsoftonline.cn/t/v2.0", Some("https://microsoftgraph.chinacloudapi.cn")),
        ("https://acme.ciamlogin.com/t/v2.0", Some("https://graph.microsoft.com")),
        ("https://login.microsoftonline.com.evil.example/t/v2.0", None),
        ("https://id.example.org/", None),
    ] {
        assert_eq!(origin_of(Product::ENTRA, issuer).as_deref(), graph, "{issuer}");
    }
    let asked = (api_of(Product::ENTRA).unwrap().token)(&Session::for_test("https://login.microsoftonline.us/t/v2.0"));
    let TokenFor::Made { wanted, .. } = asked else { panic!("{asked:?}") };
    assert_eq!(wanted, [("scope", "https://graph.microsoft.us/User.Read".to_owned())], "never resource beside scope");
}

#[test]
fn dr_2_auth0_s_own_api_is_asked_at_the_tenant_alone() {
    let tenant = origin_of(Product::AUTH0, "https://acme.eu.auth0.com/");
    assert_eq!(tenant.as_deref(), Some("https://acme.eu.auth0.com"));
    assert_eq!(origin_of(Product::AUTH0, "https://login.acme.example/"), None, "its audience is not known");
    assert_eq!(origin_of(Product::AUTH0, "https://acme.auth0.com.evil.example/"), None);
}

#[test]
fn keycloak_s_admin_api_stands_beside_the_realm_and_takes_nothing_for_a_path() {
    let admin = |issuer: &str| admin_of(&Session::for_test(issuer));
    let user = |issuer: &str, id: &str| admin(issuer).and_then(|admin| admin.user(id)).map(String::from);
    let at = "https://id.example.org/admin/realms/acme/users/";
    assert_eq!(user("https://id.example.org/realms/acme", "1").as_deref(), Some(&*format!("{at}1")));
    assert_eq!(
        user("https://id.example.org/auth/realms/acme", "1").as_deref(),
        Some("https://id.example.org/auth/admin/realms/acme/users/1")
    );
    assert_eq!(
        user("https://id.example.org/realms/acme", "../x?y#z").as_deref(),
        Some(&*format!("{at}..%2Fx%3Fy%23z"))
    );
    assert!(admin("https://id.example.org/").is_none());
}

#[tokio::test]
async fn dr_2_nothing_is_sent_to_another_origin_than_the_one_that_was_fixed() {
    let issuer = Issuer::parse("https://id.example.org").unwrap();
    let http = crate::oidc::Http::for_issuer(&issuer).unwrap();
    let session = Session::for_test("https://id.example.org");
    let token = Secret::new("a-token-of-the-directory".into());
    let mut asking = Asking::new(http, token, issuer.url().origin(), Redactor::default(), session);
    for url in ["https://evil.example/x", "http://id.example.org/x", "https://id.example.org:8443/x"] {
        let reply = asking.get("a test", &Url::parse(url).unwrap()).await.unwrap();
        assert!(matches!(reply, Reply::Unusable(_)), "{url}: {reply:?}");
    }
    assert!(asking.into_requests().is_empty());
}

#[test]
fn every_product_is_either_asked_or_says_what_to_ask_instead() {
    for product in Product::all() {
        let said = product.directory;
        assert!(api_of(product).is_some() || said.len() > 40, "{product:?}");
        assert!(said.ends_with('.') || said.ends_with(")."), "{product:?}: {said}");
    }
}

#[test]
fn live_userinfo_asks_only_kinds_whose_claim_came() {
    let claims = |value: serde_json::Value| value.as_object().cloned().unwrap();
    let userinfo = |value| crate::oidc::Userinfo { claims: claims(value), verified: crate::identity::Verified::Tls };
    let state = |value, kind| {
        let (kinds, ..) = answer_of_userinfo(userinfo(value), Product::AUTHELIA, &Redactor::default()).finish();
        kinds.into_iter().find(|answer| answer.kind == kind).unwrap().state
    };
    assert_eq!(state(serde_json::json!({"sub": "1", "groups": ["a"]}), Kind::Group), Asked::Fully);
    assert_eq!(
        state(serde_json::json!({"sub": "1", "groups": []}), Kind::Group),
        Asked::Fully,
        "none, and that is said"
    );
    assert_eq!(state(serde_json::json!({"sub": "1"}), Kind::Group), Asked::CouldNotBeAsked);
    assert_eq!(state(serde_json::json!({"sub": "1", "groups": ["a"]}), Kind::Role), Asked::CouldNotBeAsked);
}
