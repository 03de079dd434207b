use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::files::Files;
use super::{asking, handed_out};
use crate::config::Profile;
use crate::file_lock::{self, Lock};
use crate::ports::Folders;
use crate::problem::Result;
use crate::tokens::Secret;

/// Coordinates processes that use the session of one profile: a lock, a generation counter and a crash marker.
#[derive(Clone, Debug)]
pub struct Coordination {
    files: Files,
    /// Counts how often this program released the lock, where it wants to know.
    released: Option<Arc<AtomicUsize>>,
}

/// Names a refresh token that was sent, until the answer is stored. Found by a later process, it says that a refresh was
/// cut off (security note 6.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshMarker {
    /// Which token, by [`Secret::fingerprint`].
    pub fingerprint: String,
}

const GENERATION: &str = "generation";
const MARKER: &str = "spending";

impl Coordination {
    /// The files of this profile. Touches nothing yet.
    #[must_use]
    pub fn new(folders: &Folders, profile: &Profile) -> Self {
        Self { files: Files::new(folders, profile), released: None }
    }

    /// The same, counting each release of the lock: a program that watches the folder sees its own releases too, and tells
    /// them from those of others by their number.
    #[must_use]
    pub fn counting(self, released: Arc<AtomicUsize>) -> Self {
        Self { released: Some(released), ..self }
    }

    /// Takes the lock needed to change the session, waiting for `wait` at most, and deletes what killed processes left
    /// half-written in the state folder.
    ///
    /// # Errors
    /// [`crate::Code::Busy`] when another process has it all the while; [`crate::Code::FilesFailing`].
    pub async fn lock(&self, wait: Duration) -> Result<Lock> {
        let lock = file_lock::lock(self.files.path("lock"), wait).await?;
        self.files.remove_leftovers();
        Ok(match &self.released {
            Some(released) => lock.counted(Arc::clone(released)),
            None => lock,
        })
    }

    /// Takes the lock needed to ask a security token service, waiting for `wait` at most.
    ///
    /// # Errors
    /// As [`Coordination::lock`].
    pub async fn lock_for_sts(&self, wait: Duration) -> Result<Lock> {
        file_lock::lock(self.files.path("sts.lock"), wait).await
    }

    /// How often the session was written, as far as this computer remembers.
    #[must_use]
    pub fn generation(&self) -> u64 {
        let text = self.files.read(GENERATION).unwrap_or_default();
        String::from_utf8(text).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }

    /// Counts one write, which processes that watch the folder notice.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`]. Where that can be done the counter is deleted then, as on a full disk, which is
    /// noticed as well.
    pub fn increment_generation(&self) -> Result<u64> {
        let next = self.generation().wrapping_add(1);
        let written = self.files.write(GENERATION, format!("{next}\n").as_bytes());
        written.inspect_err(|_| {
            let _ = self.files.remove(GENERATION);
        })?;
        Ok(next)
    }

    /// The refresh that was begun and whose answer was not stored, if any.
    #[must_use]
    pub fn refresh_marker(&self) -> Option<RefreshMarker> {
        self.files.read_json(MARKER)
    }

    /// Notes that a refresh token is about to be sent.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn mark_refresh(&self, token: &Secret) -> Result<()> {
        self.files.write_json(MARKER, &RefreshMarker { fingerprint: token.fingerprint() })
    }

    /// Notes that the answer was stored, or that the token was not spent.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn clear_refresh_marker(&self) -> Result<()> {
        self.files.remove(MARKER)
    }

    /// Deletes counter, marker, and what is noted of callers. Lock files are never deleted.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub(crate) fn forget(&self) -> Result<()> {
        [GENERATION, MARKER, handed_out::FILE, asking::FAILED].iter().try_for_each(|ending| self.files.remove(ending))
    }

    /// Writes counter and marker under another profile's key, replacing what is there.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub(crate) fn copy_to(&self, other: &Self) -> Result<()> {
        other.files.write(GENERATION, format!("{}\n", self.generation()).as_bytes())?;
        match self.refresh_marker() {
            Some(marker) => other.files.write_json(MARKER, &marker),
            None => other.clear_refresh_marker(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Issuer;

    fn coordination(folder: &Path) -> Coordination {
        let profile = Profile::new("t".parse().unwrap(), Issuer::parse("https://idp.example/").unwrap(), "c".into());
        Coordination::new(&Folders { config: folder.to_owned(), state: folder.join("state") }, &profile)
    }

    #[test]
    fn writes_are_counted_and_markers_come_and_go() {
        let folder = tempfile::tempdir().unwrap();
        let state = coordination(folder.path());
        let counted =
            (state.generation(), state.increment_generation().unwrap(), state.increment_generation().unwrap());
        assert_eq!(counted, (0, 1, 2));
        state.mark_refresh(&Secret::new("token".into())).unwrap();
        assert_eq!(state.refresh_marker().unwrap().fingerprint, Secret::new("token".into()).fingerprint());
        state.clear_refresh_marker().unwrap();
        state.clear_refresh_marker().unwrap();
        assert!(state.refresh_marker().is_none());
    }

    #[test]
    fn a_marker_of_an_earlier_version_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let state = coordination(folder.path());
        state.files.write(MARKER, br#"{"generation":3,"at":7,"fingerprint":"ab"}"#).unwrap();
        assert_eq!(state.refresh_marker().unwrap().fingerprint, "ab");
    }

    #[cfg(unix)]
    #[test]
    fn files_are_for_the_person_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let state = coordination(folder.path());
        state.increment_generation().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder.path().join("state")), mode(&state.files.path(GENERATION))), (0o700, 0o600));
    }
}
