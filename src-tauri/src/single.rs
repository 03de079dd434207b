//! One Rolecall at a time: a second start brings the window of the first to the front and ends (SI-1).
//!
//! What a second start says is never read: all it can mean is "show".

use rolecall_engine::ports::Folders;
use sha2::{Digest as _, Sha256};
use tauri::Wry;
use tauri::plugin::TauriPlugin;

use crate::{environment, window};

#[cfg(target_os = "linux")]
pub(crate) use linux::ask_other;

/// What became of the question whether another Rolecall is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    /// None, or none that could be found out.
    None,
    /// There is, and it shows its window now.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere the plugin finds it"))]
    Shown,
    /// There is, and it does not answer.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere the plugin finds it"))]
    Mute,
    /// There is no session bus to ask.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere the plugin finds it"))]
    NoBus,
}

/// Holds the place of the first, and shows the window when a second start asks.
pub(crate) fn plugin() -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::init(|app, _, _| window::show(app))
}

/// The identifier under which one Rolecall finds the other. One with its files elsewhere, such as a demo, is another.
pub(crate) fn identifier(usual: &str) -> String {
    if !environment::files_are_elsewhere() {
        return usual.to_owned();
    }
    let digest = Sha256::digest(Folders::system().config.as_os_str().as_encoded_bytes());
    let number = u64::from_be_bytes([0, digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6]]);
    format!("{usual}.At{number:x}")
}

/// The plugin asks by itself, and waits for no answer.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn ask_other(_: &str) -> Other {
    Other::None
}

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use zbus::Connection;

    use super::Other;

    /// How long the bus, and another Rolecall on it, may take.
    const BOUND: Duration = Duration::from_secs(3);

    /// Has a Rolecall that is already running show its window. The plugin would ask too, but only once the toolkit is
    /// up, and it would wait for ever for one that hangs.
    pub(crate) async fn ask_other(identifier: &str) -> Other {
        match tokio::time::timeout(BOUND, Connection::session()).await {
            Ok(Ok(bus)) => tokio::time::timeout(BOUND, show(&bus, identifier)).await.unwrap_or(Other::Mute),
            Ok(Err(_)) | Err(_) => Other::NoBus,
        }
    }

    async fn show(bus: &Connection, identifier: &str) -> Other {
        match call(bus, identifier).await {
            Ok(()) => Other::Shown,
            Err(error) => {
                tracing::debug!("no other Rolecall: {error}");
                Other::None
            }
        }
    }

    /// Name, path and method are those of the single-instance plugin.
    async fn call(bus: &Connection, identifier: &str) -> zbus::Result<()> {
        let name = format!("{identifier}.SingleInstance");
        let path = format!("/{}", name.replace('.', "/").replace('-', "_"));
        let nothing_said: (Vec<String>, &str) = (Vec::new(), "");
        let interface = Some("org.SingleInstance.DBus");
        bus.call_method(Some(name.as_str()), path.as_str(), interface, "ExecuteCallback", &nothing_said).await?;
        Ok(())
    }
}
