use super::ExpectedResponse;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// What an answer means.
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
                "another provider than the one asked answered",
            )));
        }
        None if expected.issuer_required => {
            let why = "the answer does not name its issuer, though the provider announces that it does";
            return Outcome::Ended(Err(Problem::new(Code::AnswerNotTrusted, why)));
        }
        _ => {}
    }
    if let Some(error) = parameters.error {
        let words = parameters.description.filter(|words| !words.trim().is_empty()).unwrap_or_else(|| error.clone());
        return Outcome::Ended(Err(Problem::new(code_of(&error), words)));
    }
    match parameters.code {
        Some(code) if !code.expose().is_empty() => Outcome::Ended(Ok(code)),
        _ => Outcome::NotOurs,
    }
}

/// What an error code means (RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6).
fn code_of(error: &str) -> Code {
    match error {
        "access_denied" => Code::Declined,
        "invalid_scope" => Code::ScopeRefused,
        "unauthorized_client" | "invalid_client" => Code::WrongClient,
        "temporarily_unavailable" | "server_error" => Code::ProviderFailing,
        _ => Code::Refused,
    }
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
        ExpectedResponse { state: Secret::new("S".into()), issuer: "https://idp.example".into(), issuer_required }
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
                assert_eq!((problem.code, problem.detail.as_str()), (Code::Declined, "No[31m way "));
            }
            _ => panic!("a refusal ends the sign-in"),
        }
    }
}
