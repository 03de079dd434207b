use std::any::Any;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialStore, Entry, Error, Result, mock};

/// keyring-core's own double, in the mood that is ordered.
#[derive(Debug)]
pub struct KeyStore {
    items: Arc<mock::Store>,
    mood: Shared,
    asked: Arc<AtomicU64>,
}

/// How a key store behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
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
    Forgetful,
    /// It never answers.
    Mute,
}

type Shared = Arc<Mutex<Mood>>;

impl KeyStore {
    pub(crate) fn new() -> Self {
        Self { items: mock::Store::new().expect("a key store"), mood: Shared::default(), asked: Arc::default() }
    }

    /// Behaves like this from now on.
    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// How often it was opened or an item of it was named.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
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
    pub fn spoil(&self, bytes: &[u8]) {
        for entry in self.items.search(&HashMap::new()).expect("the items") {
            entry.set_secret(bytes).expect("it is written");
        }
    }

    pub(crate) fn open(&self) -> Result<Arc<CredentialStore>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match mood(&self.mood) {
            Mood::Missing => Err(Error::NoDefaultStore),
            _ => Ok(Arc::new(Self { items: self.items.clone(), mood: self.mood.clone(), asked: self.asked.clone() })),
        }
    }
}

impl Drop for KeyStore {
    fn drop(&mut self) {
        // Whoever waits for an answer of a mute one must not wait beyond the test.
        if Arc::strong_count(&self.mood) == 1 {
            self.set(Mood::Works);
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
        self.asked.fetch_add(1, Ordering::SeqCst);
        admit(&self.mood, false)?;
        let item = Item { entry: self.items.build(service, user, modifiers)?, mood: self.mood.clone() };
        Ok(Entry::new_with_credential(Arc::new(item)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Item {
    entry: Entry,
    mood: Shared,
}

impl CredentialApi for Item {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        admit(&self.mood, true)?;
        if mood(&self.mood) == Mood::Forgetful {
            return Ok(());
        }
        self.entry.set_secret(secret)
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        admit(&self.mood, false)?;
        self.entry.get_secret()
    }

    fn delete_credential(&self) -> Result<()> {
        admit(&self.mood, true)?;
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
    while mood(shared) == Mood::Mute && Arc::strong_count(shared) > 1 {
        std::thread::sleep(Duration::from_millis(5));
    }
    match mood(shared) {
        Mood::Locked => Err(Error::NoStorageAccess(Box::new(io::Error::other("it is locked")))),
        Mood::ReadOnly if writing => Err(Error::PlatformFailure(Box::new(io::Error::other("it takes nothing")))),
        Mood::Missing => Err(Error::NoDefaultStore),
        Mood::Works | Mood::ReadOnly | Mood::Forgetful | Mood::Mute => Ok(()),
    }
}

fn mood(shared: &Shared) -> Mood {
    *shared.lock().unwrap_or_else(PoisonError::into_inner)
}
