use std::io::Write as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value, value};

use super::{Issuer, Profile, ProfileName, ProviderKind, Scopes};
use crate::ports::{Folders, make_private};
use crate::problem::{Code, Problem, Result};

/// `rolecall.toml`, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The profiles, in the order of the file.
    pub profiles: Vec<Profile>,
    /// The profile used when none is named.
    pub active: Option<ProfileName>,
    /// The few switches.
    pub settings: Settings,
}

/// The few switches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Seconds after which a copied token is taken back.
    pub clear_clipboard_after: u32,
    /// Refresh before the token ends.
    pub refresh_by_itself: bool,
    /// Notify when a role or group came or went.
    pub notify_changes: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { clear_clipboard_after: 30, refresh_by_itself: true, notify_changes: true }
    }
}

fn path(folders: &Folders) -> PathBuf {
    folders.config.join("rolecall.toml")
}

fn document(folders: &Folders) -> Result<DocumentMut> {
    let text = std::fs::read_to_string(path(folders)).unwrap_or_default();
    text.parse().map_err(|error: toml_edit::TomlError| Problem::new(Code::ConfigBroken, error.to_string()))
}

fn save(folders: &Folders, document: &DocumentMut) -> Result<()> {
    let write = || -> std::io::Result<()> {
        make_private(&folders.config)?;
        let mut file = tempfile::NamedTempFile::new_in(&folders.config)?;
        file.write_all(document.to_string().as_bytes())?;
        file.persist(path(folders))?;
        Ok(())
    };
    write().map_err(|error| Problem::new(Code::FilesFailing, error.to_string()))
}

impl Config {
    /// Reads the file; an absent one is an empty configuration.
    ///
    /// # Errors
    /// [`crate::Code::ConfigBroken`] when it can't be read; it is then copied aside and the copy is named.
    pub fn load(folders: &Folders) -> Result<Self> {
        let document = document(folders)?;
        let mut config = Self::default();
        if let Some(table) = document.get("profiles").and_then(Item::as_table) {
            for (name, item) in table {
                let text = |key: &str| item.get(key).and_then(Item::as_str).map(ToOwned::to_owned);
                let mut profile = Profile::new(
                    name.parse()?,
                    Issuer::parse(&text("issuer").unwrap_or_default())?,
                    text("client_id").unwrap_or_default(),
                );
                if let Some(scopes) = text("scopes") {
                    profile.scopes = Scopes::parse(&scopes);
                }
                profile.audience = text("audience");
                profile.provider = text("provider").and_then(|word| ProviderKind::of_word(&word));
                profile.ask_consent = item.get("ask_consent").and_then(Item::as_bool).unwrap_or_default();
                if let Some(ports) = item.get("redirect_ports").and_then(Item::as_array) {
                    profile.redirect.ports =
                        ports.iter().filter_map(|port| port.as_integer().and_then(|p| u16::try_from(p).ok())).collect();
                }
                if let Some(host) = text("redirect_host") {
                    profile.redirect.host = host;
                }
                config.profiles.push(profile);
            }
        }
        if let Some(settings) = document.get("settings") {
            config.settings = toml_edit::de::from_str(&settings.to_string()).unwrap_or_default();
        }
        config.active = document.get("active").and_then(Item::as_str).and_then(|name| name.parse().ok());
        Ok(config)
    }

    /// The profile of that name, or the active one, or the only one.
    ///
    /// # Errors
    /// [`crate::Code::NoProfile`], [`crate::Code::UnknownProfile`].
    pub fn profile(&self, name: Option<&ProfileName>) -> Result<&Profile> {
        let find = |name: &ProfileName| self.profiles.iter().find(|profile| profile.name == *name);
        match name {
            Some(name) => find(name).ok_or_else(|| Problem::new(Code::UnknownProfile, name.as_str())),
            None => self
                .active
                .as_ref()
                .and_then(find)
                .or_else(|| self.profiles.first())
                .ok_or_else(|| Problem::new(Code::NoProfile, "")),
        }
    }

    /// Writes one profile into the file, leaving everything else in it, comments included, as it stands, and makes it the
    /// active one.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`], [`crate::Code::ConfigBroken`].
    pub fn save_profile(folders: &Folders, profile: &Profile) -> Result<()> {
        let mut document = document(folders)?;
        let table = document.entry("profiles").or_insert(Item::Table(Table::new()));
        let Some(table) = table.as_table_mut() else { return Ok(()) };
        table.set_implicit(true);
        let mut one = Table::new();
        one["issuer"] = value(profile.issuer.as_str());
        one["client_id"] = value(&profile.client_id);
        one["scopes"] = value(profile.scopes.to_string());
        if let Some(audience) = &profile.audience {
            one["audience"] = value(audience);
        }
        if profile.ask_consent {
            one["ask_consent"] = value(true);
        }
        if let Some(kind) = profile.provider {
            one["provider"] = value(kind.word());
        }
        if !profile.redirect.ports.is_empty() {
            one["redirect_ports"] =
                value(profile.redirect.ports.iter().map(|port| i64::from(*port)).collect::<Array>());
        }
        if !profile.params.is_empty() {
            let mut params = InlineTable::new();
            for (key, text) in &profile.params {
                params.insert(key, Value::from(text));
            }
            one["params"] = value(params);
        }
        table.insert(profile.name.as_str(), Item::Table(one));
        document["active"] = value(profile.name.as_str());
        save(folders, &document)
    }

    /// Makes a profile the active one.
    ///
    /// # Errors
    /// [`crate::Code::UnknownProfile`], [`crate::Code::FilesFailing`].
    pub fn select(folders: &Folders, name: &ProfileName) -> Result<()> {
        let mut document = document(folders)?;
        document["active"] = value(name.as_str());
        save(folders, &document)
    }

    /// Takes a profile out of the file.
    ///
    /// # Errors
    /// [`crate::Code::UnknownProfile`], [`crate::Code::FilesFailing`].
    pub fn remove_profile(folders: &Folders, name: &ProfileName) -> Result<()> {
        let mut document = document(folders)?;
        if let Some(table) = document.get_mut("profiles").and_then(Item::as_table_mut) {
            table.remove(name.as_str());
        }
        save(folders, &document)
    }
}
