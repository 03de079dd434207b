use toml_edit::DocumentMut;

use super::file::change;
use super::write::table_of;
use super::{Config, ProfileName, Target, parse, target_keys};
use crate::ports::Folders;
use crate::problem::{Code, Problem, Result};

impl Config {
    /// Puts a target into a profile, in the place of the one with its name. Everything else in the file is left as it is.
    ///
    /// # Errors
    /// [`Code::BadSetting`] when the target can't be used, [`Code::ConfigBroken`] when the file is not TOML,
    /// [`Code::UnknownProfile`], [`Code::FilesFailing`].
    pub(crate) fn save_target(folders: &Folders, name: &ProfileName, target: &Target) -> Result<()> {
        target.check()?;
        // A person who is editing the file must not have it replaced.
        Self::load(folders)?;
        change(folders, |document| {
            let config = parse::config_from(document, &folders.config);
            let mut targets = config.profile(Some(name))?.targets.clone();
            match targets.iter_mut().find(|known| known.name == target.name) {
                Some(known) => *known = target.clone(),
                None => targets.push(target.clone()),
            }
            let profile = table_of(document, name);
            let profile = profile.ok_or_else(|| Problem::new(Code::BadSetting, "'profiles' is not a table"))?;
            target_keys::put(profile, &targets);
            Ok(())
        })
    }

    /// The lines of a target in the file.
    pub(crate) fn target_text(name: &ProfileName, target: &Target) -> String {
        let mut document = DocumentMut::new();
        if let Some(profile) = table_of(&mut document, name) {
            target_keys::put(profile, std::slice::from_ref(target));
        }
        // The first line is the head of the profile's table, which is in the file already.
        let text = document.to_string();
        text.split_once('\n').map(|(_, target)| target.trim_start().to_owned()).unwrap_or_default()
    }
}
