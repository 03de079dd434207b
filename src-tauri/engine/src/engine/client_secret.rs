use super::Engine;
use super::establish::Warnings;
use crate::config::{ClientAuth, ClientSecretState, Config, Profile};
use crate::oidc::Http;
use crate::problem::{Cause, Code, Problem, Result};
use crate::tokens::Secret;

impl Engine {
    /// Keeps the secret and notes in the file that this profile sends one.
    ///
    /// # Errors
    /// Key store rows; rows of the file.
    pub async fn set_client_secret(&self, profile: &Profile, secret: &Secret) -> Result<()> {
        self.keep_client_secret(profile, secret).await?;
        let profile = Profile { client_auth: ClientAuth::SecretBasic, ..profile.clone() };
        self.edit_config(move |folders| Config::add_profile(folders, &profile)).await
    }

    /// Deletes the secret and notes in the file that this profile sends none. Tells whether there was one.
    ///
    /// # Errors
    /// Key store rows; rows of the file.
    pub async fn clear_client_secret(&self, profile: &Profile) -> Result<bool> {
        let was_there = self.forget_client_secret(profile).await?;
        let profile = Profile { client_auth: ClientAuth::None, ..profile.clone() };
        self.edit_config(move |folders| Config::add_profile(folders, &profile)).await?;
        Ok(was_there)
    }

    /// Keeps the secret that the provider gave the application, in the key store.
    ///
    /// # Errors
    /// Key store rows; [`Code::FilesFailing`] when it can't be noted that there is one, before it is stored.
    pub async fn keep_client_secret(&self, profile: &Profile, secret: &Secret) -> Result<()> {
        let _operation = self.inner.operations.begin().await?;
        self.inner.memory.forget_provider(profile);
        self.remembered(profile).note_key_store(profile, |entry| entry.client_secret = true)?;
        self.inner.vault.store_client_secret(profile, secret).await
    }

    /// Deletes it. Tells whether there was one.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn forget_client_secret(&self, profile: &Profile) -> Result<bool> {
        let _operation = self.inner.operations.begin().await?;
        self.inner.memory.forget_provider(profile);
        let deleted = self.inner.vault.delete_client_secret(profile).await?;
        let noted = self.remembered(profile).note_key_store(profile, |entry| entry.client_secret = false);
        Warnings::default().note(noted);
        Ok(deleted)
    }

    /// How the client secret of this profile stands, as far as is known without asking the key store.
    #[must_use]
    pub fn client_secret_state(&self, profile: &Profile) -> ClientSecretState {
        let kept = self.remembered(profile).key_store_entry(profile).client_secret;
        match (profile.client_auth, kept) {
            (ClientAuth::None, _) => ClientSecretState::None,
            (ClientAuth::SecretBasic, true) => ClientSecretState::Kept,
            (ClientAuth::SecretBasic, false) => ClientSecretState::Missing,
        }
    }

    /// The client for this profile, with its secret where it is to send one.
    pub(super) async fn http(&self, profile: &Profile) -> Result<Http> {
        let http = Http::for_profile(profile)?;
        if profile.client_auth == ClientAuth::None {
            return Ok(http);
        }
        let Some(secret) = self.inner.vault.client_secret(profile).await? else {
            let name = &profile.name;
            let why = format!("profile {name} is to send a client secret, and none is kept");
            return Err(Problem::new(Code::BadSetting, why).because(Some(Cause::ClientSecretMissing)));
        };
        // Earlier versions stored it without naming it in the state folder.
        Warnings::default().note(self.remembered(profile).note_key_store(profile, |entry| entry.client_secret = true));
        Ok(http.with_client_secret(&profile.client_id, secret))
    }
}
