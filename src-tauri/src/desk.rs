//! What the shell holds for the whole run, and what a menu or a page can have it do.

use rolecall_engine::Engine;
use rolecall_engine::engine::Live;
use rolecall_engine::view::{Action, TokenKind};
use tauri::{AppHandle, Manager as _};

use crate::clipboard::Clipboard;
use crate::copying::{self, Copying};
use crate::tray::Tray;
use crate::{notify, window};

/// Everything the faces of this process share.
pub(crate) struct Desk {
    pub(crate) engine: Engine,
    pub(crate) live: Live,
    pub(crate) clipboard: Clipboard,
    pub(crate) copying: Copying,
    pub(crate) tray: Tray,
}

impl Desk {
    /// Must be called within the tokio runtime.
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            live: engine.live(),
            engine,
            clipboard: Clipboard::start(),
            copying: Copying::default(),
            tray: Tray::default(),
        }
    }
}

/// Does what was chosen in the tray menu. Returns at once.
pub(crate) fn choose(app: &AppHandle, action: &Action) {
    let live = &app.state::<Desk>().live;
    match action {
        Action::Open => window::show(app),
        Action::Refresh => live.refresh(),
        Action::CopyAccessToken => copy(app, TokenKind::Access),
        Action::CopyIdToken => copy(app, TokenKind::Id),
        Action::SignIn => live.sign_in(false, false),
        Action::CancelSignIn => live.cancel_sign_in(),
        Action::SignOut => live.sign_out(None),
        Action::Select(name) => live.select(name),
        Action::Quit => app.exit(0),
    }
}

/// With no page to show a failure in, a notification tells it.
fn copy(app: &AppHandle, kind: TokenKind) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(failure) = copying::copy_token(&app, kind).await {
            notify::tell(&app, &failure.title, &failure.text);
        }
    });
}
