//! The second half of every sign-in: the session made from a grant is named in the state folder, stored and remembered.

use std::future::Ready;

use super::{Engine, LOCK_WAIT, read};
use crate::config::Profile;
use crate::failpoint::failpoint;
use crate::oidc::{Grant, Http, Provider};
use crate::problem::{Code, Problem, Result};
use crate::session::{LastKnown, SessionSummary};
use crate::text::clean_line;
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
        let agreed = None::<fn(NewPerson) -> Ready<bool>>;
        self.establish_if(profile, (http, provider), grant, keep, agreed).await
    }

    /// The same, where somebody else may be signed in: `agreed` is asked then, with nothing stored yet.
    ///
    /// # Errors
    /// The same, and [`Code::Cancelled`] where it was not agreed to.
    pub(super) async fn establish_if<F: Future<Output = bool>>(
        &self,
        profile: &Profile,
        (http, provider): (&Http, &Provider),
        grant: Grant,
        keep: Keep,
        agreed: Option<impl FnOnce(NewPerson) -> F>,
    ) -> Result<SessionSummary> {
        let refresh = grant.tokens.refresh.clone();
        let established = async {
            let received = self.receive(profile, (http, provider), grant).await?;
            if let Some(agreed) = agreed {
                self.check_agreed(profile, &received, agreed).await?;
            }
            self.commit(profile, received, keep).await
        };
        match established.await {
            Ok((summary, displaced)) => {
                failpoint("establish-stored");
                // That refresh token is no longer stored anywhere.
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

    async fn check_agreed<F: Future<Output = bool>>(
        &self,
        profile: &Profile,
        (summary, stored): &Received,
        agreed: impl FnOnce(NewPerson) -> F,
    ) -> Result<()> {
        let before = self.load(profile).await?.filter(|before| before.subject != stored.subject);
        let Some(before) = before else { return Ok(()) };
        let last = self.last_known(profile).map(|last| last.summary.identity);
        let instead_of = last.filter(|last| last.subject == before.subject).map_or(before.subject, |last| last.name);
        let who = &summary.identity;
        let person = NewPerson {
            name: who.name.clone(),
            email: who.email.clone(),
            email_verified: who.email_verified,
            plain_http: profile.issuer.url().scheme() == "http",
            subject: who.subject.clone(),
            host: profile.issuer.host(),
            instead_of: clean_line(&instead_of),
        };
        let (new, old) = (person.name.clone(), person.instead_of.clone());
        if agreed(person).await {
            return Ok(());
        }
        Err(Problem::new(Code::Cancelled, format!("it was {new} who signed in; the session of {old} is kept")))
    }

    /// Reads who a grant is about. Nothing is stored yet.
    async fn receive(&self, profile: &Profile, (http, provider): (&Http, &Provider), grant: Grant) -> Result<Received> {
        let identity = read::identity(self, provider, http, profile, &grant.tokens, None, &grant.id).await?;
        let now = self.now();
        let mut summary = read::summary(profile, &grant.tokens, identity, (http, provider), now);
        let before = || self.last_known(profile).and_then(|last| last.summary.redirect_path);
        summary.redirect_path = grant.redirect_path.or_else(before);
        let stored = StoredSession {
            issuer: profile.issuer.as_str().to_owned(),
            client_id: profile.client_id.clone(),
            subject: grant.id.subject.clone(),
            tokens: grant.tokens,
            refreshed_at: now,
            kept: Vec::new(),
        };
        Ok((summary, stored))
    }

    /// The session, and the one it displaced where that was somebody else's. One of the same person is left alone, for
    /// many providers end all sessions of a person and application by one.
    async fn commit(
        &self,
        profile: &Profile,
        (mut summary, stored): Received,
        keep: Keep,
    ) -> Result<(SessionSummary, Option<StoredSession>)> {
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

/// A grant whose person is known, before it is stored.
type Received = (SessionSummary, StoredSession);

/// Somebody who signed in where somebody else is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    /// Their name.
    pub name: String,
    /// Their email address.
    pub email: Option<String>,
    /// Whether the provider vouches for that.
    pub email_verified: Option<bool>,
    /// Their subject at the provider.
    pub subject: String,
    /// Whether the provider is reached over plain HTTP.
    pub plain_http: bool,
    /// The provider's host.
    pub host: String,
    /// Who is signed in; the subject where no name is remembered.
    pub instead_of: String,
}

/// Problems after the session was stored: the sign-in or refresh succeeded all the same.
#[derive(Default)]
pub(super) struct Warnings(pub(super) Vec<Problem>);

impl Warnings {
    pub(super) fn note(&mut self, result: Result<()>) {
        if let Err(problem) = result {
            tracing::warn!(%problem, "the session is kept; what is remembered of it could not be written");
            // On a full disk every file fails; one warning is enough.
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

/// Revokes a refresh token that is no longer stored anywhere. A failure is ignored: the session is not affected.
pub(super) async fn revoke_unused(http: &Http, provider: &Provider, profile: &Profile, refresh: Option<&Secret>) {
    let Some(refresh) = refresh else { return };
    if let Err(problem) = provider.revoke(http, profile, refresh, true).await {
        tracing::warn!(%problem, "a refresh token that is not used could not be revoked");
    }
}
