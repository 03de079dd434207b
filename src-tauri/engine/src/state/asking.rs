use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::files::Files;
use crate::config::Profile;
use crate::file_lock::{self, Lock};
use crate::ports::{Folders, Timestamp};
use crate::problem::Result;

/// Lets one program at a time ask a person to sign in with a profile, and none in the minutes after that failed (TG-3).
#[derive(Clone, Debug)]
pub struct Asking {
    files: Files,
}

const LOCK: &str = "asking.lock";
pub(super) const FAILED: &str = "asked.json";
/// For how long nobody is asked after that failed or was dismissed, in seconds.
const QUIET: i64 = 300;

#[derive(Serialize, Deserialize)]
struct Failed {
    at: i64,
}

impl Asking {
    /// The files of this profile. Touches nothing yet.
    #[must_use]
    pub fn new(folders: &Folders, profile: &Profile) -> Self {
        Self { files: Files::new(folders, profile) }
    }

    /// Waits, for `wait` at most, until no other program asks the person. The system takes the lock back where a program
    /// is killed.
    ///
    /// # Errors
    /// [`crate::Code::Busy`] when another asks all the while; [`crate::Code::FilesFailing`].
    pub async fn lock(&self, wait: Duration) -> Result<Lock> {
        file_lock::lock(self.files.path(LOCK), wait).await
    }

    /// How many seconds ago asking failed, where that is not long enough ago to ask again.
    #[must_use]
    pub fn failed_before(&self, now: Timestamp) -> Option<i64> {
        let failed: Failed = self.files.read_json(FAILED)?;
        let ago = now.0.saturating_sub(failed.at);
        (0..QUIET).contains(&ago).then_some(ago)
    }

    /// Notes that asking failed.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn note_failed(&self, now: Timestamp) -> Result<()> {
        self.files.write_json(FAILED, &Failed { at: now.0 })
    }

    /// Deletes the note of a failure, once somebody has signed in.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn clear_failed(&self) -> Result<()> {
        self.files.remove(FAILED)
    }
}
