use serde::{Deserialize, Serialize};

use toml_edit::Value;

use super::AccentColor;
use super::keys::Keys;
use crate::identity::Kind;

/// The settings that apply to all profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Settings {
    /// Seconds after which a copied token is taken back.
    pub clear_clipboard_after: u32,
    /// Refresh before the token ends.
    pub auto_refresh: bool,
    /// Notify when a role or group was added or removed.
    pub notify_changes: bool,
    /// Light or dark.
    pub theme: Theme,
}

impl Default for Settings {
    fn default() -> Self {
        Self { clear_clipboard_after: 30, auto_refresh: true, notify_changes: true, theme: Theme::default() }
    }
}

impl Settings {
    /// Reads the table `settings`. What can't be used is passed over with a warning, and the default holds.
    pub(super) fn read(root: &Keys<'_>, warnings: &mut Vec<String>) -> Self {
        let usual = Self::default();
        let Some(settings) = root.lenient("settings", Keys::table, warnings).flatten() else { return usual };
        settings.warn_of_unknown(&["clear_clipboard_after", "refresh_by_itself", "notify_changes", "look"], warnings);
        let mut flag = |key: &str, usual: bool| settings.lenient(key, Keys::flag, warnings).flatten().unwrap_or(usual);
        let auto_refresh = flag("refresh_by_itself", usual.auto_refresh);
        let notify_changes = flag("notify_changes", usual.notify_changes);
        let seconds = settings.lenient("clear_clipboard_after", Keys::seconds, warnings).flatten();
        Self {
            clear_clipboard_after: seconds.unwrap_or(usual.clear_clipboard_after),
            auto_refresh,
            notify_changes,
            theme: settings.choice("look", Theme::of_word, warnings).unwrap_or_default(),
        }
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

/// One setting and its new value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "what", content = "to", rename_all = "snake_case")]
pub enum Setting {
    /// Seconds after which a copied token is taken back.
    ClearClipboardAfter(u32),
    /// Refresh before the token ends.
    AutoRefresh(bool),
    /// Notify when a role or group was added or removed.
    NotifyChanges(bool),
    /// Light or dark.
    Theme(Theme),
    /// The accent colour of a profile.
    AccentColor(AccentColor),
    /// Expect this in a profile.
    Expect(Expectation),
    /// Stop expecting it.
    StopExpecting(Expectation),
}

impl Setting {
    /// Its key and value in the table `settings`; `None` for a setting of one profile.
    pub(super) fn entry(&self) -> Option<(&'static str, Value)> {
        Some(match self {
            Self::ClearClipboardAfter(seconds) => ("clear_clipboard_after", i64::from(*seconds).into()),
            Self::AutoRefresh(on) => ("refresh_by_itself", (*on).into()),
            Self::NotifyChanges(on) => ("notify_changes", (*on).into()),
            Self::Theme(theme) => ("look", theme.word().into()),
            Self::AccentColor(_) | Self::Expect(_) | Self::StopExpecting(_) => return None,
        })
    }
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
