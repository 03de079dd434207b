use super::authorize::AuthorizationRequest;
use super::discovery::Provider;
use super::http::Http;
use super::prose::Sent;
use super::provider_error::RequestKind;
use super::token_response::TokenResponse;
use super::verify::{IdClaims, IdTokenExpectations};
use crate::config::Profile;
use crate::ports::{Clock, ClockReading, Timestamp};
use crate::problem::{Code, Problem, Result};
use crate::redact::Redactor;
use crate::tokens::{Secret, Tokens};

/// What a sign-in gave.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The tokens.
    pub tokens: Tokens,
    /// What the ID token says, verified.
    pub id: IdClaims,
    /// The path of the redirect URI it came by; `None` where there was none.
    pub redirect_path: Option<String>,
}

impl Provider {
    /// Exchanges the code for tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5) and verifies the ID token.
    ///
    /// # Errors
    /// [`Code::AnswerNotTrusted`] when the ID token is not in order, [`Code::WrongClient`], [`Code::Refused`],
    /// [`Code::AnswerBroken`], and the codes of a request that fails.
    pub async fn redeem(
        &self,
        http: &Http,
        profile: &Profile,
        request: &AuthorizationRequest,
        code: Secret,
        clock: &dyn Clock,
    ) -> Result<Grant> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", request.redirect_uri.as_str()),
            ("client_id", &profile.client_id),
            ("code_verifier", request.verifier.expose()),
        ];
        let reply = http.post("tokens", &self.inner.metadata.token, &form, self.inner.metadata.secret_in).await?;
        let scopes = profile.scopes_at_sign_in().to_string();
        let sent = Sent { scopes: &scopes, secret: http.has_secret() };
        let response = TokenResponse::read(&reply, RequestKind::CodeExchange, sent, &[&code, &request.verifier])?;
        let (tokens, id) = self.accept(http, profile, response, (reply.date, Some(&request.nonce)), clock).await?;
        Ok(Grant { tokens, id, redirect_path: Some(request.redirect_uri.path().to_owned()) })
    }

    /// Verifies what a sign-in gave. Where it is not in order nobody will hold the refresh token, so it is revoked: an answer
    /// that can't be trusted must not leave a session behind.
    ///
    /// `context` is when the answer was made, by the provider's clock, and the nonce that was sent, where one was.
    pub(super) async fn accept(
        &self,
        http: &Http,
        profile: &Profile,
        response: TokenResponse,
        context: (Option<Timestamp>, Option<&Secret>),
        clock: &dyn Clock,
    ) -> Result<(Tokens, IdClaims)> {
        let refresh = response.refresh.clone();
        let came = [Some(&response.access), response.refresh.as_ref(), response.id.as_ref()];
        let redactor = Redactor::default().hiding(came.into_iter().flatten());
        let accepted = self.verify_sign_in(http, profile, response, context, clock).await;
        if let (Err(_), Some(refresh)) = (&accepted, refresh) {
            let _ = self.revoke(http, profile, &refresh, true).await;
        }
        accepted.map_err(|problem| problem.redacted(&redactor))
    }

    async fn verify_sign_in(
        &self,
        http: &Http,
        profile: &Profile,
        response: TokenResponse,
        (server_date, nonce): (Option<Timestamp>, Option<&Secret>),
        clock: &dyn Clock,
    ) -> Result<(Tokens, IdClaims)> {
        if let Some(problem) = response.unusable {
            return Err(problem);
        }
        if let Some(kind) = response.id_is {
            let detail = format!("the id_token in the answer to the sign-in is {kind}, not text");
            return Err(Problem::new(Code::AnswerBroken, detail));
        }
        let Some(id_token) = response.id else {
            return Err(Problem::new(
                Code::AnswerBroken,
                "the answer to the sign-in has no ID token, though the scope openid asks for one",
            ));
        };
        let ClockReading { wall: now, boot } = clock.reading();
        let expected = IdTokenExpectations {
            profile,
            issuer: &self.inner.issuer,
            at_sign_in: true,
            nonce,
            access: &response.access,
            now,
            server_date,
        };
        let id = self.verify(http, &id_token, &expected).await?;
        let tokens = Tokens {
            access: response.access,
            refresh: response.refresh,
            id: id_token,
            expires_at: response.expires_in.map(|seconds| now.plus(seconds)),
            obtained_at: now,
            obtained_at_boot: Some(boot),
            scope: response.scope,
        };
        Ok((tokens, id))
    }
}
