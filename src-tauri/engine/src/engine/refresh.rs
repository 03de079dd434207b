use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};

use super::establish::Warnings;
use super::operations::ending;
use super::token::is_usable;
use super::{Engine, LOCK_WAIT, lock, read, stored_claims};
use crate::config::Profile;
use crate::failpoint::failpoint;
use crate::oidc::{Http, IdClaims, Provider, RefreshedTokens, not_before};
use crate::problem::{Code, Problem, Result};
use crate::redact::Redactor;
use crate::session::{End, LastKnown, MARGIN, Refusal, SessionSummary};
use crate::state::Coordination;
use crate::text::clean_line;
use crate::tokens::{Secret, TokenKind, Tokens};
use crate::vault::StoredSession;

/// Refreshes in flight in this process, by profile key: further callers wait for the same one (RF-1).
pub(super) type InFlightRefreshes = Mutex<HashMap<String, Shared<BoxFuture<'static, Result<Refreshed>>>>>;

/// The result of a refresh: the session and its summary.
#[derive(Clone)]
pub(super) struct Refreshed {
    pub(super) stored: StoredSession,
    summary: SessionSummary,
}

/// How long to wait, after the provider refused the refresh token, for another process to have stored a newer one.
const SETTLE: Duration = Duration::from_millis(400);
/// Pause before the one repetition of a request whose answer was lost, inside the grace that many providers allow.
pub(super) const REPEAT: Duration = Duration::from_millis(300);

impl Engine {
    /// Refreshes the session: one request however many threads and processes ask. Not cancellable once sent.
    ///
    /// # Errors
    /// [`Code::SessionEnded`] when the provider ended it; network rows never end it.
    pub async fn refresh(&self, profile: &Profile) -> Result<SessionSummary> {
        Ok(self.join_refresh(profile).await?.summary)
    }

    /// Joins the refresh in flight, or starts one. It runs in a task of its own, so that a caller that stops waiting can not
    /// drop a request that has been sent (RF-2).
    pub(super) async fn join_refresh(&self, profile: &Profile) -> Result<Refreshed> {
        failpoint("1-joined");
        let refresh = {
            let mut refreshes = lock(&self.inner.refreshes);
            refreshes.entry(profile.key()).or_insert_with(|| self.start_refresh(profile)).clone()
        };
        refresh.await
    }

    fn start_refresh(&self, profile: &Profile) -> Shared<BoxFuture<'static, Result<Refreshed>>> {
        let (engine, profile) = (self.clone(), profile.clone());
        let seen = self.coordination(&profile).generation();
        let task = tokio::spawn(async move {
            let _entry = InFlightEntry { engine: engine.clone(), key: profile.key() };
            let _operation = engine.inner.operations.begin().await?;
            engine.refresh_under_lock(&profile, seen).await
        });
        let unexpected = |_| Err(Problem::new(Code::AnswerBroken, "refreshing the session failed unexpectedly"));
        async move { task.await.unwrap_or_else(unexpected) }.boxed().shared()
    }

    /// Lock, read again, adopt if another process was faster, send, keep, unlock.
    async fn refresh_under_lock(&self, profile: &Profile, seen: u64) -> Result<Refreshed> {
        let state = self.coordination(profile);
        // Nothing has been sent yet, so the end of the program need not wait for another process.
        let _lock = tokio::select! {
            lock = state.lock(LOCK_WAIT) => lock?,
            () = self.inner.operations.closing() => return Err(ending()),
        };
        failpoint("2-locked");
        let stored = self.load(profile).await?.ok_or_else(|| self.not_signed_in(profile))?;
        if state.generation() != seen && stored.tokens.holds_for(MARGIN, self.clocks()) {
            return Ok(Refreshed { summary: self.summarize(profile, &stored), stored });
        }
        failpoint("3-read");
        let (http, provider) = self.provider(profile).await?;
        let Some(refresh) = stored.tokens.refresh.clone() else {
            return self.reread(profile, &http, &provider, stored).await;
        };
        let too_early = not_before(&refresh).is_some_and(|from| from > stored.tokens.time(self.clocks()));
        if too_early && is_usable(&stored.tokens, TokenKind::Access, self.clocks()) {
            return self.reread(profile, &http, &provider, stored).await;
        }
        let interrupted = state.refresh_marker().is_some_and(|marker| marker.fingerprint == refresh.fingerprint());
        state.mark_refresh(&refresh).map_err(|problem| {
            Problem::new(problem.code, format!("{}; nothing was sent to the provider", problem.detail))
        })?;
        failpoint("4-marked");
        let redactor = self.redactor(profile, &stored).hiding(http.client_secret());
        let response =
            match self.send(profile, &http, &provider, &refresh).await.map_err(|problem| problem.redacted(&redactor)) {
                Ok(response) => response,
                Err(problem) if problem.code == Code::SessionEnded => {
                    return self.end_refused(profile, &state, &refresh, problem, interrupted).await;
                }
                Err(problem) => {
                    if !may_be_spent(problem.code) {
                        Warnings::default().note(state.clear_refresh_marker());
                    }
                    if problem.code == Code::RefreshRefused
                        && let Some(stored) = self.stored_by_another(profile, &refresh).await?
                    {
                        return Ok(Refreshed { summary: self.summarize(profile, &stored), stored });
                    }
                    self.note_refresh_refusal(profile, &problem);
                    return Err(problem);
                }
            };
        failpoint("5-answered");
        let refreshed = self.accept(profile, (&http, &provider), &state, stored, response).await;
        failpoint("8-done");
        match &refreshed {
            Ok(_) => Warnings::default().note(self.remembered(profile).clear_refusal()),
            Err(problem) => self.note_refresh_refusal(profile, problem),
        }
        refreshed
    }

    /// Stores that a refresh was refused, so that `status` does not look as if all were well. The session is kept.
    fn note_refresh_refusal(&self, profile: &Profile, problem: &Problem) {
        if problem.code.row().explains_refresh {
            let refusal = Refusal::new(problem, self.now());
            Warnings::default().note(self.remembered(profile).save_refusal(&refusal));
        }
    }

    async fn send(
        &self,
        profile: &Profile,
        http: &Http,
        provider: &Provider,
        refresh: &Secret,
    ) -> Result<RefreshedTokens> {
        let clock = self.inner.ports.clock.clone();
        match provider.refresh(http, profile, refresh, clock.as_ref()).await {
            Err(problem) if problem.code == Code::Unreachable => {
                tokio::time::sleep(REPEAT).await;
                provider.refresh(http, profile, refresh, clock.as_ref()).await
            }
            answer => answer,
        }
    }

    /// Accepts the provider's answer. The new refresh token is stored before anything else is looked at: it may already be
    /// the only valid one.
    async fn accept(
        &self,
        profile: &Profile,
        (http, provider): (&Http, &Provider),
        state: &Coordination,
        mut stored: StoredSession,
        response: RefreshedTokens,
    ) -> Result<Refreshed> {
        let before = self.summarize(profile, &stored);
        let replaced = stored.tokens.clone();
        if response.refresh.is_some() {
            stored.tokens.refresh.clone_from(&response.refresh);
            self.keep(profile, &stored).await;
            failpoint("6-kept");
        }
        // The session is stored: from here on a file that can't be written is a warning.
        let mut warnings = Warnings::default();
        if self.inner.memory.held(profile).is_none_or(|held| held.memory_only) {
            warnings.note(state.clear_refresh_marker());
        }
        warnings.note(state.increment_generation().map(drop));
        failpoint("7-counted");
        let (tokens, identity) = self.check(profile, (http, provider), &stored, &replaced, &response).await?;
        let now = self.now();
        stored.tokens = tokens;
        stored.refreshed_at = now;
        let mut summary = read::summary(profile, &stored.tokens, identity, (http, provider), now);
        summary.changes = warnings.note_from(self.record(profile, Some(&before.identity), &summary.identity, false));
        summary.memory_only = before.memory_only;
        summary.refresh_token_withheld = before.refresh_token_withheld && !summary.has_refresh_token;
        summary.granted = summary.granted.or(before.granted);
        summary.redirect_path = before.redirect_path;
        summary.unsaved = !self.keep(profile, &stored).await;
        failpoint("7-stored");
        warnings.note(self.remember(profile, LastKnown::of_session(summary.clone())));
        warnings.note(state.increment_generation().map(drop));
        summary.warnings = warnings.0;
        Ok(Refreshed { stored, summary })
    }

    /// Verifies the refreshed ID token against the earlier one and reads all documents. Until this is done the new access
    /// token is neither kept nor shown.
    async fn check(
        &self,
        profile: &Profile,
        (http, provider): (&Http, &Provider),
        stored: &StoredSession,
        replaced: &Tokens,
        response: &RefreshedTokens,
    ) -> Result<(Tokens, crate::identity::Identity)> {
        let previous = stored_claims(stored)
            .ok_or_else(|| Problem::new(Code::AnswerBroken, "the stored ID token can't be read; sign in again"))?;
        let clock = self.inner.ports.clock.clone();
        let came = [Some(&response.access), response.refresh.as_ref(), response.id.as_ref()];
        let redactor = Redactor::of(replaced).hiding(came.into_iter().flatten()).hiding(http.client_secret());
        let refreshed = provider.verify_refreshed(http, profile, response, &previous, clock.as_ref()).await;
        let refreshed = refreshed.map_err(|problem| problem.redacted(&redactor))?;
        let id: IdClaims = refreshed.unwrap_or(previous);
        let tokens = Tokens {
            access: response.access.clone(),
            refresh: response.refresh.clone().or_else(|| stored.tokens.refresh.clone()),
            id: response.id.clone().unwrap_or_else(|| stored.tokens.id.clone()),
            expires_at: response.expires_at,
            obtained_at: response.obtained_at,
            obtained_at_boot: Some(response.obtained_at_boot),
            scope: response.scope.clone().or_else(|| stored.tokens.scope.clone()),
        };
        let identity = read::identity(self, provider, http, profile, &tokens, Some(replaced), &id).await?;
        Ok((tokens, identity))
    }

    /// Without a refresh token, or with one that may not be used yet, the documents can still be read again while the
    /// access token is valid.
    async fn reread(
        &self,
        profile: &Profile,
        http: &Http,
        provider: &Provider,
        stored: StoredSession,
    ) -> Result<Refreshed> {
        let why = "the provider gave no refresh token, so only a new sign-in refreshes this session";
        let over = || Problem::new(Code::SignInNeeded, why);
        if !is_usable(&stored.tokens, TokenKind::Access, self.clocks()) {
            return Err(over());
        }
        let id = stored_claims(&stored).ok_or_else(over)?;
        let before = self.summarize(profile, &stored);
        let identity = read::identity(self, provider, http, profile, &stored.tokens, None, &id).await?;
        let now = self.now();
        let mut warnings = Warnings::default();
        let changes = warnings.note_from(self.record(profile, Some(&before.identity), &identity, false));
        let mut summary = SessionSummary { identity, changes, refreshed_at: now, ..before };
        warnings.note(self.remember(profile, LastKnown::of_session(summary.clone())));
        warnings.note(self.coordination(profile).increment_generation().map(drop));
        summary.warnings = warnings.0;
        Ok(Refreshed { stored, summary })
    }

    /// The session that another process stored since `spent` was read, where one did; waits a moment for it.
    async fn stored_by_another(&self, profile: &Profile, spent: &Secret) -> Result<Option<StoredSession>> {
        tokio::time::sleep(SETTLE).await;
        let stored = self.load(profile).await?;
        let is_spent =
            |stored: &StoredSession| stored.tokens.refresh.as_ref().is_some_and(|token| token.matches(spent.expose()));
        Ok(stored.filter(|stored| !is_spent(stored)))
    }

    /// The provider refused the refresh token: adopt what another process stored in the meantime, else end the session, but
    /// only if the stored token is still the one that was refused (RF-4).
    async fn end_refused(
        &self,
        profile: &Profile,
        state: &Coordination,
        spent: &Secret,
        problem: Problem,
        interrupted: bool,
    ) -> Result<Refreshed> {
        if let Some(stored) = self.stored_by_another(profile, spent).await? {
            return Ok(Refreshed { summary: self.summarize(profile, &stored), stored });
        }
        let words = problem.detail.clone();
        self.inner.memory.release(profile);
        self.inner.memory.set_userinfo(profile, None);
        self.inner.memory.set_directory(profile, None);
        self.inner.vault.delete(profile).await?;
        let mut warnings = Warnings::default();
        warnings.note(self.remembered(profile).note_key_store(profile, |entry| entry.session = false));
        warnings.note(state.clear_refresh_marker());
        if let Some(last) = self.last_known(profile) {
            let end = End::ByProvider { at: self.now(), words: words.clone() };
            warnings.note(self.remember(profile, last.ended(end)));
        }
        warnings.note(state.increment_generation().map(drop));
        if interrupted {
            let story = "an earlier refresh was cut off before its answer was stored, and the provider takes the old token no more";
            return Err(Problem::new(Code::SessionEnded, format!("{story} ({words})")));
        }
        Err(problem)
    }

    /// Writes the session to the key store, trying a few times; failing that it is held in memory, never dropped
    /// (RF-7). Tells whether it is stored. A session that was asked to stay in memory stays there.
    pub(super) async fn keep(&self, profile: &Profile, stored: &StoredSession) -> bool {
        let memory = &self.inner.memory;
        memory.note_received(profile, &stored.tokens);
        if memory.held(profile).is_some_and(|held| held.memory_only) {
            memory.hold(profile, stored, true);
            return true;
        }
        for pause in [100, 400, 0] {
            match self.inner.vault.store(profile, stored).await {
                Ok(()) => {
                    memory.release(profile);
                    return true;
                }
                Err(problem) => tracing::warn!(%problem, "the session could not be stored yet"),
            }
            if pause > 0 {
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
        }
        memory.hold(profile, stored, false);
        false
    }

    /// Tries again to store what the key store did not take. Tells whether nothing is left to store.
    pub async fn store_pending(&self, profile: &Profile) -> bool {
        let Ok(_operation) = self.inner.operations.begin().await else { return false };
        self.store_pending_now(profile).await
    }

    /// [`Engine::store_pending`] also while the program is ending.
    pub(super) async fn store_pending_now(&self, profile: &Profile) -> bool {
        match self.inner.memory.held(profile) {
            Some(held) if !held.memory_only => {
                let state = self.coordination(profile);
                let Ok(_lock) = state.lock(LOCK_WAIT).await else { return false };
                let kept = self.keep(profile, &held.stored).await;
                if kept {
                    let mut warnings = Warnings::default();
                    warnings.note(state.clear_refresh_marker());
                    warnings.note(state.increment_generation().map(drop));
                }
                kept
            }
            _ => true,
        }
    }

    /// The problem that nobody is signed in, with how the last session ended where that is known.
    #[must_use]
    pub fn not_signed_in(&self, profile: &Profile) -> Problem {
        match self.last_known(profile).and_then(|last| last.end) {
            Some(End::ByProvider { words, .. }) => Problem::new(Code::SessionEnded, clean_line(&words)),
            Some(End::SignedOut { .. }) | None => Problem::new(Code::SignInNeeded, format!("profile {}", profile.name)),
        }
    }
}

/// Removes a refresh from the map when dropped, also by a panic: the next one must not wait for it.
struct InFlightEntry {
    engine: Engine,
    key: String,
}

impl Drop for InFlightEntry {
    fn drop(&mut self) {
        lock(&self.engine.inner.refreshes).remove(&self.key);
    }
}

/// Whether the refresh token that was sent may have been spent all the same, so that the marker stays: there was no answer,
/// or none that can be read. A refusal means that it was not.
pub(super) const fn may_be_spent(code: Code) -> bool {
    matches!(code, Code::Unreachable | Code::AnswerBroken)
}
