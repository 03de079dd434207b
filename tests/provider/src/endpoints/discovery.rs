use axum::extract::State as Given;
use axum::response::Response;
use serde_json::json;

use super::{answer, injected_answer};
use crate::claims::json_value;
use crate::faults::{Endpoint, Fault};
use crate::keys::Key;
use crate::options::Par;
use crate::state::{Shared, lock};

pub(crate) async fn document(Given(state): Given<Shared>) -> Response {
    if let Some(instead) = injected_answer(&state, Endpoint::Discovery).await {
        return instead;
    }
    let state = lock(&state);
    let at = |path: &str| format!("{}{path}", state.issuer.trim_end_matches('/'));
    let mut document = json!({
        "issuer": state.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/keys"),
        "revocation_endpoint": at("/revoke"),
        "end_session_endpoint": at("/logout"),
        "device_authorization_endpoint": at("/device_authorization"),
        "scopes_supported": ["openid", "profile", "email", "offline_access", "roles"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "none", "HS256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    if state.options.par != Par::No {
        document["pushed_authorization_request_endpoint"] = json!(at("/par"));
        document["require_pushed_authorization_requests"] = json!(state.options.par == Par::Required);
    }
    for fault in &state.faults {
        match fault {
            Fault::LacksMember(name) => {
                document.as_object_mut().map(|document| document.remove(*name));
            }
            Fault::EmptyMember(name) => document[*name] = json!(""),
            Fault::Member(name, value) => document[*name] = json!(value),
            Fault::MemberJson(name, value) => document[*name] = json_value(value),
            Fault::KeysElsewhere => document["jwks_uri"] = json!(at("/keys/of-this-run")),
            _ => {}
        }
    }
    answer(document)
}

pub(crate) async fn keys(Given(state): Given<Shared>) -> Response {
    if let Some(instead) = injected_answer(&state, Endpoint::Keys).await {
        return instead;
    }
    let state = lock(&state);
    let mut keys: Vec<_> = state.options.odd_key.then(|| json!({ "kty": "XYZ", "kid": "odd" })).into_iter().collect();
    keys.extend(state.published.iter().map(|key| key.public().clone()));
    if state.has(&Fault::TwinKey) {
        keys.push(Key::elliptic("twin").public().clone());
    }
    answer(json!({ "keys": keys }))
}
