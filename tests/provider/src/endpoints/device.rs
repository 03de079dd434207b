use axum::Form;
use axum::extract::{Query, RawForm, State as Given};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::time::{Duration, Instant};

use super::{answer, client_of, injected_answer, refuse};
use crate::claims::json_value;
use crate::faults::{Endpoint, Fault};
use crate::pages;
use crate::parameters::AuthorizationParameters;
use crate::state::{DeviceCode, DeviceDecision, Grant, Shared, State, lock, now, random};

/// Takes the parameters of a device authorization request (RFC 8628 section 3.1), which are some of a browser's.
pub(crate) async fn authorization(
    Given(shared): Given<Shared>,
    headers: HeaderMap,
    RawForm(form): RawForm,
) -> Response {
    if let Some(instead) = injected_answer(&shared, Endpoint::Device).await {
        return instead;
    }
    let mut state = lock(&shared);
    let asked = AuthorizationParameters::of_form(&form);
    let client = client_of(&state, &headers, asked.client_id.clone());
    if client != crate::CLIENT_ID || state.has(&Fault::UnknownClient) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client", "No application is registered with this client ID.");
    }
    let ordered = state.faults.iter().find_map(|fault| match fault {
        Fault::DeviceError(error, words) => Some((*error, *words)),
        _ => None,
    });
    if let Some((error, words)) = ordered {
        return refuse(StatusCode::BAD_REQUEST, error, words);
    }
    let (device_code, user_code) = (random(), typed_code());
    let lifetime = state.options.device_lifetime;
    let page = format!("{}/device", state.issuer.trim_end_matches('/'));
    let mut members = json!({
        "device_code": device_code, "user_code": user_code, "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"), "expires_in": lifetime, "interval": 1,
    });
    for fault in &state.faults {
        if let Fault::DeviceMember(name, value) = fault {
            members[*name] = json_value(value);
        }
    }
    state.secrets.push(device_code.clone());
    state.device_codes.insert(
        device_code,
        DeviceCode {
            user_code,
            scope: asked.scope,
            resources: asked.resources,
            audience: Some(asked.audience).filter(|audience| !audience.is_empty()),
            challenge: asked.code_challenge,
            until: Instant::now() + Duration::from_secs(lifetime),
            decision: DeviceDecision::Open,
            asked_at: Vec::new(),
        },
    );
    answer(members)
}

/// Eight letters without vowels, in two groups (RFC 8628 section 6.1).
fn typed_code() -> String {
    const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
    let letters: String = random().bytes().map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])).collect();
    format!("{}-{}", &letters[..4], &letters[4..8])
}

/// The form of the device page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Decision {
    user_code: String,
    account: String,
    #[serde(rename = "decision")]
    choice: String,
}

pub(crate) async fn page(Given(state): Given<Shared>, Query(typed): Query<Decision>) -> Response {
    let state = lock(&state);
    Html(pages::device(&state.accounts, &typed.user_code)).into_response()
}

pub(crate) async fn decide(Given(state): Given<Shared>, Form(typed): Form<Decision>) -> Response {
    let mut state = lock(&state);
    let subject = state.account(&typed.account).map(|account| account.subject());
    let code = state.device_codes.values_mut().find(|code| {
        code.user_code.eq_ignore_ascii_case(typed.user_code.trim())
            && code.decision == DeviceDecision::Open
            && code.until > Instant::now()
    });
    let (Some(code), Some(subject)) = (code, subject) else {
        return (StatusCode::BAD_REQUEST, Html(pages::refused("This code is not known."))).into_response();
    };
    let allowed = typed.choice == "allow";
    code.decision = if allowed { DeviceDecision::Agreed(subject) } else { DeviceDecision::Declined };
    Html(pages::device_done()).into_response()
}

/// The answer to a poll with a device code (RFC 8628 section 3.5).
pub(crate) fn redeem(
    state: &mut State,
    device_code: &str,
    verifier: &str,
) -> Result<Grant, (&'static str, &'static str)> {
    let slow = state.faults.iter().position(|fault| matches!(fault, Fault::DeviceSlowDown));
    let refusal = state.faults.iter().find_map(|fault| match fault {
        Fault::DevicePollError(error, words) => Some((*error, *words)),
        _ => None,
    });
    let offline = !state.has(&Fault::NoRefreshToken);
    let code = state.device_codes.get_mut(device_code).ok_or(("invalid_grant", "The device code is unknown."))?;
    code.asked_at.push(Instant::now());
    if let Some(slow) = slow {
        state.faults.remove(slow);
        return Err(("slow_down", "You ask too often."));
    }
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    if code.until <= Instant::now() {
        return Err(("expired_token", "The device code has expired."));
    }
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let subject = match &code.decision {
        DeviceDecision::Open => return Err(("authorization_pending", "The person has not finished yet.")),
        DeviceDecision::Declined => return Err(("access_denied", "The person declined.")),
        DeviceDecision::Agreed(_) if code.challenge != challenge => {
            return Err(("invalid_grant", "The PKCE verifier does not fit."));
        }
        DeviceDecision::Agreed(subject) => subject.clone(),
    };
    let (scope, audience, resources) = (code.scope.clone(), code.audience.clone(), code.resources.clone());
    state.device_codes.remove(device_code);
    let offline = offline && scope.split(' ').any(|scope| scope == "offline_access");
    let client_id = crate::CLIENT_ID.to_owned();
    Ok(Grant {
        family: random(),
        subject,
        client_id,
        scope,
        audience,
        resources,
        made_for: Vec::new(),
        nonce: None,
        auth_time: now(),
        offline,
    })
}

/// When a device polled, for tests of the interval.
pub(crate) fn asked_at(state: &State) -> Vec<Instant> {
    state.device_codes.values().flat_map(|code| code.asked_at.iter().copied()).collect()
}
