//! Targets in the configuration file.

use std::path::PathBuf;

use super::Engine;
use crate::config::{Config, Profile, Target};
use crate::problem::{Code, Problem, Result};

impl Engine {
    /// Puts a target into a profile, in the place of the one with its name, comments kept.
    ///
    /// # Errors
    /// [`Code::BadSetting`], [`Code::UnknownProfile`], [`Code::ConfigBroken`] and [`Code::FilesFailing`].
    pub async fn save_target(&self, profile: &Profile, target: &Target) -> Result<()> {
        let (name, target) = (profile.name.clone(), target.clone());
        self.edit_config(move |folders| Config::save_target(folders, &name, &target)).await
    }

    /// The lines of a target in the configuration file.
    #[must_use]
    pub fn target_text(&self, profile: &Profile, target: &Target) -> String {
        Config::target_text(&profile.name, target)
    }

    /// The person's home folder, in which other programs have their configuration.
    ///
    /// # Errors
    /// [`Code::FilesFailing`] where the system names none.
    pub fn home_folder(&self) -> Result<PathBuf> {
        let folders = directories::BaseDirs::new();
        let none = || Problem::new(Code::FilesFailing, "the system names no home folder");
        folders.map(|folders| folders.home_dir().to_owned()).ok_or_else(none)
    }
}
