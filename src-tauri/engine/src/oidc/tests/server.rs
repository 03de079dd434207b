//! A provider that answers what a test orders, for answers that no provider gives on purpose.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use openidconnect::core::CoreJwsSigningAlgorithm as Alg;
use openidconnect::{JsonWebKeyId, PrivateSigningKey as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::NOW;
use crate::config::{Issuer, Profile};
use crate::oidc::keys::tests::{ed25519, sign};
use crate::oidc::{Http, Provider};
use crate::problem::Problem;
use crate::tokens::Secret;

/// An answer: status, header lines, body.
type Answer = (u16, String, Vec<u8>);

#[derive(Clone)]
pub(super) struct Server {
    pub(super) issuer: String,
    pub(super) answers: Arc<Mutex<HashMap<String, Answer>>>,
    /// The requests so far: head and body.
    pub(super) asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { issuer, answers: Arc::default(), asked: Arc::default() };
        server.json("/.well-known/openid-configuration", 200, &server.document());
        server.publish(1, "k");
        let router = Router::new().fallback(respond).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    pub(super) fn document(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "jwks_uri": at("/keys"),
            "userinfo_endpoint": at("/userinfo"),
            "revocation_endpoint": at("/revoke"),
            "id_token_signing_alg_values_supported": ["EdDSA"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    pub(super) fn answer(&self, path: &str, status: u16, headers: &str, body: impl Into<Vec<u8>>) {
        self.answers.lock().unwrap().insert(path.into(), (status, headers.into(), body.into()));
    }

    pub(super) fn json(&self, path: &str, status: u16, body: &Value) {
        self.answer(path, status, "Content-Type: application/json\r\n", body.to_string());
    }

    pub(super) fn publish(&self, seed: u8, kid: &str) {
        let mut key = serde_json::to_value(ed25519(seed, None).as_verification_key()).unwrap();
        key["kid"] = json!(JsonWebKeyId::new(kid.into()));
        self.json("/keys", 200, &json!({ "keys": [key] }));
    }

    /// Requests of `path` so far: request line and body.
    pub(super) fn asked(&self, path: &str) -> Vec<String> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.contains(&format!(" {path} "))).cloned().collect()
    }

    pub(super) fn profile(&self) -> Profile {
        Profile::new("test".parse().unwrap(), Issuer::parse(&self.issuer).unwrap(), "client".into())
    }

    pub(super) async fn discover(&self) -> Result<(Http, Profile, Provider), Problem> {
        let profile = self.profile();
        let http = Http::for_profile(&profile)?;
        let provider = Provider::discover(&http, &profile).await?;
        Ok((http, profile, provider))
    }

    pub(super) fn id_token(&self, seed: u8, kid: &str, nonce: &Secret) -> String {
        let claims = json!({ "iss": self.issuer, "sub": "ada", "aud": "client", "exp": NOW + 300, "iat": NOW,
            "nonce": nonce.expose() });
        sign(&ed25519(seed, None), &Alg::EdDsa, &json!({ "alg": "EdDSA", "kid": kid }), &claims)
    }

    pub(super) fn give_tokens(&self, id_token: &str) {
        let tokens = json!({ "access_token": "at", "token_type": "bearer", "expires_in": "300", "refresh_token": "rt",
            "id_token": id_token });
        self.json("/token", 200, &tokens);
    }
}

/// Notes the request as it came, and answers as ordered; what nobody ordered is not there.
async fn respond(State(server): State<Server>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let mut text = format!("{} {} HTTP/1.1\r\n", head.method, head.uri);
    for (name, value) in &head.headers {
        let _ = write!(text, "{name}: {}\r\n", value.to_str().unwrap());
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    server.asked.lock().unwrap().push(format!("{text}\n{}", String::from_utf8_lossy(&body)));
    let answer = server.answers.lock().unwrap().get(&head.uri.to_string()).cloned();
    let (status, headers, body) = answer.unwrap_or((404, String::new(), Vec::new()));
    let mut response = Response::builder().status(status);
    for (name, value) in headers.lines().filter_map(|line| line.split_once(": ")) {
        response = response.header(name, value);
    }
    response.body(Body::from(body)).unwrap()
}
