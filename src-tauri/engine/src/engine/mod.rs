//! The operations: sign in, refresh, token, sign out, watch.
//!
//! | file | operation |
//! |---|---|
//! | `sign_in` | sign in |
//! | `link` | the link of a sign-in, which may have to be made anew |
//! | `refresh` | refresh and token, under the lock |
//! | `sign_out` | sign out |
//! | `read` | the provider's answers to an identity |
//! | `import` | the set-up of another program |
//! | `client_secret` | the secret of an application whose provider insists on one |
//! | `documents` | what the provider's answers say, for people to read |
//! | `rename` | another name for a profile |
//! | `profiles` | saving and removing profiles, with what stands under their keys |
//! | `check_issuer` | the live check of an issuer |
//! | `live` | watch: the side a window and a tray hang on |

mod check_issuer;
mod client_secret;
mod documents;
mod import;
mod link;
pub mod live;
mod profiles;
mod read;
mod refresh;
mod rename;
mod sign_in;
mod sign_out;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::config::{Config, Profile};
use crate::findings::refusal::Refusal;
use crate::history::{Change, History};
use crate::identity::Identity;
use crate::oidc::{Http, IdClaims, Provider, not_before};
use crate::ports::{Ports, Reading, Timestamp};
use crate::problem::Result;
use crate::session::{LastKnown, SessionSummary};
use crate::tokens::Tokens;
use crate::vault::{Ledger, StoredSession, Vault};

pub use import::Imported;
pub use link::Link;
pub use live::{Live, Notification};
pub use profiles::Former;
pub use sign_in::{Progress, SignIn};
pub use sign_out::SignedOut;

/// Knows how to be signed in. Cheap to clone, cheap to make: nothing is opened before an operation needs it.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    ports: Ports,
    vault: Vault,
    held: Mutex<HashMap<String, Held>>,
    got: Mutex<HashMap<String, Got>>,
    known: Mutex<HashMap<String, Known>>,
    userinfo: Mutex<HashMap<String, documents::Seen>>,
    in_flight: refresh::InFlightRefreshes,
}

/// A session in memory: either it was asked to stay there, or the key store did not take it.
#[derive(Clone)]
struct Held {
    stored: StoredSession,
    memory_only: bool,
}

/// When this process got the tokens it got last for a profile: the key store does not keep a boot clock's time, which
/// would mean nothing to another process.
struct Got {
    /// Of the access token, by [`crate::tokens::Secret::fingerprint`].
    fingerprint: String,
    at: Duration,
}

/// A provider that was looked up, for as long as its documents are taken as current.
#[derive(Clone)]
struct Known {
    http: Http,
    provider: Provider,
    /// By the boot clock.
    at: Duration,
    settings: String,
}

/// For how long discovery and keys are taken as current; an unknown key is asked for at once all the same.
const KNOWN_FOR: Duration = Duration::from_secs(3600);

impl Engine {
    /// An engine on these ports.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        let vault = Vault::new(&ports);
        Self {
            inner: Arc::new(Inner {
                ports,
                vault,
                held: Mutex::default(),
                got: Mutex::default(),
                known: Mutex::default(),
                userinfo: Mutex::default(),
                in_flight: refresh::InFlightRefreshes::default(),
            }),
        }
    }

    /// The ports it stands on.
    #[must_use]
    pub fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    /// The configuration, read anew.
    ///
    /// # Errors
    /// [`crate::Code::ConfigBroken`].
    pub fn config(&self) -> Result<Config> {
        Config::load(&self.inner.ports.folders)
    }

    /// Who is signed in, read from the key store without asking the provider. `None` when nobody is.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn session_summary(&self, profile: &Profile) -> Result<Option<SessionSummary>> {
        Ok(self.load(profile).await?.map(|stored| self.summarize(profile, &stored)))
    }

    /// Asks the key store with patience, so that it can ask the person for its password.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn unlock(&self, profile: &Profile) -> Result<Option<SessionSummary>> {
        let stored = self.inner.vault.interactive().load(profile).await?;
        Ok(stored.map(|mut stored| {
            self.recall_when(profile, &mut stored.tokens);
            self.summarize(profile, &stored)
        }))
    }

    /// Writes, reads and deletes a throw-away item in the key store.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn check_key_store(&self) -> Result<()> {
        self.inner.vault.probe().await
    }

    /// How the profile last stood, from the state folder: needs neither key store nor network.
    #[must_use]
    pub fn last_known(&self, profile: &Profile) -> Option<LastKnown> {
        let last: LastKnown = self.ledger(profile).recall()?;
        (last.summary.identity.issuer == profile.issuer.as_str()).then_some(last)
    }

    /// What came and went in this profile, as far back as is kept.
    #[must_use]
    pub fn history(&self, profile: &Profile) -> History {
        self.ledger(profile).history()
    }

    /// Why the last sign-in failed, if it did and nobody has signed in since.
    #[must_use]
    pub fn refusal(&self, profile: &Profile) -> Option<Refusal> {
        self.ledger(profile).refusal()
    }

    /// Starts the living side for a window and a tray: a [`crate::view::View`] that follows everything.
    /// Must be called within a tokio runtime.
    #[must_use]
    pub fn live(&self) -> Live {
        Live::start(self.clone())
    }

    fn now(&self) -> Timestamp {
        self.inner.ports.clock.now()
    }

    fn clocks(&self) -> Reading {
        self.inner.ports.clock.reading()
    }

    fn ledger(&self, profile: &Profile) -> Ledger {
        Ledger::new(&self.inner.ports.folders, profile)
    }

    /// The session: from memory where it is held there, else from the key store.
    async fn load(&self, profile: &Profile) -> Result<Option<StoredSession>> {
        if let Some(held) = self.held(profile) {
            return Ok(Some(held.stored));
        }
        let mut stored = self.inner.vault.load(profile).await?;
        if let Some(stored) = &mut stored {
            self.recall_when(profile, &mut stored.tokens);
        }
        Ok(stored)
    }

    /// Notes when these tokens were got, if this process got them.
    fn note_when(&self, profile: &Profile, tokens: &Tokens) {
        if let Some(at) = tokens.obtained_at_boot {
            lock(&self.inner.got).insert(profile.key(), Got { fingerprint: tokens.access.fingerprint(), at });
        }
    }

    fn recall_when(&self, profile: &Profile, tokens: &mut Tokens) {
        let got = lock(&self.inner.got);
        let same = got.get(&profile.key()).filter(|got| got.fingerprint == tokens.access.fingerprint());
        tokens.obtained_at_boot = same.map(|got| got.at);
    }

    fn held(&self, profile: &Profile) -> Option<Held> {
        lock(&self.inner.held).get(&profile.key()).cloned()
    }

    /// Whether no session is in memory alone and no refresh is under way.
    fn holds_nothing(&self) -> bool {
        lock(&self.inner.held).is_empty() && lock(&self.inner.in_flight).is_empty()
    }

    fn hold(&self, profile: &Profile, stored: &StoredSession, memory_only: bool) {
        lock(&self.inner.held).insert(profile.key(), Held { stored: stored.clone(), memory_only });
    }

    fn release(&self, profile: &Profile) {
        lock(&self.inner.held).remove(&profile.key());
    }

    /// The remembered summary brought in line with what the session itself says.
    fn summarize(&self, profile: &Profile, stored: &StoredSession) -> SessionSummary {
        let last = self.last_known(profile).filter(|last| last.summary.identity.subject == stored.subject);
        let mut summary = last.map_or_else(|| read::summary_from_stored(profile, stored), |last| last.summary);
        let held = self.held(profile);
        summary.take_times(&stored.tokens);
        summary.adjust_to_clock(self.clocks());
        summary.has_refresh_token = stored.tokens.refresh.is_some();
        summary.refresh_not_before = stored.tokens.refresh.as_ref().and_then(not_before);
        summary.memory_only = held.as_ref().is_some_and(|held| held.memory_only);
        summary.unsaved = held.is_some_and(|held| !held.memory_only);
        summary
    }

    /// Discovery and keys: looked up once and kept for a while.
    async fn provider(&self, profile: &Profile) -> Result<(Http, Provider)> {
        let key = profile.key();
        let settings =
            format!("{:?}{:?}{:?}{:?}", profile.ca_file, profile.extra_hosts, profile.provider, profile.client_auth);
        let known = lock(&self.inner.known).get(&key).cloned();
        if let Some(known) =
            known.filter(|known| known.settings == settings && self.clocks().boot.saturating_sub(known.at) < KNOWN_FOR)
        {
            return Ok((known.http, known.provider));
        }
        let http = self.http(profile).await?;
        let provider = Provider::discover(&http, profile).await?;
        let known = Known { http: http.clone(), provider: provider.clone(), at: self.clocks().boot, settings };
        lock(&self.inner.known).insert(key, known);
        Ok((http, provider))
    }

    /// Looks the provider up anew next time, after it answered in a way that its documents do not explain.
    fn forget_provider(&self, profile: &Profile) {
        lock(&self.inner.known).remove(&profile.key());
    }

    /// Takes what was read just now into the history and tells what changed. `before` stands in where there is none yet.
    fn record(&self, profile: &Profile, before: Option<&Identity>, now: &Identity, signed_in: bool) -> Vec<Change> {
        let ledger = self.ledger(profile);
        let mut history = ledger.history();
        if let Some(before) = before {
            history.begin_with(before);
        }
        let changes = history.record(now, self.now(), signed_in);
        if let Err(problem) = ledger.remember_history(&history) {
            tracing::warn!(%problem, "the history could not be written");
        }
        changes
    }

    fn remember(&self, profile: &Profile, last: LastKnown) {
        // What the state folder remembers is a convenience; a full disk must not cost a session.
        if let Err(problem) = self.ledger(profile).remember(&last.of(profile)) {
            tracing::warn!(%problem, "the last identity could not be remembered");
        }
    }
}

/// The earlier ID token's claims: verified before it was stored.
fn stored_claims(stored: &StoredSession) -> Option<IdClaims> {
    IdClaims::of_stored(&stored.tokens.id)
}

/// A lock whose holder panicked still holds whole data here: nothing is half-written under it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
