//! What the shell holds for the whole run, and what a menu or a page can have it do.

use rolecall_engine::Engine;
use rolecall_engine::engine::Live;
use rolecall_engine::view::{Action, TokenKind};

use crate::clipboard::Clipboard;
use crate::notify;
use crate::shell::Shell;
#[cfg(target_os = "linux")]
use crate::single_instance::BusName;
use crate::token_clipboard::{self, CopiedToken};
use crate::tray::Tray;

/// Everything the faces of this process share.
pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) live: Live,
    pub(crate) clipboard: Clipboard,
    pub(crate) copied_token: CopiedToken,
    pub(crate) tray: Tray,
    #[cfg(target_os = "linux")]
    pub(crate) bus_name: BusName,
}

impl Shared {
    /// Must be called within the tokio runtime.
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            live: engine.live(),
            engine,
            clipboard: Clipboard::start(),
            copied_token: CopiedToken::default(),
            tray: Tray::default(),
            #[cfg(target_os = "linux")]
            bus_name: BusName::default(),
        }
    }
}

/// Does what was chosen in the tray menu. Returns at once.
pub(crate) fn choose(shell: &Shell, action: &Action) {
    let live = &shell.live;
    match action {
        Action::Open => shell.show_window(),
        Action::Refresh => live.refresh(),
        Action::CopyAccessToken => copy(shell, TokenKind::Access),
        Action::CopyIdToken => copy(shell, TokenKind::Id),
        Action::SignIn => live.sign_in(false, false),
        Action::CancelSignIn => live.cancel_sign_in(),
        Action::SignOut => live.sign_out(None),
        Action::Select(name) => live.select(name),
        Action::Quit => shell.end(),
    }
}

/// With no page to show a failure in, a notification tells it.
fn copy(shell: &Shell, kind: TokenKind) {
    let shell = shell.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(failure) = token_clipboard::copy_token(&shell, kind).await {
            notify::tell(&shell, &failure.title, &failure.text);
        }
    });
}
