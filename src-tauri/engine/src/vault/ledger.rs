use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::Profile;
use crate::findings::refusal::Refusal;
use crate::history::History;
use crate::ports::{Folders, Timestamp, make_private};
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// What processes write down for each other about one profile, in the state folder. No secret is in it.
///
/// `KEY.lock` is locked by whoever refreshes; `KEY.generation` counts the writes of the session, so that others notice;
/// `KEY.spending` stands while a refresh token is being spent; `KEY.last.json` is what is remembered to show,
/// `KEY.history.json` what came and went, `KEY.refused.json` why the last sign-in failed.
pub struct Ledger {
    folder: PathBuf,
    key: String,
}

/// A refresh that was begun and not finished: either it is under way, or its process died (security note 6.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InFlight {
    /// The generation it began from.
    pub generation: u64,
    /// When.
    pub at: Timestamp,
    /// Which token is being spent, by [`Secret::fingerprint`].
    pub fingerprint: String,
}

/// The right to refresh, held until dropped, also by the end of the process.
#[derive(Debug)]
pub struct Lock {
    /// The operating system gives the lock back when the file is closed.
    _file: File,
}

/// The files of a ledger besides its lock.
const REMEMBERED: [&str; 5] = ["generation", "spending", "last.json", "history.json", "refused.json"];

/// How often a taken lock is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(25);

impl Ledger {
    /// The ledger of a profile. Touches nothing yet.
    #[must_use]
    pub fn new(folders: &Folders, profile: &Profile) -> Self {
        Self { folder: folders.state.clone(), key: profile.key() }
    }

    /// How often the session was written, as far as this computer remembers.
    #[must_use]
    pub fn generation(&self) -> u64 {
        let text = std::fs::read_to_string(self.path("generation")).unwrap_or_default();
        text.trim().parse().unwrap_or(0)
    }

    /// Counts one write; whoever watches the folder notices.
    ///
    /// # Errors
    /// [`Code::FilesFailing`].
    pub fn bump(&self) -> Result<u64> {
        let next = self.generation().wrapping_add(1);
        self.write("generation", format!("{next}\n").as_bytes())?;
        Ok(next)
    }

    /// The refresh that was begun and not finished, if any.
    #[must_use]
    pub fn in_flight(&self) -> Option<InFlight> {
        read_json(&self.path("spending"))
    }

    /// Notes that a refresh token is about to be spent.
    ///
    /// # Errors
    /// [`Code::FilesFailing`].
    pub fn mark(&self, spent: &Secret, now: Timestamp) -> Result<()> {
        let marker = InFlight { generation: self.generation(), at: now, fingerprint: spent.fingerprint() };
        self.write("spending", &to_json(&marker)?)
    }

    /// Notes that what was spent has been answered and kept.
    ///
    /// # Errors
    /// [`Code::FilesFailing`].
    pub fn clear(&self) -> Result<()> {
        remove(&self.path("spending"))
    }

    /// Remembers something to show without key store or network.
    ///
    /// # Errors
    /// [`Code::FilesFailing`].
    pub fn remember<T: Serialize>(&self, value: &T) -> Result<()> {
        self.write("last.json", &to_json(value)?)
    }

    /// What is remembered; a file that can't be read is as good as none.
    #[must_use]
    pub fn recall<T: DeserializeOwned>(&self) -> Option<T> {
        read_json(&self.path("last.json"))
    }

    /// What came and went; a file that can't be read is as good as none.
    #[must_use]
    pub fn history(&self) -> History {
        read_json(&self.path("history.json")).unwrap_or_default()
    }

    /// Keeps what came and went.
    ///
    /// # Errors
    /// [`Code::FilesFailing`].
    pub fn remember_history(&self, history: &History) -> Result<()> {
        self.write("history.json", &to_json(history)?)
    }

    /// Why the last sign-in failed.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        read_json(&self.path("refused.json"))
    }

    /// Keeps why a sign-in failed.
    ///
    /// # Errors
    /// [`Code::FilesFailing`].
    pub fn remember_refusal(&self, refusal: &Refusal) -> Result<()> {
        self.write("refused.json", &to_json(refusal)?)
    }

    /// Somebody signed in: the failure before is over.
    ///
    /// # Errors
    /// [`Code::FilesFailing`].
    pub fn forget_refusal(&self) -> Result<()> {
        remove(&self.path("refused.json"))
    }

    /// Waits for the right to refresh, `wait` at the longest. The lock file itself is never deleted: deleting it would let
    /// two hold "the" lock.
    ///
    /// # Errors
    /// [`Code::Busy`] when it can't be had; [`Code::FilesFailing`].
    pub async fn lock(&self, wait: Duration) -> Result<Lock> {
        let path = self.path("lock");
        make_private(&self.folder).map_err(|error| failing(&path, &error))?;
        let file = open_private(&path).map_err(|error| failing(&path, &error))?;
        let taking = async {
            loop {
                match file.try_lock() {
                    Ok(()) => return Ok(()),
                    Err(TryLockError::WouldBlock) => tokio::time::sleep(TRY_AGAIN).await,
                    Err(TryLockError::Error(error)) => return Err(failing(&path, &error)),
                }
            }
        };
        let taken = tokio::time::timeout(wait, taking).await;
        taken.unwrap_or_else(|_| Err(Problem::new(Code::Busy, "")))?;
        Ok(Lock { _file: file })
    }

    /// Writes what is remembered here into another ledger, in place of what that remembered.
    ///
    /// # Errors
    /// [`Code::FilesFailing`].
    pub(crate) fn copy_to(&self, other: &Self) -> Result<()> {
        for ending in REMEMBERED {
            match std::fs::read(self.path(ending)) {
                Ok(bytes) => other.write(ending, &bytes)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => remove(&other.path(ending))?,
                Err(error) => return Err(failing(&self.path(ending), &error)),
            }
        }
        Ok(())
    }

    /// Deletes what is remembered. The lock file stays, as ever.
    ///
    /// # Errors
    /// [`Code::FilesFailing`].
    pub(crate) fn forget(&self) -> Result<()> {
        REMEMBERED.iter().try_for_each(|ending| remove(&self.path(ending)))
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.key))
    }

    /// Whole or not at all: a new file beside, then renamed over.
    fn write(&self, ending: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(ending);
        let write = || -> io::Result<()> {
            make_private(&self.folder)?;
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            file.write_all(bytes)?;
            file.as_file().sync_data()?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|error| failing(&path, &error))
    }
}

fn open_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| Problem::new(Code::FilesFailing, error.to_string()))
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failing(path, &error)),
        _ => Ok(()),
    }
}

fn failing(path: &Path, error: &io::Error) -> Problem {
    Problem::new(Code::FilesFailing, format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Issuer;

    fn ledger(folder: &Path) -> Ledger {
        let profile = Profile::new("t".parse().unwrap(), Issuer::parse("https://idp.example/").unwrap(), "c".into());
        Ledger::new(&Folders { config: folder.to_owned(), state: folder.join("state") }, &profile)
    }

    #[tokio::test]
    async fn rf_3_whoever_can_not_have_the_lock_is_told_to_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let held = ledger(folder.path()).lock(Duration::from_secs(1)).await.unwrap();
        let refused = ledger(folder.path()).lock(Duration::from_millis(60)).await.unwrap_err();
        assert_eq!(refused.code, Code::Busy);
        drop(held);
        assert!(ledger(folder.path()).lock(Duration::from_secs(1)).await.is_ok());
    }

    #[test]
    fn writes_are_counted_and_markers_come_and_go() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(folder.path());
        assert_eq!((ledger.generation(), ledger.bump().unwrap(), ledger.bump().unwrap()), (0, 1, 2));
        ledger.mark(&Secret::new("token".into()), Timestamp(7)).unwrap();
        let marker = ledger.in_flight().unwrap();
        assert_eq!((marker.generation, marker.fingerprint), (2, Secret::new("token".into()).fingerprint()));
        ledger.clear().unwrap();
        ledger.clear().unwrap();
        assert!(ledger.in_flight().is_none());
    }

    #[test]
    fn a_broken_file_reads_as_nothing_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(folder.path());
        ledger.remember(&vec![1, 2]).unwrap();
        assert_eq!(ledger.recall(), Some(vec![1, 2]));
        std::fs::write(ledger.path("last.json"), b"{").unwrap();
        assert_eq!(ledger.recall::<Vec<i32>>(), None);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_for_the_person_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger(folder.path());
        ledger.bump().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&ledger.folder), mode(&ledger.path("generation"))), (0o700, 0o600));
    }
}
