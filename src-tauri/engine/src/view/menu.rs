//! The tray menu as plain data. A backend draws it and sends the chosen [`Action`] back.

use serde::{Deserialize, Serialize};

use super::trouble::clock_time;
use super::{AwayReason, Screen, SignedIn, Tone, View};
use crate::identity::{Entitlement, Entitlements, Kind};
use crate::text::clean;

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

impl Menu {
    /// The menu for a view: identity, roles in one line, refresh, copies, profiles, open, out, quit.
    #[must_use]
    pub fn of(view: &View) -> Self {
        let name = view.profile.clone().unwrap_or_default();
        let mut items = match &view.screen {
            Screen::SetUp => vec![words("No profile yet")],
            Screen::SignedOut { .. } => vec![words("Nobody is signed in")],
            Screen::Waiting(waiting) => vec![words(format!("Signing in at {}…", waiting.host))],
            Screen::SignedIn(signed_in) => about(signed_in),
            Screen::Away(away) => vec![words(format!("{} ({})", away.badge.name, why_away(away.why)))],
        };
        if let Some(trouble) = &view.trouble {
            items.push(choice(trouble.title.trim_end_matches('.'), Action::Open));
        }
        items.push(MenuItem::Rule);
        if let Screen::SignedIn(signed_in) = &view.screen {
            items.extend(verbs(signed_in));
        }
        if view.profiles.len() > 1 {
            let others = view.profiles.iter().map(|line| choice(&line.name, Action::Select(line.name.clone())));
            items.push(MenuItem::Inside { label: format!("Profile: {name}"), items: others.collect() });
        }
        items.push(choice("Open Rolecall", Action::Open));
        items.push(MenuItem::Rule);
        match &view.screen {
            Screen::SetUp => {}
            Screen::SignedOut { .. } | Screen::Away(_) => {
                items.push(choice(&format!("Sign in to {name}"), Action::SignIn));
            }
            Screen::Waiting(_) => items.push(choice("Cancel sign-in", Action::CancelSignIn)),
            Screen::SignedIn(_) => items.push(choice(&format!("Sign out of {name}"), Action::SignOut)),
        }
        items.push(choice("Quit Rolecall", Action::Quit));
        Self { icon: icon(view), tooltip: tooltip(view), items }
    }
}

fn about(signed_in: &SignedIn) -> Vec<MenuItem> {
    let until = signed_in.expires_at.map_or_else(String::new, |end| format!(" · until {}", clock_time(end)));
    let mut lines =
        vec![words(format!("{}{until}", signed_in.badge.name)), words(in_one_line(&signed_in.entitlements))];
    let missing: Vec<&str> = signed_in.missing.iter().map(|missing| missing.value.as_str()).collect();
    if !missing.is_empty() {
        lines.push(choice(&format!("Missing: {}", missing.join(", ")), Action::Open));
    }
    lines
}

fn verbs(signed_in: &SignedIn) -> Vec<MenuItem> {
    let refresh = if signed_in.refreshing { "Refreshing…" } else { "Refresh now" };
    vec![
        MenuItem::Choice { label: refresh.into(), action: Action::Refresh, enabled: !signed_in.refreshing },
        copy("Copy access token", Action::CopyAccessToken, signed_in),
        copy("Copy ID token", Action::CopyIdToken, signed_in),
        MenuItem::Rule,
    ]
}

fn copy(label: &str, action: Action, signed_in: &SignedIn) -> MenuItem {
    MenuItem::Choice { label: label.into(), action, enabled: signed_in.tokens_ready }
}

fn words(label: impl Into<String>) -> MenuItem {
    MenuItem::Words { label: clean(&label.into(), WIDEST) }
}

fn choice(label: &str, action: Action) -> MenuItem {
    MenuItem::Choice { label: clean(label, WIDEST), action, enabled: true }
}

/// The longest line of a menu, in characters.
const WIDEST: usize = 80;

/// Roles by name, groups and permissions by name while they are few.
fn in_one_line(entitlements: &Entitlements) -> String {
    let mut parts = Vec::new();
    for kind in Kind::ALL {
        let list: Vec<&Entitlement> = entitlements.telling(kind).collect();
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

fn why_away(why: AwayReason) -> &'static str {
    match why {
        AwayReason::Ended => "session ended",
        AwayReason::Locked => "key store locked",
    }
}

fn icon(view: &View) -> TrayIcon {
    match &view.screen {
        Screen::Waiting(_) => TrayIcon::Busy,
        Screen::SignedIn(signed_in) if signed_in.refreshing => TrayIcon::Busy,
        Screen::Away(_) => TrayIcon::Attention,
        Screen::SignedIn(_) if view.trouble.as_ref().is_some_and(|trouble| trouble.tone != Tone::Calm) => {
            TrayIcon::Attention
        }
        Screen::SignedIn(signed_in) if !signed_in.missing.is_empty() => TrayIcon::Attention,
        Screen::SignedIn(_) => TrayIcon::In,
        Screen::SetUp | Screen::SignedOut { .. } => TrayIcon::Out,
    }
}

fn tooltip(view: &View) -> String {
    match &view.screen {
        Screen::SetUp => "Rolecall: no profile yet".into(),
        Screen::SignedOut { host, .. } => format!("Rolecall: nobody is signed in at {host}"),
        Screen::Waiting(waiting) => format!("Rolecall: signing in at {}", waiting.host),
        Screen::SignedIn(signed_in) => format!("Rolecall: {} at {}", signed_in.badge.name, signed_in.badge.host),
        Screen::Away(away) => format!("Rolecall: {}, {}", away.badge.name, why_away(away.why)),
    }
}
