//! A token on its way to the clipboard and back. It never passes the page (UI-1).

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use rolecall_engine::ports;
use rolecall_engine::view::{Copied, ProfileState, TokenKind, View};

use crate::failure::Failure;
use crate::notify;
use crate::shell::Shell;

/// Which token of ours is on the clipboard.
#[derive(Default)]
pub(crate) struct CopiedToken(Mutex<State>);

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
pub(crate) async fn copy_token(shell: &Shell, kind: TokenKind) -> Result<(), Failure> {
    let profile = shell.live.view().borrow().profile.clone();
    let token = shell.live.token(kind).await?;
    let seconds = shell.live.clear_clipboard_after();
    shell.clipboard.put_token(token).await?;

    let serial = shell.copied_token.began(profile);
    let at = shell.engine.ports().clock.now();
    let until = at.plus(i64::from(seconds));
    shell.live.set_copied(Some(Copied { what: kind, at, until }));
    notify::tell(shell, title(kind), &format!("It is taken back in {}.", amount(seconds)));
    tauri::async_runtime::spawn(clear_after(shell.clone(), Duration::from_secs(seconds.into()), serial));
    Ok(())
}

/// Copies a text that is no secret. A token that was there is gone with it.
pub(crate) async fn copy_text(shell: &Shell, text: String) -> Result<(), Failure> {
    shell.clipboard.put_text(text).await?;
    if shell.copied_token.ended() {
        shell.live.set_copied(None);
    }
    Ok(())
}

/// Takes our token back now, if one is still there.
pub(crate) async fn clear(shell: &Shell) {
    if shell.copied_token.ended() {
        shell.clipboard.clear().await;
        shell.live.set_copied(None);
    }
}

/// Takes a token back whose profile is no longer signed in, whoever signed it out.
pub(crate) async fn clear_signed_out(shell: &Shell, view: &tokio::sync::watch::Receiver<View>) {
    let gone =
        { shell.copied_token.profile_out().is_some_and(|profile| !is_signed_in(&view.borrow(), profile.as_deref())) };
    if gone {
        clear(shell).await;
    }
}

/// On the boot clock: neither sleep nor a wall clock that is set makes a token stay longer.
async fn clear_after(shell: Shell, stay: Duration, serial: u64) {
    ports::wait(&*shell.engine.ports().clock, stay).await;
    if shell.copied_token.is_out(serial) {
        clear(&shell).await;
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

impl CopiedToken {
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
