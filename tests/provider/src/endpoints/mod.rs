//! One file per endpoint.

pub(crate) mod accounts;
pub(crate) mod authorize;
pub(crate) mod device;
pub(crate) mod discovery;
pub(crate) mod par;
pub(crate) mod scripted;
pub(crate) mod session;
pub(crate) mod token;
pub(crate) mod userinfo;

use std::time::Duration;

use axum::Json;
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::faults::{Endpoint, Fault};
use crate::state::{Shared, State, lock};

/// The answer that a fault orders for an endpoint, after the ordered delay.
pub(crate) async fn injected_answer(state: &Shared, endpoint: Endpoint) -> Option<Response> {
    let faults = lock(state).faults.clone();
    for fault in &faults {
        if let Fault::Slow(of, milliseconds) = fault
            && *of == endpoint
        {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
        }
    }
    faults.into_iter().find_map(|fault| match fault {
        Fault::Status(of, status) if of == endpoint => {
            Some(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response())
        }
        Fault::Html(of) if of == endpoint => Some(Html("<!doctype html><title>Welcome</title>").into_response()),
        Fault::Redirect(of) if of == endpoint => {
            Some((StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/elsewhere")]).into_response())
        }
        _ => None,
    })
}

/// Authenticates the client by the form, or by the header (RFC 6749 section 2.3.1), whose secret must be the one
/// ordered; where none is ordered it must be empty, as oidc-agent sends it.
pub(crate) fn client_of(state: &State, headers: &HeaderMap, in_form: String) -> String {
    let wanted = state.faults.iter().find_map(|fault| match fault {
        Fault::WantsSecret(secret) => Some(*secret),
        _ => None,
    });
    if wanted.is_none() && !in_form.is_empty() {
        return in_form;
    }
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let pair = header.and_then(|text| String::from_utf8(STANDARD.decode(text).ok()?).ok()).unwrap_or_default();
    let (id, secret) = pair.split_once(':').unwrap_or_default();
    let decoded = |text: &str| {
        form_urlencoded::parse(text.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
    };
    let good = in_form.is_empty() && decoded(secret) == wanted.unwrap_or_default();
    if good { decoded(id) } else { String::new() }
}

/// An error response (RFC 6749 section 5.2).
pub(crate) fn refuse(status: StatusCode, error: &str, words: &str) -> Response {
    (status, Json(json!({ "error": error, "error_description": words }))).into_response()
}

pub(crate) fn answer(value: Value) -> Response {
    ([("cache-control", "no-store")], Json(value)).into_response()
}
