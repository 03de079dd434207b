use std::time::Duration;

use super::{Engine, Held, lock};
use crate::config::{ClientAuth, Config, Profile, ProfileName};
use crate::problem::Result;

/// How long to wait for another process that refreshes the session.
const LOCK_WAIT: Duration = Duration::from_secs(10);

impl Engine {
    /// Gives a profile another name and tells how it is then. Its session, its client secret and its history go with it:
    /// they stand under a key made from the name, so they are written anew and read back first, then the file is changed,
    /// and only then is what stood under the old name deleted. Whatever fails before leaves everything as it was.
    ///
    /// # Errors
    /// [`crate::Code::BadSetting`] when there is one of that name, [`crate::Code::Busy`] while another process refreshes,
    /// [`crate::Code::ConfigBroken`], [`crate::Code::FilesFailing`]; key store rows.
    pub async fn rename_profile(&self, profile: &Profile, name: &ProfileName) -> Result<Profile> {
        let folders = &self.inner.ports.folders;
        Config::may_rename(folders, &profile.name, name)?;
        let renamed = Profile { name: name.clone(), ..profile.clone() };
        let (before, after) = (self.ledger(profile), self.ledger(&renamed));
        let _lock = before.lock(LOCK_WAIT).await?;
        if profile.key() == renamed.key() {
            // Names that differ only in case have one ledger, and one place in the key store.
            Config::rename_profile(folders, &profile.name, name)?;
            before.bump()?;
            return Ok(renamed);
        }
        let _other = after.lock(LOCK_WAIT).await?;
        self.copy_secrets(profile, &renamed).await?;
        let written = before.copy_to(&after).and_then(|()| Config::rename_profile(folders, &profile.name, name));
        if let Err(problem) = written {
            self.delete_secrets(&renamed).await?;
            return Err(problem);
        }
        self.move_in_memory(profile, &renamed);
        self.delete_secrets(profile).await?;
        before.forget()?;
        after.bump()?;
        Ok(renamed)
    }

    async fn copy_secrets(&self, from: &Profile, to: &Profile) -> Result<()> {
        if let Some(stored) = self.inner.vault.load(from).await? {
            self.inner.vault.store(to, &stored).await?;
        }
        if from.client_auth != ClientAuth::None
            && let Some(secret) = self.inner.vault.client_secret(from).await?
        {
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

    /// What this process holds in memory goes along as well.
    fn move_in_memory(&self, from: &Profile, to: &Profile) {
        let held: Option<Held> = lock(&self.inner.held).remove(&from.key());
        if let Some(held) = held {
            lock(&self.inner.held).insert(to.key(), held);
        }
        let seen = lock(&self.inner.userinfo).remove(&from.key());
        if let Some(seen) = seen {
            lock(&self.inner.userinfo).insert(to.key(), seen);
        }
        let got = lock(&self.inner.got).remove(&from.key());
        if let Some(got) = got {
            lock(&self.inner.got).insert(to.key(), got);
        }
        if let Some(last) = self.last_known(to) {
            self.remember(to, last);
        }
        self.forget_provider(from);
    }
}
