use serde_json::{Value, json};
use url::Url;

use super::*;

fn recognized(issuer: &str, discovery: Option<&Value>) -> (Product, Confidence) {
    let issuer = Url::parse(issuer).unwrap();
    let told = Recognition::of(None, &issuer, discovery.map(|document| document.as_object().unwrap()));
    (told.product, told.confidence)
}

#[test]
fn every_word_leads_back_to_its_product_and_is_what_is_stored() {
    for (index, product) in Product::all().enumerate() {
        assert_eq!(Product::of_word(&product.word.to_uppercase()), Some(product));
        assert_eq!(serde_json::to_value(product).unwrap(), product.word);
        assert_eq!(serde_json::from_value::<Product>(json!(product.word)).unwrap(), product);
        assert!(Product::all().take(index).all(|earlier| earlier != product), "{product:?} stands there twice");
    }
    assert_eq!(serde_json::from_value::<Product>(json!("of a later version")).unwrap(), Product::OTHER);
}

#[test]
fn the_issuers_host_makes_a_product_certain_and_the_shape_of_its_path_likely() {
    for (issuer, product, confidence) in [
        ("https://acme.eu.auth0.com/", Product::AUTH0, Confidence::Certain),
        ("https://notauth0.com/", Product::OTHER, Confidence::Unknown),
        ("https://auth0.com.evil.example/", Product::OTHER, Confidence::Unknown),
        ("https://id.example.org/auth/realms/acme", Product::KEYCLOAK, Confidence::Likely),
        ("https://login.microsoftonline.com/common/v2.0", Product::ENTRA, Confidence::Certain),
        ("https://acme.okta.com/oauth2/default", Product::OKTA, Confidence::Certain),
        ("https://acme.oktapreview.com", Product::OKTA, Confidence::Certain),
        ("https://accounts.google.com", Product::GOOGLE, Confidence::Certain),
        ("https://gitlab.com", Product::GITLAB, Confidence::Certain),
        ("https://acme-x1.zitadel.cloud", Product::ZITADEL, Confidence::Certain),
        ("https://auth.example.org/application/o/desk/", Product::AUTHENTIK, Confidence::Likely),
        ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1", Product::COGNITO, Confidence::Certain),
        ("http://127.0.0.1:8400", Product::OTHER, Confidence::Unknown),
    ] {
        assert_eq!(recognized(issuer, None), (product, confidence), "{issuer}");
    }
}

/// The endpoints as each product's own discovery document names them, below one host.
fn endpoints(pairs: &[(&str, &str)]) -> Value {
    let members =
        pairs.iter().map(|(member, path)| ((*member).to_owned(), json!(format!("https://id.example.org{path}"))));
    Value::Object(members.collect())
}

const AUTH: &str = "authorization_endpoint";
const TOKEN: &str = "token_endpoint";
const JWKS: &str = "jwks_uri";
const USERINFO: &str = "userinfo_endpoint";
const END: &str = "end_session_endpoint";

/// The endpoints of servers, as far as they tell them apart.
const SERVERS: &[(Product, &[(&str, &str)])] = &[
    (
        Product::GITEA,
        &[
            (AUTH, "/login/oauth/authorize"),
            (TOKEN, "/login/oauth/access_token"),
            (JWKS, "/login/oauth/keys"),
            (USERINFO, "/login/oauth/userinfo"),
        ],
    ),
    (
        Product::CASDOOR,
        &[
            (AUTH, "/login/oauth/authorize"),
            (TOKEN, "/api/login/oauth/access_token"),
            (JWKS, "/.well-known/jwks"),
            (USERINFO, "/api/userinfo"),
        ],
    ),
    (
        Product::GLEWLWYD,
        &[
            (AUTH, "/api/oidc/auth"),
            (TOKEN, "/api/oidc/token"),
            (JWKS, "/api/oidc/jwks"),
            (USERINFO, "/api/oidc/userinfo"),
        ],
    ),
    (
        Product::LOGTO,
        &[
            (AUTH, "/oidc/auth"),
            (TOKEN, "/oidc/token"),
            (JWKS, "/oidc/jwks"),
            (USERINFO, "/oidc/me"),
            (END, "/oidc/session/end"),
        ],
    ),
    (
        Product::LEMONLDAP,
        &[
            (AUTH, "/oauth2/authorize"),
            (TOKEN, "/oauth2/token"),
            (JWKS, "/oauth2/jwks"),
            (USERINFO, "/oauth2/userinfo"),
            (END, "/oauth2/logout"),
        ],
    ),
    (
        Product::FUSIONAUTH,
        &[
            (AUTH, "/oauth2/authorize"),
            (TOKEN, "/oauth2/token"),
            (JWKS, "/.well-known/jwks.json"),
            (USERINFO, "/oauth2/userinfo"),
            (END, "/oauth2/logout"),
        ],
    ),
    (
        Product::CANAILLE,
        &[
            (AUTH, "/oauth/authorize"),
            (TOKEN, "/oauth/token"),
            (JWKS, "/oauth/jwks.json"),
            (USERINFO, "/oauth/userinfo"),
            (END, "/oauth/end_session"),
        ],
    ),
    (
        Product::ORY,
        &[(AUTH, "/oauth2/auth"), (TOKEN, "/oauth2/token"), (JWKS, "/.well-known/jwks.json"), (USERINFO, "/userinfo")],
    ),
    (
        Product::POCKET_ID,
        &[
            (AUTH, "/authorize"),
            (TOKEN, "/api/oidc/token"),
            (JWKS, "/.well-known/jwks.json"),
            (USERINFO, "/api/oidc/userinfo"),
            (END, "/api/oidc/end-session"),
        ],
    ),
    (
        Product::AUTHELIA,
        &[
            (AUTH, "/api/oidc/authorization"),
            (TOKEN, "/api/oidc/token"),
            (JWKS, "/jwks.json"),
            (USERINFO, "/api/oidc/userinfo"),
        ],
    ),
    (
        Product::KEYCLOAK,
        &[(AUTH, "/realms/a/protocol/openid-connect/auth"), (TOKEN, "/realms/a/protocol/openid-connect/token")],
    ),
    (Product::ZITADEL, &[(AUTH, "/oauth/v2/authorize"), (TOKEN, "/oauth/v2/token"), (JWKS, "/oauth/v2/keys")]),
    (Product::GITLAB, &[(AUTH, "/oauth/authorize"), (TOKEN, "/oauth/token"), (JWKS, "/oauth/discovery/keys")]),
    (
        Product::RAUTHY,
        &[(AUTH, "/auth/v1/oidc/authorize"), (TOKEN, "/auth/v1/oidc/token"), (JWKS, "/auth/v1/oidc/certs")],
    ),
    (
        Product::DEX,
        &[
            (AUTH, "/dex/auth"),
            (TOKEN, "/dex/token"),
            (JWKS, "/dex/keys"),
            ("device_authorization_endpoint", "/dex/device/code"),
        ],
    ),
    // Servers of other products that look similar.
    (
        Product::OTHER,
        &[
            (AUTH, "/oauth2/authorize"),
            (TOKEN, "/oauth2/token"),
            (JWKS, "/oauth2/jwks"),
            (USERINFO, "/userinfo"),
            (END, "/connect/logout"),
        ],
    ),
    (Product::OTHER, &[(AUTH, "/auth"), (TOKEN, "/token"), (JWKS, "/jwks"), (USERINFO, "/me"), (END, "/session/end")]),
    (Product::OTHER, &[(AUTH, "/authorize"), (TOKEN, "/token"), (JWKS, "/keys"), (USERINFO, "/userinfo")]),
];

#[test]
fn one_mark_alone_recognizes_no_product_and_products_that_look_alike_are_told_apart() {
    for (product, pairs) in SERVERS {
        let product = *product;
        let told = recognized("https://id.example.org", Some(&endpoints(pairs))).0;
        assert_eq!(told, product, "{pairs:?}");
        if product != Product::OTHER {
            for pair in *pairs {
                let one = recognized("https://id.example.org", Some(&endpoints(&[*pair]))).0;
                assert!(one != product || product.marks.len() < 2, "{pair:?} alone is taken for {product:?}");
            }
        }
    }
}

#[test]
fn what_the_profile_says_goes_before_everything() {
    let issuer = Url::parse("https://acme.eu.auth0.com/").unwrap();
    let told = Recognition::of(Some(Product::KEYCLOAK), &issuer, None);
    assert_eq!((told.product, told.confidence), (Product::KEYCLOAK, Confidence::Configured));
    assert_eq!(told.sure(), Some(Product::KEYCLOAK));
    assert_eq!(Recognition::of(None, &Url::parse("https://id.example.org/realms/a").unwrap(), None).sure(), None);
}

#[test]
fn what_a_product_gives_to_everybody_is_known_by_product() {
    for (product, value, context, known) in [
        (Product::KEYCLOAK, "default-roles-acme", None, true),
        (Product::KEYCLOAK, "manage-account", Some("account"), true),
        (Product::KEYCLOAK, "manage-account", None, false),
        (Product::KEYCLOAK, "manage-users", Some("account"), false),
        (Product::KEYCLOAK, "Everyone", None, false),
        (Product::OKTA, "Everyone", None, true),
        (Product::SUPABASE, "authenticated", None, true),
        (Product::OTHER, "Everyone", None, true),
        (Product::OTHER, "offline_access", None, true),
        (Product::FUSIONAUTH, "Everyone", None, false),
    ] {
        assert_eq!((product.conventions().is_default)(value, context), known, "{product:?} {value}");
    }
}

#[test]
fn only_products_that_know_offline_access_are_asked_for_it() {
    let without: Vec<&str> =
        Product::all().filter(|product| !product.scopes.contains("offline_access")).map(Product::word).collect();
    assert_eq!(without, ["google", "gitlab", "cognito", "firebase", "canaille", "salesforce", "gitea"]);
}

/// Advice must not name a scope: the provider's metadata decides whether one helps.
#[test]
fn advice_on_what_to_send_names_no_scope_to_ask_for() {
    for product in Product::all() {
        for text in [product.send, product.assign] {
            assert!(
                !text.contains("Ask for the scope") && !text.contains("to the profile’s scopes"),
                "{product:?}: {text}"
            );
        }
        assert!(product.send.len() >= 60 && product.assign.len() >= 20, "{product:?}");
    }
}
