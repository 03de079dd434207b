use std::path::PathBuf;
use std::time::Duration;

use toml_edit::DocumentMut;

use super::{AccentColor, Config, InvalidProfile, Profile, ProfileName, Setting, edit, invalid, parse, storage, write};
use crate::file_lock::lock_blocking;
use crate::ports::Folders;
use crate::problem::{Code, Problem, Result};

impl Config {
    /// Where the file is, for watching it.
    #[must_use]
    pub fn path(folders: &Folders) -> PathBuf {
        folders.config.join("rolecall.toml")
    }

    /// Reads the file; an absent one is an empty configuration. Keys that are not known, and profiles that can't be
    /// used, are passed over with a warning.
    ///
    /// # Errors
    /// [`Code::ConfigBroken`] when it is not TOML; it is then copied aside and the copy is named. [`Code::FilesFailing`]
    /// when it can't be read at all.
    pub fn load(folders: &Folders) -> Result<Self> {
        let path = Self::path(folders);
        let Some(bytes) = storage::read(&path).map_err(|error| Problem::of_file(&path, error))? else {
            return Ok(Self::default());
        };
        match invalid::document(&bytes) {
            Ok(document) => Ok(parse::config_from(&document, &folders.config)),
            Err(why) => Err(invalid::problem(folders, &path, &bytes, &why)),
        }
    }

    /// The profile of that name, or the active one, or the only one.
    ///
    /// # Errors
    /// [`Code::NoProfile`] when there are none, [`Code::UnknownProfile`] when the name is not among them,
    /// [`Code::NoActiveProfile`] when none is named and none is active, [`Code::BadSetting`] when it is in the file
    /// and can't be used.
    pub fn profile(&self, name: Option<&ProfileName>) -> Result<&Profile> {
        if let Some(name) = name.or(self.active.as_ref()) {
            return self.named(name);
        }
        match (self.profiles.as_slice(), self.invalid_profiles.first()) {
            ([only], _) => Ok(only),
            ([], None) => Err(Problem::new(Code::NoProfile, "")),
            ([], Some(invalid)) => Err(unusable(invalid)),
            (_, _) => Err(Problem::new(Code::NoActiveProfile, self.names())),
        }
    }

    /// The colour for a new profile: the first one that the fewest profiles have.
    #[must_use]
    pub fn next_accent_color(&self) -> AccentColor {
        let worn = |color: &AccentColor| self.profiles.iter().filter(|profile| profile.accent_color == *color).count();
        AccentColor::ALL.into_iter().min_by_key(worn).unwrap_or_default()
    }

    /// Writes one profile into the file, leaving everything else in it, comments included, as it is, and makes it the
    /// active one. A file that is not TOML is kept aside and a new one begun.
    ///
    /// # Errors
    /// [`Code::BadSetting`] when the profile can't be used, [`Code::FilesFailing`].
    pub fn save_profile(folders: &Folders, profile: &Profile) -> Result<()> {
        Self::put_profile(folders, profile, true)
    }

    /// The same, leaving the active profile as it is.
    ///
    /// # Errors
    /// As for [`Config::save_profile`].
    pub(crate) fn add_profile(folders: &Folders, profile: &Profile) -> Result<()> {
        Self::put_profile(folders, profile, false)
    }

    fn put_profile(folders: &Folders, profile: &Profile, activate: bool) -> Result<()> {
        profile.check()?;
        let mut profile = profile.clone();
        if let Some(file) = profile.ca_file.take() {
            profile.ca_file = Some(std::path::absolute(&file).unwrap_or(file));
        }
        change(folders, |document| {
            let config = parse::config_from(document, &folders.config);
            if config.named(&profile.name).is_err() && profile.accent_color == AccentColor::default() {
                profile.accent_color = config.next_accent_color();
            }
            write::put(document, &profile);
            if activate {
                write::set_active(document, &profile.name);
            }
            Ok(())
        })
    }

    /// Changes one setting, leaving everything else in the file, comments included, as it is. Those of a profile are
    /// changed in `profile`.
    ///
    /// # Errors
    /// [`Code::ConfigBroken`] when the file is not TOML: it is not touched then. [`Code::UnknownProfile`],
    /// [`Code::BadSetting`], [`Code::FilesFailing`].
    pub fn set(folders: &Folders, profile: Option<&ProfileName>, setting: &Setting) -> Result<()> {
        // A person who is editing the file must not have it replaced for a switch.
        let config = Self::load(folders)?;
        let profile = profile.map(|name| config.named(name)).transpose()?.map(|profile| &profile.name);
        change(folders, |document| edit::apply(document, profile, setting))
    }

    /// Makes a profile the active one.
    ///
    /// # Errors
    /// [`Code::UnknownProfile`], [`Code::BadSetting`], [`Code::FilesFailing`].
    pub fn select(folders: &Folders, name: &ProfileName) -> Result<()> {
        change(folders, |document| {
            let config = parse::config_from(document, &folders.config);
            let name = config.named(name)?.name.clone();
            write::set_active(document, &name);
            Ok(())
        })
    }

    /// Whether a profile may get a name: one that is another's, in whatever case, is refused.
    ///
    /// # Errors
    /// [`Code::ConfigBroken`], [`Code::UnknownProfile`], [`Code::BadSetting`].
    pub(crate) fn may_rename(folders: &Folders, from: &ProfileName, to: &ProfileName) -> Result<()> {
        let config = Self::load(folders)?;
        config.named(from)?;
        let others = config.profiles.iter().map(|profile| profile.name.as_str());
        let others = others.chain(config.invalid_profiles.iter().map(|invalid| invalid.name.as_str()));
        let taken = |name: &str| !name.eq_ignore_ascii_case(from.as_str()) && name.eq_ignore_ascii_case(to.as_str());
        if others.into_iter().any(taken) {
            return Err(Problem::new(Code::BadSetting, format!("there is a profile '{to}' already")));
        }
        Ok(())
    }

    /// Writes another name over a profile's, its place and comments kept. The session does not follow by itself: it stands
    /// under a key made from the name.
    ///
    /// # Errors
    /// As for [`Config::set`].
    pub(crate) fn rename_profile(folders: &Folders, from: &ProfileName, to: &ProfileName) -> Result<()> {
        Self::may_rename(folders, from, to)?;
        change(folders, |document| {
            edit::rename(document, from, to);
            Ok(())
        })
    }

    /// Notes that somebody signed in with a profile. Nothing is written where that is known.
    ///
    /// # Errors
    /// As for [`Config::set`].
    pub(crate) fn signed_in(folders: &Folders, name: &ProfileName) -> Result<()> {
        change(folders, |document| {
            write::forget_never_signed_in(document, name);
            Ok(())
        })
    }

    /// Takes a profile out of the file; also one that can't be used. When it was the active one and a single one is left,
    /// that becomes the active one.
    ///
    /// # Errors
    /// [`Code::UnknownProfile`], [`Code::FilesFailing`].
    pub fn remove_profile(folders: &Folders, name: &ProfileName) -> Result<()> {
        change(folders, |document| {
            let config = parse::config_from(document, &folders.config);
            if write::remove(document, name) { Ok(()) } else { Err(config.unknown(name)) }
        })
    }

    /// The entry of that name that is in the file and can't be used.
    #[must_use]
    pub fn invalid(&self, name: &ProfileName) -> Option<&InvalidProfile> {
        self.invalid_profiles.iter().find(|invalid| invalid.name.eq_ignore_ascii_case(name.as_str()))
    }

    fn named(&self, name: &ProfileName) -> Result<&Profile> {
        if let Some(profile) = self.profiles.iter().find(|profile| profile.name == *name) {
            return Ok(profile);
        }
        Err(self.invalid(name).map_or_else(|| self.unknown(name), unusable))
    }

    fn unknown(&self, name: &ProfileName) -> Problem {
        let rest = if self.profiles.is_empty() {
            "there are none yet".into()
        } else {
            format!("choose one: {}", self.names())
        };
        Problem::new(Code::UnknownProfile, format!("'{name}'; {rest}"))
    }

    fn names(&self) -> String {
        self.profiles.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

fn unusable(invalid: &InvalidProfile) -> Problem {
    Problem::new(invalid.why.code, format!("the profile '{}': {}", invalid.name, invalid.why.detail))
}

/// How long to wait for another process that is changing the file: it does nothing but write it.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// Reads, changes and replaces the file while no other process does. Blocks: call it on a thread that may. Nothing is
/// written when nothing was changed or the change fails.
pub(super) fn change(folders: &Folders, how: impl FnOnce(&mut DocumentMut) -> Result<()>) -> Result<()> {
    let path = Config::path(folders);
    let _lock = lock_blocking(&folders.state.join("config.lock"), LOCK_WAIT)?;
    storage::remove_leftovers(&path);
    let before = storage::read(&path).map_err(|error| Problem::of_file(&path, error))?.unwrap_or_default();
    let parsed = invalid::document(&before);
    let was_invalid = parsed.is_err();
    let mut document = parsed.unwrap_or_default();
    how(&mut document)?;
    let after = document.to_string();
    if after.as_bytes() == before {
        return Ok(());
    }
    if was_invalid {
        invalid::keep_aside(folders, &before).map_err(|error| Problem::of_file(&path, error))?;
    }
    storage::write(&path, after.as_bytes()).map_err(|error| Problem::of_file(&path, error))
}
