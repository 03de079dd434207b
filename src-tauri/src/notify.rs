//! Notifications of the system. Their texts never contain a token.

use crate::toolkit::Toolkit;

#[cfg(target_os = "linux")]
pub(crate) use linux::show;

/// Shows a notification. Returns at once; a failure is logged.
#[cfg(not(target_os = "linux"))]
pub(crate) fn show(toolkit: &Toolkit, title: &str, body: &str) {
    use tauri_plugin_notification::NotificationExt as _;
    let Some(app) = toolkit.get() else { return };
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::warn!("a notification can't be shown: {error}");
    }
}

/// Calls D-Bus directly: the specification is two calls, and the crate that wraps them brings a second D-Bus library.
#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;
    use std::time::Duration;

    use zbus::zvariant::Value;
    use zbus::{Connection, Proxy};

    use super::Toolkit;

    /// How long the notification server may take.
    const TIMEOUT: Duration = Duration::from_secs(10);

    /// The server decides when a notification disappears.
    const DEFAULT_EXPIRY: i32 = -1;

    /// Shows a notification. Returns at once; a failure is logged.
    pub(crate) fn show(_: &Toolkit, title: &str, body: &str) {
        let (title, body) = (without_tags(title), without_tags(body));
        tauri::async_runtime::spawn(async move {
            match tokio::time::timeout(TIMEOUT, send(&title, &body)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!("a notification can't be shown: {error}"),
                Err(_) => tracing::warn!("a notification can't be shown: nobody answers"),
            }
        });
    }

    async fn send(title: &str, body: &str) -> zbus::Result<()> {
        let bus = Connection::session().await?;
        let name = "org.freedesktop.Notifications";
        let server = Proxy::new(&bus, name, "/org/freedesktop/Notifications", name).await?;
        let capabilities: Vec<String> = server.call("GetCapabilities", &()).await?;
        let body = if capabilities.iter().any(|one| one == "body-markup") { escaped(body) } else { body.to_owned() };
        let (replaces, icon, actions) = (0_u32, "rolecall-desktop", Vec::<&str>::new());
        let hints = HashMap::from([("desktop-entry", Value::from("rolecall-desktop"))]);
        let arguments = ("Rolecall", replaces, icon, title, body.as_str(), actions, hints, DEFAULT_EXPIRY);
        let _: u32 = server.call("Notify", &arguments).await?;
        Ok(())
    }

    /// Takes the brackets of tags away, whatever the server claims to do: some render markup they do not announce, in
    /// the title too, and a name or a provider's words must not become a link or an image (CLI-4).
    fn without_tags(text: &str) -> String {
        text.replace('<', "‹").replace('>', "›")
    }

    /// For a server that reads the body as markup: without this an `&` would make it unreadable.
    fn escaped(text: &str) -> String {
        text.replace('&', "&amp;")
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn cli_4_no_text_is_live_markup_in_a_notification() {
            let hostile = "<a href=\"https://evil.example\">click</a> & <img src=\"x\"/> &lt;b&gt;";
            let shown = escaped(&without_tags(hostile));
            assert!(!shown.contains(['<', '>']), "{shown}");
            assert!(shown.contains("&amp; ") && shown.contains("&amp;lt;b"), "{shown}");
        }
    }
}
