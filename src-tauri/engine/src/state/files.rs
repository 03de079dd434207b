use std::io;
use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::Profile;
use crate::ports::Folders;
use crate::problem::{Problem, Result};
use crate::whole_file;

/// The files of one profile in the state folder.
#[derive(Clone, Debug)]
pub(super) struct Files {
    folder: PathBuf,
    key: String,
}

impl Files {
    pub(super) fn new(folders: &Folders, profile: &Profile) -> Self {
        Self { folder: folders.state.clone(), key: profile.key() }
    }

    pub(super) fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.key))
    }

    /// Writes a file as a whole or not at all.
    pub(super) fn write(&self, ending: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(ending);
        whole_file::replace(&path, bytes).map_err(|error| Problem::of_file(&path, error))
    }

    pub(super) fn write_json<T: Serialize>(&self, ending: &str, value: &T) -> Result<()> {
        let bytes = serde_json::to_vec(value).map_err(|error| Problem::of_file(&self.path(ending), error.into()))?;
        self.write(ending, &bytes)
    }

    /// `None` where the file does not exist or can't be read.
    pub(super) fn read_json<T: DeserializeOwned>(&self, ending: &str) -> Option<T> {
        serde_json::from_slice(&std::fs::read(self.path(ending)).ok()?).ok()
    }

    pub(super) fn read(&self, ending: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.path(ending))
    }

    /// Deletes a file, if it exists.
    pub(super) fn remove(&self, ending: &str) -> Result<()> {
        let path = self.path(ending);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Problem::of_file(&path, error)),
            _ => Ok(()),
        }
    }

    /// Deletes what killed processes left in the folder.
    pub(super) fn remove_leftovers(&self) {
        whole_file::remove_leftovers(&self.folder, &[whole_file::PREFIX, whole_file::EARLIER_PREFIX]);
    }

    /// Writes and deletes a temporary file, so that a folder that can't be written is found before the sign-in.
    pub(super) fn probe(&self) -> Result<()> {
        self.write("probe", b"trial\n")?;
        self.remove("probe")
    }
}
