use serde_json::{Map, Value};

use super::http::Reply;
use super::prose::{self, Sent};
use crate::problem::Cause;
use crate::problem::{Code, Problem};
use crate::text::clean;
use crate::tokens::Secret;

/// Which request a provider answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestKind {
    /// A code for tokens.
    CodeExchange,
    /// A refresh token for new tokens.
    Refresh,
    /// A refresh token for an access token of another kind.
    AnotherToken,
    /// A token to be made worthless.
    Revoke,
    /// An authorization request ahead of the browser.
    Par,
    /// An authorization request in the browser.
    Authorization,
    /// A code for another device, or what it gives.
    Device,
}

/// The longest plain text that is taken for a message, in bytes.
const MAX_PLAIN_TEXT: usize = 1000;

/// An error as a provider reports it, in whatever form (RFC 6749 sections 4.1.2.1 and 5.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProviderError {
    /// The error code; empty where it gives none.
    pub(crate) error: String,
    /// Its words; empty where it gives none.
    pub(crate) description: String,
}

impl ProviderError {
    /// Reads the error of an answer; `None` where it reports none.
    pub(super) fn of_reply(reply: &Reply) -> Option<Self> {
        match reply.object() {
            Some(members) => Self::of_members(&members),
            None if reply.is_success() => None,
            None => Self::of_plain_text(reply),
        }
    }

    /// The members that RFC 6749 names come first, then those that providers use in their place.
    fn of_members(members: &Map<String, Value>) -> Option<Self> {
        let text = |members: &Map<String, Value>, names: &[&str]| {
            let mut texts = names.iter().filter_map(|name| members.get(*name)?.as_str().map(str::trim));
            texts.find(|text| !text.is_empty()).unwrap_or_default().to_owned()
        };
        // Some wrap the error in an object, others list several (JSON:API); the first tells enough.
        let listed = members.get("errors").and_then(Value::as_array).and_then(|all| all.first()?.as_object());
        let nested = members.get("error").and_then(Value::as_object).or(listed);
        let error = match nested {
            Some(nested) => text(nested, &["code", "status", "error", "title"]),
            None => text(members, &["error", "errorCode", "error_code", "code"]),
        };
        let mut description = text(members, DESCRIPTIONS);
        if description.is_empty() {
            description = nested.map(|nested| text(nested, DESCRIPTIONS)).unwrap_or_default();
        }
        (!error.is_empty() || !description.is_empty()).then_some(Self { error, description })
    }

    /// A bare word is a code, anything longer the words. A web page is neither.
    fn of_plain_text(reply: &Reply) -> Option<Self> {
        let text = std::str::from_utf8(&reply.body).ok()?.trim();
        if text.is_empty() || text.len() > MAX_PLAIN_TEXT || text.starts_with(['<', '{', '[']) {
            return None;
        }
        let text = text.trim_matches('"').to_owned();
        if text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            return Some(Self { error: text, description: String::new() });
        }
        Some(Self { error: String::new(), description: text })
    }

    /// What it means as an answer to an authorization request, which was sent with `scopes`.
    pub(crate) fn of_authorization(&self, scopes: &str) -> Problem {
        self.problem(RequestKind::Authorization, Sent { scopes, secret: false }, &[])
    }

    /// What it means. Nothing of `secrets` is repeated: a provider may (TK-1).
    pub(super) fn problem(&self, request: RequestKind, sent: Sent<'_>, secrets: &[&Secret]) -> Problem {
        let mut cause = prose::cause(&self.error, &self.description, sent);
        // The authorization endpoint took this client ID before, so it is the secret that is missing (RFC 6749 section 5.2).
        let bare = self.error == "invalid_client" && self.description.is_empty();
        if request == RequestKind::CodeExchange && bare {
            cause = Some(if sent.secret { Cause::ClientSecretWrong } else { Cause::ClientSecretMissing });
        }
        let (code, cause) = self.meaning(request, cause);
        Problem::new(code, redacted(&self.words(), secrets)).because(cause)
    }

    /// The description and the error code, as far as there are any.
    pub(super) fn words(&self) -> String {
        match (self.description.as_str(), self.error.as_str()) {
            ("", error) => error.to_owned(),
            (description, "") => description.to_owned(),
            (description, error) if description.contains(error) => description.to_owned(),
            (description, error) => format!("{description} ({error})"),
        }
    }

    fn meaning(&self, request: RequestKind, cause: Option<Cause>) -> (Code, Option<Cause>) {
        if request == RequestKind::Refresh {
            return self.meaning_of_refresh(cause);
        }
        let code = match (self.error.as_str(), cause) {
            ("temporarily_unavailable" | "slow_down", _) => Code::ProviderFailing,
            ("server_error", None) if !prose::is_no_outage(&self.description) => Code::ProviderFailing,
            (_, Some(Cause::Scope | Cause::OfflineAccess)) | ("invalid_scope", _) => Code::ScopeRefused,
            (_, Some(Cause::Audience | Cause::RedirectUri | Cause::Pkce | Cause::FlowNotAllowed | Cause::Dpop)) => {
                Code::Refused
            }
            ("access_denied" | "consent_required", _) => Code::Declined,
            ("invalid_client" | "unauthorized_client", _) => Code::WrongClient,
            _ => Code::Refused,
        };
        (code, cause)
    }

    /// A refresh that was refused leads to a new sign-in, whatever the reason. The session is deleted only where the
    /// provider says for certain that it is over (RF-10).
    fn meaning_of_refresh(&self, cause: Option<Cause>) -> (Code, Option<Cause>) {
        if matches!(self.error.as_str(), "server_error" | "temporarily_unavailable" | "slow_down") {
            return (Code::ProviderFailing, None);
        }
        if prose::ends_session(&self.error, &self.description) {
            return (Code::SessionEnded, None);
        }
        // The client ID was good at sign-in, and so was everything that was asked for then.
        let cause = cause.filter(|cause| {
            matches!(cause, Cause::ClientSecretMissing | Cause::ClientSecretWrong | Cause::Dpop | Cause::Policy)
        });
        (Code::RefreshRefused, cause)
    }
}

const DESCRIPTIONS: &[&str] =
    &["error_description", "message", "error_message", "errorMessage", "errorSummary", "msg", "detail", "description"];

/// `words` without anything secret that was sent.
pub(super) fn redacted(words: &str, secrets: &[&Secret]) -> String {
    let words = clean(words, usize::MAX);
    secrets
        .iter()
        .filter(|secret| !secret.expose().is_empty())
        .fold(words, |words, secret| words.replace(secret.expose(), "…"))
}
