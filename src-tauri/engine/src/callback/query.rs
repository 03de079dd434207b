use super::ExpectedResponse;
use crate::oidc::ProviderError;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// The meaning of an answer.
pub(super) enum Outcome {
    /// Not the answer to this sign-in; go on waiting.
    NotOurs,
    /// The sign-in has ended, well or not.
    Ended(Result<Secret>),
}

/// Judges the parameters of a callback: the state before anything else (LB-4), then who answered (RFC 9207), then what.
/// Parameters that are not known are ignored (RFC 6749 section 4.1.2); known ones that come twice make it no answer.
pub(super) fn evaluate(query: &str, expected: &ExpectedResponse) -> Outcome {
    let Some(parameters) = Parameters::read(query) else { return Outcome::NotOurs };
    if !parameters.state.is_some_and(|state| expected.state.matches(&state)) {
        return Outcome::NotOurs;
    }
    match &parameters.issuer {
        Some(issuer) if *issuer != expected.issuer => {
            return Outcome::Ended(Err(Problem::new(
                Code::AnswerNotTrusted,
                format!("the answer is from '{issuer}', not from '{}'", expected.issuer),
            )));
        }
        None if expected.issuer_required => {
            let why = "the answer does not name its issuer, though the provider announces that it does";
            return Outcome::Ended(Err(Problem::new(Code::AnswerNotTrusted, why)));
        }
        _ => {}
    }
    if let Some(error) = parameters.error {
        let error = ProviderError { error, description: parameters.description.unwrap_or_default() };
        return Outcome::Ended(Err(error.of_authorization(&expected.scopes)));
    }
    match parameters.code {
        Some(code) if !code.expose().is_empty() => Outcome::Ended(Ok(code)),
        _ => Outcome::NotOurs,
    }
}

/// Whether a query has one of these parameters.
pub(super) fn names(query: &str, any_of: &[&str]) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| any_of.contains(&name.as_ref()))
}

#[derive(Default)]
struct Parameters {
    state: Option<String>,
    code: Option<Secret>,
    issuer: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

impl Parameters {
    /// `None` when a parameter that counts comes twice.
    fn read(query: &str) -> Option<Self> {
        let mut read = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            let before = match name.as_ref() {
                "state" => read.state.replace(value),
                "code" => read.code.replace(Secret::new(value)).map(|_| String::new()),
                "iss" => read.issuer.replace(value),
                "error" => read.error.replace(value),
                "error_description" => read.description.replace(value),
                _ => None,
            };
            if before.is_some() {
                return None;
            }
        }
        Some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(issuer_required: bool) -> ExpectedResponse {
        ExpectedResponse {
            state: Secret::new("S".into()),
            issuer: "https://idp.example".into(),
            issuer_required,
            scopes: "openid groups offline_access".into(),
        }
    }

    fn code(query: &str, issuer_required: bool) -> Option<Result<String, Code>> {
        match evaluate(query, &expected(issuer_required)) {
            Outcome::NotOurs => None,
            Outcome::Ended(result) => Some(result.map(|code| code.expose().to_owned()).map_err(|problem| problem.code)),
        }
    }

    #[test]
    fn lb_4_without_the_right_state_once_nothing_counts() {
        for query in [
            "",
            "code=C",
            "state=T&code=C",
            "state=&code=C",
            "state=S&state=S&code=C",
            "state=S&state=T&code=C",
            "error=access_denied",
            "error=access_denied&state=T",
            "state=S",
            "state=S&code=",
            "state=S&code=C&code=D",
            "State=S&code=C",
        ] {
            assert_eq!(code(query, false), None, "{query}");
        }
        assert_eq!(code("state=S&code=C&x=1&x=2", false), Some(Ok("C".into())));
    }

    #[test]
    fn the_issuer_that_answers_must_be_the_one_that_was_asked() {
        assert_eq!(code("state=S&code=C&iss=https%3A%2F%2Fevil.example", false), Some(Err(Code::AnswerNotTrusted)));
        assert_eq!(code("state=S&code=C", true), Some(Err(Code::AnswerNotTrusted)));
        assert_eq!(code("state=S&code=C&iss=https%3A%2F%2Fidp.example", true), Some(Ok("C".into())));
        assert_eq!(
            code("state=S&error=access_denied&iss=https%3A%2F%2Fevil.example", false),
            Some(Err(Code::AnswerNotTrusted))
        );
    }

    #[test]
    fn a_refusal_comes_in_the_providers_words_without_its_control_characters() {
        let query = "state=S&error=access_denied&error_description=No%1b%5B31m+way%0A";
        match evaluate(query, &expected(false)) {
            Outcome::Ended(Err(problem)) => {
                assert_eq!((problem.code, problem.detail.as_str()), (Code::Declined, "No[31m way  (access_denied)"));
            }
            _ => panic!("a refusal ends the sign-in"),
        }
    }

    #[test]
    fn the_cause_of_a_refusal_follows_its_code_its_words_and_what_was_asked() {
        use crate::problem::Cause;
        for (error, words, code, cause) in [
            ("unauthorized_client", "Scope groups is not allowed", Code::ScopeRefused, Some(Cause::Scope)),
            ("invalid_scope", "Invalid scopes: openid groups offline_access", Code::ScopeRefused, Some(Cause::Scope)),
            ("invalid_scope", "Unknown scope offline_access", Code::ScopeRefused, Some(Cause::OfflineAccess)),
            ("access_denied", "Service not found: https://api", Code::Refused, Some(Cause::Audience)),
            (
                "access_denied",
                "User is not assigned to the client application.",
                Code::Declined,
                Some(Cause::NotAssigned),
            ),
            ("access_denied", "Policy evaluation failed for this request", Code::Declined, Some(Cause::Policy)),
            ("invalid_request", "Invalid parameter: redirect_uri", Code::Refused, Some(Cause::RedirectUri)),
            (
                "unauthorized_client",
                "Client is not allowed to initiate browser login with given response_type.",
                Code::Refused,
                Some(Cause::FlowNotAllowed),
            ),
            ("server_error", "A grant exists with a different scope", Code::ScopeRefused, Some(Cause::Scope)),
            ("server_error", "The user has no mailbox", Code::Refused, None),
            ("server_error", "Internal error, try again later", Code::ProviderFailing, None),
            ("server_error", "", Code::ProviderFailing, None),
            ("consent_required", "", Code::Declined, Some(Cause::Consent)),
            ("unauthorized", "Access denied.", Code::Refused, None),
            ("login_required", "", Code::Refused, Some(Cause::Interaction)),
        ] {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs([("state", "S"), ("error", error), ("error_description", words)])
                .finish();
            let Outcome::Ended(Err(problem)) = evaluate(&query, &expected(false)) else { panic!("{error}") };
            assert_eq!((problem.code, problem.cause), (code, cause), "{error}: {words}");
            assert!(
                problem.detail.contains(words.trim_end_matches('.')) && problem.detail.contains(error),
                "{problem}"
            );
        }
    }
}
