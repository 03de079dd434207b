//! The verbs: sign in, refresh, token, sign out, watch.
//!
//! | file | verb |
//! |---|---|
//! | `sign_in` | sign in |
//! | `link` | the link of a sign-in, which may have to be made anew |
//! | `renew` | refresh and token, under the lock |
//! | `sign_out` | sign out |
//! | `read` | the provider's answers to an identity |
//! | `import` | the set-up of another program |
//! | `client_secret` | the secret of an application whose provider insists on one |
//! | `documents` | what the provider's answers say, for people to read |
//! | `rename` | another name for a profile |
//! | `profiles` | saving and removing profiles, with what stands under their keys |
//! | `look` | the live check of an issuer |
//! | `live` | watch: the side a window and a tray hang on |

mod client_secret;
mod documents;
mod import;
mod link;
pub mod live;
mod look;
mod profiles;
mod read;
mod rename;
mod renew;
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
use crate::session::{Last, Standing};
use crate::tokens::Tokens;
use crate::vault::{Ledger, Stored, Vault};

pub use import::Imported;
pub use link::Link;
pub use live::{Live, Notice};
pub use profiles::Former;
pub use sign_in::{Progress, SignIn};
pub use sign_out::SignedOut;

/// Knows how to be signed in. Cheap to clone, cheap to make: nothing is opened before a verb needs it.
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
    flights: renew::Flights,
}

/// A session in memory: either it was asked to stay there, or the key store did not take it.
#[derive(Clone)]
struct Held {
    stored: Stored,
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
                flights: renew::Flights::default(),
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
    pub async fn standing(&self, profile: &Profile) -> Result<Option<Standing>> {
        Ok(self.load(profile).await?.map(|stored| self.standing_of(profile, &stored)))
    }

    /// Asks the key store with patience, so that it can ask the person for its password.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn unlock(&self, profile: &Profile) -> Result<Option<Standing>> {
        let stored = self.inner.vault.patient().load(profile).await?;
        Ok(stored.map(|mut stored| {
            self.recall_when(profile, &mut stored.tokens);
            self.standing_of(profile, &stored)
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
    pub fn last(&self, profile: &Profile) -> Option<Last> {
        let last: Last = self.ledger(profile).recall()?;
        (last.standing.identity.issuer == profile.issuer.as_str()).then_some(last)
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
    async fn load(&self, profile: &Profile) -> Result<Option<Stored>> {
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
        if let Some(at) = tokens.got_at {
            lock(&self.inner.got).insert(profile.key(), Got { fingerprint: tokens.access.fingerprint(), at });
        }
    }

    fn recall_when(&self, profile: &Profile, tokens: &mut Tokens) {
        let got = lock(&self.inner.got);
        let same = got.get(&profile.key()).filter(|got| got.fingerprint == tokens.access.fingerprint());
        tokens.got_at = same.map(|got| got.at);
    }

    fn held(&self, profile: &Profile) -> Option<Held> {
        lock(&self.inner.held).get(&profile.key()).cloned()
    }

    /// Whether no session is in memory alone and no renewal is under way.
    fn holds_nothing(&self) -> bool {
        lock(&self.inner.held).is_empty() && lock(&self.inner.flights).is_empty()
    }

    fn hold(&self, profile: &Profile, stored: &Stored, memory_only: bool) {
        lock(&self.inner.held).insert(profile.key(), Held { stored: stored.clone(), memory_only });
    }

    fn release(&self, profile: &Profile) {
        lock(&self.inner.held).remove(&profile.key());
    }

    /// The remembered standing brought in line with what the session itself says.
    fn standing_of(&self, profile: &Profile, stored: &Stored) -> Standing {
        let last = self.last(profile).filter(|last| last.standing.identity.subject == stored.subject);
        let mut standing = last.map_or_else(|| read::standing_from_tokens(profile, stored), |last| last.standing);
        let held = self.held(profile);
        standing.take_times(&stored.tokens);
        standing.set_right(self.clocks());
        standing.has_refresh_token = stored.tokens.refresh.is_some();
        standing.refresh_not_before = stored.tokens.refresh.as_ref().and_then(not_before);
        standing.memory_only = held.as_ref().is_some_and(|held| held.memory_only);
        standing.unsaved = held.is_some_and(|held| !held.memory_only);
        standing
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

    fn remember(&self, profile: &Profile, last: Last) {
        // What the state folder remembers is a convenience; a full disk must not cost a session.
        if let Err(problem) = self.ledger(profile).remember(&last.of(profile)) {
            tracing::warn!(%problem, "the last identity could not be remembered");
        }
    }
}

/// The earlier ID token's claims: verified before it was stored.
fn stored_claims(stored: &Stored) -> Option<IdClaims> {
    IdClaims::of_stored(&stored.tokens.id)
}

/// A lock whose holder panicked still holds whole data here: nothing is half-written under it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
