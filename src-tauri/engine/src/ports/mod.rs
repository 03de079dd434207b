//! What the operating system is to the engine: a browser, clocks, a key store and folders.
//!
//! HTTP, the listener, randomness and files are real everywhere, tests included.

mod alarm;
mod browser;
mod clock;
mod folders;
mod key_store;

use std::sync::Arc;

pub use browser::{Browser, NoBrowser, SystemBrowser, open_detached};
pub use clock::{Clock, ClockReading, SystemClock, Timestamp, wait};
pub use folders::Folders;
pub(crate) use folders::make_private;
pub use key_store::{KEY_STORE_NAME, KeyStoreOpener, system_key_store};

/// Everything the engine takes from outside, built once at start.
#[derive(Clone)]
pub struct Ports {
    /// Opens a link in the person's own browser.
    pub browser: Arc<dyn Browser>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Opens the key store again, so that one that was missing at start can be picked up later (KC-4).
    pub key_store: KeyStoreOpener,
    /// The service name under which items are in the key store; differs between a demo and a person's own.
    pub service: String,
    /// Where configuration and state live.
    pub folders: Folders,
}

impl Ports {
    /// The real operating system. `ROLECALL_CONFIG_DIR`, `ROLECALL_STATE_DIR` and `ROLECALL_KEYRING_SERVICE` move
    /// files and key-store items away from the person's own.
    #[must_use]
    pub fn system() -> Self {
        Self {
            browser: Arc::new(SystemBrowser::default()),
            clock: Arc::new(SystemClock),
            key_store: system_key_store(),
            service: std::env::var("ROLECALL_KEYRING_SERVICE").unwrap_or_else(|_| "Rolecall".into()),
            folders: Folders::system(),
        }
    }
}
