//! The provider itself follows the rules that it is meant to check in clients.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::{Client, Response};
use rolecall_provider::{CLIENT_ID, Fault, Options, Provider};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

const CALLBACK: &str = "http://127.0.0.1:49152/callback";
const VERIFIER: &str = "a-verifier-of-more-than-forty-three-characters";

/// A client that builds its requests by hand.
struct App {
    provider: Provider,
    client: Client,
}

impl App {
    #[expect(clippy::disallowed_methods, reason = "an application of its own")]
    fn new(options: Options) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        Self { provider: Provider::start(options).unwrap(), client: builder.build().unwrap() }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.provider.issuer())
    }

    async fn get(&self, path: &str) -> Response {
        self.client.get(self.at(path)).send().await.unwrap()
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let body = encoded(fields);
        let request = self.client.post(self.at(path)).header("content-type", "application/x-www-form-urlencoded");
        request.body(body).send().await.unwrap()
    }

    async fn token(&self, fields: &[(&str, &str)]) -> Value {
        let mut all = vec![("client_id", CLIENT_ID)];
        all.extend(fields);
        serde_json::from_str(&self.post("/token", &all).await.text().await.unwrap()).unwrap()
    }

    async fn code(&self, scope: &str) -> String {
        let asked = encoded(&request(scope));
        let answer = self.post("/authorize", &[("account", "ed"), ("decision", "allow"), ("asked", &asked)]).await;
        let back = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
    }

    async fn redeem(&self, code: &str, verifier: &str, callback: &str) -> Value {
        let grant = ("grant_type", "authorization_code");
        self.token(&[grant, ("code", code), ("code_verifier", verifier), ("redirect_uri", callback)]).await
    }

    async fn sign_in(&self, scope: &str) -> Value {
        self.redeem(&self.code(scope).await, VERIFIER, CALLBACK).await
    }

    async fn refresh(&self, token: &Value) -> Value {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token.as_str().unwrap())]).await
    }

    async fn userinfo(&self, access: &Value) -> u16 {
        let request = self.client.get(self.at("/userinfo")).bearer_auth(access.as_str().unwrap());
        request.send().await.unwrap().status().as_u16()
    }
}

fn request(scope: &str) -> Vec<(&str, &str)> {
    static CHALLENGE: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER)));
    vec![
        ("client_id", CLIENT_ID),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge", CHALLENGE.as_str()),
        ("code_challenge_method", "S256"),
    ]
}

fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

#[tokio::test]
async fn a_code_is_good_once_with_its_own_verifier_and_address() {
    let app = App::new(Options::default());
    let cases = [("another-verifier-of-more-than-forty-three-characters", CALLBACK), ("", CALLBACK)];
    for (verifier, callback) in cases.into_iter().chain([(VERIFIER, "http://127.0.0.1:49153/callback")]) {
        let code = app.code("openid").await;
        assert_eq!(app.redeem(&code, verifier, callback).await["error"], "invalid_grant", "{verifier} {callback}");
        assert_eq!(app.redeem(&code, VERIFIER, CALLBACK).await["error"], "invalid_grant", "spent by the first try");
    }
    assert!(app.sign_in("openid").await["access_token"].is_string());
}

#[tokio::test]
async fn a_code_used_twice_ends_what_it_gave() {
    let app = App::new(Options::default());
    let code = app.code("openid offline_access").await;
    let tokens = app.redeem(&code, VERIFIER, CALLBACK).await;
    assert_eq!(app.userinfo(&tokens["access_token"]).await, 200);
    assert_eq!(app.redeem(&code, VERIFIER, CALLBACK).await["error"], "invalid_grant");
    assert_eq!(app.userinfo(&tokens["access_token"]).await, 401);
    assert_eq!(app.refresh(&tokens["refresh_token"]).await["error"], "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_used_twice_ends_its_whole_family_and_no_other() {
    let app = App::new(Options::default());
    let (first, other) = (app.sign_in("openid offline_access").await, app.sign_in("openid offline_access").await);
    let second = app.refresh(&first["refresh_token"]).await;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(app.refresh(&first["refresh_token"]).await["error"], "invalid_grant");
    assert_eq!(app.refresh(&second["refresh_token"]).await["error"], "invalid_grant");
    assert_eq!(app.userinfo(&second["access_token"]).await, 401);
    assert!(app.refresh(&other["refresh_token"]).await["refresh_token"].is_string());
}

#[tokio::test]
async fn within_the_grace_a_replaced_refresh_token_is_taken_once_more() {
    let app = App::new(Options { grace: 60, ..Options::default() });
    let first = app.sign_in("openid offline_access").await;
    for _ in 0..2 {
        assert!(app.refresh(&first["refresh_token"]).await["refresh_token"].is_string());
    }
}

#[tokio::test]
async fn only_offline_access_brings_a_refresh_token() {
    let app = App::new(Options::default());
    assert!(app.sign_in("openid profile").await["refresh_token"].is_null());
    assert!(app.sign_in("openid offline_access").await["refresh_token"].is_string());
    app.provider.fault(Fault::ConsentForRefreshToken);
    assert!(app.sign_in("openid offline_access").await["refresh_token"].is_null());
}

#[tokio::test]
async fn tokens_are_signed_with_a_published_key_of_either_kind() {
    for (elliptic, algorithm) in [(false, Algorithm::RS256), (true, Algorithm::ES256)] {
        let app = App::new(Options { elliptic, ..Options::default() });
        let tokens = app.sign_in("openid").await;
        app.provider.rotate_keys();
        let later = app.sign_in("openid").await;
        for (tokens, good) in [(tokens, false), (later, true)] {
            let token = tokens["id_token"].as_str().unwrap();
            let header = jsonwebtoken::decode_header(token).unwrap();
            let keys = app.get("/keys").await.text().await.unwrap().replace(r#"{"kid":"odd","kty":"XYZ"},"#, "");
            let keys: JwkSet = serde_json::from_str(&keys).unwrap();
            let Some(key) = keys.find(header.kid.as_deref().unwrap()) else {
                assert!(!good && header.alg == algorithm, "the key before the change is published no more");
                continue;
            };
            let mut rules = Validation::new(header.alg);
            rules.set_audience(&[CLIENT_ID]);
            let claims = jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &rules).unwrap();
            assert!(good && claims.claims["sub"] == "demo|ed" && claims.claims["nonce"] == "n");
        }
    }
}

#[tokio::test]
async fn a_wrong_request_is_refused_on_the_page_and_never_leads_away() {
    let app = App::new(Options::default());
    for (name, value) in [
        ("client_id", "another"),
        ("redirect_uri", "http://127.0.0.1:49152/other"),
        ("redirect_uri", "http://127.0.0.1:49152/callback?x=1"),
        ("redirect_uri", "http://127.0.0.1.evil.example/callback"),
        ("redirect_uri", "https://127.0.0.1/callback"),
        ("response_type", "token"),
        ("scope", "profile"),
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
    ] {
        let mut fields = request("openid");
        for field in &mut fields {
            if field.0 == name {
                field.1 = value;
            }
        }
        let asked = encoded(&fields);
        let decided = app.post("/authorize", &[("account", "ed"), ("decision", "allow"), ("asked", &asked)]).await;
        for answer in [app.get(&format!("/authorize?{asked}")).await, decided] {
            assert_eq!(answer.status(), 400, "{name} {value}");
            assert!(!answer.headers().contains_key("location"), "{name} {value}");
        }
    }
}

#[tokio::test]
async fn the_sign_in_page_shows_text_from_the_link_as_text() {
    let app = App::new(Options::default());
    let page = app.get(&format!("/authorize?{}", encoded(&request("openid <script>'\"")))).await.text().await.unwrap();
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"));
}

#[tokio::test]
async fn a_revoked_token_is_worthless_with_all_that_came_from_it() {
    let app = App::new(Options::default());
    let tokens = app.sign_in("openid offline_access").await;
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(app.post("/revoke", &[("token", token)]).await.status(), 401, "which application asks must be said");
    assert_eq!(app.userinfo(&tokens["access_token"]).await, 200);
    assert_eq!(app.post("/revoke", &[("token", token), ("client_id", CLIENT_ID)]).await.status(), 200);
    assert_eq!(app.userinfo(&tokens["access_token"]).await, 401);
    assert_eq!(app.refresh(&tokens["refresh_token"]).await["error"], "invalid_grant");
    assert_eq!(app.post("/revoke", &[("token", "unknown"), ("client_id", CLIENT_ID)]).await.status(), 200);
}

#[tokio::test]
async fn accounts_are_changed_by_the_providers_own_page_and_by_scripts_alone() {
    let app = App::new(Options::default());
    let own = app.provider.issuer();
    let host = own.trim_start_matches("http://").to_owned();
    for (origin, host, status) in [
        (Some("https://evil.example"), host.as_str(), 403),
        (Some("null"), &host, 403),
        (Some("http://evil.example"), "evil.example", 403),
        (None, "evil.example:8400", 403),
        (Some(own.as_str()), &host, 303),
    ] {
        let mut request = app.client.post(app.at("/accounts/ed")).header("host", host);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let request = request.header("content-type", "application/x-www-form-urlencoded").body("role=Auditor&role=");
        assert_eq!(request.send().await.unwrap().status(), status, "{origin:?} {host}");
        let roles = &app.provider.accounts()[0].roles;
        assert_eq!(roles, if status == 303 { &["Auditor"] } else { &["Editor"] });
    }
    let script = app.client.post(app.at("/accounts/ed")).header("content-type", "application/json");
    let answer = script.body(r#"{"roles":["Editor","Publisher"]}"#).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let ed = &app.provider.accounts()[0];
    assert_eq!((ed.roles.len(), ed.groups.len()), (2, 0), "what a script leaves out stays as the form left it");
}

#[tokio::test]
async fn requests_are_told_one_by_one_with_the_names_of_fields_and_no_value() {
    let app = App::new(Options::default());
    let tokens = app.sign_in("openid offline_access").await;
    app.provider.forget_requests();
    let token = tokens["refresh_token"].as_str().unwrap();
    let fields = [("client_id", CLIENT_ID), ("grant_type", "refresh_token"), ("refresh_token", token)];
    let all: Vec<_> = (0..8)
        .map(|_| {
            let request = app.client.post(app.at("/token"));
            let request = request.header("content-type", "application/x-www-form-urlencoded").body(encoded(&fields));
            tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    assert_eq!(app.provider.token_requests("refresh_token"), 8);
    let told = app.provider.requests();
    assert_eq!(told.iter().filter(|request| request.status == Some(200)).count(), 1);
    assert_eq!(told.iter().filter(|request| request.status == Some(400)).count(), 7);
    assert_eq!(told[0].fields, ["client_id", "grant_type", "refresh_token"]);
    assert!(!format!("{told:?}").contains(token));
    assert!(app.provider.secrets().iter().any(|secret| secret == token));
}

#[tokio::test]
async fn stopped_it_is_really_gone_and_comes_back_where_it_was() {
    let app = App::new(Options::default());
    let tokens = app.sign_in("openid offline_access").await;
    app.provider.stop();
    let address = app.provider.issuer().replace("http://", "");
    assert!(std::net::TcpStream::connect(address).is_err());
    assert!(app.client.get(app.at("/keys")).send().await.is_err(), "a connection kept open is cut as well");
    app.provider.resume().unwrap();
    assert!(app.refresh(&tokens["refresh_token"]).await["access_token"].is_string(), "what it knew it still knows");
}

#[test]
fn the_program_says_in_one_line_who_it_is_and_ends_with_whoever_started_it() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rolecall-demo-provider"))
        .arg("--until-stdin-closes")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let address = told["issuer"].as_str().unwrap().trim_start_matches("http://").to_owned();
    assert_eq!(told["client_id"], CLIENT_ID);
    assert!(std::net::TcpStream::connect(&address).is_ok());
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(std::net::TcpStream::connect(&address).is_err());
}
