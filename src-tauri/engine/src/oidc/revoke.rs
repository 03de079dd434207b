use std::time::Duration;

use super::discovery::Provider;
use super::failure;
use super::http::Http;
use super::prose::Sent;
use super::provider_error::RequestKind;
use super::token_response::error_answer;
use crate::config::Profile;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// How long signing out waits for the provider.
const TIMEOUT: Duration = Duration::from_secs(5);

impl Provider {
    /// Has the provider make a token worthless (RFC 7009), a refresh token where `refresh` says so. `false` when the
    /// provider offers no revocation. A token it does not know counts as revoked.
    ///
    /// # Errors
    /// [`Code::ProviderFailing`] when the token must be taken to be alive still, [`Code::Unreachable`] also when no
    /// answer came within five seconds, [`Code::Refused`] in the provider's own words.
    pub async fn revoke(&self, http: &Http, profile: &Profile, token: &Secret, refresh: bool) -> Result<bool> {
        let Some(url) = &self.inner.metadata.revocation else { return Ok(false) };
        let hint = if refresh { "refresh_token" } else { "access_token" };
        let form = [("token", token.expose()), ("token_type_hint", hint), ("client_id", profile.client_id.as_str())];
        let answer =
            tokio::time::timeout(TIMEOUT, http.post("a revocation", url, &form, self.inner.metadata.secret_in)).await;
        let reply = answer.map_err(|_| {
            Problem::new(Code::Unreachable, format!("{} did not answer within 5 seconds", failure::host(url)))
        })??;
        let sent = Sent { secret: http.has_secret(), ..Sent::default() };
        if reply.is_success() { Ok(true) } else { Err(error_answer(&reply, RequestKind::Revoke, sent, &[token])) }
    }
}
