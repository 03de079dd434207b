//! What this process keeps in memory of each profile.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{directory, documents, lock};
use crate::config::{ClientAuth, Product, Profile};
use crate::oidc::{Http, Provider};
use crate::problem::Result;
use crate::tokens::{Secret, Tokens};
use crate::vault::StoredSession;

/// By profile key, so that renaming or removing a profile treats all of it at once.
#[derive(Default)]
pub(super) struct Memory {
    profiles: Mutex<HashMap<String, ProfileMemory>>,
}

#[derive(Default)]
struct ProfileMemory {
    held: Option<HeldSession>,
    received: Option<Received>,
    provider: Option<CachedProvider>,
    userinfo: Option<Arc<documents::CachedUserinfo>>,
    directory: Option<Arc<directory::CachedDirectory>>,
    /// How often this program released the session's lock.
    released: Arc<AtomicUsize>,
    /// Until when, by the boot clock, the directory asked not to be asked.
    no_directory_until: Duration,
}

/// A session in memory: either it was asked to stay there, or the key store did not take it.
#[derive(Clone)]
pub(super) struct HeldSession {
    pub(super) profile: Profile,
    pub(super) stored: StoredSession,
    pub(super) memory_only: bool,
}

/// When this process received the tokens it received last: the key store does not keep a boot clock's time, which would
/// mean nothing to another process.
struct Received {
    /// Of the access token, by [`Secret::fingerprint`].
    fingerprint: String,
    at: Duration,
}

/// A provider that was discovered, for as long as its documents are taken as current.
struct CachedProvider {
    http: Http,
    provider: Provider,
    /// By the boot clock.
    at: Duration,
    settings: ProviderSettings,
}

/// The settings of a profile on which the provider's documents, or how they are fetched, depend. Issuer and client ID are
/// part of the profile's key.
#[derive(PartialEq)]
struct ProviderSettings {
    ca_file: Option<PathBuf>,
    extra_hosts: Vec<String>,
    provider: Option<Product>,
    client_auth: ClientAuth,
}

/// For how long discovery and keys are taken as current; an unknown key is asked for at once all the same.
const PROVIDER_CURRENT_FOR: Duration = Duration::from_secs(3600);

impl Memory {
    fn with<T>(&self, profile: &Profile, change: impl FnOnce(&mut ProfileMemory) -> T) -> T {
        change(lock(&self.profiles).entry(profile.key()).or_default())
    }

    /// The counter of this program's releases of the session's lock.
    pub(super) fn released(&self, profile: &Profile) -> Arc<AtomicUsize> {
        self.with(profile, |memory| Arc::clone(&memory.released))
    }

    /// The session held in memory.
    pub(super) fn held(&self, profile: &Profile) -> Option<HeldSession> {
        lock(&self.profiles).get(&profile.key())?.held.clone()
    }

    /// All sessions held in memory.
    pub(super) fn all_held(&self) -> Vec<HeldSession> {
        lock(&self.profiles).values().filter_map(|memory| memory.held.clone()).collect()
    }

    pub(super) fn hold(&self, profile: &Profile, stored: &StoredSession, memory_only: bool) {
        let held = HeldSession { profile: profile.clone(), stored: stored.clone(), memory_only };
        self.with(profile, |memory| memory.held = Some(held));
    }

    pub(super) fn release(&self, profile: &Profile) {
        self.with(profile, |memory| memory.held = None);
    }

    /// Notes when these tokens were received, if this process received them.
    pub(super) fn note_received(&self, profile: &Profile, tokens: &Tokens) {
        if let Some(at) = tokens.obtained_at_boot {
            let received = Received { fingerprint: tokens.access.fingerprint(), at };
            self.with(profile, |memory| memory.received = Some(received));
        }
    }

    /// When this access token was received, by the boot clock, if this process received it.
    pub(super) fn received_at(&self, profile: &Profile, access: &Secret) -> Option<Duration> {
        let profiles = lock(&self.profiles);
        let received = profiles.get(&profile.key())?.received.as_ref()?;
        (received.fingerprint == access.fingerprint()).then_some(received.at)
    }

    /// The provider as it was discovered, if that is recent and was for the same settings.
    pub(super) fn provider(&self, profile: &Profile, now: Duration) -> Option<(Http, Provider)> {
        let profiles = lock(&self.profiles);
        let cached = profiles.get(&profile.key())?.provider.as_ref()?;
        let current = now.saturating_sub(cached.at) < PROVIDER_CURRENT_FOR;
        (current && cached.settings == ProviderSettings::of(profile))
            .then(|| (cached.http.clone(), cached.provider.clone()))
    }

    pub(super) fn cache_provider(&self, profile: &Profile, http: &Http, provider: &Provider, now: Duration) {
        let settings = ProviderSettings::of(profile);
        let cached = CachedProvider { http: http.clone(), provider: provider.clone(), at: now, settings };
        self.with(profile, |memory| memory.provider = Some(cached));
    }

    /// Discards the discovered provider, so that it is discovered again next time.
    pub(super) fn forget_provider(&self, profile: &Profile) {
        self.with(profile, |memory| memory.provider = None);
    }

    pub(super) fn userinfo(&self, profile: &Profile) -> Option<Arc<documents::CachedUserinfo>> {
        lock(&self.profiles).get(&profile.key())?.userinfo.clone()
    }

    pub(super) fn set_userinfo(&self, profile: &Profile, userinfo: Option<documents::CachedUserinfo>) {
        self.with(profile, |memory| memory.userinfo = userinfo.map(Arc::new));
    }

    pub(super) fn directory(&self, profile: &Profile) -> Option<Arc<directory::CachedDirectory>> {
        lock(&self.profiles).get(&profile.key())?.directory.clone()
    }

    pub(super) fn set_directory(&self, profile: &Profile, directory: Option<directory::CachedDirectory>) {
        self.with(profile, |memory| memory.directory = directory.map(Arc::new));
    }

    /// Whether the directory may be asked: not while it asked to wait.
    pub(super) fn may_ask_directory(&self, profile: &Profile, now: Duration) -> Result<()> {
        let until = self.with(profile, |memory| memory.no_directory_until);
        directory::too_soon(until, now)
    }

    pub(super) fn ask_no_directory_until(&self, profile: &Profile, until: Duration) {
        self.with(profile, |memory| memory.no_directory_until = until);
    }

    /// What is kept for one profile is kept for another from now on. Its provider is discovered again, for the client
    /// secret was stored under another name.
    pub(super) fn rename(&self, from: &Profile, to: &Profile) {
        let mut profiles = lock(&self.profiles);
        if let Some(mut memory) = profiles.remove(&from.key()) {
            memory.provider = None;
            if let Some(held) = &mut memory.held {
                held.profile = to.clone();
            }
            profiles.insert(to.key(), memory);
        }
    }

    /// Forgets a profile.
    pub(super) fn remove(&self, profile: &Profile) {
        lock(&self.profiles).remove(&profile.key());
    }
}

impl ProviderSettings {
    fn of(profile: &Profile) -> Self {
        Self {
            ca_file: profile.ca_file.clone(),
            extra_hosts: profile.extra_hosts.clone(),
            provider: profile.provider,
            client_auth: profile.client_auth,
        }
    }
}
