use serde_json::Value;
use url::Url;

use super::http::{Http, Reply};
use super::provider_error::ProviderError;
use crate::json::{self, Budget};
use crate::problem::{Code, Result};
use crate::redact::without_tokens;
use crate::text::clean_line;
use crate::tokens::Secret;

/// The longest words of a provider that are repeated, in characters.
const MAX_WORDS: usize = 300;

/// A request to a provider's own API.
pub(crate) struct ApiRequest<'a> {
    /// What it asks, in words that fit into "asked for …".
    pub(crate) purpose: &'static str,
    /// Where.
    pub(crate) url: &'a Url,
    /// Posted as JSON; `None` for a GET.
    pub(crate) body: Option<&'a Value>,
}

/// An API's answer. It is trusted only for what was requested.
pub(crate) struct ApiAnswer {
    /// The status code.
    pub(crate) status: u16,
    /// The body where it is JSON, as much of it as fits within the bound for one document.
    pub(crate) json: Option<Value>,
    /// How long the body was, in bytes.
    pub(crate) length: usize,
    /// How many values did not fit.
    pub(crate) left_out: usize,
    /// The provider's words about a refusal, safe to show; empty where it gave none.
    pub(crate) words: String,
    /// `Retry-After`, in seconds, where it is in trouble or asks to wait.
    pub(crate) wait: Option<u32>,
}

impl Http {
    /// Asks an API with `token`, which goes to this address alone: redirects are not followed (OP-3).
    ///
    /// # Errors
    /// [`Code::Unreachable`] and [`Code::UntrustedCertificate`]; [`Code::ProviderFailing`] for a status of 5xx, 408 and
    /// 425; [`Code::AnswerBroken`] for an answer that is too long. 429 is an answer: who asked decides whether to wait.
    pub(crate) async fn api(&self, request: &ApiRequest<'_>, token: &Secret) -> Result<ApiAnswer> {
        let reply = match request.body {
            Some(body) => self.post_json(request.purpose, request.url, body, token).await?,
            None => self.get(request.purpose, request.url, Some(token)).await?,
        };
        if reply.is_failing() && reply.status != 429 {
            return Err(reply.status_problem(Code::ProviderFailing));
        }
        let budget = Budget::default();
        let json = json::value_within(&reply.body, &budget);
        Ok(ApiAnswer {
            status: reply.status,
            json,
            length: reply.body.len(),
            left_out: budget.dropped(),
            words: words(&reply, token),
            wait: reply.retry_after,
        })
    }
}

/// The text of a refusal: its JSON in any form, else its challenge (RFC 6750 section 3).
fn words(reply: &Reply, token: &Secret) -> String {
    if reply.is_success() {
        return String::new();
    }
    let said = ProviderError::of_reply(reply).map(|error| error.words()).unwrap_or_default();
    let challenge = || reply.challenge.split("error_description=\"").nth(1)?.split('"').next().map(str::to_owned);
    let said = if said.is_empty() { challenge().unwrap_or_default() } else { said };
    let said = said.replace(token.expose(), "…");
    crate::text::clean(&clean_line(&without_tokens(&said)), MAX_WORDS)
}
