//! A world for tests: an engine on a real provider, a real listener and real files, with a browser that walks by itself, a
//! clock that can be set and the key store's own double.

mod browser;
#[cfg(target_os = "linux")]
mod bus;
mod clock;
pub mod generated;
mod key_store;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyring_core::CredentialStore;
use rolecall_engine::config::{Config, Issuer, Profile};
use rolecall_engine::engine::{Progress, SignIn};
use rolecall_engine::ports::{Browser, Folders, Ports};
use rolecall_engine::problem::Result;
use rolecall_engine::session::SessionSummary;
use rolecall_engine::{Engine, Problem};
use rolecall_provider::{HeadlessBrowser, Options, Provider};
use tempfile::TempDir;

pub use browser::{AutomaticBrowser, NeverReturns};
#[cfg(target_os = "linux")]
pub use bus::{Bus, PASSWORD};
pub use clock::ManualClock;
pub use key_store::{Behavior, KeyStore};

/// Everything a test needs; gone when dropped.
pub struct World {
    /// The provider.
    pub provider: Provider,
    /// The engine.
    pub engine: Engine,
    /// The browser that walks.
    pub browser: Arc<AutomaticBrowser>,
    /// The clock, stopped at the time the test began.
    pub clock: Arc<ManualClock>,
    /// The key store, shared by every engine of this world.
    pub key_store: Arc<KeyStore>,
    /// The same, opened.
    pub store: Arc<CredentialStore>,
    folder: TempDir,
}

impl World {
    /// A world with the usual provider.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    /// A world with this provider.
    ///
    /// # Panics
    /// When the provider can't start.
    #[must_use]
    pub fn with(options: Options) -> Self {
        let provider = Provider::start(options).expect("a provider");
        let key_store = Arc::new(KeyStore::new());
        let store = key_store.open().expect("a key store");
        let folder = tempfile::tempdir().expect("a folder");
        let browser = Arc::new(AutomaticBrowser::new(HeadlessBrowser::new("ed")));
        let clock = Arc::new(ManualClock::now());
        let ports = ports(browser.clone(), clock.clone(), key_store.clone(), &folder);
        Self { provider, engine: Engine::new(ports), browser, clock, key_store, store, folder }
    }

    /// Another engine on the same folders, key store, clock and browser: another process.
    #[must_use]
    pub fn another_engine(&self) -> Engine {
        self.engine_with(self.browser.clone())
    }

    /// The same with another browser.
    #[must_use]
    pub fn engine_with(&self, browser: Arc<dyn Browser>) -> Engine {
        Engine::new(ports(browser, self.clock.clone(), self.key_store.clone(), &self.folder))
    }

    /// The ports of this world, for a face.
    #[must_use]
    pub fn ports(&self) -> Ports {
        self.engine.ports().clone()
    }

    /// A profile for the provider, which trusts its authority where it has one of its own.
    ///
    /// # Panics
    /// When the provider's issuer can't be one.
    #[must_use]
    pub fn profile(&self) -> Profile {
        let issuer = Issuer::parse(&self.provider.issuer()).expect("an issuer");
        let mut profile = Profile::new("acme".parse().expect("a name"), issuer, self.provider.client_id().into());
        profile.ca_file = self.provider.authority().map(|pem| {
            let file = self.folder.path().join("authority.pem");
            std::fs::write(&file, pem).expect("a file");
            file
        });
        profile
    }

    /// Writes that profile into the configuration.
    ///
    /// # Panics
    /// When it can't be written.
    pub fn save_profile(&self) -> Profile {
        let profile = self.profile();
        Config::save_profile(&self.engine.ports().folders, &profile).expect("a configuration file");
        profile
    }

    /// Signs in as the browser's account.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn sign_in(&self) -> Result<SessionSummary> {
        self.engine.sign_in(&self.profile(), &quick(), |_| {}).await
    }

    /// Signs in and tells what happened on the way.
    pub async fn sign_in_with_progress(&self) -> (Result<SessionSummary>, Vec<Progress>) {
        let told = Mutex::new(Vec::new());
        let result = self.engine.sign_in(&self.profile(), &quick(), |progress| note(&told, progress)).await;
        (result, told.into_inner().unwrap_or_default())
    }

    /// Signs in where that must fail.
    ///
    /// # Panics
    /// When it does not.
    pub async fn refused_sign_in(&self) -> Problem {
        self.sign_in().await.expect_err("this sign-in must fail")
    }

    /// The paths asked of the provider since [`Provider::forget_requests`], the sign-in page's left out.
    #[must_use]
    pub fn requested_paths(&self) -> Vec<String> {
        let all = self.provider.requests().into_iter().map(|request| request.path);
        all.filter(|path| path != "/authorize").collect()
    }

    /// How many refresh requests arrived.
    #[must_use]
    pub fn refreshes(&self) -> usize {
        self.provider.token_requests("refresh_token")
    }

    /// Whether anybody is signed in, as another process reads it from the key store.
    ///
    /// # Panics
    /// When the key store can't be read.
    pub async fn is_signed_in(&self) -> bool {
        self.another_engine().session_summary(&self.profile()).await.expect("the key store answers").is_some()
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// The path of the callback address that is a provider's own, as a profile for it has it where the provider does not name
/// itself in its answers.
///
/// # Panics
/// When the provider's issuer can't be one.
#[must_use]
pub fn own_path(provider: &Provider) -> String {
    let issuer = Issuer::parse(&provider.issuer()).expect("an issuer");
    let profile = Profile::new("any".parse().expect("a name"), issuer, provider.client_id().into());
    profile.redirect.path.at(&profile.issuer, false, None)
}

/// A sign-in that does not wait five minutes for a browser that never comes back.
#[must_use]
pub fn quick() -> SignIn {
    SignIn { timeout: Duration::from_secs(20), ..SignIn::default() }
}

fn note(told: &Mutex<Vec<Progress>>, progress: Progress) {
    if let Ok(mut told) = told.lock() {
        told.push(progress);
    }
}

/// A world in which somebody has just signed in, and the count of the provider's requests starts at zero.
///
/// # Panics
/// When the sign-in fails.
pub async fn signed_in() -> World {
    let world = World::new();
    world.sign_in().await.expect("the sign-in works");
    world.provider.forget_requests();
    world
}

/// Waits until something is so.
///
/// # Panics
/// When it is not within ten seconds.
pub async fn until(what: &str, so: impl Fn() -> bool) {
    let waiting = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), waiting).await.is_ok(), "waited in vain: {what}");
}

fn ports(browser: Arc<dyn Browser>, clock: Arc<ManualClock>, key_store: Arc<KeyStore>, folder: &TempDir) -> Ports {
    Ports {
        browser,
        clock,
        key_store: Arc::new(move || key_store.open()),
        service: "Rolecall test".into(),
        folders: Folders { config: folder.path().join("config"), state: folder.path().join("state") },
    }
}
