//! Carries what the engine says to the page, the tray and the notifications.

use rolecall_engine::view::View;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::desk::Desk;
use crate::{autostart, copying, notify, window};

/// Follows the view until the program ends.
pub(crate) async fn views(app: AppHandle) {
    let desk = app.state::<Desk>();
    let mut views = desk.live.view();
    let mut menu = desk.live.menu();
    let mut look = views.borrow().settings.look;
    desk.tray.put_up(&app, &menu).await;
    if autostart::is_by_system() {
        tauri::async_runtime::spawn(autostart::show_where_no_tray_comes(app.clone()));
    }
    loop {
        send_to_page(&app, &views.borrow_and_update());
        let wanted = views.borrow().settings.look;
        if wanted != look {
            look = wanted;
            window::dress(&app, look);
        }
        let now = desk.live.menu();
        if now != menu {
            menu = now;
            desk.tray.draw(&menu).await;
        }
        copying::take_back_of_signed_out(&app, &views).await;
        if views.changed().await.is_err() {
            return;
        }
    }
}

/// Shows the engine's notices until the program ends.
pub(crate) async fn notices(app: AppHandle) {
    let Some(mut notices) = app.state::<Desk>().live.notices() else { return };
    while let Some(notice) = notices.recv().await {
        notify::tell(&app, &notice.title, &notice.body);
    }
}

/// A page that is not there is drawn from `snapshot` when it comes back.
fn send_to_page(app: &AppHandle, view: &View) {
    if app.get_webview_window(window::LABEL).is_none() {
        return;
    }
    if let Err(error) = app.emit_to(window::LABEL, "view", view) {
        tracing::warn!("the page can't be told of a new view: {error}");
    }
}
