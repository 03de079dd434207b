//! A token on its way to the clipboard and back. It never passes the page (UI-1).

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use rolecall_engine::ports::Timestamp;
use rolecall_engine::view::{Copied, ProfileState, TokenKind, View};
use tauri::{AppHandle, Manager as _};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::notify;

/// So often the wall clock is asked while a token is out. A timer alone would stand still while the computer sleeps.
const TICK: Duration = Duration::from_millis(500);

/// Which token of ours is on the clipboard.
#[derive(Default)]
pub(crate) struct Copying(Mutex<State>);

#[derive(Default)]
struct State {
    copies: u64,
    out: Option<Out>,
}

struct Out {
    serial: u64,
    profile: Option<String>,
}

/// Copies a token of the profile in front, says so, and takes it back after the time set.
pub(crate) async fn copy_token(app: &AppHandle, kind: TokenKind) -> Result<(), Failure> {
    let desk = app.state::<Desk>();
    let profile = desk.live.view().borrow().profile.clone();
    let token = desk.live.token(kind).await?;
    let seconds = desk.live.clear_clipboard_after();
    desk.clipboard.put_token(token).await?;

    let serial = desk.copying.began(profile);
    let at = desk.engine.ports().clock.now();
    let until = at.plus(i64::from(seconds));
    desk.live.set_copied(Some(Copied { what: kind, at, until }));
    notify::tell(app, title(kind), &format!("It is taken back in {}.", amount(seconds)));
    tauri::async_runtime::spawn(take_back_at(app.clone(), until, serial));
    Ok(())
}

/// Copies a text that is no secret. A token that was there is gone with it.
pub(crate) async fn copy_text(app: &AppHandle, text: String) -> Result<(), Failure> {
    let desk = app.state::<Desk>();
    desk.clipboard.put_text(text).await?;
    if desk.copying.ended() {
        desk.live.set_copied(None);
    }
    Ok(())
}

/// Takes our token back now, if one is still there.
pub(crate) async fn take_back(app: &AppHandle) {
    let desk = app.state::<Desk>();
    if desk.copying.ended() {
        desk.clipboard.take_back().await;
        desk.live.set_copied(None);
    }
}

/// Takes a token back whose profile is no longer signed in, whoever signed it out.
pub(crate) async fn take_back_of_signed_out(app: &AppHandle, view: &tokio::sync::watch::Receiver<View>) {
    let gone = {
        let state = app.state::<Desk>();
        state.copying.profile_out().is_some_and(|profile| !is_signed_in(&view.borrow(), profile.as_deref()))
    };
    if gone {
        take_back(app).await;
    }
}

async fn take_back_at(app: AppHandle, until: Timestamp, serial: u64) {
    let desk = app.state::<Desk>();
    while desk.engine.ports().clock.now() < until {
        tokio::time::sleep(TICK).await;
        if !desk.copying.is_out(serial) {
            return;
        }
    }
    if desk.copying.is_out(serial) {
        take_back(&app).await;
    }
}

fn is_signed_in(view: &View, profile: Option<&str>) -> bool {
    view.profiles.iter().any(|line| {
        Some(line.name.as_str()) == profile && !matches!(line.state, ProfileState::SignedOut | ProfileState::Ended)
    })
}

fn title(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Access => "Access token copied",
        TokenKind::Id => "ID token copied",
    }
}

fn amount(seconds: u32) -> String {
    if seconds == 1 { "1 second".to_owned() } else { format!("{seconds} seconds") }
}

impl Copying {
    fn began(&self, profile: Option<String>) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.copies += 1;
        let serial = state.copies;
        state.out = Some(Out { serial, profile });
        serial
    }

    /// Whether one was out until now.
    fn ended(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).out.take().is_some()
    }

    fn is_out(&self, serial: u64) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).out.as_ref().is_some_and(|out| out.serial == serial)
    }

    #[expect(clippy::option_option, reason = "a token may be out that belongs to no profile")]
    fn profile_out(&self) -> Option<Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).out.as_ref().map(|out| out.profile.clone())
    }
}
