use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files::Files;
use crate::config::{Issuer, Profile};
use crate::history::History;
use crate::ports::Folders;
use crate::problem::Result;
use crate::session::{LastKnown, Refusal};

/// What the state folder remembers of one profile. Losing all of it loses no session.
#[derive(Clone, Debug)]
pub struct Remembered {
    files: Files,
}

/// Names what the key store may hold under a profile's key. It is written before the key store is, so that whatever lies
/// there is found again when no profile has that key any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyStoreEntry {
    /// The profile's name.
    pub name: String,
    /// Its issuer.
    pub issuer: String,
    /// Its client ID.
    pub client_id: String,
    /// There may be a session.
    #[serde(default)]
    pub session: bool,
    /// There may be a client secret.
    #[serde(default)]
    pub client_secret: bool,
}

const KEY_STORE: &str = "key-store.json";
const LAST: &str = "last.json";
const HISTORY: &str = "history.json";
const REFUSAL: &str = "refused.json";

impl Remembered {
    /// The files of this profile. Touches nothing yet.
    #[must_use]
    pub fn new(folders: &Folders, profile: &Profile) -> Self {
        Self { files: Files::new(folders, profile) }
    }

    /// Writes and deletes a temporary file.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`] when the folder can't be written.
    pub(crate) fn probe(&self) -> Result<()> {
        self.files.probe()
    }

    /// The session as it was last read.
    #[must_use]
    pub fn last_known(&self) -> Option<LastKnown> {
        self.files.read_json(LAST)
    }

    /// Keeps it, to be shown without key store or network.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`]. What was remembered before is forgotten then, where that can be done: it is not
    /// true any more.
    pub fn save_last_known(&self, last: &LastKnown) -> Result<()> {
        self.files.write_json(LAST, last).inspect_err(|_| {
            let _ = self.files.remove(LAST);
        })
    }

    /// How roles and groups changed.
    #[must_use]
    pub fn history(&self) -> History {
        self.files.read_json(HISTORY).unwrap_or_default()
    }

    /// Keeps how they changed.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn save_history(&self, history: &History) -> Result<()> {
        self.files.write_json(HISTORY, history)
    }

    /// Why the last sign-in failed.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.files.read_json(REFUSAL)
    }

    /// Keeps why a sign-in failed.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn save_refusal(&self, refusal: &Refusal) -> Result<()> {
        self.files.write_json(REFUSAL, refusal)
    }

    /// Somebody signed in: the failure before is over.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn clear_refusal(&self) -> Result<()> {
        self.files.remove(REFUSAL)
    }

    /// What the key store may hold for `profile`; with nothing noted, nothing.
    #[must_use]
    pub fn key_store_entry(&self, profile: &Profile) -> KeyStoreEntry {
        self.files.read_json(KEY_STORE).unwrap_or_else(|| KeyStoreEntry::none(profile))
    }

    /// Notes that the key store holds, or no longer holds, a session or a client secret for `profile`.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn note_key_store(&self, profile: &Profile, change: impl FnOnce(&mut KeyStoreEntry)) -> Result<()> {
        let before: Option<KeyStoreEntry> = self.files.read_json(KEY_STORE);
        let mut entry = KeyStoreEntry::none(profile);
        if let Some(before) = &before {
            (entry.session, entry.client_secret) = (before.session, before.client_secret);
        }
        change(&mut entry);
        if !entry.session && !entry.client_secret {
            return self.files.remove(KEY_STORE);
        }
        // Nothing is written where nothing changes: a disk that is full must not keep a session from being stored.
        if before.as_ref() == Some(&entry) { Ok(()) } else { self.files.write_json(KEY_STORE, &entry) }
    }

    /// Deletes everything that is remembered.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub(crate) fn forget(&self) -> Result<()> {
        [LAST, HISTORY, REFUSAL, KEY_STORE].iter().try_for_each(|ending| self.files.remove(ending))
    }

    /// Writes what is remembered for another profile's key, replacing what is there. What the key store holds is
    /// not copied: that is noted when it is written there.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub(crate) fn copy_to(&self, other: &Self) -> Result<()> {
        for ending in [LAST, HISTORY, REFUSAL] {
            match self.files.read(ending) {
                Ok(bytes) => other.files.write(ending, &bytes)?,
                Err(_) => other.files.remove(ending)?,
            }
        }
        Ok(())
    }

    /// The profiles for which the key store may hold something, as far as the state folder tells.
    pub(crate) fn all_in_key_store(folders: &Folders) -> Vec<(Profile, KeyStoreEntry)> {
        let files = std::fs::read_dir(&folders.state).into_iter().flatten().flatten();
        let mut found: Vec<(Profile, KeyStoreEntry)> =
            files.filter_map(|file| of_entry(&file.path()).or_else(|| of_last_known(&file.path()))).collect();
        found.sort_by(|(one, _), (other, _)| {
            one.name.as_str().cmp(other.name.as_str()).then(one.key().cmp(&other.key()))
        });
        // Two files may name the same key; the one that names more counts.
        found.dedup_by(|(one, told), (other, kept)| {
            let same = one.key() == other.key();
            if same {
                kept.session |= told.session;
                kept.client_secret |= told.client_secret;
            }
            same
        });
        found
    }
}

impl KeyStoreEntry {
    fn none(profile: &Profile) -> Self {
        Self {
            name: profile.name.to_string(),
            issuer: profile.issuer.as_str().to_owned(),
            client_id: profile.client_id.clone(),
            session: false,
            client_secret: false,
        }
    }

    /// The profile it names, if the file it is in is that profile's. What is written there is a hint; the key is
    /// what counts.
    fn profile(&self, key: &str) -> Option<Profile> {
        let profile = Profile::new(self.name.parse().ok()?, Issuer::parse(&self.issuer).ok()?, self.client_id.clone());
        (profile.key() == key).then_some(profile)
    }
}

fn of_entry(file: &Path) -> Option<(Profile, KeyStoreEntry)> {
    let key = file.file_name()?.to_str()?.strip_suffix(KEY_STORE)?.strip_suffix('.')?;
    let entry: KeyStoreEntry = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    let profile = entry.profile(key).filter(|_| entry.session || entry.client_secret)?;
    Some((profile, entry))
}

/// Earlier versions named a session only in what they remembered of it.
fn of_last_known(file: &Path) -> Option<(Profile, KeyStoreEntry)> {
    let key = file.file_name()?.to_str()?.strip_suffix(LAST)?.strip_suffix('.')?;
    let last: LastKnown = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    let of = last.of.filter(|_| last.end.is_none() && !last.summary.memory_only)?;
    let issuer = last.summary.identity.issuer;
    let entry = KeyStoreEntry { name: of.name, issuer, client_id: of.client_id, session: true, client_secret: false };
    Some((entry.profile(key)?, entry))
}
