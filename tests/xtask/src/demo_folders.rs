//! The folders of one demo, and the profile in them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::provider::Provider;

/// The profile the demo signs in with.
pub(crate) const PROFILE: &str = "demo";

/// The folders of one demo, and the names that keep it apart from the person's own data.
pub(crate) struct DemoFolders {
    folder: PathBuf,
    /// The session bus with a key store of the demo's own, where the person's session has none.
    pub(crate) bus: Option<OsString>,
}

impl DemoFolders {
    /// An empty place for a demo, in a folder that may be emptied.
    pub(crate) fn in_folder(folder: PathBuf) -> Result<Self> {
        let _ = std::fs::remove_dir_all(&folder);
        for path in [folder.clone(), folder.join("config"), folder.join("state")] {
            std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(Self { folder, bus: None })
    }

    /// Writes the profile that signs in at this provider, whose authority is in that file where it has one of its own.
    pub(crate) fn write_profile(&self, provider: &Provider, authority: Option<&Path>) -> Result<()> {
        let file = self.folder.join("config").join("rolecall.toml");
        let authority = authority.map(|file| format!("ca_file = \"{}\"\n", file.display())).unwrap_or_default();
        let text = format!(
            "active = \"{PROFILE}\"\n\n[profiles.{PROFILE}]\nissuer = \"{}\"\nclient_id = \"{}\"\n{authority}",
            provider.issuer, provider.client_id
        );
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
    }

    /// Gives a command this demo's folders and key-store name.
    pub(crate) fn put<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some(bus) = &self.bus {
            command.env("DBUS_SESSION_BUS_ADDRESS", bus);
        }
        command
            .env("ROLECALL_CONFIG_DIR", self.folder.join("config"))
            .env("ROLECALL_STATE_DIR", self.folder.join("state"))
            .env("ROLECALL_KEYRING_SERVICE", "Rolecall demo")
    }
}
