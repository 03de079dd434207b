use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State as Given};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::pages;
use crate::state::{Shared, lock};

/// The new roles and groups of an account; a member that is left out does not change.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AccountChange {
    roles: Option<Vec<String>>,
    groups: Option<Vec<String>>,
}

pub(crate) async fn page(Given(state): Given<Shared>) -> Response {
    Html(pages::accounts(&lock(&state).accounts)).into_response()
}

pub(crate) async fn requests(Given(state): Given<Shared>) -> Response {
    let paths: Vec<String> = lock(&state).requests.iter().map(|request| request.path.clone()).collect();
    Json(paths).into_response()
}

/// Takes a form from the page, or JSON from a script.
pub(crate) async fn update(
    Given(state): Given<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_from_here(&headers) {
        return (StatusCode::FORBIDDEN, "Only this provider's own page may change accounts.").into_response();
    }
    let json = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let change = if json { serde_json::from_slice(&body).ok() } else { Some(from_form(&body)) };
    let Some(change) = change else { return (StatusCode::BAD_REQUEST, "That is not {roles, groups}.").into_response() };
    let mut state = lock(&state);
    let Some(account) = state.account(&id) else { return StatusCode::NOT_FOUND.into_response() };
    if let Some(roles) = change.roles {
        account.roles = roles;
    }
    if let Some(groups) = change.groups {
        account.groups = groups;
    }
    if json { Json(account.clone()).into_response() } else { Redirect::to(&format!("/#{id}")).into_response() }
}

fn from_form(body: &[u8]) -> AccountChange {
    let (mut roles, mut groups) = (Vec::new(), Vec::new());
    for (name, value) in url::form_urlencoded::parse(body) {
        let list = match name.as_ref() {
            "role" => &mut roles,
            "group" => &mut groups,
            _ => continue,
        };
        let value = value.trim().to_owned();
        if !value.is_empty() && !list.contains(&value) {
            list.push(value);
        }
    }
    AccountChange { roles: Some(roles), groups: Some(groups) }
}

/// A browser sends the page's origin, a script none. A host name that merely resolves to this computer is not this
/// provider's: otherwise any web page could become same-origin through its own name server.
fn is_from_here(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !["127.0.0.1", "localhost"].contains(&name) {
        return false;
    }
    headers.get(ORIGIN).is_none_or(|origin| origin.to_str().is_ok_and(|origin| origin == format!("http://{host}")))
}
