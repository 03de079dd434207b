use std::time::Duration;

use axum::Json;
use axum::extract::{RawForm, State as Given};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use tokio::time::Instant;

use super::authorize::check;
use super::{client_of, injected_answer, refuse};
use crate::claims::json_value;
use crate::faults::{Endpoint, Fault};
use crate::parameters::AuthorizationParameters;
use crate::state::{PushedRequest, Shared, lock, random};

/// The prefix of a `request_uri` (RFC 9126 section 2.2).
const NAME: &str = "urn:ietf:params:oauth:request_uri:";

/// Stores an authorization request and answers its `request_uri` (RFC 9126 section 2).
pub(crate) async fn push(Given(state): Given<Shared>, headers: HeaderMap, RawForm(asked): RawForm) -> Response {
    if let Some(instead) = injected_answer(&state, Endpoint::Par).await {
        return instead;
    }
    let asked = AuthorizationParameters::of_form(&asked);
    let mut state = lock(&state);
    if let Some((error, words)) = state.faults.iter().find_map(|fault| match fault {
        Fault::ParError(error, words) => Some((*error, *words)),
        _ => None,
    }) {
        return refuse(StatusCode::BAD_REQUEST, error, words);
    }
    // The client ID is in the form whatever the header says; the secret, where one is ordered, is in the header.
    let wants_secret = state.faults.iter().any(|fault| matches!(fault, Fault::WantsSecret(_)));
    let who = if wants_secret { client_of(&state, &headers, String::new()) } else { asked.client_id.clone() };
    if asked.client_id != crate::CLIENT_ID || who != asked.client_id {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client", "No application is registered with this client ID.");
    }
    if !asked.request_uri.is_empty() {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", "A pushed request names no other.");
    }
    if let Err(why) = check(&state, &asked) {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", why);
    }
    let (name, lifetime) = (format!("{NAME}{}", random()), state.options.par_lifetime);
    state.pushed_requests.insert(
        name.clone(),
        PushedRequest { asked, until: Instant::now() + Duration::from_secs(lifetime), used: false },
    );
    let mut answer = json!({ "request_uri": name, "expires_in": lifetime });
    for fault in &state.faults {
        if let Fault::ParMember(member, value) = fault {
            answer[*member] = json_value(value);
        }
    }
    (StatusCode::CREATED, [("cache-control", "no-store")], Json(answer)).into_response()
}
