use serde::{Deserialize, Serialize};

use super::AccentColor;
use crate::identity::Kind;

/// The few switches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Settings {
    /// Seconds after which a copied token is taken back.
    pub clear_clipboard_after: u32,
    /// Refresh before the token ends.
    pub auto_refresh: bool,
    /// Notify when a role or group came or went.
    pub notify_changes: bool,
    /// Light or dark.
    pub theme: Theme,
}

impl Default for Settings {
    fn default() -> Self {
        Self { clear_clipboard_after: 30, auto_refresh: true, notify_changes: true, theme: Theme::default() }
    }
}

/// Whether the window is light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The word for it in `rolecall.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme that [`Theme::word`] names.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::System, Self::Light, Self::Dark].into_iter().find(|theme| theme.word().eq_ignore_ascii_case(word))
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
    AutoRefresh(bool),
    /// Notify when a role or group came or went.
    NotifyChanges(bool),
    /// Light or dark.
    Theme(Theme),
    /// The accent colour of a profile.
    AccentColor(AccentColor),
    /// Expect this in a profile.
    Expect(Expectation),
    /// Expect it no more.
    StopExpecting(Expectation),
}

/// A role or a group that a person expects to have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Expectation {
    /// Role or group; nothing else can be expected.
    pub kind: Kind,
    /// Its name.
    pub value: String,
}
