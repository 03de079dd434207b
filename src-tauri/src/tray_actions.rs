use rolecall_engine::tokens::TokenKind;
use rolecall_engine::view::Action;

use crate::notify;
use crate::shell::Shell;
use crate::token_format::TokenFormat;

/// Does what was chosen in the tray menu. Returns at once.
pub(crate) fn run(shell: &Shell, action: &Action) {
    let live = shell.live();
    match action {
        Action::Open => shell.show_window(),
        Action::Refresh => live.refresh(),
        Action::CopyAccessToken => copy(shell, TokenKind::Access),
        Action::CopyIdToken => copy(shell, TokenKind::Id),
        Action::SignIn => live.sign_in(false, false),
        Action::CancelSignIn => live.cancel_sign_in(),
        Action::SignOut => live.sign_out(None),
        Action::Select(name) => live.select(name),
        Action::Restart => shell.restart(),
        Action::Quit => shell.quit(),
    }
}

/// With no page to show a failure in, a notification tells it.
fn copy(shell: &Shell, kind: TokenKind) {
    let shell = shell.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(failure) = shell.clipboard().copy_token(kind, TokenFormat::default()).await {
            notify::show(shell.toolkit(), &failure.title, &failure.text);
        }
    });
}
