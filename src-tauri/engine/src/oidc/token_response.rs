use serde_json::{Map, Value};

use super::http::Reply;
use super::prose::Sent;
use super::provider_error::{ProviderError, RequestKind, redacted};
use crate::problem::Cause;
use crate::problem::{Code, Problem, Result};
use crate::redact::Redactor;
use crate::tokens::Secret;

/// A lifetime beyond this counts as not stated: ten years, in seconds.
const LONGEST_LIFETIME: i64 = 10 * 365 * 24 * 60 * 60;

/// What a token endpoint gave (RFC 6749 section 5.1), nothing of it checked.
#[derive(Debug)]
pub(super) struct TokenResponse {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    pub(super) id: Option<Secret>,
    /// What was in the ID token's place where that was no text.
    pub(super) id_is: Option<&'static str>,
    /// Why nothing in it can be used. The refresh token that came all the same may be the only valid one.
    pub(super) unusable: Option<Problem>,
    /// Seconds from now, where the provider says something believable.
    pub(super) expires_in: Option<i64>,
    pub(super) scope: Option<String>,
}

impl TokenResponse {
    /// Reads an answer, or the problem it reports. One that brought a refresh token and can't be used otherwise is given
    /// with that problem in it, so that the token is stored or revoked. Nothing of `secrets` is repeated in a problem.
    pub(super) fn read(reply: &Reply, request: RequestKind, sent: Sent<'_>, secrets: &[&Secret]) -> Result<Self> {
        let Some(mut members) = reply.object().filter(|_| reply.is_success()) else {
            return Err(error_answer(reply, request, sent, secrets));
        };
        let access_is = wrong_type(&members, "access_token");
        let access = secret(&mut members, "access_token");
        let refresh = secret(&mut members, "refresh_token");
        let (id_is, id) = (wrong_type(&members, "id_token"), secret(&mut members, "id_token"));
        let came = [access.as_ref(), refresh.as_ref(), id.as_ref()].into_iter().flatten();
        let redactor = Redactor::default().hiding(came).hiding(secrets.iter().copied());
        let unusable = if access.is_none() {
            // Some providers say what is wrong with a status of success.
            if ProviderError::of_reply(reply).is_some() {
                return Err(error_answer(reply, request, sent, secrets));
            }
            let what = access_is.map_or_else(
                || "the answer has no access_token".to_owned(),
                |kind| format!("the access_token of the answer is {kind}, not text"),
            );
            Some(reply.problem(Code::AnswerBroken, &what))
        } else {
            check_token_type(reply, members.get("token_type")).err().map(|problem| problem.redacted(&redactor))
        };
        if let (Some(problem), None) = (&unusable, &refresh) {
            return Err(problem.clone());
        }
        Ok(Self {
            access: access.unwrap_or_else(|| Secret::new(String::new())),
            refresh,
            id_is,
            id,
            unusable,
            expires_in: members.get("expires_in").and_then(lifetime),
            scope: members.get("scope").and_then(scope).map(|scope| redactor.words(&scope)),
        })
    }
}

/// What an answer without success means (RFC 6749 section 5.2), in the provider's own words.
pub(super) fn error_answer(reply: &Reply, request: RequestKind, sent: Sent<'_>, secrets: &[&Secret]) -> Problem {
    if reply.is_failing() {
        let words = ProviderError::of_reply(reply).map(|error| error.words()).filter(|words| !words.is_empty());
        return match words {
            Some(words) => reply.asks_to_wait(Problem::new(Code::ProviderFailing, redacted(&words, secrets))),
            None => reply.status_problem(Code::ProviderFailing),
        };
    }
    if let Some(error) = ProviderError::of_reply(reply) {
        return error.problem(request, sent, secrets);
    }
    // A proxy in front of the provider, or its own sign-in page, may answer in its place, with any status; still the way
    // on is a new sign-in.
    let is_page = request == RequestKind::Refresh && reply.body.trim_ascii_start().starts_with(b"<");
    if reply.is_success() {
        return reply.problem(if is_page { Code::RefreshRefused } else { Code::AnswerBroken }, reply.not_an_object());
    }
    let refused = request == RequestKind::Refresh && (400..500).contains(&reply.status);
    reply.status_problem(if refused { Code::RefreshRefused } else { Code::AnswerBroken })
}

/// Only bearer tokens are understood; the type must be said (RFC 6749 section 5.1).
fn check_token_type(reply: &Reply, kind: Option<&Value>) -> Result<()> {
    match kind.and_then(Value::as_str) {
        Some(kind) if kind.eq_ignore_ascii_case("bearer") => Ok(()),
        Some(kind) if kind.eq_ignore_ascii_case("dpop") => {
            let problem = reply.problem(Code::Refused, "the token_type of the answer is DPoP, not Bearer");
            Err(problem.because(Some(Cause::Dpop)))
        }
        Some(kind) => {
            Err(reply.problem(Code::AnswerBroken, &format!("the token_type of the answer is '{kind}', not Bearer")))
        }
        None => Err(reply.problem(Code::AnswerBroken, "the answer has no token_type, which must be Bearer")),
    }
}

/// The type of a member that is there and is no text, in words.
fn wrong_type(members: &Map<String, Value>, name: &str) -> Option<&'static str> {
    members.get(name).filter(|value| !value.is_null() && !value.is_string()).map(type_of)
}

/// The type of a value, in words that follow "is".
pub(super) const fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
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
        TokenResponse::read(&reply(200, &body.to_string()), RequestKind::CodeExchange, Sent::default(), &[])
    }

    fn refused(status: u16, body: &Value, request: RequestKind) -> Problem {
        TokenResponse::read(&reply(status, &body.to_string()), request, Sent::default(), &[]).unwrap_err()
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
        for kind in [json!("mac"), json!(""), json!(1), json!(null)] {
            let problem = read(&json!({ "token_type": kind })).unwrap_err();
            assert!(problem.code == Code::AnswerBroken && problem.detail.contains("token_type"), "{problem}");
        }
        let problem = read(&json!({ "token_type": "DPoP" })).unwrap_err();
        assert_eq!((problem.code, problem.cause), (Code::Refused, Some(Cause::Dpop)));
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
    fn errors_are_told_apart_and_keep_the_providers_words_and_its_code() {
        for (error, request, code) in [
            ("invalid_client", RequestKind::CodeExchange, Code::WrongClient),
            ("invalid_grant", RequestKind::CodeExchange, Code::Refused),
            ("invalid_grant", RequestKind::Refresh, Code::SessionEnded),
            ("invalid_scope", RequestKind::CodeExchange, Code::ScopeRefused),
            ("access_denied", RequestKind::CodeExchange, Code::Declined),
            ("consent_required", RequestKind::CodeExchange, Code::Declined),
        ] {
            let problem = refused(400, &json!({ "error": error, "error_description": "in own\u{1b} words" }), request);
            assert_eq!((problem.code, problem.detail), (code, format!("in own words ({error})")));
            assert_eq!(refused(401, &json!({ "error": error }), request).detail, error);
            assert_eq!(refused(200, &json!({ "error": error }), request).code, code);
        }
    }

    #[test]
    fn rf_10_any_refusal_of_a_refresh_leads_to_a_new_sign_in_and_only_a_clear_one_ends_the_session() {
        let body = |text: &str| TokenResponse::read(&reply(400, text), RequestKind::Refresh, Sent::default(), &[]);
        for (text, code) in [
            (r#"{"error":"invalid_grant"}"#, Code::SessionEnded),
            ("invalid_grant", Code::SessionEnded),
            (r#"{"error":"invalid_request","error_description":"session not found"}"#, Code::SessionEnded),
            (r#"{"error":"unauthorized_client","error_description":"token was already used"}"#, Code::SessionEnded),
            (r#"{"errorCode":"x","errorSummary":"The refresh token is no longer valid."}"#, Code::SessionEnded),
            (r#"{"error":{"code":"x","message":"Refresh token has expired"}}"#, Code::SessionEnded),
            (r#"{"error":"interaction_required","error_description":"AADSTS50076"}"#, Code::RefreshRefused),
            (r#"{"error":"invalid_request"}"#, Code::RefreshRefused),
            (r#"{"error":"unauthorized_client"}"#, Code::RefreshRefused),
            (r#"{"error":"invalid_client"}"#, Code::RefreshRefused),
            (r#"{"error":"invalid_scope"}"#, Code::RefreshRefused),
            (r#"{"message":"Bad request"}"#, Code::RefreshRefused),
            ("Bad request", Code::RefreshRefused),
            ("[]", Code::RefreshRefused),
            ("", Code::RefreshRefused),
            ("<html>", Code::RefreshRefused),
            (r#"{"error":"temporarily_unavailable"}"#, Code::ProviderFailing),
        ] {
            let problem = body(text).unwrap_err();
            assert_eq!(problem.code, code, "{text}: {problem}");
            assert!(code == Code::ProviderFailing || problem.code.row().exit == 3, "{text}");
        }
        // With a status of success too.
        let answer = reply(200, r#"{"error":"invalid_grant"}"#);
        let problem = TokenResponse::read(&answer, RequestKind::Refresh, Sent::default(), &[]).unwrap_err();
        assert_eq!(problem.code, Code::SessionEnded);
    }

    #[test]
    fn rf_5_a_provider_in_trouble_never_ends_a_session() {
        for status in [429, 500, 502, 503] {
            let problem = refused(status, &json!({ "error": "invalid_grant" }), RequestKind::Refresh);
            assert_eq!(problem.code, Code::ProviderFailing);
            for page in ["<html>", "", "invalid_grant"] {
                let page = TokenResponse::read(&reply(status, page), RequestKind::Refresh, Sent::default(), &[]);
                assert_eq!(page.unwrap_err().code, Code::ProviderFailing);
            }
        }
        // A sign-in page in place of tokens keeps the session, and says to sign in.
        for (status, code) in [(302, Code::AnswerBroken), (200, Code::RefreshRefused)] {
            let page = TokenResponse::read(&reply(status, "<html>"), RequestKind::Refresh, Sent::default(), &[]);
            assert_eq!(page.unwrap_err().code, code, "{status}");
        }
    }

    #[test]
    fn id_3_an_id_token_of_the_wrong_type_is_never_taken_for_an_absent_one() {
        for (value, kind) in [(json!(7), "a number"), (json!(["x"]), "a list"), (json!({}), "an object")] {
            assert_eq!(read(&json!({ "id_token": value })).unwrap().id_is, Some(kind));
        }
        assert_eq!(read(&json!({ "id_token": null })).unwrap().id_is, None);
    }

    #[test]
    fn tk_1_a_token_the_provider_repeats_does_not_reach_the_problem() {
        let sent = Secret::new("canary-token".into());
        let body =
            json!({ "error": "invalid_grant", "error_description": "bad can\u{200b}ary-token and canary-token" });
        let problem =
            TokenResponse::read(&reply(400, &body.to_string()), RequestKind::Refresh, Sent::default(), &[&sent])
                .unwrap_err();
        assert_eq!(problem.detail, "bad … and … (invalid_grant)");
    }
}
