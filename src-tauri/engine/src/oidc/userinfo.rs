use serde_json::{Map, Value};

use super::http::{Http, in_words};
use super::{Provider, jwt};
use crate::config::Profile;
use crate::identity::Verified;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// The userinfo answer (OpenID Connect Core section 5.3).
pub struct Userinfo {
    /// Its claims.
    pub claims: Map<String, Value>,
    /// By TLS when it came as JSON, by signature when it came as a JSON Web Token.
    pub verified: Verified,
}

impl Provider {
    /// Asks userinfo. `None` when the provider has none.
    ///
    /// # Errors
    /// Network rows; [`Code::SubjectChanged`] when it is about somebody else (Core section 5.3.2), which then must not be
    /// used; refusals.
    pub async fn userinfo(
        &self,
        http: &Http,
        profile: &Profile,
        access: &Secret,
        subject: &str,
    ) -> Result<Option<Userinfo>> {
        let Some(url) = &self.inner.userinfo else { return Ok(None) };
        let answer = http.get_with(url, access).await?;
        if !answer.status.is_success() {
            return Err(Problem::new(Code::Refused, format!("userinfo answered {}", in_words(answer.status))));
        }
        let userinfo = if answer.content_type.to_ascii_lowercase().contains("jwt") {
            let text = String::from_utf8(answer.body).unwrap_or_default();
            let token = Secret::new(text.trim().to_owned());
            let jwt = jwt::parse(token.expose(), "userinfo answer")?;
            self.signed(http, &jwt, "userinfo answer").await?;
            self.addressed(profile, &jwt.claims)?;
            Userinfo { claims: jwt.claims, verified: Verified::Signature }
        } else {
            let claims = serde_json::from_slice(&answer.body)
                .map_err(|_| Problem::new(Code::AnswerBroken, "userinfo did not answer a JSON object"))?;
            Userinfo { claims, verified: Verified::Tls }
        };
        if userinfo.claims.get("sub").and_then(Value::as_str) != Some(subject) {
            return Err(Problem::new(Code::SubjectChanged, "userinfo is about another person than the ID token"));
        }
        Ok(Some(userinfo))
    }

    /// A signed userinfo answer names issuer and audience (Core section 5.3.2).
    fn addressed(&self, profile: &Profile, claims: &Map<String, Value>) -> Result<()> {
        let ours = claims.get("iss").and_then(Value::as_str) == Some(self.inner.issuer.as_str());
        let to_us = match claims.get("aud") {
            Some(Value::String(audience)) => *audience == profile.client_id,
            Some(Value::Array(list)) => list.iter().any(|audience| audience.as_str() == Some(&profile.client_id)),
            _ => false,
        };
        if ours && to_us {
            return Ok(());
        }
        Err(Problem::new(Code::AnswerNotTrusted, "the userinfo answer is signed for somebody else"))
    }
}
