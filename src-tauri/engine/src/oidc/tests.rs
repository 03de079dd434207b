//! The requests, against a listener that answers what a test orders.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::BoxFuture;
use openidconnect::core::CoreJwsSigningAlgorithm as Alg;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::keys::tests::{ed25519, sign};
use super::*;
use crate::config::{Issuer, Profile};
use crate::identity::Verified;
use crate::ports::{Clock, Timestamp};
use crate::problem::{Code, Problem};
use crate::tokens::Secret;

mod limits;
mod refusals;
mod server;

use server::Server;

const NOW: i64 = 1_700_000_000;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp(NOW)
    }

    fn boot(&self) -> Duration {
        Duration::ZERO
    }

    fn alarm(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

fn request(provider: &Provider, profile: &Profile) -> AuthorizationRequest {
    let redirect = Url::parse("http://127.0.0.1:4711/callback").unwrap();
    provider.authorize(profile, &redirect, &AuthorizeOptions::default()).unwrap()
}

async fn redeem(
    http: &Http,
    profile: &Profile,
    provider: &Provider,
    request: &AuthorizationRequest,
) -> Result<Grant, Problem> {
    provider.redeem(http, profile, request, Secret::new("c&de".into()), &Fixed).await
}

#[tokio::test]
async fn a_code_is_exchanged_as_a_public_client_and_gives_tokens() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let request = request(&provider, &profile);
    assert!(request.issuer_required);
    server.give_tokens(&server.id_token(1, "k", &request.nonce));
    let grant = redeem(&http, &profile, &provider, &request).await.unwrap();
    assert_eq!(grant.id.subject, "ada");
    assert_eq!(grant.tokens.refresh.unwrap().expose(), "rt");
    assert_eq!((grant.tokens.expires_at, grant.tokens.obtained_at), (Some(Timestamp(NOW + 300)), Timestamp(NOW)));
    let asked = server.asked("/token");
    let form: HashMap<_, _> = url::form_urlencoded::parse(asked[0].lines().last().unwrap().as_bytes()).collect();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "c&de");
    assert_eq!(form["client_id"], "client");
    assert_eq!(form["redirect_uri"], "http://127.0.0.1:4711/callback");
    assert_eq!(form["code_verifier"], request.verifier.expose());
    assert!(!asked[0].to_ascii_lowercase().contains("authorization:"));
    assert!(
        asked[0].contains(concat!("Rolecall/", env!("CARGO_PKG_VERSION"))) && asked[0].contains("application/json")
    );
}

#[tokio::test]
async fn keys_are_fetched_anew_once_when_the_provider_changed_them() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let request = request(&provider, &profile);
    server.publish(2, "new");
    server.give_tokens(&server.id_token(2, "new", &request.nonce));
    redeem(&http, &profile, &provider, &request).await.unwrap();
    redeem(&http, &profile, &provider, &request).await.unwrap();
    assert_eq!(server.asked("/keys").len(), 2);
}

#[tokio::test]
async fn op_3_no_redirect_is_followed_anywhere() {
    let (server, elsewhere) = (Server::start().await, Server::start().await);
    let (http, profile, provider) = server.discover().await.unwrap();
    let (request, access) = (request(&provider, &profile), Secret::new("at".into()));
    for status in [301, 302, 303, 307, 308] {
        for path in ["/.well-known/openid-configuration", "/keys", "/token", "/userinfo", "/revoke"] {
            server.answer(path, status, &format!("Location: {}{path}\r\n", elsewhere.issuer), "");
        }
        assert_eq!(redeem(&http, &profile, &provider, &request).await.unwrap_err().code, Code::AnswerBroken);
        assert_eq!(provider.refresh(&http, &profile, &access, &Fixed).await.unwrap_err().code, Code::AnswerBroken);
        assert_eq!(provider.userinfo(&http, &profile, &access, "ada").await.unwrap_err().code, Code::AnswerBroken);
        assert_eq!(provider.revoke(&http, &profile, &access, true).await.unwrap_err().code, Code::AnswerBroken);
        let problem = Provider::discover(&http, &profile).await.unwrap_err();
        assert_eq!(problem.code, Code::NotAnIssuer);
        assert!(problem.detail.contains(&elsewhere.issuer), "{}", problem.detail);
    }
    assert_eq!(elsewhere.asked.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn what_is_no_issuer_or_in_trouble_is_told_apart() {
    let path = "/.well-known/openid-configuration";
    for (status, body, code) in [
        (404, "{}", Code::NotAnIssuer),
        (401, "", Code::NotAnIssuer),
        (200, "<html>", Code::NotAnIssuer),
        (200, "[]", Code::NotAnIssuer),
        (200, "{}", Code::NotAnIssuer),
        (200, r#"{"issuer":7}"#, Code::NotAnIssuer),
        (500, "{}", Code::ProviderFailing),
        (503, "", Code::ProviderFailing),
        (429, "", Code::ProviderFailing),
    ] {
        let server = Server::start().await;
        server.answer(path, status, "", body);
        assert_eq!(server.discover().await.unwrap_err().code, code, "{status} {body}");
    }
    let server = Server::start().await;
    server.answer(path, 200, "", vec![b' '; 2 * 1024 * 1024 + 1]);
    let problem = server.discover().await.unwrap_err();
    assert_eq!(problem.code, Code::AnswerBroken);
    assert!(problem.detail.contains("2 MiB"), "{}", problem.detail);
}

#[tokio::test]
async fn the_issuer_is_compared_byte_for_byte_and_both_are_named() {
    let server = Server::start().await;
    let mut document = server.document();
    document["issuer"] = json!(format!("{}/", server.issuer));
    server.json("/.well-known/openid-configuration", 200, &document);
    let problem = server.discover().await.unwrap_err();
    assert_eq!(problem.code, Code::IssuerMismatch);
    assert!(problem.detail.contains(&format!("'{}/'", server.issuer)), "{}", problem.detail);
    assert!(problem.detail.contains(&format!("'{}'", server.issuer)), "{}", problem.detail);
    let issuer = Issuer::parse(&server.issuer).unwrap();
    let stated = published_issuer(&Http::for_issuer(&issuer).unwrap(), &issuer).await.unwrap();
    assert_eq!(stated, format!("{}/", server.issuer));
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_unreachable_in_plain_words() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = Issuer::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let problem = published_issuer(&Http::for_issuer(&issuer).unwrap(), &issuer).await.unwrap_err();
    assert_eq!(problem.code, Code::Unreachable);
    assert_eq!(problem.detail, format!("{} refuses the connection: nothing listens there", issuer.host()));
}

#[tokio::test]
async fn userinfo_must_be_about_the_same_person() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let access = Secret::new("at-canary".into());
    let ask = || provider.userinfo(&http, &profile, &access, "ada");
    server.json("/userinfo", 200, &json!({ "sub": "ada", "roles": ["x"], "updated_at": "2024-01-01" }));
    let userinfo = ask().await.unwrap().unwrap();
    assert_eq!((userinfo.verified, &userinfo.claims["roles"]), (Verified::Tls, &json!(["x"])));
    assert!(server.asked("/userinfo")[0].contains("Bearer at-canary"));
    for (body, code) in [
        (json!({ "sub": "eve" }), Code::SubjectChanged),
        (json!({ "sub": 1 }), Code::AnswerBroken),
        (json!({}), Code::AnswerBroken),
        (json!([]), Code::AnswerBroken),
    ] {
        server.json("/userinfo", 200, &body);
        assert_eq!(ask().await.unwrap_err().code, code, "{body}");
    }
    let challenge = "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"at-canary has run out\"\r\n";
    server.answer("/userinfo", 401, challenge, "");
    let problem = ask().await.unwrap_err();
    assert_eq!(problem.code, Code::Refused);
    assert!(problem.detail.contains("… has run out"), "{}", problem.detail);
    server.answer("/userinfo", 503, "", "");
    assert_eq!(ask().await.unwrap_err().code, Code::ProviderFailing);
}

#[tokio::test]
async fn a_signed_userinfo_answer_is_verified_or_refused() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let access = Secret::new("at".into());
    let good = json!({ "iss": server.issuer, "aud": "client", "sub": "ada" });
    let token = |seed: u8, claims: &Value| {
        sign(&ed25519(seed, None), &Alg::EdDsa, &json!({ "alg": "EdDSA", "kid": "k" }), claims)
    };
    let serve =
        |body: String| server.answer("/userinfo", 200, "Content-Type: application/jwt; charset=utf-8\r\n", body);
    serve(token(1, &good));
    let userinfo = provider.userinfo(&http, &profile, &access, "ada").await.unwrap().unwrap();
    assert_eq!(userinfo.verified, Verified::Signature);
    let foreign = json!({ "iss": server.issuer, "aud": "other", "sub": "ada" });
    let stranger = json!({ "iss": "https://other.example", "aud": "client", "sub": "ada" });
    for body in [token(2, &good), token(1, &foreign), token(1, &stranger), good.to_string()] {
        serve(body);
        let problem = provider.userinfo(&http, &profile, &access, "ada").await.unwrap_err();
        assert_eq!(problem.code, Code::AnswerNotTrusted);
    }
}

#[tokio::test]
async fn a_refresh_gives_what_came_before_anything_is_verified() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let nonce = Secret::new("n".into());
    let first = IdClaims::of_stored(&Secret::new(server.id_token(1, "k", &nonce))).unwrap();
    let old = Secret::new("old".into());
    server.give_tokens("not a token");
    let refreshed = provider.refresh(&http, &profile, &old, &Fixed).await.unwrap();
    assert_eq!(refreshed.refresh.as_ref().unwrap().expose(), "rt");
    let verified = provider.verify_refreshed(&http, &profile, &refreshed, &first, &Fixed).await;
    assert_eq!(verified.unwrap_err().code, Code::AnswerNotTrusted);
    server.give_tokens(&server.id_token(1, "k", &nonce));
    let refreshed = provider.refresh(&http, &profile, &old, &Fixed).await.unwrap();
    let verified = provider.verify_refreshed(&http, &profile, &refreshed, &first, &Fixed).await.unwrap();
    assert_eq!(verified.unwrap().subject, "ada");
    server.json("/token", 200, &json!({ "access_token": "at", "token_type": "Bearer" }));
    let refreshed = provider.refresh(&http, &profile, &old, &Fixed).await.unwrap();
    assert!(refreshed.refresh.is_none() && refreshed.expires_at.is_none());
    assert!(provider.verify_refreshed(&http, &profile, &refreshed, &first, &Fixed).await.unwrap().is_none());
}

#[tokio::test]
async fn kc_6_a_revocation_says_whether_the_token_is_gone() {
    let server = Server::start().await;
    let (http, profile, provider) = server.discover().await.unwrap();
    let token = Secret::new("rt".into());
    server.answer("/revoke", 200, "", "");
    assert!(provider.revoke(&http, &profile, &token, true).await.unwrap());
    assert!(server.asked("/revoke")[0].ends_with("token=rt&token_type_hint=refresh_token&client_id=client"));
    server.answer("/revoke", 503, "", "");
    assert_eq!(provider.revoke(&http, &profile, &token, true).await.unwrap_err().code, Code::ProviderFailing);
    server.json("/revoke", 400, &json!({ "error": "unsupported_token_type" }));
    assert_eq!(provider.revoke(&http, &profile, &token, false).await.unwrap_err().code, Code::Refused);
    let mut document = server.document();
    document.as_object_mut().unwrap().remove("revocation_endpoint");
    server.json("/.well-known/openid-configuration", 200, &document);
    let (http, profile, provider) = server.discover().await.unwrap();
    assert!(!provider.revoke(&http, &profile, &token, true).await.unwrap());
}

#[tokio::test]
async fn a_file_of_certificates_that_cannot_be_used_is_a_bad_setting() {
    let folder = tempfile::tempdir().unwrap();
    let mut profile = Server::start().await.profile();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (name, text) in [("missing", None), ("empty", Some("")), ("text", Some("hello")), ("broken", Some(broken))] {
        let path = folder.path().join(name);
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
        }
        profile.ca_file = Some(path);
        let problem = Http::for_profile(&profile).unwrap_err();
        assert_eq!(problem.code, Code::BadSetting);
        assert!(problem.detail.contains(name), "{}", problem.detail);
    }
}

#[test]
fn access_tokens_are_looked_into_and_never_trusted_without_a_signature() {
    let (provider, _) = keys::tests::provider();
    let read = |token: &str| provider.read_access_token(&Secret::new(token.into()), Timestamp(NOW));
    let header = json!({ "alg": "EdDSA", "kid": "k", "typ": "at+jwt" });
    for (seed, expected) in [(1, Verified::Signature), (2, Verified::None)] {
        let token = sign(
            &ed25519(seed, None),
            &Alg::EdDsa,
            &header,
            &json!({ "iss": "https://idp.example", "exp": NOW + 60, "roles": ["x"] }),
        );
        let AccessToken::Jwt { claims, verified } = read(&token) else { panic!("{token}") };
        assert_eq!((verified, &claims["roles"]), (expected, &json!(["x"])));
    }
    assert!(matches!(read("e30.a.b.c.d"), AccessToken::Encrypted));
    assert!(matches!(read("gho_opaque"), AccessToken::Opaque));
}
