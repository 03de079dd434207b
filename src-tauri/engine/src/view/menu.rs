//! The tray menu as plain data. A backend draws it and sends the chosen [`Action`] back.

use serde::{Deserialize, Serialize};

use super::notice::clock_time;
use super::{InactiveReason, Screen, SignedIn, View};
use crate::identity::{Entitlement, Entitlements, Kind};
use crate::problem::Severity;
use crate::text::clean;

/// What the tray shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Menu {
    /// Which of the icons.
    pub icon: TrayIcon,
    /// The tooltip.
    pub tooltip: String,
    /// Top to bottom.
    pub items: Vec<MenuItem>,
}

/// The state of the icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrayIcon {
    /// Signed in.
    SignedIn,
    /// A sign-in or refresh is in progress.
    Busy,
    /// Nobody is signed in.
    SignedOut,
    /// Something needs attention: a notice, or an expected role that is missing.
    Attention,
    /// The provider ended the session.
    Ended,
}

/// One line of the menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MenuItem {
    /// Text only, not selectable.
    Label {
        /// Its text.
        label: String,
    },
    /// Something to choose.
    Command {
        /// Its text.
        label: String,
        /// What it does.
        action: Action,
        /// Whether it can be chosen now.
        enabled: bool,
    },
    /// A submenu.
    Submenu {
        /// Its text.
        label: String,
        /// Its lines.
        items: Vec<MenuItem>,
    },
    /// A separator.
    Separator,
}

/// What a front end can be asked to do from a menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", content = "with", rename_all = "snake_case")]
pub enum Action {
    /// Show the window.
    Open,
    /// Refresh the selected profile.
    Refresh,
    /// Copy the access token.
    CopyAccessToken,
    /// Copy the ID token.
    CopyIdToken,
    /// Sign in.
    SignIn,
    /// Cancel the sign-in in progress.
    CancelSignIn,
    /// Sign out.
    SignOut,
    /// Select another profile.
    Select(String),
    /// End, and start the version that was installed meanwhile.
    Restart,
    /// Quit.
    Quit,
}

impl Menu {
    /// The menu for a view: identity, roles in one line, refresh, copies, profiles, open, out, quit.
    #[must_use]
    pub fn of(view: &View) -> Self {
        let name = view.profile.clone().unwrap_or_default();
        let mut items = match &view.screen {
            Screen::SetUp => vec![label("No profile yet")],
            Screen::SignedOut { .. } => vec![label("Nobody is signed in")],
            Screen::Waiting(waiting) => vec![label(format!("Signing in at {}…", waiting.host))],
            Screen::SignedIn(signed_in) => identity_lines(signed_in),
            Screen::Inactive(inactive) => {
                vec![label(format!("{} ({})", inactive.badge.name, inactive_reason(inactive.why)))]
            }
        };
        if let Some(notice) = &view.notice {
            items.push(command(notice.title.trim_end_matches('.'), Action::Open));
        }
        if view.key_store.asking {
            items.push(label("Waiting for the key store…"));
        }
        items.push(MenuItem::Separator);
        if let Screen::SignedIn(signed_in) = &view.screen {
            items.extend(commands(signed_in));
        }
        if view.profiles.len() > 1 {
            let others = view.profiles.iter().map(|line| command(&line.name, Action::Select(line.name.clone())));
            items.push(MenuItem::Submenu { label: format!("Profile: {name}"), items: others.collect() });
        }
        items.push(command("Open Rolecall", Action::Open));
        items.push(MenuItem::Separator);
        match &view.screen {
            Screen::SetUp => {}
            Screen::SignedOut { .. } | Screen::Inactive(_) => {
                items.push(command(&format!("Sign in to {name}"), Action::SignIn));
            }
            Screen::Waiting(_) => items.push(command("Cancel sign-in", Action::CancelSignIn)),
            Screen::SignedIn(_) => items.push(command(&format!("Sign out of {name}"), Action::SignOut)),
        }
        if view.updated {
            items.push(command("Restart Rolecall: it was updated", Action::Restart));
        }
        items.push(command("Quit Rolecall", Action::Quit));
        Self { icon: icon(view), tooltip: tooltip(view), items }
    }
}

fn identity_lines(signed_in: &SignedIn) -> Vec<MenuItem> {
    let until = signed_in.expires_at.map_or_else(String::new, |end| format!(" · until {}", clock_time(end)));
    let mut lines =
        vec![label(format!("{}{until}", signed_in.badge.name)), label(in_one_line(&signed_in.entitlements))];
    let lone: Vec<&str> = lone(&signed_in.entitlements).collect();
    let missing = signed_in.missing.iter().map(|missing| missing.value.as_str());
    let missing: Vec<&str> = missing.filter(|missing| !lone.contains(missing)).collect();
    if !lone.is_empty() {
        lines.push(command(&format!("Assigned, in no document: {}", lone.join(", ")), Action::Open));
    }
    if !missing.is_empty() {
        lines.push(command(&format!("Missing: {}", missing.join(", ")), Action::Open));
    }
    lines
}

fn commands(signed_in: &SignedIn) -> Vec<MenuItem> {
    let refresh = if signed_in.refreshing { "Refreshing…" } else { "Refresh now" };
    vec![
        MenuItem::Command { label: refresh.into(), action: Action::Refresh, enabled: !signed_in.refreshing },
        copy("Copy access token", Action::CopyAccessToken, signed_in),
        copy("Copy ID token", Action::CopyIdToken, signed_in),
        MenuItem::Separator,
    ]
}

fn copy(label: &str, action: Action, signed_in: &SignedIn) -> MenuItem {
    MenuItem::Command { label: label.into(), action, enabled: signed_in.tokens_ready }
}

fn label(label: impl Into<String>) -> MenuItem {
    MenuItem::Label { label: clean(&label.into(), WIDEST) }
}

fn command(label: &str, action: Action) -> MenuItem {
    MenuItem::Command { label: clean(label, WIDEST), action, enabled: true }
}

/// The longest line of a menu, in characters.
const WIDEST: usize = 80;

/// Roles by name; groups and permissions by name while there are few.
fn in_one_line(entitlements: &Entitlements) -> String {
    let mut parts = Vec::new();
    for kind in Kind::ALL {
        // What the directory alone has is not what a program would be told.
        let carried = entitlements.beyond_defaults(kind).filter(|one| one.is_in_a_document());
        let list: Vec<&Entitlement> = carried.collect();
        let kind = kind.word();
        match list.as_slice() {
            [] => {}
            [one] if kind == "role" => parts.push(one.value.clone()),
            [one] => parts.push(format!("{kind} {}", one.value)),
            [one, two] if kind == "role" => parts.push(format!("{}, {}", one.value, two.value)),
            many => parts.push(format!("{} {kind}s", many.len())),
        }
    }
    if parts.is_empty() { "No roles or groups".into() } else { parts.join(" · ") }
}

/// What the provider's directory alone has: assigned, and in no token.
fn lone(entitlements: &Entitlements) -> impl Iterator<Item = &str> {
    let lone = entitlements.iter().filter(|(_, found)| !found.is_in_a_document());
    lone.map(|(_, found)| found.value.as_str())
}

fn inactive_reason(why: InactiveReason) -> &'static str {
    match why {
        InactiveReason::Ended => "session ended",
        InactiveReason::Locked => "key store locked",
    }
}

fn icon(view: &View) -> TrayIcon {
    match &view.screen {
        Screen::Waiting(_) => TrayIcon::Busy,
        Screen::SignedIn(signed_in) if signed_in.refreshing => TrayIcon::Busy,
        Screen::Inactive(inactive) if inactive.why == InactiveReason::Ended => TrayIcon::Ended,
        Screen::Inactive(_) => TrayIcon::Attention,
        Screen::SignedIn(_) if view.notice.as_ref().is_some_and(|notice| notice.severity != Severity::Info) => {
            TrayIcon::Attention
        }
        Screen::SignedIn(signed_in) if !signed_in.missing.is_empty() => TrayIcon::Attention,
        Screen::SignedIn(_) => TrayIcon::SignedIn,
        Screen::SetUp | Screen::SignedOut { .. } => TrayIcon::SignedOut,
    }
}

fn tooltip(view: &View) -> String {
    match &view.screen {
        Screen::SetUp => "Rolecall: no profile yet".into(),
        Screen::SignedOut { host, .. } => format!("Rolecall: nobody is signed in at {host}"),
        Screen::Waiting(waiting) => format!("Rolecall: signing in at {}", waiting.host),
        Screen::SignedIn(signed_in) => format!("Rolecall: {} at {}", signed_in.badge.name, signed_in.badge.host),
        Screen::Inactive(inactive) => format!("Rolecall: {}, {}", inactive.badge.name, inactive_reason(inactive.why)),
    }
}
