//! Profiles and settings: `rolecall.toml` in the configuration folder. Holds no secret.

mod client_auth;
mod client_id;
mod edit;
mod file;
#[cfg(test)]
mod file_tests;
mod invalid;
mod issuer;
mod issuer_candidates;
mod issuer_text;
mod keys;
mod name;
mod nginx;
mod parse;
mod profile;
mod redirect;
mod save_target;
mod scopes;
mod set_value;
mod settings;
#[cfg(test)]
mod settings_tests;
mod setup_guides;
mod storage;
mod target;
mod target_keys;
mod usual;
mod write;

pub use client_auth::{ClientAuth, ClientSecretState, client_secret_from};
pub use client_id::{check_client_id, is_secret as is_client_secret};
pub use issuer::Issuer;
pub(crate) use issuer::{is_loopback, is_loopback_name};
pub use issuer_text::issuer_from;
pub use name::ProfileName;
pub use nginx::{NginxFile, NginxSettings, WholeFile, included, read as read_nginx, with_included};
#[cfg(test)]
pub(crate) use profile::RESERVED_PARAMETERS;
pub(crate) use profile::is_reserved_parameter;
pub use profile::{AccentColor, Expect, Profile};
pub use redirect::{RedirectPath, RedirectRule};
pub use scopes::Scopes;
pub use settings::{Expectation, Setting, Settings, Theme};
pub use setup_guides::{GuideField, SetupGuide, setup_guides};
pub use target::{AwsRole, Place, Target, TargetKind, TargetName};
pub(crate) use target::{host_text, is_session_name};

use crate::problem::Problem;
pub use crate::products::{Confidence, Product, Recognition};

/// `rolecall.toml`, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The profiles, in the order of the file.
    pub profiles: Vec<Profile>,
    /// The profile used when none is named.
    pub active: Option<ProfileName>,
    /// The few switches.
    pub settings: Settings,
    /// What was skipped in the file, a sentence each.
    pub warnings: Vec<String>,
    /// Profiles that are in the file and can't be used.
    pub invalid_profiles: Vec<InvalidProfile>,
}

/// A profile that is in the file and can't be used.
#[derive(Clone, Debug, PartialEq)]
pub struct InvalidProfile {
    /// Its key in the file, which need not be a name.
    pub name: String,
    /// What is wrong with it.
    pub why: Problem,
}

/// A file that anybody may have written: read, and what was read written and read again.
#[cfg(fuzzing)]
pub fn fuzzed(text: &str) {
    let Ok(mut document) = text.parse::<toml_edit::DocumentMut>() else { return };
    let folder = std::path::Path::new("/nowhere");
    let config = parse::config_from(&document, folder);
    for profile in &config.profiles {
        write::put(&mut document, profile);
    }
    let again = parse::config_from(&document, folder);
    assert_eq!(config.profiles, again.profiles);
}
