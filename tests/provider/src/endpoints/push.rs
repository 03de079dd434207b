use std::time::Duration;

use axum::extract::State as Given;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Form, Json};
use serde_json::json;
use tokio::time::Instant;

use super::authorize::{Asked, check};
use super::{named, ordered, refuse};
use crate::claims::ordered as ordered_json;
use crate::faults::{Endpoint, Fault};
use crate::state::{Pushed, Shared, lock, random};

/// How names of requests begin (RFC 9126 section 2.2).
const NAME: &str = "urn:ietf:params:oauth:request_uri:";

/// Keeps an authorization request and gives out a name for it (RFC 9126 section 2).
pub(crate) async fn push(Given(state): Given<Shared>, headers: HeaderMap, Form(asked): Form<Asked>) -> Response {
    if let Some(instead) = ordered(&state, Endpoint::Push).await {
        return instead;
    }
    let mut state = lock(&state);
    if let Some((error, words)) = state.faults.iter().find_map(|fault| match fault {
        Fault::PushError(error, words) => Some((*error, *words)),
        _ => None,
    }) {
        return refuse(StatusCode::BAD_REQUEST, error, words);
    }
    // The request names its application whoever the header names; a secret that is wanted stands in the header.
    let wants_secret = state.faults.iter().any(|fault| matches!(fault, Fault::WantsSecret(_)));
    let who = if wants_secret { named(&state, &headers, String::new()) } else { asked.client_id.clone() };
    if asked.client_id != crate::CLIENT_ID || who != asked.client_id {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client", "No application is registered with this client ID.");
    }
    if !asked.request_uri.is_empty() {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", "A pushed request names no other.");
    }
    if let Err(why) = check(&state, &asked) {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", why);
    }
    let (name, life) = (format!("{NAME}{}", random()), state.options.request_life);
    state.pushed.insert(name.clone(), Pushed { asked, until: Instant::now() + Duration::from_secs(life), used: false });
    let mut answer = json!({ "request_uri": name, "expires_in": life });
    for fault in &state.faults {
        if let Fault::PushMember(member, value) = fault {
            answer[*member] = ordered_json(value);
        }
    }
    (StatusCode::CREATED, [("cache-control", "no-store")], Json(answer)).into_response()
}
