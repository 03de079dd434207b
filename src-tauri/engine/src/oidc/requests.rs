use std::time::Duration;

use super::answer::token_answer;
use super::http::{Http, in_words};
use super::{Attempt, IdClaims, Provider};
use crate::config::Profile;
use crate::ports::{Clock, Timestamp};
use crate::problem::{Code, Problem, Result};
use crate::tokens::{Secret, Tokens};

/// What a code bought, verified.
pub struct Grant {
    /// The tokens.
    pub tokens: Tokens,
    /// The ID token's claims.
    pub id: IdClaims,
}

/// What a refresh token bought. Not verified yet, so that a rotated refresh token can be kept first.
pub struct Renewal {
    /// The new access token.
    pub access: Secret,
    /// The refresh token that replaces the one that was spent; `None` means that one stays.
    pub refresh: Option<Secret>,
    /// A new ID token, unchecked.
    pub id: Option<Secret>,
    /// When the access token ends.
    pub expires_at: Option<Timestamp>,
    /// When the answer came.
    pub obtained_at: Timestamp,
    /// The scope granted, where the provider says.
    pub scope: Option<String>,
}

/// The longest a revocation may take: signing out must not hang on the provider.
const REVOCATION_WAIT: Duration = Duration::from_secs(5);

impl Provider {
    /// Exchanges the code (RFC 6749 section 4.1.3) and verifies the ID token.
    ///
    /// # Errors
    /// Network rows; refusals; [`Code::AnswerNotTrusted`], [`Code::AnswerBroken`].
    pub async fn redeem(
        &self,
        http: &Http,
        profile: &Profile,
        attempt: &Attempt,
        code: Secret,
        clock: &dyn Clock,
    ) -> Result<Grant> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", attempt.redirect_uri.as_str()),
            ("client_id", &profile.client_id),
            ("code_verifier", attempt.verifier.expose()),
        ];
        let answer = http.post(&self.inner.token, &form).await?;
        let now = clock.now();
        let answer = token_answer(&answer, false, now)?;
        let id = answer.id.ok_or_else(|| {
            Problem::new(
                Code::AnswerBroken,
                "no ID token came; the scope openid may not be allowed for this application",
            )
        })?;
        let claims = self.verify_new(http, profile, &id, &answer.access, &attempt.nonce, now).await?;
        let tokens = Tokens {
            access: answer.access,
            refresh: answer.refresh,
            id,
            expires_at: answer.expires_at,
            obtained_at: now,
            scope: answer.scope,
        };
        Ok(Grant { tokens, id: claims })
    }

    /// Spends a refresh token (RFC 6749 section 6).
    ///
    /// # Errors
    /// Network rows; [`Code::SessionEnded`] for `invalid_grant`; other refusals.
    pub async fn refresh(
        &self,
        http: &Http,
        profile: &Profile,
        refresh: &Secret,
        clock: &dyn Clock,
    ) -> Result<Renewal> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose()),
            ("client_id", profile.client_id.as_str()),
        ];
        let answer = http.post(&self.inner.token, &form).await?;
        let now = clock.now();
        let answer = token_answer(&answer, true, now)?;
        Ok(Renewal {
            access: answer.access,
            refresh: answer.refresh,
            id: answer.id,
            expires_at: answer.expires_at,
            obtained_at: now,
            scope: answer.scope,
        })
    }

    /// Revokes a token (RFC 7009). `false` means that the provider offers no revocation.
    ///
    /// # Errors
    /// Network rows, also after five seconds; refusals.
    pub async fn revoke(&self, http: &Http, profile: &Profile, token: &Secret, refresh: bool) -> Result<bool> {
        let Some(url) = &self.inner.revocation else { return Ok(false) };
        let hint = if refresh { "refresh_token" } else { "access_token" };
        let form = [("token", token.expose()), ("token_type_hint", hint), ("client_id", &profile.client_id)];
        let answer = tokio::time::timeout(REVOCATION_WAIT, http.post(url, &form)).await.map_err(|_| {
            Problem::new(Code::Unreachable, "the provider did not confirm the revocation within 5 seconds")
        })??;
        if answer.status.is_success() {
            return Ok(true);
        }
        Err(Problem::new(Code::Refused, format!("the revocation was answered {}", in_words(answer.status))))
    }
}
