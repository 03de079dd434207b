use std::time::Duration;

use super::discovery::Provider;
use super::http::Http;
use super::prose::Sent;
use super::provider_error::RequestKind;
use super::token_response::TokenResponse;
use super::verify::{IdClaims, IdTokenExpectations};
use crate::config::Profile;
use crate::ports::{Clock, ClockReading, Timestamp};
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// What a refresh gave. The ID token in it is **not verified** yet: a rotated refresh token must be stored before
/// anything else can fail, for the one that was sent is spent.
#[derive(Clone, Debug)]
pub struct RefreshedTokens {
    /// The new access token.
    pub access: Secret,
    /// The refresh token to use from now on; `None` when the one that was sent stays.
    pub refresh: Option<Secret>,
    /// The new ID token, not verified; `None` when the earlier one stays valid.
    pub id: Option<Secret>,
    /// What was in the ID token's place where that was no text: it is refused, once the refresh token is stored.
    pub(super) id_is: Option<&'static str>,
    /// Why nothing else in it can be used; that is told once the refresh token is stored.
    pub(crate) unusable: Option<Problem>,
    /// When the access token ends, POSIX seconds; `None` when the provider did not say.
    pub expires_at: Option<Timestamp>,
    /// When these were received, POSIX seconds.
    pub obtained_at: Timestamp,
    /// What the boot clock showed then.
    pub obtained_at_boot: Duration,
    /// When it was made, by the provider's clock.
    pub date: Option<Timestamp>,
    /// The scope the provider says it granted; `None` means "as before".
    pub scope: Option<String>,
}

impl Provider {
    /// Exchanges a refresh token for new tokens (RFC 6749 section 6). Follow with [`Provider::verify_refreshed`].
    ///
    /// # Errors
    /// [`crate::Code::SessionEnded`] when the provider says that it is over, [`crate::Code::RefreshRefused`] when it does not
    /// take it for another reason, [`crate::Code::ProviderFailing`],
    /// [`crate::Code::Unreachable`] and the other codes of a request that fails.
    pub async fn refresh(
        &self,
        http: &Http,
        profile: &Profile,
        refresh: &Secret,
        clock: &dyn Clock,
    ) -> Result<RefreshedTokens> {
        self.spend(http, profile, refresh, None, clock).await
    }

    /// Asks for an access token of another kind from the same session: `wanted` are the parameters that say which
    /// (`scope`, `audience`, `resource`). Where a refresh token came too, it must be stored like that of a refresh.
    ///
    /// A refusal is about what was wanted. It never says that the session is over, whatever its words: Entra ID answers
    /// `invalid_grant` where somebody has to consent first.
    ///
    /// # Errors
    /// [`crate::Code::ScopeRefused`], [`crate::Code::Declined`] and [`crate::Code::Refused`] when it is not given, and
    /// the codes of a request that fails.
    pub async fn refresh_for(
        &self,
        http: &Http,
        profile: &Profile,
        refresh: &Secret,
        wanted: &[(&'static str, String)],
        clock: &dyn Clock,
    ) -> Result<RefreshedTokens> {
        self.spend(http, profile, refresh, Some(wanted), clock).await
    }

    async fn spend(
        &self,
        http: &Http,
        profile: &Profile,
        refresh: &Secret,
        wanted: Option<&[(&'static str, String)]>,
        clock: &dyn Clock,
    ) -> Result<RefreshedTokens> {
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose()),
            ("client_id", profile.client_id.as_str()),
        ];
        form.extend(wanted.unwrap_or_default().iter().map(|(name, value)| (*name, value.as_str())));
        let reply = http.post("new tokens", &self.inner.metadata.token, &form, self.inner.metadata.secret_in).await?;
        let scopes = wanted.and_then(|wanted| wanted.iter().find(|(name, _)| *name == "scope"));
        let sent = Sent { secret: http.has_secret(), scopes: scopes.map_or("", |(_, scopes)| scopes) };
        let kind = if wanted.is_some() { RequestKind::AnotherToken } else { RequestKind::Refresh };
        let response = TokenResponse::read(&reply, kind, sent, &[refresh])?;
        let ClockReading { wall: now, boot } = clock.reading();
        Ok(RefreshedTokens {
            access: response.access,
            refresh: response.refresh,
            id: response.id,
            id_is: response.id_is,
            unusable: response.unusable,
            expires_at: response.expires_in.map(|seconds| now.plus(seconds)),
            obtained_at: now,
            obtained_at_boot: boot,
            date: reply.date,
            scope: response.scope,
        })
    }

    /// Verifies the ID token that came with a refresh, and that it is about the same person and sign-in as `previous`
    /// (OpenID Connect Core section 12.2). `None` when none came.
    ///
    /// # Errors
    /// [`crate::Code::SubjectChanged`] when it is about somebody else, [`crate::Code::AnswerNotTrusted`] otherwise, and the
    /// codes of a request that fails, should the keys have to be fetched again.
    pub async fn verify_refreshed(
        &self,
        http: &Http,
        profile: &Profile,
        refreshed: &RefreshedTokens,
        previous: &IdClaims,
        clock: &dyn Clock,
    ) -> Result<Option<IdClaims>> {
        if let Some(problem) = &refreshed.unusable {
            return Err(problem.clone());
        }
        if let Some(kind) = refreshed.id_is {
            let detail = format!("the id_token in the answer to the refresh is {kind}, not text");
            return Err(Problem::new(Code::AnswerNotTrusted, detail));
        }
        let Some(token) = &refreshed.id else { return Ok(None) };
        let issuer = &self.inner.issuer;
        let (access, server_date) = (&refreshed.access, refreshed.date);
        let expected = IdTokenExpectations {
            profile,
            issuer,
            at_sign_in: false,
            nonce: None,
            access,
            now: clock.now(),
            server_date,
        };
        let id = self.verify(http, token, &expected).await?;
        id.check_same_sign_in(previous)?;
        Ok(Some(id))
    }
}
