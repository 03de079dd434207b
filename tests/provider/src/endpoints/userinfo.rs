use axum::extract::State as Given;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::{answer, injected_answer, refuse};
use crate::faults::{Endpoint, Fault};
use crate::state::{Shared, lock};

pub(crate) async fn userinfo(Given(state): Given<Shared>, headers: HeaderMap) -> Response {
    if let Some(instead) = injected_answer(&state, Endpoint::Userinfo).await {
        return instead;
    }
    let state = lock(&state);
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match header.strip_prefix("Bearer ").and_then(|token| state.access.get(token)) {
        Some(grant) if state.has(&Fault::UserinfoSigned) => {
            ([(CONTENT_TYPE, "application/jwt")], state.signed_userinfo(grant)).into_response()
        }
        Some(grant) => answer(state.userinfo(grant)),
        None => refuse(StatusCode::UNAUTHORIZED, "invalid_token", "The access token is unknown or has ended."),
    }
}
