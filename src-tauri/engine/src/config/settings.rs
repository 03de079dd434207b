use serde::{Deserialize, Serialize};

use super::Lanyard;
use crate::identity::Kind;

/// The few switches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Settings {
    /// Seconds after which a copied token is taken back.
    pub clear_clipboard_after: u32,
    /// Refresh before the token ends.
    pub refresh_by_itself: bool,
    /// Notify when a role or group came or went.
    pub notify_changes: bool,
    /// Light or dark.
    pub look: Look,
}

impl Default for Settings {
    fn default() -> Self {
        Self { clear_clipboard_after: 30, refresh_by_itself: true, notify_changes: true, look: Look::default() }
    }
}

/// Whether the window is light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Look {
    /// The word for it in `rolecall.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The look that [`Look::word`] names.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::System, Self::Light, Self::Dark].into_iter().find(|look| look.word().eq_ignore_ascii_case(word))
    }
}

/// One setting and what it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "what", content = "to", rename_all = "snake_case")]
pub enum Setting {
    /// Seconds after which a copied token is taken back.
    ClearClipboardAfter(u32),
    /// Refresh before the token ends.
    RefreshByItself(bool),
    /// Notify when a role or group came or went.
    NotifyChanges(bool),
    /// Light or dark.
    Look(Look),
    /// The colour of a profile's lanyard.
    Lanyard(Lanyard),
    /// Expect this in a profile.
    Expect(Expected),
    /// Expect it no more.
    ExpectNoMore(Expected),
}

/// A role or a group that a person expects to have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Expected {
    /// Role or group; nothing else can be expected.
    pub kind: Kind,
    /// Its name.
    pub value: String,
}
