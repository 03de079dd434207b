//! The second half of every sign-in: what a grant became is named, stored and remembered.

use super::{Engine, LOCK_WAIT, read};
use crate::config::Profile;
use crate::failpoint::failpoint;
use crate::oidc::{Grant, Http, Provider};
use crate::problem::{Problem, Result};
use crate::session::{LastKnown, SessionSummary};
use crate::tokens::Secret;
use crate::vault::StoredSession;

/// Where a session is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// In the key store.
    Stored,
    /// In memory only, until the program ends.
    InMemory,
}

impl Engine {
    /// Makes a session of a grant: reads who it is about, names the session in the state folder, stores it, and has what
    /// it displaced revoked. A crash at any point leaves nothing in the key store that no file names.
    ///
    /// Once the tokens are stored nothing is an error any more: what fails then is logged and told in
    /// [`SessionSummary::warnings`].
    ///
    /// # Errors
    /// Those of reading userinfo, [`crate::Code::Busy`] and [`crate::Code::FilesFailing`]. The grant is revoked then, and
    /// a session that was there before is kept.
    pub(super) async fn establish(
        &self,
        profile: &Profile,
        (http, provider): (&Http, &Provider),
        grant: Grant,
        keep: Keep,
    ) -> Result<SessionSummary> {
        let refresh = grant.tokens.refresh.clone();
        match self.try_establish(profile, (http, provider), grant, keep).await {
            Ok((summary, displaced)) => {
                failpoint("establish-stored");
                // Nothing holds that refresh token any more.
                if let Some(displaced) = displaced {
                    revoke_unused(http, provider, profile, displaced.tokens.refresh.as_ref()).await;
                }
                Ok(summary)
            }
            Err(problem) => {
                revoke_unused(http, provider, profile, refresh.as_ref()).await;
                Err(problem)
            }
        }
    }

    /// The session, and the one it displaced where that was somebody else's. One of the same person is left alone, for
    /// many providers end all sessions of a person and application by one.
    async fn try_establish(
        &self,
        profile: &Profile,
        (http, provider): (&Http, &Provider),
        grant: Grant,
        keep: Keep,
    ) -> Result<(SessionSummary, Option<StoredSession>)> {
        let identity = read::identity(self, provider, http, profile, &grant.tokens, None, &grant.id).await?;
        let now = self.now();
        let mut summary = read::summary(profile, &grant.tokens, identity, provider, now);
        summary.redirect_path = Some(grant.redirect_path);
        let stored = StoredSession {
            issuer: profile.issuer.as_str().to_owned(),
            client_id: profile.client_id.clone(),
            subject: grant.id.subject.clone(),
            tokens: grant.tokens,
            refreshed_at: now,
        };
        let (state, remembered) = (self.coordination(profile), self.remembered(profile));
        let _lock = state.lock(LOCK_WAIT).await?;
        let displaced = self.load(profile).await.ok().flatten().filter(|before| before.subject != stored.subject);
        if keep == Keep::Stored {
            remembered.note_key_store(profile, |entry| entry.session = true)?;
            failpoint("establish-named");
        }
        self.inner.memory.note_received(profile, &stored.tokens);
        if keep == Keep::InMemory {
            self.inner.memory.hold(profile, &stored, true);
            summary.memory_only = true;
        } else {
            self.inner.memory.release(profile);
            summary.unsaved = !self.keep(profile, &stored).await;
        }
        let mut warnings = Warnings::default();
        warnings.note(state.clear_refresh_marker());
        warnings.note(remembered.clear_refusal());
        let before = self.last_known(profile).map(|last| last.summary.identity);
        let before = before.filter(|identity| identity.subject == summary.identity.subject);
        summary.changes = warnings.note_from(self.record(profile, before.as_ref(), &summary.identity, true));
        warnings.note(self.remember(profile, LastKnown::of_session(summary.clone())));
        warnings.note(state.increment_generation().map(drop));
        summary.warnings = warnings.0;
        Ok((summary, displaced))
    }
}

/// Problems that cost nothing but what they name.
#[derive(Default)]
pub(super) struct Warnings(pub(super) Vec<Problem>);

impl Warnings {
    pub(super) fn note(&mut self, result: Result<()>) {
        if let Err(problem) = result {
            tracing::warn!(%problem, "the session is kept; what is remembered of it could not be written");
            // A full disk fails each file in turn; one is enough to tell.
            if self.0.iter().all(|known| known.code != problem.code) {
                self.0.push(problem);
            }
        }
    }

    pub(super) fn note_from<T>(&mut self, (value, result): (T, Result<()>)) -> T {
        self.note(result);
        value
    }
}

/// Has the provider make a refresh token worthless that nobody holds any more. Whether it could, changes nothing here.
pub(super) async fn revoke_unused(http: &Http, provider: &Provider, profile: &Profile, refresh: Option<&Secret>) {
    let Some(refresh) = refresh else { return };
    if let Err(problem) = provider.revoke(http, profile, refresh, true).await {
        tracing::warn!(%problem, "a refresh token that is not used could not be revoked");
    }
}
