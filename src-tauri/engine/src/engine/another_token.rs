use super::establish::Warnings;
use super::operations::ending;
use super::refresh::{REPEAT, may_be_spent};
use super::{Engine, LOCK_WAIT};
use crate::config::Profile;
use crate::oidc::{ParsedToken, RefreshedTokens, not_before};
use crate::ports::Timestamp;
use crate::problem::{Cause, Code, Problem, Result};
use crate::targets::{self, Ask};
use crate::tokens::{Secret, TokenKind};
use crate::vault::{KeptToken, StoredSession, keep_token, kept_token};

/// An access token of another kind than the session's own, from the same session.
pub(super) enum AnotherToken {
    /// Only the caller has it: it is not stored.
    Given(Secret),
    /// The provider does not give it, or gave another; what it would need.
    NotGiven(String),
}

/// What came of a request for a token of another kind.
pub(super) enum Answer {
    /// The token, kept with the session where it was to be kept.
    Given(KeptToken),
    /// Another process had it made meanwhile.
    Adopted(KeptToken),
    /// The provider refused, in its own words.
    Refused(Problem),
    /// The provider was not asked; why.
    NotAsked(&'static str),
}

/// A token that is to be kept with the session.
#[derive(Clone)]
pub(super) struct ToKeep {
    /// What it is for.
    pub(super) ask: Ask,
    /// The kept one that is to be replaced, by [`Secret::fingerprint`].
    pub(super) unwanted: Option<String>,
    /// For how long it must hold, in seconds.
    pub(super) least: i64,
}

type Parameters = Vec<(&'static str, String)>;

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
        wanted: Parameters,
        audience: Option<String>,
    ) -> Result<AnotherToken> {
        Ok(match self.ask_for_another(profile, wanted.clone(), None).await? {
            Answer::Given(token) | Answer::Adopted(token) => given(token.secret, audience.as_deref()),
            Answer::Refused(problem) => AnotherToken::NotGiven(needs_of(&problem, &wanted)),
            Answer::NotAsked(why) => AnotherToken::NotGiven(why.into()),
        })
    }

    /// What [`Engine::another_token`] does, in a task of its own. With `keep` the token is checked against what it is for, and
    /// kept with the session.
    ///
    /// # Errors
    /// Those of [`Engine::another_token`], and [`Code::WrongToken`].
    pub(super) async fn ask_for_another(
        &self,
        profile: &Profile,
        wanted: Parameters,
        keep: Option<ToKeep>,
    ) -> Result<Answer> {
        let (engine, profile) = (self.clone(), profile.clone());
        let task = tokio::spawn(async move {
            let _operation = engine.inner.operations.begin().await?;
            engine.another_token_under_lock(&profile, &wanted, keep).await
        });
        let unexpected = |_| Err(Problem::new(Code::AnswerBroken, "asking for a token failed unexpectedly"));
        task.await.unwrap_or_else(unexpected)
    }

    async fn another_token_under_lock(
        &self,
        profile: &Profile,
        wanted: &Parameters,
        keep: Option<ToKeep>,
    ) -> Result<Answer> {
        let state = self.coordination(profile);
        let _lock = tokio::select! {
            lock = state.lock(LOCK_WAIT) => lock?,
            () = self.inner.operations.closing() => return Err(ending()),
        };
        let stored = self.load(profile).await?.ok_or_else(|| self.not_signed_in(profile))?;
        if let Some(token) = keep.as_ref().and_then(|keep| keep.made_meanwhile(&stored, self)) {
            return Ok(Answer::Adopted(token));
        }
        let Some(refresh) = stored.tokens.refresh.clone() else {
            return Ok(Answer::NotAsked("A token for it comes only from a refresh token, and this session has none."));
        };
        if not_before(&refresh).is_some_and(|from| from > stored.tokens.time(self.clocks())) {
            return Ok(Answer::NotAsked("The refresh token may not be used yet; ask again in a while."));
        }
        state.mark_refresh(&refresh)?;
        let response = match self.send_for(profile, &refresh, wanted).await {
            Ok(response) => response,
            Err(problem) => {
                if !may_be_spent(problem.code) {
                    Warnings::default().note(state.clear_refresh_marker());
                }
                return match problem.code {
                    Code::Unreachable | Code::UntrustedCertificate | Code::ProviderFailing => Err(problem),
                    _ => Ok(Answer::Refused(problem)),
                };
            }
        };
        if let Some(problem) = response.unusable.clone() {
            self.store_replaced(profile, stored, &response, None).await;
            return Ok(Answer::Refused(problem));
        }
        let own = stored.tokens.access.clone();
        let checked = keep.as_ref().map_or(Ok(()), |keep| {
            let product = profile.product();
            targets::check(&keep.ask, product, &response.access, response.scope.as_deref(), &own)
        });
        let token = KeptToken {
            key: keep.as_ref().map(|keep| keep.ask.key()).unwrap_or_default(),
            secret: response.access.clone(),
            expires_at: response.expires_at.or_else(|| own_end(&response.access)),
            obtained_at: response.obtained_at,
        };
        let kept = (keep.is_some() && checked.is_ok()).then(|| token.clone());
        // Whatever came, the refresh token in it may be the only valid one.
        self.store_replaced(profile, stored, &response, kept).await;
        checked.map(|()| Answer::Given(token))
    }

    async fn send_for(&self, profile: &Profile, refresh: &Secret, wanted: &Parameters) -> Result<RefreshedTokens> {
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

    /// Keeps a refresh token that replaced the old one, and the token that is to be kept; nothing else of the answer.
    async fn store_replaced(
        &self,
        profile: &Profile,
        mut stored: StoredSession,
        response: &RefreshedTokens,
        kept: Option<KeptToken>,
    ) {
        let state = self.coordination(profile);
        if response.refresh.is_some() || kept.is_some() {
            if response.refresh.is_some() {
                stored.tokens.refresh.clone_from(&response.refresh);
            }
            if let Some(token) = kept {
                keep_token(&mut stored.kept, token, self.now());
            }
            self.keep(profile, &stored).await;
        }
        let mut warnings = Warnings::default();
        if self.inner.memory.held(profile).is_none_or(|held| held.memory_only) {
            warnings.note(state.clear_refresh_marker());
        }
        warnings.note(state.increment_generation().map(drop));
    }
}

impl ToKeep {
    /// The token that another process made since the caller looked, where there is one.
    fn made_meanwhile(&self, stored: &StoredSession, engine: &Engine) -> Option<KeptToken> {
        let token = kept_token(&stored.kept, &self.ask.key())?;
        let unwanted = self.unwanted.as_ref().is_some_and(|unwanted| *unwanted == token.secret.fingerprint());
        (!unwanted && token.holds_for(self.least, engine.clocks())).then(|| token.clone())
    }
}

/// When a token ends by its own `exp`, where it is a JWT.
fn own_end(token: &Secret) -> Option<Timestamp> {
    let ParsedToken::Signed(jwt) = ParsedToken::of(token.expose()) else { return None };
    jwt.into_claims().get("exp")?.as_i64().map(Timestamp)
}

/// The token, where it is a JWT that names the audience that was asked for: some providers silently give one for another
/// (TG-2).
fn given(access: Secret, audience: Option<&str>) -> AnotherToken {
    let Some(audience) = audience else { return AnotherToken::Given(access) };
    let names = match ParsedToken::of(access.expose()) {
        ParsedToken::Signed(jwt) => targets::audiences(&jwt.into_claims()).iter().any(|named| named == audience),
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

impl Answer {
    /// The token, and whether it was made for this request.
    ///
    /// # Errors
    /// [`Code::TokenRefused`] where there is none.
    pub(super) fn into_token(self, ask: &Ask) -> Result<(KeptToken, bool)> {
        let refused = |why: &str| Err(Problem::new(Code::TokenRefused, why));
        match self {
            Self::Given(token) => Ok((token, true)),
            Self::Adopted(token) => Ok((token, false)),
            Self::NotAsked(why) => refused(why),
            Self::Refused(problem) => {
                debug_assert_eq!(ask.kind, TokenKind::Access);
                let asked = [ask.resources.join(" "), ask.audience.clone().unwrap_or_default(), ask.scopes.join(" ")];
                let asked: Vec<String> = asked.into_iter().filter(|text| !text.is_empty()).collect();
                refused(&format!("for {}; the provider says: {}", asked.join(", "), problem.detail))
            }
        }
    }
}
