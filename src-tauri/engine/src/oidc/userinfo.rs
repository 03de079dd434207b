use std::fmt;

use serde_json::{Map, Value};

use super::discovery::Provider;
use super::http::{Http, Reply};
use super::provider_error::{ProviderError, redacted};
use super::token_response::type_of;
use super::verify::{audience, check_audience};
use crate::config::Profile;
use crate::identity::Verified;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// The userinfo answer (OpenID Connect Core section 5.3.2), about the person the ID token names.
#[derive(Clone)]
pub struct Userinfo {
    /// Its claims.
    pub claims: Map<String, Value>,
    /// How it was checked: by its signature, or only by where it came from.
    pub verified: Verified,
}

impl fmt::Debug for Userinfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Userinfo").field("verified", &self.verified).finish_non_exhaustive()
    }
}

impl Provider {
    /// Asks who `access` is about, who must be `subject`. `None` when the provider has no such endpoint.
    ///
    /// # Errors
    /// [`Code::SubjectChanged`] when it is somebody else, [`Code::AnswerNotTrusted`] when a signed answer does not hold,
    /// [`Code::Refused`] when the access token is not taken, and the codes of a request that fails.
    pub async fn userinfo(
        &self,
        http: &Http,
        profile: &Profile,
        access: &Secret,
        subject: &str,
    ) -> Result<Option<Userinfo>> {
        let Some(url) = &self.inner.metadata.userinfo else { return Ok(None) };
        let reply = http.get("userinfo", url, Some(access)).await?;
        if !reply.is_success() {
            return Err(refused(&reply, access));
        }
        let userinfo = if reply.is_of_type("application/jwt") {
            Userinfo { claims: self.signed_claims(http, profile, &reply).await?, verified: Verified::Signature }
        } else {
            let claims = reply.object().ok_or_else(|| reply.problem(Code::AnswerBroken, reply.not_an_object()))?;
            Userinfo { claims, verified: Verified::Tls }
        };
        match userinfo.claims.get("sub") {
            Some(Value::String(came)) if came == subject => Ok(Some(userinfo)),
            Some(Value::String(came)) => {
                let detail = format!(
                    "userinfo is about '{came}', the ID token about '{subject}'; by OpenID Connect it must not be used"
                );
                Err(Problem::new(Code::SubjectChanged, detail))
            }
            Some(other) if !other.is_null() => {
                let what = format!("its 'sub' is {}, not text, so it can't be told whom it is about", type_of(other));
                Err(reply.problem(Code::AnswerBroken, &what))
            }
            _ => {
                Err(reply.problem(Code::AnswerBroken, "the answer has no 'sub', so it can't be told whom it is about"))
            }
        }
    }

    async fn signed_claims(&self, http: &Http, profile: &Profile, reply: &Reply) -> Result<Map<String, Value>> {
        let text = std::str::from_utf8(&reply.body).unwrap_or_default().trim();
        let token = Secret::new(text.to_owned());
        let algs = &self.inner.metadata.userinfo_algs;
        let claims = self.check_signature(http, "the userinfo answer", &token, algs).await?.claims;
        let untrusted = |why: &str| Problem::new(Code::AnswerNotTrusted, format!("the userinfo answer: {why}"));
        if claims.get("iss").and_then(Value::as_str) != Some(&self.inner.issuer) {
            let came = claims.get("iss").map(ToString::to_string).unwrap_or_default();
            return Err(untrusted(&format!("it is from {came}, not from '{}'", self.inner.issuer)));
        }
        let azp = claims.get("azp").and_then(Value::as_str);
        audience(claims.get("aud"))
            .and_then(|audience| check_audience(&audience, azp, profile))
            .map_err(|fault| untrusted(&fault.why))?;
        Ok(claims)
    }
}

/// Why the access token was not taken, in the provider's words where it gives any (RFC 6750 section 3).
fn refused(reply: &Reply, access: &Secret) -> Problem {
    let in_body = ProviderError::of_reply(reply).map(|error| error.words());
    let in_header = || Some(reply.challenge.split_once("error_description=\"")?.1.split('"').next()?.to_owned());
    match in_body.or_else(in_header).filter(|words| !words.is_empty()) {
        Some(words) if matches!(reply.status, 400..=403) => {
            let what = format!("it answered with status {}: {}", reply.status, redacted(&words, &[access]));
            reply.problem(Code::Refused, &what)
        }
        _ => {
            let code = if matches!(reply.status, 400..=403) { Code::Refused } else { Code::AnswerBroken };
            reply.status_problem(code)
        }
    }
}
