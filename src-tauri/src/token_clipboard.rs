//! A token on its way to the clipboard, and its removal from there. It never passes the page (UI-1).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rolecall_engine::engine::Live;
use rolecall_engine::ports::{self, Clock};
use rolecall_engine::tokens::{Secret, TokenKind};
use rolecall_engine::view::{Copied, ProfileState, View};
use tokio::sync::watch;

use crate::clipboard::Clipboard;
use crate::failure::Failure;
use crate::notify;
use crate::token_format::TokenFormat;
use crate::toolkit::Toolkit;

/// The clipboard and what is known of our token on it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct TokenClipboard {
    inner: Arc<Inner>,
}

struct Inner {
    live: Live,
    clock: Arc<dyn Clock>,
    toolkit: Toolkit,
    clipboard: Clipboard,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How many tokens have been copied so far; numbers the copies.
    copies: u64,
    current: Option<CopiedToken>,
}

struct CopiedToken {
    number: u64,
    profile: Option<String>,
}

impl TokenClipboard {
    /// Starts the clipboard's thread. Nothing is opened before the first copy.
    pub(crate) fn new(live: Live, clock: Arc<dyn Clock>, toolkit: Toolkit) -> Self {
        let (clipboard, state) = (Clipboard::start(), Mutex::default());
        Self { inner: Arc::new(Inner { live, clock, toolkit, clipboard, state }) }
    }

    /// Copies a token of the active profile in this form, notifies, and clears it after the configured time.
    pub(crate) async fn copy_token(&self, kind: TokenKind, format: TokenFormat) -> Result<(), Failure> {
        let Inner { live, clock, toolkit, clipboard, .. } = &*self.inner;
        let profile = live.view().borrow().profile.clone();
        let token = live.token(kind).await?;
        let seconds = live.clear_clipboard_after();
        let audience = live.connection().map(|saved| saved.connection.audience).unwrap_or_default();
        clipboard.put_token(format.write(token, Some(&audience))).await?;

        let number = self.state().begin(profile);
        let at = clock.now();
        let until = at.plus(i64::from(seconds));
        live.set_copied(Some(Copied { what: kind, at, until }));
        notify::show(toolkit, title(kind), &format!("The clipboard is cleared in {}.", in_words(seconds)));
        let stay = Duration::from_secs(seconds.into());
        tauri::async_runtime::spawn(self.clone().clear_after(stay, number));
        Ok(())
    }

    /// Copies a text that is no secret. A token that was there is gone with it.
    pub(crate) async fn copy_text(&self, text: String) -> Result<(), Failure> {
        self.inner.clipboard.put_text(text).await?;
        if self.state().current.take().is_some() {
            self.inner.live.set_copied(None);
        }
        Ok(())
    }

    /// Reads what somebody copied, once, because they pressed a button for it.
    pub(crate) async fn read_text(&self) -> Result<Secret, Failure> {
        self.inner.clipboard.read_text().await.map_err(|error| match error {
            arboard::Error::ContentNotAvailable => Failure::of_system(
                "There is no text on the clipboard.",
                "Copy the token first, then press Paste again.",
            ),
            error => {
                Failure::of_system("The clipboard can’t be read.", &format!("Try again. The system says: {error}"))
            }
        })
    }

    /// Clears our token now, if one is still there.
    pub(crate) async fn clear(&self) {
        if self.state().current.take().is_some() {
            self.inner.clipboard.clear().await;
            self.inner.live.set_copied(None);
        }
    }

    /// Clears a token whose profile is no longer signed in, whoever signed it out.
    pub(crate) async fn clear_signed_out(&self, view: &watch::Receiver<View>) {
        let signed_out = match &self.state().current {
            Some(token) => !is_signed_in(&view.borrow(), token.profile.as_deref()),
            None => false,
        };
        if signed_out {
            self.clear().await;
        }
    }

    /// Whether what was last copied, a token or not, is still there: on Linux it ends with this process.
    #[cfg(target_os = "linux")]
    pub(crate) async fn is_in_use(&self) -> bool {
        self.inner.clipboard.is_in_use().await
    }

    /// Clears our token and ends the clipboard's thread. Bounded; for the end of the program.
    pub(crate) fn close(&self) {
        self.inner.clipboard.close();
    }

    /// On the boot clock: neither sleep nor a wall clock that is set makes a token stay longer.
    async fn clear_after(self, stay: Duration, number: u64) {
        ports::wait(&*self.inner.clock, stay).await;
        if self.state().current.as_ref().is_some_and(|token| token.number == number) {
            self.clear().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Notes a copy and gives its number.
    fn begin(&mut self, profile: Option<String>) -> u64 {
        self.copies += 1;
        self.current = Some(CopiedToken { number: self.copies, profile });
        self.copies
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

fn in_words(seconds: u32) -> String {
    if seconds == 1 { "1 second".to_owned() } else { format!("{seconds} seconds") }
}
