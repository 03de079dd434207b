//! Shutdown: waits for requests that were sent, and stores what is only in memory.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

use super::Engine;
use super::establish::Warnings;
use super::memory::HeldSession;
use super::operations::{Pause, State};
use crate::config::ProfileName;
use crate::session::End;

/// What was not finished when the engine ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// How many operations were still in flight.
    pub in_flight: usize,
    /// Profiles whose newest session the key store did not take: it is lost.
    pub not_stored: Vec<ProfileName>,
    /// Profiles whose session was in memory only, and whose provider could not be told that it is over.
    pub not_revoked: Vec<ProfileName>,
}

impl Finished {
    /// Whether nothing was left.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        *self == Self::default()
    }
}

/// The least time reserved for sessions in memory only, however long the rest took.
const LEAST_FOR_MEMORY: Duration = Duration::from_secs(2);

impl Engine {
    /// Ends the engine. No operation begins from now on, and sign-ins that still wait for the person are cancelled. What
    /// was sent (a sign-in that came back from the browser, a refresh, a revocation, a write to the key store) is waited
    /// for; then what the key store did not take is written once more, and sessions that were in memory only are revoked.
    ///
    /// Takes no longer than `bound` and two seconds. Every exit of every program goes through here.
    pub async fn finish(&self, bound: Duration) -> Finished {
        let end = Instant::now() + bound;
        self.inner.operations.close();
        let idle = timeout_at(end, self.inner.operations.idle()).await.is_ok();
        let in_flight = if idle { 0 } else { self.inner.operations.in_flight() };
        let left = end.saturating_duration_since(Instant::now()).max(LEAST_FOR_MEMORY);
        let (memory_only, pending): (Vec<HeldSession>, Vec<HeldSession>) =
            self.inner.memory.all_held().into_iter().partition(|held| held.memory_only);
        let store = join_all(pending.iter().map(|held| self.store_within(held, left)));
        let revoke = join_all(memory_only.iter().map(|held| self.revoke_within(held, left)));
        let (not_stored, not_revoked) = futures_util::future::join(store, revoke).await;
        let finished = Finished {
            in_flight,
            not_stored: not_stored.into_iter().flatten().collect(),
            not_revoked: not_revoked.into_iter().flatten().collect(),
        };
        if !finished.is_complete() {
            tracing::warn!(?finished, "the program ends before everything was done");
        }
        finished
    }

    /// Keeps operations from beginning while the guard lives, if the process could be replaced now without losing
    /// anything: no operation is in flight and no session is in memory alone. New operations wait.
    #[must_use]
    pub fn pause_if_idle(&self) -> Option<Pause> {
        let pause = self.inner.operations.pause_if_idle()?;
        self.inner.memory.all_held().is_empty().then_some(pause)
    }

    /// Whether [`Engine::pause_if_idle`] would succeed.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.inner.operations.in_flight() == 0 && self.inner.memory.all_held().is_empty()
    }

    /// Changes with each operation that begins or ends.
    pub(super) fn operations_in_flight(&self) -> watch::Receiver<State> {
        self.inner.operations.watch()
    }

    async fn store_within(&self, held: &HeldSession, bound: Duration) -> Option<ProfileName> {
        let stored = timeout(bound, self.store_pending_now(&held.profile)).await.unwrap_or(false);
        (!stored).then(|| held.profile.name.clone())
    }

    async fn revoke_within(&self, held: &HeldSession, bound: Duration) -> Option<ProfileName> {
        let revoked = timeout(bound, self.revoke(&held.profile, &held.stored)).await;
        self.inner.memory.release(&held.profile);
        if let Some(last) = self.last_known(&held.profile) {
            let ended = last.ended(End::SignedOut { at: self.now() });
            Warnings::default().note(self.remember(&held.profile, ended));
        }
        // Nothing can be revoked at a provider without a revocation endpoint.
        matches!(revoked, Err(_) | Ok(Some(Err(_)))).then(|| held.profile.name.clone())
    }
}
