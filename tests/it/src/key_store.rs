use std::any::Any;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialStore, Entry, Error, Result, mock};

/// keyring-core's own double, with a behaviour that can be set.
#[derive(Debug)]
pub struct KeyStore {
    items: Arc<mock::Store>,
    behavior: Shared,
    calls: Arc<AtomicU64>,
}

/// How a key store behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Behavior {
    /// As it should.
    #[default]
    Works,
    /// It is there, but nobody gets in.
    Locked,
    /// It can't even be opened.
    Missing,
    /// It can be read and takes nothing.
    ReadOnly,
    /// It says that it took what it did not keep.
    DropsWrites,
    /// It never answers.
    Hangs,
}

type Shared = Arc<Mutex<Behavior>>;

impl KeyStore {
    pub(crate) fn new() -> Self {
        Self { items: mock::Store::new().expect("a key store"), behavior: Shared::default(), calls: Arc::default() }
    }

    /// Behaves like this from now on.
    pub fn set(&self, behavior: Behavior) {
        *self.behavior.lock().unwrap_or_else(PoisonError::into_inner) = behavior;
    }

    /// How often it was opened or an item of it was named.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    /// The secrets of all items, by name.
    ///
    /// # Panics
    /// When the double can't be searched.
    #[must_use]
    pub fn items(&self) -> Vec<(String, Vec<u8>)> {
        let entries = self.items.search(&HashMap::new()).expect("the items");
        let read = |entry: &Entry| Some((entry.get_specifiers()?.1, entry.get_secret().ok()?));
        entries.iter().filter_map(read).collect()
    }

    /// Puts something else into every item.
    ///
    /// # Panics
    /// When the double can't be written.
    pub fn corrupt(&self, bytes: &[u8]) {
        for entry in self.items.search(&HashMap::new()).expect("the items") {
            entry.set_secret(bytes).expect("it is written");
        }
    }

    pub(crate) fn open(&self) -> Result<Arc<CredentialStore>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        match behavior(&self.behavior) {
            Behavior::Missing => Err(Error::NoDefaultStore),
            _ => Ok(Arc::new(Self {
                items: self.items.clone(),
                behavior: self.behavior.clone(),
                calls: self.calls.clone(),
            })),
        }
    }
}

impl Drop for KeyStore {
    fn drop(&mut self) {
        // Whoever waits for an answer of one that hangs must not wait beyond the test.
        if Arc::strong_count(&self.behavior) == 1 {
            self.set(Behavior::Works);
        }
    }
}

impl CredentialStoreApi for KeyStore {
    fn vendor(&self) -> String {
        self.items.vendor()
    }

    fn id(&self) -> String {
        self.items.id()
    }

    fn build(&self, service: &str, user: &str, modifiers: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        admit(&self.behavior, false)?;
        let item = Item { entry: self.items.build(service, user, modifiers)?, behavior: self.behavior.clone() };
        Ok(Entry::new_with_credential(Arc::new(item)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Item {
    entry: Entry,
    behavior: Shared,
}

impl CredentialApi for Item {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        admit(&self.behavior, true)?;
        if behavior(&self.behavior) == Behavior::DropsWrites {
            return Ok(());
        }
        self.entry.set_secret(secret)
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        admit(&self.behavior, false)?;
        self.entry.get_secret()
    }

    fn delete_credential(&self) -> Result<()> {
        admit(&self.behavior, true)?;
        self.entry.delete_credential()
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        self.entry.get_specifiers()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn admit(shared: &Shared, writing: bool) -> Result<()> {
    while behavior(shared) == Behavior::Hangs && Arc::strong_count(shared) > 1 {
        std::thread::sleep(Duration::from_millis(5));
    }
    match behavior(shared) {
        Behavior::Locked => Err(Error::NoStorageAccess(Box::new(io::Error::other("it is locked")))),
        Behavior::ReadOnly if writing => Err(Error::PlatformFailure(Box::new(io::Error::other("it takes nothing")))),
        Behavior::Missing => Err(Error::NoDefaultStore),
        Behavior::Works | Behavior::ReadOnly | Behavior::DropsWrites | Behavior::Hangs => Ok(()),
    }
}

fn behavior(shared: &Shared) -> Behavior {
    *shared.lock().unwrap_or_else(PoisonError::into_inner)
}
