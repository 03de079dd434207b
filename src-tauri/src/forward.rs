//! Forwards the engine's views to the page, the tray and the notifications.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use rolecall_engine::view::{ProfileState, View};
use tauri::Emitter as _;

use crate::shell::Shell;
use crate::{autostart, notify, tray_actions, window};

/// How often, after log-in, a panel is looked for, and how long between two looks, until the window is shown instead.
const TRAY_ATTEMPTS: u32 = 20;
const TRAY_POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Forwards each view until the program ends.
pub(crate) async fn views(shell: Shell) {
    let mut views = shell.live().view();
    let mut menu = shell.live().menu();
    let mut theme = views.borrow().settings.theme;
    let for_actions = shell.clone();
    let on_action = Arc::new(move |action: &_| tray_actions::run(&for_actions, action));
    shell.tray().show(shell.toolkit(), &menu, on_action).await;
    if autostart::is_in_tray() {
        tauri::async_runtime::spawn(show_window_without_tray(shell.clone()));
    }
    let mut states = profile_states(&views.borrow());
    loop {
        send_to_page(&shell, &views.borrow_and_update());
        let events = events(&mut states, &views.borrow());
        for event in events {
            announce(&shell, &event);
        }
        let wanted = views.borrow().settings.theme;
        if wanted != theme {
            theme = wanted;
            if let Some(app) = shell.toolkit().get() {
                window::apply_theme(app, theme);
            }
        }
        let now = shell.live().menu();
        if now != menu {
            menu = now;
            shell.tray().update(&menu).await;
        }
        shell.clipboard().clear_signed_out(&views).await;
        if views.changed().await.is_err() {
            return;
        }
    }
}

/// Shows the engine's notifications until the program ends.
pub(crate) async fn notifications(shell: Shell) {
    let Some(mut notifications) = shell.live().notifications() else { return };
    while let Some(notification) = notifications.recv().await {
        notify::show(shell.toolkit(), &notification.title, &notification.body);
    }
}

/// Shows the window after all where no tray comes up: the program must not run unseen.
async fn show_window_without_tray(shell: Shell) {
    for _ in 0..TRAY_ATTEMPTS {
        if shell.tray().is_shown().await {
            return;
        }
        tokio::time::sleep(TRAY_POLL_INTERVAL).await;
    }
    shell.show_window();
}

/// A change of a profile that is announced even when no window is open.
#[derive(Debug, PartialEq, Eq)]
enum Event {
    /// A sign-in that was begun here is done.
    SignedIn { who: String, host: String },
    /// The provider ended the session.
    Ended { profile: String, host: String },
}

fn profile_states(view: &View) -> HashMap<String, ProfileState> {
    view.profiles.iter().map(|line| (line.name.clone(), line.state)).collect()
}

/// Compares the states of the profiles with those before.
fn events(before: &mut HashMap<String, ProfileState>, view: &View) -> Vec<Event> {
    let events = view.profiles.iter().filter_map(|line| {
        let host = line.host.clone();
        match (before.get(&line.name)?, line.state) {
            (ProfileState::Waiting, ProfileState::SignedIn) => {
                Some(Event::SignedIn { who: line.who.clone().unwrap_or_default(), host })
            }
            (ProfileState::SignedIn, ProfileState::Ended) => Some(Event::Ended { profile: line.name.clone(), host }),
            _ => None,
        }
    });
    let events = events.collect();
    *before = profile_states(view);
    events
}

/// After a sign-in the browser is in front: the window comes back where there is one. What is in no window is notified.
fn announce(shell: &Shell, event: &Event) {
    let window = shell.has_window();
    match event {
        Event::SignedIn { .. } if window => shell.show_window(),
        Event::SignedIn { who, host } => {
            notify::show(shell.toolkit(), &format!("Signed in as {who}"), &format!("At {host}."));
        }
        Event::Ended { profile, host } if !window => {
            let text = format!("{host} ended it. To go on, sign in again from the tray or the window.");
            notify::show(shell.toolkit(), &format!("The session of {profile} has ended"), &text);
        }
        Event::Ended { .. } => {}
    }
}

/// A page that is not there is drawn from `snapshot` when it comes back.
fn send_to_page(shell: &Shell, view: &View) {
    let Some(app) = shell.toolkit().get().filter(|_| shell.has_window()) else { return };
    if let Err(error) = app.emit_to(window::LABEL, "view", view) {
        tracing::warn!("the page can't be told of a new view: {error}");
    }
}
