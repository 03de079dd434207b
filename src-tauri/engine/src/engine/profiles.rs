use std::path::Path;

use super::{Engine, SignedOut, lock};
use crate::config::{ClientAuth, Config, Issuer, Profile};
use crate::problem::Result;
use crate::session::LastKnown;
use crate::vault::Ledger;

/// What a profile had before its issuer or client ID changed, and what became of it.
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
    /// Saves a profile. Session and client secret stand in the key store under name, issuer and client ID, so where one
    /// of these changes nothing would find what was there before: it is ended first, as by [`Engine::end_former`].
    ///
    /// # Errors
    /// Those of [`Engine::end_former`] and [`Config::save_profile`]; nothing is saved then.
    pub async fn save_profile(&self, profile: &Profile) -> Result<Option<Former>> {
        profile.check()?;
        let former = self.end_former(profile).await?;
        Config::save_profile(&self.inner.ports.folders, profile)?;
        Ok(former)
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
        Config::remove_profile(&self.inner.ports.folders, &profile.name)?;
        Ok(signed_out)
    }

    /// Sessions that no profile of the file names any more, because somebody changed the file by hand: they can't be
    /// used, and their tokens live on at the provider.
    #[must_use]
    pub fn orphaned_sessions(&self) -> Vec<Profile> {
        let Ok(config) = self.config() else { return Vec::new() };
        let named = |profile: &Profile| {
            config.profiles.iter().any(|known| known.key() == profile.key())
                || config
                    .invalid_profiles
                    .iter()
                    .any(|invalid| invalid.name.eq_ignore_ascii_case(profile.name.as_str()))
        };
        let files = std::fs::read_dir(&self.inner.ports.folders.state).into_iter().flatten().flatten();
        let mut found: Vec<Profile> = files.filter_map(|file| self.whose(&file.path())).collect();
        found.retain(|profile| !named(profile));
        found.sort_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
        found
    }

    /// The profile a remembered summary is of, if it has not ended.
    fn whose(&self, file: &Path) -> Option<Profile> {
        let key = file.file_name()?.to_str()?.strip_suffix(".last.json")?;
        let last: LastKnown = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        let of = last.of.filter(|_| last.end.is_none() && !last.summary.memory_only)?;
        let issuer = Issuer::parse(&last.summary.identity.issuer).ok()?;
        let profile = Profile::new(of.name.parse().ok()?, issuer, of.client_id);
        // What is written there is a hint; the key is what counts.
        (profile.key() == key && self.is_remembered(&profile)).then_some(profile)
    }

    /// Ends a session that is [orphaned](Engine::orphaned_sessions).
    ///
    /// # Errors
    /// [`crate::Code::Busy`]; key store rows.
    pub async fn end_orphaned_session(&self, profile: &Profile) -> Result<SignedOut> {
        Ok(self.discard(profile).await?.0)
    }

    /// Ends everything under this profile's key. Where nobody was signed in and no secret was given, a key store that is
    /// not there keeps nothing from being let go of.
    async fn discard(&self, profile: &Profile) -> Result<(SignedOut, bool)> {
        let nothing_kept = !self.is_remembered(profile);
        let signed_out = match self.sign_out(profile, false).await {
            Err(problem) if problem.code.is_key_store() && nothing_kept => SignedOut::nobody(),
            signed_out => signed_out?,
        };
        let had_secret = match self.forget_client_secret(profile).await {
            Err(problem) if profile.client_auth != ClientAuth::None => return Err(problem),
            forgotten => forgotten.unwrap_or(false),
        };
        lock(&self.inner.got).remove(&profile.key());
        Ledger::new(&self.inner.ports.folders, profile).forget()?;
        Ok((signed_out, had_secret))
    }

    /// Whether somebody is signed in, as far as is remembered.
    fn is_remembered(&self, profile: &Profile) -> bool {
        self.last_known(profile).is_some_and(|last| last.end.is_none())
    }
}
