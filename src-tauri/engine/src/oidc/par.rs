use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::authorize::AuthorizationRequest;
use super::discovery::Provider;
use super::http::Http;
use super::prose::Sent;
use super::provider_error::RequestKind;
use super::token_response::{error_answer, lifetime};
use crate::config::Profile;
use crate::problem::Cause;
use crate::problem::{Code, Problem, Result};

/// How long a pushed request counts as good where the provider does not say, in seconds (RFC 9126 section 2.2 names 5 to
/// 600).
const USUAL_LIFE: i64 = 60;
/// A longer name for a request than this is none.
const LONGEST_NAME: usize = 2048;

/// How the browser gets to the provider for one [`AuthorizationRequest`].
#[derive(Clone, Debug)]
pub struct AuthorizationUrl {
    /// The link that the browser opens.
    pub url: Url,
    /// For how long it can be opened, and then only once; `None` for as long as the sign-in lasts.
    pub valid_for: Option<Duration>,
}

impl Provider {
    /// The way to the sign-in page. A provider that takes requests ahead of the browser is given this one (RFC 9126), and
    /// the link carries nothing but its name; each call pushes again, for such a name is used once. Where it takes none of
    /// ours, though it says it does, the ordinary link is the way, and the remarks tell why: Okta and Auth0 announce an
    /// endpoint that refuses public clients.
    ///
    /// # Errors
    /// Where the provider insists on it and the push fails, or where it names a fault of the request itself:
    /// [`Code::WrongClient`], [`Code::Refused`], [`Code::ScopeRefused`], [`Code::ProviderFailing`],
    /// [`Code::AnswerBroken`], and the codes of a request that fails.
    pub async fn authorization_url(
        &self,
        http: &Http,
        profile: &Profile,
        request: &AuthorizationRequest,
    ) -> Result<AuthorizationUrl> {
        let metadata = &self.inner.metadata;
        let ordinary = || AuthorizationUrl { url: request.url.clone(), valid_for: None };
        let Some(endpoint) = metadata.par.as_ref().filter(|_| self.inner.par_refused.get().is_none()) else {
            return Ok(ordinary());
        };
        match self.push_request(http, endpoint, profile, request).await {
            Ok(way) => Ok(way),
            Err(problem) if metadata.par_required || names_fault(&problem) => {
                Err(self.with_unlisted_scopes(profile, problem))
            }
            Err(problem) => {
                let why = format!(
                    "The provider offers to take the request ahead of the browser (PAR), but did not: {}. The ordinary link is used.",
                    problem.detail.trim_end_matches('.')
                );
                let _ = self.inner.par_refused.set(why);
                Ok(ordinary())
            }
        }
    }

    async fn push_request(
        &self,
        http: &Http,
        endpoint: &Url,
        profile: &Profile,
        request: &AuthorizationRequest,
    ) -> Result<AuthorizationUrl> {
        let secret_in = self.inner.metadata.secret_in;
        let reply =
            http.push_request("a place for the sign-in request", endpoint, &request.parameters, secret_in).await?;
        let scopes = profile.scopes_at_sign_in().to_string();
        let sent = Sent { scopes: &scopes, secret: http.has_secret() };
        let members = reply.object().filter(|_| reply.is_success());
        let Some(members) = members.filter(|members| !members.contains_key("error")) else {
            return Err(error_answer(&reply, RequestKind::Par, sent, &[&request.state, &request.nonce]));
        };
        let name = members.get("request_uri").and_then(Value::as_str).filter(|name| is_usable(name));
        let Some(name) = name else {
            return Err(reply.problem(Code::AnswerBroken, "the answer has no usable request_uri"));
        };
        let seconds = members.get("expires_in").and_then(lifetime).unwrap_or(USUAL_LIFE);
        let mut url = self.inner.metadata.authorization.clone();
        url.query_pairs_mut().append_pair("client_id", &profile.client_id).append_pair("request_uri", name);
        Ok(AuthorizationUrl { url, valid_for: Some(Duration::from_secs(seconds.unsigned_abs())) })
    }
}

/// Whether a refusal is about what was asked, so that the ordinary link would be refused in the browser all the same.
fn names_fault(problem: &Problem) -> bool {
    // Without a secret, `invalid_client` may only mean that public clients can't push.
    if problem.cause == Some(Cause::ClientSecretWrong) {
        return true;
    }
    let cause = problem.cause.filter(|_| matches!(problem.code, Code::Refused | Code::ScopeRefused | Code::Declined));
    matches!(
        cause,
        Some(
            Cause::RedirectUri
                | Cause::Scope
                | Cause::OfflineAccess
                | Cause::Audience
                | Cause::Pkce
                | Cause::FlowNotAllowed
        )
    )
}

fn is_usable(name: &str) -> bool {
    !name.is_empty() && name.len() <= LONGEST_NAME && !name.chars().any(|c| c.is_control() || c.is_whitespace())
}
