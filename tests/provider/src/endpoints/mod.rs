//! One file per endpoint.

pub(crate) mod accounts;
pub(crate) mod authorize;
pub(crate) mod discovery;
pub(crate) mod session;
pub(crate) mod token;
pub(crate) mod userinfo;

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use crate::faults::{Endpoint, Fault};
use crate::state::{Shared, lock};

/// What an endpoint was ordered to answer instead, after the wait it was ordered to make.
pub(crate) async fn ordered(state: &Shared, endpoint: Endpoint) -> Option<Response> {
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

/// A refusal in the form of RFC 6749 section 5.2.
pub(crate) fn refuse(status: StatusCode, error: &str, words: &str) -> Response {
    (status, Json(json!({ "error": error, "error_description": words }))).into_response()
}

pub(crate) fn answer(value: Value) -> Response {
    ([("cache-control", "no-store")], Json(value)).into_response()
}
