use super::Engine;
use crate::config::{ClientAuth, Profile};
use crate::oidc::Http;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

impl Engine {
    /// Keeps the secret that the provider gave the application, in the key store.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn keep_client_secret(&self, profile: &Profile, secret: &Secret) -> Result<()> {
        self.forget_provider(profile);
        self.inner.vault.store_client_secret(profile, secret).await
    }

    /// Deletes it. Tells whether there was one.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn forget_client_secret(&self, profile: &Profile) -> Result<bool> {
        self.forget_provider(profile);
        self.inner.vault.delete_client_secret(profile).await
    }

    /// The client for this profile, with its secret where it is to send one.
    pub(super) async fn http(&self, profile: &Profile) -> Result<Http> {
        let http = Http::for_profile(profile)?;
        if profile.client_auth == ClientAuth::None {
            return Ok(http);
        }
        let Some(secret) = self.inner.vault.client_secret(profile).await? else {
            let name = &profile.name;
            let why = format!(
                "profile {name} is to send a client secret, and none is kept; give it to 'rolecall client-secret --profile {name}'"
            );
            return Err(Problem::new(Code::BadSetting, why));
        };
        Ok(http.with_client_secret(&profile.client_id, secret))
    }
}
