use crate::toolkit::Toolkit;

/// Shows a notification of the system. The words never hold a token.
#[cfg(target_os = "linux")]
pub(crate) fn show(_: &Toolkit, title: &str, body: &str) {
    let mut note = notify_rust::Notification::new();
    note.appname("Rolecall").summary(title).body(body).auto_icon();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = note.show_async().await {
            tracing::warn!("a notification can't be shown: {error}");
        }
    });
}

/// Shows a notification of the system. The words never hold a token.
#[cfg(not(target_os = "linux"))]
pub(crate) fn show(toolkit: &Toolkit, title: &str, body: &str) {
    use tauri_plugin_notification::NotificationExt as _;
    let Some(app) = toolkit.get() else { return };
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::warn!("a notification can't be shown: {error}");
    }
}
