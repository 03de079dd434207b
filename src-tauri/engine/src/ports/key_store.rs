use std::sync::Arc;

use keyring_core::{CredentialStore, Result};

/// Opens the key store again each time. keyring-core's own trait is the seam; its mock is the double.
pub type KeyStoreOpener = Arc<dyn Fn() -> Result<Arc<CredentialStore>> + Send + Sync>;

/// What the key store of this system is called.
pub const KEY_STORE_NAME: &str = if cfg!(target_os = "windows") {
    "Credential Manager"
} else if cfg!(target_os = "macos") {
    "Keychain"
} else {
    "Secret Service"
};

/// The key store of this system: Secret Service, Keychain or Credential Manager.
#[must_use]
pub fn system_key_store() -> KeyStoreOpener {
    Arc::new(open_store)
}

#[cfg(target_os = "linux")]
fn open_store() -> Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "windows")]
fn open_store() -> Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn open_store() -> Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}
