use std::time::Duration;

use axum::extract::{RawForm, State as Given};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{answer, client_of, injected_answer, refuse};
use crate::faults::{Endpoint, Fault};
use crate::parameters::{parse, resources};
use crate::state::{Grant, Refresh, Shared, State, lock, now, random};

/// The parameters of a token request (RFC 6749 sections 4.1.3 and 6).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TokenParameters {
    grant_type: String,
    client_id: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    refresh_token: String,
    device_code: String,
    scope: String,
    audience: String,
    #[serde(skip)]
    resources: Vec<String>,
}

impl TokenParameters {
    fn of_form(form: &[u8]) -> Self {
        Self { resources: resources(form), ..parse(form) }
    }
}

/// An OAuth error code and its description.
type Refusal = (&'static str, &'static str);

pub(crate) async fn token(Given(shared): Given<Shared>, headers: HeaderMap, RawForm(form): RawForm) -> Response {
    if let Some(instead) = injected_answer(&shared, Endpoint::Token).await {
        return instead;
    }
    let mut parameters = TokenParameters::of_form(&form);
    let (response, lost, held) = {
        let mut state = lock(&shared);
        if !parameters.code_verifier.is_empty() {
            state.secrets.push(parameters.code_verifier.clone());
        }
        parameters.client_id = client_of(&state, &headers, parameters.client_id);
        let refreshing = parameters.grant_type == "refresh_token";
        let given = grant_tokens(&mut state, &parameters);
        let lost = refreshing && given.is_ok() && take_fault(&mut state, &Fault::AnswerLost);
        let held = state.faults.iter().find_map(|fault| match fault {
            Fault::AnswerHeld(milliseconds) | Fault::AnswerHeldOnce(milliseconds) if refreshing => Some(*milliseconds),
            _ => None,
        });
        if let (true, Some(milliseconds)) = (given.is_ok(), held) {
            take_fault(&mut state, &Fault::AnswerHeldOnce(milliseconds));
        }
        (given, lost, held)
    };
    if let Some(milliseconds) = held {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
    if lost {
        // A panic ends the server's task for this connection, which closes it without an answer.
        std::panic::resume_unwind(Box::new("the answer is lost, as ordered"));
    }
    match response {
        Ok(value) => answer(value),
        Err((error, words)) => refuse(StatusCode::BAD_REQUEST, error, words),
    }
}

fn grant_tokens(state: &mut State, parameters: &TokenParameters) -> Result<serde_json::Value, Refusal> {
    if parameters.client_id != crate::CLIENT_ID || state.has(&Fault::UnknownClient) {
        let wants_secret = state.faults.iter().any(|fault| matches!(fault, Fault::WantsSecret(_)));
        let why = if wants_secret {
            "Client authentication failed."
        } else {
            "No application is registered with this client ID."
        };
        return Err(("invalid_client", why));
    }
    match parameters.grant_type.as_str() {
        "authorization_code" => {
            let grant = redeem(state, parameters)?;
            Ok(tokens(state, &grant, true, false))
        }
        "refresh_token" => {
            let another =
                !(parameters.scope.is_empty() && parameters.audience.is_empty() && parameters.resources.is_empty());
            if let Some(refusal) = another.then(|| another_token_error(state)).flatten() {
                return Err(refusal);
            }
            if let Some(refusal) = resource_error(state, parameters) {
                return Err(refusal);
            }
            let grant = refresh(state, &parameters.refresh_token)?;
            let keep = state.has(&Fault::NoRotation);
            if !another {
                return Ok(tokens(state, &grant, false, keep));
            }
            // Another token of the same session; the grant of the refresh token does not change.
            let mut wanted = grant.clone();
            if !parameters.scope.is_empty() {
                wanted.scope.clone_from(&parameters.scope);
            }
            if !state.has(&Fault::AudienceIgnored) {
                wanted.made_for.clone_from(&parameters.resources);
                if !parameters.audience.is_empty() {
                    wanted.made_for.push(parameters.audience.clone());
                }
            }
            let answer = tokens(state, &wanted, false, keep);
            if let Some(given) = answer["refresh_token"].as_str().and_then(|given| state.refresh.get_mut(given)) {
                given.grant = grant;
            }
            Ok(answer)
        }
        "urn:ietf:params:oauth:grant-type:device_code" => {
            let grant = super::device::redeem(state, &parameters.device_code, &parameters.code_verifier)?;
            Ok(tokens(state, &grant, true, false))
        }
        _ => Err(("unsupported_grant_type", "Only codes and refresh tokens are taken.")),
    }
}

/// Redeems a code. One that is used twice was stolen, and its tokens are revoked (RFC 6749 section 4.1.2).
fn redeem(state: &mut State, parameters: &TokenParameters) -> Result<Grant, Refusal> {
    if let Some((error, words)) = state.faults.iter().find_map(|fault| match fault {
        Fault::RedeemError(error, words) => Some((*error, *words)),
        _ => None,
    }) {
        return Err((error, words));
    }
    let code = state.codes.get_mut(&parameters.code).ok_or(("invalid_grant", "The code is unknown."))?;
    if std::mem::replace(&mut code.spent, true) {
        let family = code.grant.family.clone();
        state.end_family(&family);
        return Err(("invalid_grant", "The code was used twice; what it gave has been ended."));
    }
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(parameters.code_verifier.as_bytes()));
    if code.until < now() {
        return Err(("invalid_grant", "The code has expired."));
    }
    if code.redirect_uri != parameters.redirect_uri {
        return Err(("invalid_grant", "The redirect URI is another than in the authorization request."));
    }
    if code.challenge != challenge {
        return Err(("invalid_grant", "The PKCE verifier does not fit."));
    }
    Ok(code.grant.clone())
}

/// Redeems a refresh token. If it was rotated before, it was stolen or lost, and its whole family is revoked
/// (RFC 9700 section 4.14.2).
fn refresh(state: &mut State, token: &str) -> Result<Grant, Refusal> {
    if let Some((error, words)) = state.faults.iter().find_map(|fault| match fault {
        Fault::RefreshError(error, words) => Some((*error, *words)),
        _ => None,
    }) {
        return Err((error, words));
    }
    let (grace, keep) = (state.options.grace, state.has(&Fault::NoRotation));
    let refresh = state.refresh.get_mut(token).ok_or(("invalid_grant", "Unknown or invalid refresh token."))?;
    if refresh.spent_at.is_some() {
        state.reused.push(token.to_owned());
    }
    let grant = refresh.grant.clone();
    match refresh.spent_at {
        Some(at) if now() > at + grace || grace == 0 => {
            state.end_family(&grant.family);
            Err(("invalid_grant", "The refresh token was used twice; the session has been ended."))
        }
        _ => {
            refresh.spent_at = (!keep).then(now);
            Ok(grant)
        }
    }
}

/// A resource that the sign-in did not name is refused, with the refresh token left as it is (RFC 8707 section 2.2).
fn resource_error(state: &State, parameters: &TokenParameters) -> Option<Refusal> {
    let granted = &state.refresh.get(&parameters.refresh_token)?.grant.resources;
    let missing = parameters.resources.iter().any(|resource| !granted.contains(resource));
    (missing && !state.has(&Fault::AudienceIgnored))
        .then_some(("invalid_target", "The resource was not asked for at sign-in."))
}

fn another_token_error(state: &State) -> Option<Refusal> {
    state.faults.iter().find_map(|fault| match fault {
        Fault::AnotherTokenError(error, words) => Some((*error, *words)),
        _ => None,
    })
}

impl State {
    fn refresh_token(&self, now: u64) -> String {
        let wait = self.faults.iter().find_map(|fault| match fault {
            Fault::RefreshNotBefore(seconds) => Some(*seconds),
            _ => None,
        });
        let jwt = |wait: u64| self.key.sign(&json!({ "nbf": now + wait, "jti": random() }), Some(&self.key.id), "JWT");
        wait.map_or_else(random, jwt)
    }
}

fn tokens(state: &mut State, grant: &Grant, fresh: bool, keep: bool) -> serde_json::Value {
    let now = now();
    let access = state.access_token(grant, now);
    state.access.insert(access.clone(), grant.clone());
    let mut answer = json!({
        "access_token": access, "token_type": "Bearer", "expires_in": state.options.lifetime, "scope": grant.scope,
    });
    if fresh || !state.has(&Fault::NoIdToken) {
        let id = state.id_token(grant, &access, now, fresh);
        answer["id_token"] = json!(id);
        state.secrets.push(id);
    }
    if grant.offline && !keep {
        let refresh = state.refresh_token(now);
        state.refresh.insert(refresh.clone(), Refresh { grant: grant.clone(), spent_at: None });
        answer["refresh_token"] = json!(refresh);
        state.secrets.push(refresh);
    }
    state.secrets.push(access);
    for fault in state.faults.clone() {
        match fault {
            Fault::LacksExpiresIn => {
                answer.as_object_mut().map(|answer| answer.remove("expires_in"));
            }
            Fault::TokenMember(name, value) => {
                answer[name] = crate::claims::json_value(value);
            }
            _ => {}
        }
    }
    answer
}

/// Applies a fault once.
fn take_fault(state: &mut State, fault: &Fault) -> bool {
    let at = state.faults.iter().position(|ordered| ordered == fault);
    at.map(|at| state.faults.remove(at)).is_some()
}
