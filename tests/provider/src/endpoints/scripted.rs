//! Other APIs than the protocol's, with answers from a test.

use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State as Given};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::response::{IntoResponse as _, Response};

use crate::scripted::{ApiCall, Scripted};
use crate::state::{Shared, lock};

/// The largest request body, in bytes.
const LARGEST: usize = 1 << 20;

/// The next answer for a path: of the first script whose path is a prefix of the requested one. The last answer of a
/// script repeats.
pub(crate) async fn scripted(Given(state): Given<Shared>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let asked = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let token = head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = token.strip_prefix("Bearer ").unwrap_or_default().to_owned();
    let body = to_bytes(body, LARGEST).await.unwrap_or_default();
    let (next, origin) = {
        let mut state = lock(&state);
        let scope = state.access.get(&token).map(|grant| grant.scope.clone());
        let known = scope.is_some();
        let body = String::from_utf8_lossy(&body).into_owned();
        state.api_calls.push(ApiCall { method: head.method.to_string(), path: asked.clone(), scope, body });
        let found = state.scripts.iter_mut().find(|(path, _)| asked.starts_with(path.as_str()));
        let next = found.map(|(_, answers)| if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() });
        let unknown = || Scripted::json(401, &serde_json::json!({"error": "invalid_token"}));
        (if known { next } else { Some(unknown()) }, state.issuer.trim_end_matches('/').to_owned())
    };
    let Some(answer) = next else { return StatusCode::NOT_FOUND.into_response() };
    tokio::time::sleep(Duration::from_millis(answer.takes)).await;
    let body = answer.body.replace("ORIGIN", &origin).replace("TOKEN", &token);
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    let mut add = |name, value: Option<String>| {
        if let Some(value) = value.and_then(|value| value.parse().ok()) {
            response.headers_mut().insert(name, value);
        }
    };
    add(RETRY_AFTER, answer.retry_after.map(|seconds| seconds.to_string()));
    add(LOCATION, answer.location);
    response
}
