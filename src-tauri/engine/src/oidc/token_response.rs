use serde_json::{Map, Value};

use super::http::Reply;
use crate::problem::{Code, Problem, Result};
use crate::text::clean;
use crate::tokens::Secret;

/// A lifetime beyond this counts as not stated: ten years, in seconds.
const LONGEST_LIFETIME: i64 = 10 * 365 * 24 * 60 * 60;

/// Which request of the token endpoint, or of the one beside it, was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestKind {
    /// A code for tokens.
    CodeExchange,
    /// A refresh token for new tokens.
    Refresh,
    /// A token to be made worthless.
    Revoke,
    /// An authorization request ahead of the browser.
    Par,
}

/// What a token endpoint gave (RFC 6749 section 5.1), nothing of it checked.
#[derive(Debug)]
pub(super) struct TokenResponse {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    pub(super) id: Option<Secret>,
    /// Seconds from now, where the provider says something believable.
    pub(super) expires_in: Option<i64>,
    pub(super) scope: Option<String>,
}

impl TokenResponse {
    /// Reads an answer, or the problem it stands for. `sent` is what must not be repeated in a problem.
    pub(super) fn read(reply: &Reply, request: RequestKind, sent: &[&Secret]) -> Result<Self> {
        let Some(mut members) = reply.object().filter(|_| reply.is_success()) else {
            return Err(error_answer(reply, request, sent));
        };
        let Some(access) = secret(&mut members, "access_token") else {
            // Some providers say what is wrong with a status of success.
            if oauth_error(&members).is_some() {
                return Err(error_answer(reply, request, sent));
            }
            return Err(reply.problem(Code::AnswerBroken, "the answer has no access_token"));
        };
        let kind = members.get("token_type").and_then(Value::as_str);
        if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
            return Err(reply.problem(Code::AnswerBroken, "the token_type of the answer is not Bearer"));
        }
        Ok(Self {
            access,
            refresh: secret(&mut members, "refresh_token"),
            id: secret(&mut members, "id_token"),
            expires_in: members.get("expires_in").and_then(lifetime),
            scope: members.get("scope").and_then(scope),
        })
    }
}

/// What an answer without success means (RFC 6749 section 5.2), in the provider's own words.
pub(super) fn error_answer(reply: &Reply, request: RequestKind, sent: &[&Secret]) -> Problem {
    let members = reply.object().unwrap_or_default();
    let Some(error) = oauth_error(&members) else {
        if reply.is_success() {
            return reply.problem(Code::AnswerBroken, "what came is not JSON");
        }
        return reply.status_problem(Code::AnswerBroken);
    };
    let code = if reply.is_failing() { Code::ProviderFailing } else { code_of(error, request) };
    let description = members.get("error_description").and_then(Value::as_str).map(str::trim);
    let words = description.filter(|words| !words.is_empty()).unwrap_or(error);
    reply.asks_to_wait(Problem::new(code, redacted(words, sent)))
}

/// `words` without anything that was sent: a provider may repeat it (TK-1).
pub(super) fn redacted(words: &str, sent: &[&Secret]) -> String {
    let words = clean(words, usize::MAX);
    sent.iter()
        .filter(|secret| !secret.expose().is_empty())
        .fold(words, |words, secret| words.replace(secret.expose(), "…"))
}

fn oauth_error(members: &Map<String, Value>) -> Option<&str> {
    members.get("error").and_then(Value::as_str).filter(|error| !error.is_empty())
}

fn code_of(error: &str, request: RequestKind) -> Code {
    match error {
        "invalid_client" | "unauthorized_client" => Code::WrongClient,
        "invalid_grant" if request == RequestKind::Refresh => Code::SessionEnded,
        "invalid_scope" => Code::ScopeRefused,
        "access_denied" => Code::Declined,
        "server_error" | "temporarily_unavailable" | "slow_down" => Code::ProviderFailing,
        _ => Code::Refused,
    }
}

fn secret(members: &mut Map<String, Value>, name: &str) -> Option<Secret> {
    let Value::String(text) = members.remove(name)? else { return None };
    Some(Secret::new(text)).filter(|secret| !secret.expose().is_empty())
}

/// Seconds, where they are believable.
pub(super) fn lifetime(value: &Value) -> Option<i64> {
    let in_text = || value.as_str()?.trim().parse().ok();
    let seconds = value.as_f64().or_else(in_text);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a fraction of a second is of no use, and the range is checked"
    )]
    let seconds = seconds.filter(|seconds: &f64| seconds.is_finite()).map(|seconds| seconds as i64);
    seconds.filter(|seconds| (1..=LONGEST_LIFETIME).contains(seconds))
}

fn scope(value: &Value) -> Option<String> {
    let joined = || Some(value.as_array()?.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "));
    let scope = value.as_str().map(str::to_owned).or_else(joined)?;
    Some(scope).filter(|scope| !scope.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zeroize::Zeroizing;

    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            purpose: "tokens",
            host: "idp.example".into(),
            status,
            content_type: "application/json".into(),
            location: String::new(),
            challenge: String::new(),
            date: None,
            retry_after: Some(7),
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    fn read(change: &Value) -> Result<TokenResponse> {
        let mut body = json!({ "access_token": "at", "token_type": "Bearer" });
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        TokenResponse::read(&reply(200, &body.to_string()), RequestKind::CodeExchange, &[])
    }

    fn refused(status: u16, body: &Value, request: RequestKind) -> Problem {
        TokenResponse::read(&reply(status, &body.to_string()), request, &[]).unwrap_err()
    }

    #[test]
    fn rf_6_lifetimes_of_any_form_are_read_and_unbelievable_ones_are_unknown() {
        for (value, expected) in [
            (json!(300), Some(300)),
            (json!(299.9), Some(299)),
            (json!("3600"), Some(3600)),
            (json!(3.6e3), Some(3600)),
            (json!(0), None),
            (json!(-5), None),
            (json!(1e300), None),
            (json!(9_999_999_999_i64), None),
            (json!(u64::MAX), None),
            (json!("soon"), None),
            (json!("NaN"), None),
            (json!("inf"), None),
            (json!(null), None),
            (json!([300]), None),
        ] {
            assert_eq!(read(&json!({ "expires_in": value })).unwrap().expires_in, expected, "{value}");
        }
        assert_eq!(read(&json!({})).unwrap().expires_in, None);
    }

    #[test]
    fn rf_6_the_token_type_is_compared_without_case_and_others_are_refused() {
        for kind in ["Bearer", "bearer", "bEARER"] {
            assert!(read(&json!({ "token_type": kind })).is_ok());
        }
        for kind in [json!("DPoP"), json!("mac"), json!(""), json!(1), json!(null)] {
            assert_eq!(read(&json!({ "token_type": kind })).unwrap_err().code, Code::AnswerBroken);
        }
    }

    #[test]
    fn an_empty_refresh_token_is_none_and_unknown_members_are_ignored() {
        let response = read(&json!({ "refresh_token": "", "id_token": null, "x": { "y": [1] }, "scope": ["a", "b"] }));
        let response = response.unwrap();
        assert!(response.refresh.is_none() && response.id.is_none());
        assert_eq!(response.scope.as_deref(), Some("a b"));
        assert_eq!(read(&json!({ "access_token": "" })).unwrap_err().code, Code::AnswerBroken);
    }

    #[test]
    fn errors_are_told_apart_and_keep_the_providers_words() {
        for (error, request, code) in [
            ("invalid_client", RequestKind::CodeExchange, Code::WrongClient),
            ("unauthorized_client", RequestKind::Refresh, Code::WrongClient),
            ("invalid_grant", RequestKind::CodeExchange, Code::Refused),
            ("invalid_grant", RequestKind::Refresh, Code::SessionEnded),
            ("invalid_scope", RequestKind::CodeExchange, Code::ScopeRefused),
            ("access_denied", RequestKind::CodeExchange, Code::Declined),
            ("invalid_request", RequestKind::Refresh, Code::Refused),
        ] {
            let problem = refused(400, &json!({ "error": error, "error_description": "in own\u{1b} words" }), request);
            assert_eq!((problem.code, problem.detail.as_str()), (code, "in own words"), "{error}");
            assert_eq!(refused(401, &json!({ "error": error }), request).detail, error);
            assert_eq!(refused(200, &json!({ "error": error }), request).code, code);
        }
    }

    #[test]
    fn rf_5_a_provider_in_trouble_never_ends_a_session() {
        for status in [429, 500, 502, 503] {
            let problem = refused(status, &json!({ "error": "invalid_grant" }), RequestKind::Refresh);
            assert_eq!(problem.code, Code::ProviderFailing);
            let page = TokenResponse::read(&reply(status, "<html>"), RequestKind::Refresh, &[]).unwrap_err();
            assert_eq!(page.code, Code::ProviderFailing);
        }
        for status in [302, 400, 404] {
            let page = TokenResponse::read(&reply(status, "<html>"), RequestKind::Refresh, &[]).unwrap_err();
            assert_eq!(page.code, Code::AnswerBroken, "{status}");
        }
        let page = TokenResponse::read(&reply(200, "<html>"), RequestKind::Refresh, &[]).unwrap_err();
        assert_eq!(page.code, Code::AnswerBroken);
    }

    #[test]
    fn tk_1_a_token_the_provider_repeats_does_not_reach_the_problem() {
        let sent = Secret::new("canary-token".into());
        let body =
            json!({ "error": "invalid_grant", "error_description": "bad can\u{200b}ary-token and canary-token" });
        let problem = TokenResponse::read(&reply(400, &body.to_string()), RequestKind::Refresh, &[&sent]).unwrap_err();
        assert_eq!(problem.detail, "bad … and …");
    }
}
