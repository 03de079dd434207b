//! The operations: sign in, refresh, token, sign out, watch.
//!
//! | file | operation |
//! |---|---|
//! | `sign_in` | sign in |
//! | `device_login` | sign in on another device |
//! | `link` | the link of a sign-in, which may have to be made again |
//! | `establish` | the end of every sign-in: the session is named, stored and remembered |
//! | `redirect` | the path of the callback address, and what to say of it |
//! | `refresh` | refresh, under the lock |
//! | `directory` | what the provider's own directory says, of the person or of somebody else |
//! | `another_token` | an access token of another kind from the same session |
//! | `target_token` | a token for a target, from the same session |
//! | `targets_in_file` | targets in the configuration file |
//! | `refused_token` | another token in the place of one that was refused |
//! | `aws` | credentials for a role, bought with a token |
//! | `ask_person` | permission to ask the person to sign in, for one program at a time |
//! | `token` | a token, refreshed first where it is not fresh enough |
//! | `sign_out` | sign out |
//! | `read` | the provider's answers to an identity |
//! | `receiver` | whom a receiver takes the bearer of a token for |
//! | `import` | the set-up of another program |
//! | `client_secret` | the secret of an application whose provider insists on one |
//! | `inspect` | what pasted documents say |
//! | `compare` | what two people, or one at two times, have in common |
//! | `documents` | what the provider's answers say, for people to read |
//! | `rename` | another name for a profile |
//! | `profiles` | saving and removing profiles, with what is under their keys |
//! | `check_issuer` | checks what was typed as an issuer |
//! | `live` | watch: the state that a window and a tray show |
//! | `window_placement` | where the window was last |
//! | `finish` | the end of a program |
//!
//! `memory` is what the process keeps of each profile, `operations` counts what is in flight, `cut_off` notes a sign-in whose
//! answer is not stored yet.

mod another_token;
mod ask_person;
mod aws;
mod check_issuer;
mod client_secret;
mod compare;
mod cut_off;
mod device_code;
mod device_login;
mod directory;
mod documents;
mod establish;
mod finish;
mod import;
mod inspect;
mod link;
pub mod live;
mod memory;
mod operations;
mod profiles;
mod read;
mod receiver;
mod redirect;
mod refresh;
mod refused_token;
mod rename;
mod sign_in;
mod sign_out;
mod target_token;
mod targets_in_file;
mod token;
mod window_placement;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::config::{Config, Profile};
use crate::history::{Change, History};
use crate::identity::Identity;
use crate::oidc::{Http, IdClaims, Provider, not_before};
use crate::ports::{ClockReading, Folders, Ports, Timestamp};
use crate::problem::{Code, Problem, Result};
use crate::session::{LastKnown, Refusal, SessionSummary};
use crate::state::{Coordination, Remembered};
use crate::targets::Found;
use crate::vault::{StoredSession, Unanswered, Vault};

use self::memory::Memory;
use self::operations::Operations;
pub use ask_person::{AskPerson, MayAsk};
pub use compare::CompareSide;
#[cfg(fuzzing)]
pub use compare::fuzzed;
pub use device_code::DeviceCode;
pub use device_login::DeviceLogin;
pub use directory::DirectoryOffer;
pub use establish::NewPerson;
pub use finish::Finished;
pub use import::{Import, ImportOptions, Imported};
pub use inspect::InspectOptions;
pub use link::{Link, Progress};
pub use live::{Live, Notification};
pub use operations::Pause;
pub use profiles::Former;
pub use sign_in::SignIn;
pub use sign_out::SignedOut;
pub use token::{Freshness, IssuedToken};
pub use window_placement::WindowPlacement;

/// How long to wait for another process that changes the session before saying that it is busy.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// The operations on sessions and profiles. Cheap to make and to clone: nothing is opened before an operation needs it.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    ports: Ports,
    vault: Vault,
    memory: Memory,
    refreshes: refresh::InFlightRefreshes,
    operations: Operations,
}

impl Engine {
    /// An engine on these ports.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        let vault = Vault::new(&ports);
        Self {
            inner: Arc::new(Inner {
                ports,
                vault,
                memory: Memory::default(),
                refreshes: refresh::InFlightRefreshes::default(),
                operations: Operations::default(),
            }),
        }
    }

    /// The ports it uses.
    #[must_use]
    pub fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    /// The configuration, read again.
    ///
    /// # Errors
    /// [`crate::Code::ConfigBroken`].
    pub fn config(&self) -> Result<Config> {
        Config::load(&self.inner.ports.folders)
    }

    /// Changes the configuration on a thread that may block on its lock.
    async fn edit_config<T: Send + 'static>(
        &self,
        edit: impl FnOnce(&Folders) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let folders = self.inner.ports.folders.clone();
        let unexpected = |_| Err(Problem::new(Code::FilesFailing, "writing the configuration failed unexpectedly"));
        tokio::task::spawn_blocking(move || edit(&folders)).await.unwrap_or_else(unexpected)
    }

    /// Who is signed in, read from the key store without asking the provider. `None` when nobody is.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn session_summary(&self, profile: &Profile) -> Result<Option<SessionSummary>> {
        Ok(self.load(profile).await?.map(|stored| self.summarize(profile, &stored)))
    }

    /// Reads the session, waiting long enough for the key store to ask the person for its password.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn unlock(&self, profile: &Profile) -> Result<Option<SessionSummary>> {
        let stored = self.inner.vault.interactive().load(profile).await?;
        Ok(stored.map(|mut stored| {
            stored.tokens.obtained_at_boot = self.inner.memory.received_at(profile, &stored.tokens.access);
            self.summarize(profile, &stored)
        }))
    }

    /// The calls that the key store has not answered for a while, and each change of them.
    pub(crate) fn unanswered_by_key_store(&self) -> watch::Receiver<Unanswered> {
        self.inner.vault.unanswered()
    }

    /// Writes, reads and deletes a temporary item in the key store.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn check_key_store(&self) -> Result<()> {
        self.inner.vault.probe().await
    }

    /// The last known session, from the state folder: needs neither key store nor network.
    #[must_use]
    pub fn last_known(&self, profile: &Profile) -> Option<LastKnown> {
        let last = self.remembered(profile).last_known()?;
        (last.summary.identity.issuer == profile.issuer.as_str()).then_some(last)
    }

    /// The changes of roles and groups in this profile, as far back as they are kept.
    #[must_use]
    pub fn history(&self, profile: &Profile) -> History {
        self.remembered(profile).history()
    }

    /// Why the last sign-in failed, if it did and nobody has signed in since.
    #[must_use]
    pub fn refusal(&self, profile: &Profile) -> Option<Refusal> {
        self.remembered(profile).refusal()
    }

    /// Starts the live state for a window and a tray: a [`crate::view::View`] that follows everything.
    /// Must be called within a tokio runtime.
    #[must_use]
    pub fn live(&self) -> Live {
        Live::start(self.clone())
    }

    /// The time by the wall clock, for showing how old something is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.ports.clock.now()
    }

    fn clocks(&self) -> ClockReading {
        self.inner.ports.clock.reading()
    }

    fn coordination(&self, profile: &Profile) -> Coordination {
        Coordination::new(&self.inner.ports.folders, profile).counting(self.inner.memory.released(profile))
    }

    fn remembered(&self, profile: &Profile) -> Remembered {
        Remembered::new(&self.inner.ports.folders, profile)
    }

    /// The session: from memory where it is held there, else from the key store.
    async fn load(&self, profile: &Profile) -> Result<Option<StoredSession>> {
        if let Some(held) = self.inner.memory.held(profile) {
            return Ok(Some(held.stored));
        }
        let mut stored = self.inner.vault.load(profile).await?;
        if let Some(stored) = &mut stored {
            stored.tokens.obtained_at_boot = self.inner.memory.received_at(profile, &stored.tokens.access);
        }
        Ok(stored)
    }

    /// The remembered summary, updated from the session itself.
    fn summarize(&self, profile: &Profile, stored: &StoredSession) -> SessionSummary {
        let last = self.last_known(profile).filter(|last| last.summary.identity.subject == stored.subject);
        let mut summary = last.map_or_else(|| read::summary_from_stored(profile, stored), |last| last.summary);
        let held = self.inner.memory.held(profile);
        summary.take_times(&stored.tokens);
        summary.adjust_to_clock(self.clocks());
        summary.has_refresh_token = stored.tokens.refresh.is_some();
        summary.refresh_not_before = stored.tokens.refresh.as_ref().and_then(not_before);
        summary.memory_only = held.as_ref().is_some_and(|held| held.memory_only);
        summary.unsaved = held.is_some_and(|held| !held.memory_only);
        summary
    }

    /// Discovery and keys: fetched once and kept for a while.
    async fn provider(&self, profile: &Profile) -> Result<(Http, Provider)> {
        if let Some(cached) = self.inner.memory.provider(profile, self.clocks().boot) {
            return Ok(cached);
        }
        let http = self.http(profile).await?;
        let provider = Provider::discover(&http, profile).await?;
        self.inner.memory.cache_provider(profile, &http, &provider, self.clocks().boot);
        Ok((http, provider))
    }

    /// Records what was just read in the history. Returns what changed, and whether the history could be written. `before` is
    /// used where there is no history yet.
    fn record(
        &self,
        profile: &Profile,
        before: Option<&Identity>,
        now: &Identity,
        signed_in: bool,
    ) -> (Vec<Change>, Result<()>) {
        let remembered = self.remembered(profile);
        let mut history = remembered.history();
        if let Some(before) = before {
            history.begin_with(before);
        }
        let changes = history.record(now, self.now(), signed_in);
        (changes, remembered.save_history(&history))
    }

    fn remember(&self, profile: &Profile, last: LastKnown) -> Result<()> {
        self.remembered(profile).save_last_known(&last.of(profile))
    }
}

/// The earlier ID token's claims: verified before it was stored.
fn stored_claims(stored: &StoredSession) -> Option<IdClaims> {
    IdClaims::of_stored(&stored.tokens.id)
}

/// Locks a mutex, also after a panic of another holder: no data here is ever half written under a lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
