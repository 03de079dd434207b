use serde::{Deserialize, Serialize};

use super::{Profile, ProfileName};
use crate::ports::Folders;
use crate::problem::Result;

/// `rolecall.toml`, read.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The profiles, in the order of the file.
    pub profiles: Vec<Profile>,
    /// The profile used when none is named.
    pub active: Option<ProfileName>,
    /// The few switches.
    pub settings: Settings,
}

/// The few switches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Seconds after which a copied token is taken back.
    pub clear_clipboard_after: u32,
    /// Refresh before the token ends.
    pub refresh_by_itself: bool,
    /// Notify when a role or group came or went.
    pub notify_changes: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { clear_clipboard_after: 30, refresh_by_itself: true, notify_changes: true }
    }
}

impl Config {
    /// Reads the file; an absent one is an empty configuration.
    ///
    /// # Errors
    /// [`crate::Code::ConfigBroken`] when it can't be read; it is then copied aside and the copy is named.
    pub fn load(_folders: &Folders) -> Result<Self> {
        todo!()
    }

    /// The profile of that name, or the active one, or the only one.
    ///
    /// # Errors
    /// [`crate::Code::NoProfile`], [`crate::Code::UnknownProfile`].
    pub fn profile(&self, _name: Option<&ProfileName>) -> Result<&Profile> {
        todo!()
    }

    /// Writes one profile into the file, leaving everything else in it, comments included, as it stands, and makes it the
    /// active one.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`], [`crate::Code::ConfigBroken`].
    pub fn save_profile(_folders: &Folders, _profile: &Profile) -> Result<()> {
        todo!()
    }

    /// Makes a profile the active one.
    ///
    /// # Errors
    /// [`crate::Code::UnknownProfile`], [`crate::Code::FilesFailing`].
    pub fn select(_folders: &Folders, _name: &ProfileName) -> Result<()> {
        todo!()
    }

    /// Takes a profile out of the file.
    ///
    /// # Errors
    /// [`crate::Code::UnknownProfile`], [`crate::Code::FilesFailing`].
    pub fn remove_profile(_folders: &Folders, _name: &ProfileName) -> Result<()> {
        todo!()
    }
}
