use std::collections::HashSet;

use super::{Engine, LOCK_WAIT, SignedOut};
use crate::config::{ClientAuth, Config, Profile, ProfileName, Setting};
use crate::problem::Result;
use crate::state::Remembered;

/// The session and client secret a profile had before its issuer or client ID changed.
#[derive(Clone, Debug)]
pub struct Former {
    /// The profile as it was.
    pub profile: Profile,
    /// Its session.
    pub signed_out: SignedOut,
    /// Whether a client secret was deleted. One of another client, or for another issuer, is never sent on.
    pub had_secret: bool,
}

impl Engine {
    /// Saves a profile. Session and client secret are in the key store under name, issuer and client ID, so where one
    /// of these changes nothing would find what was there before: it is ended first, as by [`Engine::end_former`].
    ///
    /// # Errors
    /// Those of [`Engine::end_former`] and [`Config::save_profile`]; nothing is saved then.
    pub async fn save_profile(&self, profile: &Profile) -> Result<Option<Former>> {
        profile.check()?;
        let former = self.end_former(profile).await?;
        let saved = profile.clone();
        self.edit_config(move |folders| Config::save_profile(folders, &saved)).await?;
        Ok(former)
    }

    /// Adds a profile and leaves the active one as it is.
    ///
    /// # Errors
    /// Those of [`Config::save_profile`]; nothing is saved then.
    pub async fn add_profile(&self, profile: &Profile) -> Result<()> {
        let profile = profile.clone();
        self.edit_config(move |folders| Config::add_profile(folders, &profile)).await
    }

    /// Makes a profile the active one.
    ///
    /// # Errors
    /// As [`Config::select`].
    pub async fn select_profile(&self, name: &ProfileName) -> Result<()> {
        let name = name.clone();
        self.edit_config(move |folders| Config::select(folders, &name)).await
    }

    /// Saves the profile of a first sign-in that failed, so that the next one can continue from it. The profile becomes the
    /// active one where there is none. Does nothing for a profile with which somebody has signed in.
    ///
    /// # Errors
    /// Those of [`Config::save_profile`].
    pub async fn keep_unfinished(&self, profile: &Profile) -> Result<bool> {
        let config = self.config().unwrap_or_default();
        let known = config.profiles.iter().find(|known| known.name == profile.name);
        if known.is_some_and(|known| !known.never_signed_in) || config.invalid(&profile.name).is_some() {
            return Ok(false);
        }
        let profile = Profile { never_signed_in: true, ..profile.clone() };
        let active = config.profile(None).is_ok();
        let save = if active { Config::add_profile } else { Config::save_profile };
        self.edit_config(move |folders| save(folders, &profile)).await?;
        Ok(true)
    }

    /// Removes an invalid profile from the file. It has no session.
    ///
    /// # Errors
    /// Those of [`Config::remove_profile`].
    pub async fn remove_invalid_profile(&self, name: &ProfileName) -> Result<()> {
        let name = name.clone();
        self.edit_config(move |folders| Config::remove_profile(folders, &name)).await
    }

    /// Changes one setting; those of a profile in `profile`.
    ///
    /// # Errors
    /// As [`Config::set`].
    pub async fn set(&self, profile: Option<&Profile>, setting: &Setting) -> Result<()> {
        let (name, setting) = (profile.map(|profile| profile.name.clone()), setting.clone());
        self.edit_config(move |folders| Config::set(folders, name.as_ref(), &setting)).await
    }

    /// Ends the session that the saved profile of this name had with another issuer or client ID, and deletes its client
    /// secret. `None` where the saved one has the same, or there is none.
    ///
    /// # Errors
    /// [`crate::Code::Busy`]; key store rows when something is there and could not be deleted.
    pub async fn end_former(&self, profile: &Profile) -> Result<Option<Former>> {
        let known = self.config().unwrap_or_default().profiles;
        let former = known.into_iter().find(|known| known.name == profile.name && known.key() != profile.key());
        let Some(former) = former else { return Ok(None) };
        let (signed_out, had_secret) = self.discard(&former).await?;
        Ok(Some(Former { profile: former, signed_out, had_secret }))
    }

    /// Signs out of a profile, deletes its client secret and what is remembered of it, and takes it out of the file.
    ///
    /// # Errors
    /// [`crate::Code::Busy`]; key store rows when something is there and could not be deleted; rows of the file. The
    /// profile stays then.
    pub async fn remove_profile(&self, profile: &Profile) -> Result<SignedOut> {
        let (signed_out, _) = self.discard(profile).await?;
        let name = profile.name.clone();
        self.edit_config(move |folders| Config::remove_profile(folders, &name)).await?;
        Ok(signed_out)
    }

    /// Sessions and client secrets that no profile of the file names any more, because somebody changed the file by hand:
    /// they can't be used, and their tokens live on at the provider.
    #[must_use]
    pub fn orphaned_sessions(&self) -> Vec<Profile> {
        let Ok(config) = self.config() else { return Vec::new() };
        let mut found = Remembered::all_in_key_store(&self.inner.ports.folders);
        if found.is_empty() {
            return Vec::new();
        }
        let keys: HashSet<String> = config.profiles.iter().map(Profile::key).collect();
        let named = |profile: &Profile| keys.contains(&profile.key()) || config.invalid(&profile.name).is_some();
        found.retain(|(profile, _)| !named(profile));
        found.into_iter().map(|(profile, _)| profile).collect()
    }

    /// Ends a session and deletes a client secret that is [orphaned](Engine::orphaned_sessions). A session that a profile
    /// of the file has as well, as after a rename that was cut off, is deleted here and goes on there: it is not revoked.
    ///
    /// # Errors
    /// [`crate::Code::Busy`]; key store rows.
    pub async fn end_orphaned_session(&self, profile: &Profile) -> Result<Former> {
        if self.goes_on_elsewhere(profile).await {
            let _operation = self.inner.operations.begin().await?;
            let _lock = self.coordination(profile).lock(LOCK_WAIT).await?;
            self.inner.vault.delete(profile).await?;
            self.remembered(profile).note_key_store(profile, |entry| entry.session = false)?;
        }
        let (signed_out, had_secret) = self.discard(profile).await?;
        Ok(Former { profile: profile.clone(), signed_out, had_secret })
    }

    /// Whether a profile of the file has the very same session.
    async fn goes_on_elsewhere(&self, orphan: &Profile) -> bool {
        let Ok(Some(session)) = self.load(orphan).await else { return false };
        let Some(refresh) = session.tokens.refresh else { return false };
        for profile in self.config().unwrap_or_default().profiles {
            if profile.issuer != orphan.issuer || profile.client_id != orphan.client_id {
                continue;
            }
            let stored = self.load(&profile).await.ok().flatten();
            if stored.and_then(|stored| stored.tokens.refresh).is_some_and(|token| token.matches(refresh.expose())) {
                return true;
            }
        }
        false
    }

    /// Ends everything under this profile's key. Where nobody was signed in and no secret was given, a key store that is
    /// not there keeps nothing from being let go of.
    async fn discard(&self, profile: &Profile) -> Result<(SignedOut, bool)> {
        let nothing_kept = !self.is_remembered(profile);
        let signed_out = match self.sign_out(profile, false).await {
            Err(problem) if problem.code.is_key_store() && nothing_kept => SignedOut::nobody(),
            signed_out => signed_out?,
        };
        let may_have_secret =
            profile.client_auth != ClientAuth::None || self.remembered(profile).key_store_entry(profile).client_secret;
        let had_secret = match self.forget_client_secret(profile).await {
            Err(problem) if may_have_secret => return Err(problem),
            forgotten => forgotten.unwrap_or(false),
        };
        self.inner.memory.remove(profile);
        self.remembered(profile).forget()?;
        self.coordination(profile).forget()?;
        Ok((signed_out, had_secret))
    }

    /// Whether somebody is signed in, as far as is remembered.
    fn is_remembered(&self, profile: &Profile) -> bool {
        self.remembered(profile).key_store_entry(profile).session
            || self.last_known(profile).is_some_and(|last| last.end.is_none())
    }
}
