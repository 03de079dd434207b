use serde_json::{Map, Value};

use super::http::{Answer, in_words};
use crate::ports::Timestamp;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// A token answer (RFC 6749 section 5.1), read: nothing of its tokens is checked yet.
pub(super) struct TokenAnswer {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    pub(super) id: Option<Secret>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) scope: Option<String>,
}

/// The longest life of an access token that is believed; above it the answer is taken as saying nothing. In seconds.
const LONGEST_LIFE: f64 = 10.0 * 365.0 * 86_400.0;

/// Reads the answer of the token endpoint. `refreshing` says which grant was sent, for the meaning of `invalid_grant`.
pub(super) fn token_answer(answer: &Answer, refreshing: bool, now: Timestamp) -> Result<TokenAnswer> {
    if !answer.status.is_success() {
        return Err(refusal(answer, refreshing));
    }
    let broken = |why: &str| Problem::new(Code::AnswerBroken, format!("the token answer {why}"));
    let members: Map<String, Value> =
        serde_json::from_slice(&answer.body).map_err(|_| broken("is not a JSON object"))?;
    let secret = |member: &str| members.get(member).and_then(Value::as_str).filter(|text| !text.is_empty());
    let kind = members.get("token_type").and_then(Value::as_str).unwrap_or_default();
    if !kind.eq_ignore_ascii_case("bearer") {
        return Err(broken(&format!("is of the type {kind:?}; only bearer tokens are understood")));
    }
    let access = secret("access_token").ok_or_else(|| broken("holds no access token"))?;
    Ok(TokenAnswer {
        access: Secret::new(access.to_owned()),
        refresh: secret("refresh_token").map(|text| Secret::new(text.to_owned())),
        id: secret("id_token").map(|text| Secret::new(text.to_owned())),
        expires_at: members.get("expires_in").and_then(life).map(|seconds| now.plus(seconds)),
        scope: members.get("scope").and_then(Value::as_str).map(ToOwned::to_owned),
    })
}

/// `expires_in` as providers write it: a number, a fraction, or either in quotes. Nonsense reads as unknown (RF-6).
fn life(value: &Value) -> Option<i64> {
    let seconds = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    #[expect(clippy::cast_possible_truncation, reason = "bounded on the line itself")]
    (1.0..=LONGEST_LIFE).contains(&seconds).then_some(seconds as i64)
}

/// A refusal by its OAuth code (RFC 6749 section 5.2), in the provider's own words.
fn refusal(answer: &Answer, refreshing: bool) -> Problem {
    let members: Map<String, Value> = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |member: &str| members.get(member).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let Some(error) = text("error") else {
        return Problem::new(Code::AnswerBroken, format!("the token endpoint answered {}", in_words(answer.status)));
    };
    let code = match error {
        "invalid_grant" if refreshing => Code::SessionEnded,
        "invalid_client" | "unauthorized_client" => Code::WrongClient,
        "invalid_scope" => Code::ScopeRefused,
        "access_denied" => Code::Declined,
        "temporarily_unavailable" | "server_error" | "slow_down" => Code::ProviderFailing,
        _ => Code::Refused,
    };
    Problem::new(code, text("error_description").unwrap_or(error))
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status: StatusCode::from_u16(status).unwrap(), content_type: String::new(), body: body.into() }
    }

    fn ends(expires_in: &str) -> Option<i64> {
        let body = format!(r#"{{"access_token":"a","token_type":"bEaReR","expires_in":{expires_in}}}"#);
        token_answer(&answer(200, &body), false, Timestamp(100)).ok().unwrap().expires_at.map(|end| end.0)
    }

    #[test]
    fn rf_6_lifetimes_are_read_as_providers_write_them_and_nonsense_is_unknown() {
        assert_eq!(ends("3600"), Some(3700));
        assert_eq!(ends("3600.5"), Some(3700));
        assert_eq!(ends("\"3600\""), Some(3700));
        for nonsense in ["0", "-5", "1e300", "\"soon\"", "null", "[]", "\"NaN\""] {
            assert_eq!(ends(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn refusals_keep_the_providers_words_and_lose_its_control_characters() {
        let body = "{\"error\":\"invalid_grant\",\"error_description\":\"Unknown\\u001b[31m token\"}";
        let problem = token_answer(&answer(400, body), true, Timestamp(0)).err().unwrap();
        assert_eq!((problem.code, problem.detail.as_str()), (Code::SessionEnded, "Unknown[31m token"));
        let problem = token_answer(&answer(400, body), false, Timestamp(0)).err().unwrap();
        assert_eq!(problem.code, Code::Refused);
    }

    #[test]
    fn a_token_of_another_type_is_refused() {
        let body = r#"{"access_token":"a","token_type":"mac"}"#;
        assert_eq!(token_answer(&answer(200, body), false, Timestamp(0)).err().unwrap().code, Code::AnswerBroken);
    }
}
