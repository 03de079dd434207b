//! The tray menu as plain data. A backend draws it and sends the chosen [`Action`] back.

use serde::{Deserialize, Serialize};

/// What the tray shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Menu {
    /// Which of the four icons.
    pub icon: TrayIcon,
    /// The words under the pointer.
    pub tooltip: String,
    /// Top to bottom.
    pub items: Vec<MenuItem>,
}

/// The state of the icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrayIcon {
    /// Signed in.
    In,
    /// Something is under way.
    Busy,
    /// Nobody.
    Out,
    /// Somebody should look.
    Attention,
}

/// One line of the menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MenuItem {
    /// Words only, not to be chosen.
    Words {
        /// The words.
        label: String,
    },
    /// Something to choose.
    Choice {
        /// The words.
        label: String,
        /// What it does.
        action: Action,
        /// Whether it can be chosen now.
        enabled: bool,
    },
    /// A menu inside.
    Inside {
        /// The words.
        label: String,
        /// Its lines.
        items: Vec<MenuItem>,
    },
    /// A line between groups.
    Rule,
}

/// What a face can be asked to do from a menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", content = "with", rename_all = "snake_case")]
pub enum Action {
    /// Show the window.
    Open,
    /// Refresh the profile in front.
    Refresh,
    /// Copy the access token.
    CopyAccessToken,
    /// Copy the ID token.
    CopyIdToken,
    /// Sign in.
    SignIn,
    /// Stop a sign-in under way.
    CancelSignIn,
    /// Sign out.
    SignOut,
    /// Bring another profile to the front.
    Select(String),
    /// End the program.
    Quit,
}
