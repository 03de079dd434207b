use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt as _;

/// Shows a notification of the system. The words never hold a token.
pub(crate) fn tell(app: &AppHandle, title: &str, body: &str) {
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::warn!("a notification can't be shown: {error}");
    }
}
