use axum::Form;
use axum::extract::State as Given;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::{client_of, injected_answer, refuse};
use crate::faults::Endpoint;
use crate::pages;
use crate::state::{Shared, lock};

/// A revocation request (RFC 7009 section 2.1).
#[derive(Deserialize)]
pub(crate) struct RevocationParameters {
    token: String,
    #[serde(default)]
    client_id: String,
}

/// Revokes all tokens of the sign-in that a token belongs to. An unknown token is no error (RFC 7009 section 2.2).
pub(crate) async fn revoke(
    Given(state): Given<Shared>,
    headers: HeaderMap,
    Form(parameters): Form<RevocationParameters>,
) -> Response {
    if let Some(instead) = injected_answer(&state, Endpoint::Revocation).await {
        return instead;
    }
    if client_of(&lock(&state), &headers, parameters.client_id) != crate::CLIENT_ID {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client", "No application is registered with this client ID.");
    }
    let mut state = lock(&state);
    let by_refresh = state.refresh.get(&parameters.token).map(|refresh| refresh.grant.family.clone());
    let family = by_refresh.or_else(|| state.access.get(&parameters.token).map(|grant| grant.family.clone()));
    if let Some(family) = family {
        state.end_family(&family);
    }
    StatusCode::OK.into_response()
}

/// The sign-out page (OpenID Connect RP-Initiated Logout).
pub(crate) async fn log_out() -> Response {
    ([(SET_COOKIE, "account=; Max-Age=0; Path=/")], Html(pages::signed_out())).into_response()
}
