use crate::shell::Shell;

/// Shows a notification of the system. The words never hold a token.
#[cfg(target_os = "linux")]
pub(crate) fn tell(_: &Shell, title: &str, body: &str) {
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
pub(crate) fn tell(shell: &Shell, title: &str, body: &str) {
    use tauri_plugin_notification::NotificationExt as _;
    let Some(app) = shell.app() else { return };
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::warn!("a notification can't be shown: {error}");
    }
}
