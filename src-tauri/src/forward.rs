//! Carries what the engine says to the page, the tray and the notifications.

use rolecall_engine::view::View;
use tauri::Emitter as _;

use crate::shell::Shell;
use crate::{autostart, notify, token_clipboard, window};

/// Follows the view until the program ends.
pub(crate) async fn views(shell: Shell) {
    let mut views = shell.live.view();
    let mut menu = shell.live.menu();
    let mut look = views.borrow().settings.look;
    shell.tray.show(&shell, &menu).await;
    if autostart::is_in_tray() {
        tauri::async_runtime::spawn(autostart::show_window_without_tray(shell.clone()));
    }
    loop {
        send_to_page(&shell, &views.borrow_and_update());
        let wanted = views.borrow().settings.look;
        if wanted != look {
            look = wanted;
            if let Some(app) = shell.app() {
                window::apply_theme(app, look);
            }
        }
        let now = shell.live.menu();
        if now != menu {
            menu = now;
            shell.tray.update(&menu).await;
        }
        token_clipboard::clear_signed_out(&shell, &views).await;
        if views.changed().await.is_err() {
            return;
        }
    }
}

/// Shows the engine's notices until the program ends.
pub(crate) async fn notices(shell: Shell) {
    let Some(mut notices) = shell.live.notices() else { return };
    while let Some(notice) = notices.recv().await {
        notify::tell(&shell, &notice.title, &notice.body);
    }
}

/// A page that is not there is drawn from `snapshot` when it comes back.
fn send_to_page(shell: &Shell, view: &View) {
    let Some(app) = shell.app().filter(|_| shell.has_window()) else { return };
    if let Err(error) = app.emit_to(window::LABEL, "view", view) {
        tracing::warn!("the page can't be told of a new view: {error}");
    }
}
