use std::time::Duration;

use super::establish::Warnings;
use super::operations::ending;
use super::{Engine, LOCK_WAIT};
use crate::config::Profile;
use crate::oidc::{ParsedToken, RefreshedTokens, not_before};
use crate::problem::{Cause, Code, Problem, Result};
use crate::tokens::Secret;
use crate::vault::StoredSession;

/// Pause before the one repetition of a request whose answer was lost, as for a refresh.
const REPEAT: Duration = Duration::from_millis(300);

/// An access token of another kind than the session's own, from the same session.
pub(super) enum AnotherToken {
    /// Only the caller has it: it is not stored.
    Given(Secret),
    /// The provider does not give it, or gave another; what it would need.
    NotGiven(String),
}

impl Engine {
    /// Asks for an access token of another kind by the refresh token, under the lock of a refresh. The session keeps its
    /// access token, its ID token and its scopes; a refresh token that replaced the old one is stored, as by a
    /// refresh. Not cancellable once sent (RF-2).
    ///
    /// # Errors
    /// [`Code::Busy`], [`Code::SignInNeeded`] and the codes of a request that gets no answer. A refusal is none: it says
    /// what would be needed, and never ends the session.
    pub(super) async fn another_token(
        &self,
        profile: &Profile,
        wanted: Vec<(&'static str, String)>,
        audience: Option<String>,
    ) -> Result<AnotherToken> {
        let (engine, profile) = (self.clone(), profile.clone());
        let task = tokio::spawn(async move {
            let _operation = engine.inner.operations.begin().await?;
            engine.another_token_under_lock(&profile, &wanted, audience.as_deref()).await
        });
        let unexpected = |_| Err(Problem::new(Code::AnswerBroken, "asking for a token failed unexpectedly"));
        task.await.unwrap_or_else(unexpected)
    }

    async fn another_token_under_lock(
        &self,
        profile: &Profile,
        wanted: &[(&'static str, String)],
        audience: Option<&str>,
    ) -> Result<AnotherToken> {
        let state = self.coordination(profile);
        let _lock = tokio::select! {
            lock = state.lock(LOCK_WAIT) => lock?,
            () = self.inner.operations.closing() => return Err(ending()),
        };
        let stored = self.load(profile).await?.ok_or_else(|| self.not_signed_in(profile))?;
        let Some(refresh) = stored.tokens.refresh.clone() else {
            let needs = "A token for it comes only from a refresh token, and this session has none.";
            return Ok(AnotherToken::NotGiven(needs.into()));
        };
        if not_before(&refresh).is_some_and(|from| from > stored.tokens.time(self.clocks())) {
            let needs = "The refresh token may not be used yet; ask again in a while.";
            return Ok(AnotherToken::NotGiven(needs.into()));
        }
        state.mark_refresh(&refresh)?;
        let response = match self.send_for(profile, &refresh, wanted).await {
            Ok(response) => response,
            Err(problem) => {
                // No answer at all leaves the marker: the refresh token may have been spent.
                if problem.code != Code::Unreachable {
                    Warnings::default().note(state.clear_refresh_marker());
                }
                return match problem.code {
                    Code::Unreachable | Code::UntrustedCertificate | Code::ProviderFailing => Err(problem),
                    _ => Ok(AnotherToken::NotGiven(needs_of(&problem, wanted))),
                };
            }
        };
        self.store_replaced(profile, stored, &response).await;
        Ok(given(response.access, audience))
    }

    async fn send_for(
        &self,
        profile: &Profile,
        refresh: &Secret,
        wanted: &[(&'static str, String)],
    ) -> Result<RefreshedTokens> {
        let (http, provider) = self.provider(profile).await?;
        let clock = self.inner.ports.clock.clone();
        match provider.refresh_for(&http, profile, refresh, wanted, clock.as_ref()).await {
            Err(problem) if problem.code == Code::Unreachable => {
                tokio::time::sleep(REPEAT).await;
                provider.refresh_for(&http, profile, refresh, wanted, clock.as_ref()).await
            }
            answer => answer,
        }
    }

    /// Keeps a refresh token that replaced the old one, and nothing else of the answer.
    async fn store_replaced(&self, profile: &Profile, mut stored: StoredSession, response: &RefreshedTokens) {
        let state = self.coordination(profile);
        if response.refresh.is_some() {
            stored.tokens.refresh.clone_from(&response.refresh);
            self.keep(profile, &stored).await;
        }
        let mut warnings = Warnings::default();
        if self.inner.memory.held(profile).is_none_or(|held| held.memory_only) {
            warnings.note(state.clear_refresh_marker());
        }
        warnings.note(state.increment_generation().map(drop));
    }
}

/// A JWT must name the audience that was asked for: some providers give a token for another without a word (TG-2).
fn given(access: Secret, audience: Option<&str>) -> AnotherToken {
    let Some(audience) = audience else { return AnotherToken::Given(access) };
    let names = match ParsedToken::of(access.expose()) {
        ParsedToken::Signed(jwt) => match jwt.into_claims().get("aud") {
            Some(serde_json::Value::String(named)) => named == audience,
            Some(serde_json::Value::Array(all)) => all.iter().any(|named| named == audience),
            _ => false,
        },
        ParsedToken::Encrypted | ParsedToken::Opaque => false,
    };
    if names {
        return AnotherToken::Given(access);
    }
    AnotherToken::NotGiven(format!(
        "The provider gave a token for another audience than {audience}: this client’s policy for refresh tokens does not allow that one."
    ))
}

/// What a refused token would need.
fn needs_of(problem: &Problem, wanted: &[(&'static str, String)]) -> String {
    let what: Vec<String> = wanted.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let what = what.join(", ");
    let said = &problem.detail;
    match (problem.cause, problem.code) {
        (Some(Cause::Consent | Cause::Interaction), _) | (_, Code::Declined) => {
            format!("A token with the {what} needs consent, which nobody was asked for. The provider says: {said}")
        }
        _ => format!("A token with the {what} was refused. The provider says: {said}"),
    }
}
