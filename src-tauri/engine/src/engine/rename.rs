use super::establish::Warnings;
use super::{Engine, LOCK_WAIT};
use crate::config::{ClientAuth, Config, Profile, ProfileName};
use crate::problem::Result;

impl Engine {
    /// Gives a profile another name and tells how it is then. Its session, its client secret and its history go with it:
    /// they are under a key made from the name, so they are written again and read back first, then the file is changed,
    /// and only then is what was under the old name deleted. Whatever fails before leaves everything as it was.
    ///
    /// # Errors
    /// [`crate::Code::BadSetting`] when there is one of that name, [`crate::Code::Busy`] while another process refreshes,
    /// [`crate::Code::ConfigBroken`], [`crate::Code::FilesFailing`]; key store rows.
    pub async fn rename_profile(&self, profile: &Profile, name: &ProfileName) -> Result<Profile> {
        Config::may_rename(&self.inner.ports.folders, &profile.name, name)?;
        let renamed = Profile { name: name.clone(), ..profile.clone() };
        let _operation = self.inner.operations.begin().await?;
        let (before, after) = (self.coordination(profile), self.coordination(&renamed));
        let _lock = before.lock(LOCK_WAIT).await?;
        if profile.key() == renamed.key() {
            // Names that differ only in case have the same files, and one place in the key store.
            self.rename_in_config(profile, name).await?;
            before.increment_generation()?;
            return Ok(renamed);
        }
        let _other = after.lock(LOCK_WAIT).await?;
        self.copy_secrets(profile, &renamed).await?;
        let (remembered_before, remembered_after) = (self.remembered(profile), self.remembered(&renamed));
        let copied = remembered_before.copy_to(&remembered_after).and_then(|()| before.copy_to(&after));
        let written = match copied {
            Ok(()) => self.rename_in_config(profile, name).await,
            Err(problem) => Err(problem),
        };
        if let Err(problem) = written {
            self.delete_secrets(&renamed).await?;
            return Err(problem);
        }
        self.inner.memory.rename(profile, &renamed);
        // The new name holds from here on: what is left under the old one is a warning, and can be found by it.
        let mut warnings = Warnings::default();
        if let Some(last) = self.last_known(&renamed) {
            warnings.note(self.remember(&renamed, last));
        }
        self.delete_secrets(profile).await?;
        warnings.note(remembered_before.forget());
        warnings.note(before.forget());
        warnings.note(after.increment_generation().map(drop));
        Ok(renamed)
    }

    async fn rename_in_config(&self, profile: &Profile, name: &ProfileName) -> Result<()> {
        let (from, to) = (profile.name.clone(), name.clone());
        self.edit_config(move |folders| Config::rename_profile(folders, &from, &to)).await
    }

    async fn copy_secrets(&self, from: &Profile, to: &Profile) -> Result<()> {
        let remembered = self.remembered(to);
        if let Some(stored) = self.inner.vault.load(from).await? {
            remembered.note_key_store(to, |entry| entry.session = true)?;
            self.inner.vault.store(to, &stored).await?;
        }
        if from.client_auth != ClientAuth::None
            && let Some(secret) = self.inner.vault.client_secret(from).await?
        {
            remembered.note_key_store(to, |entry| entry.client_secret = true)?;
            self.inner.vault.store_client_secret(to, &secret).await?;
        }
        Ok(())
    }

    async fn delete_secrets(&self, profile: &Profile) -> Result<()> {
        self.inner.vault.delete(profile).await?;
        if profile.client_auth != ClientAuth::None {
            self.inner.vault.delete_client_secret(profile).await?;
        }
        Ok(())
    }
}
