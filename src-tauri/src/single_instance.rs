//! One Rolecall at a time: a second start brings the window of the first to the front and ends (SI-1).
//!
//! What a second start says is never read: all it can mean is "show".

use rolecall_engine::ports::Folders;
use sha2::{Digest as _, Sha256};

use crate::environment;

#[cfg(target_os = "linux")]
pub(crate) use linux::{BusName, activate_first, claim, release};
#[cfg(not(target_os = "linux"))]
pub(crate) use plugged::{activate_first, plugin};

/// What became of the question whether another Rolecall is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstInstance {
    /// None, or none that could be found out.
    None,
    /// There is, and it shows its window now.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere the plugin finds it"))]
    Activated,
    /// There is, and it does not answer.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere the plugin finds it"))]
    Unresponsive,
    /// There is no session bus to ask.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere the plugin finds it"))]
    NoBus,
}

/// The identifier of the program, as in `tauri.conf.json`.
pub(crate) const IDENTIFIER: &str = "app.rolecall.Rolecall";

/// The identifier under which one Rolecall finds the other. One with its files elsewhere, such as a demo, is another.
pub(crate) fn identifier() -> String {
    if !environment::files_are_elsewhere() {
        return IDENTIFIER.to_owned();
    }
    let digest = Sha256::digest(Folders::system().config.as_os_str().as_encoded_bytes());
    let number = u64::from_be_bytes([0, digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6]]);
    format!("{IDENTIFIER}.At{number:x}")
}

#[cfg(not(target_os = "linux"))]
mod plugged {
    use tauri::plugin::TauriPlugin;
    use tauri::{Manager as _, Wry};

    use super::FirstInstance;
    use crate::shell::Shell;

    /// Holds the place of the first, and shows the window when a second start asks.
    pub(crate) fn plugin() -> TauriPlugin<Wry> {
        tauri_plugin_single_instance::init(|app, _, _| app.state::<Shell>().show_window())
    }

    /// The plugin asks by itself, and waits for no answer.
    pub(crate) async fn activate_first() -> FirstInstance {
        FirstInstance::None
    }
}

/// The names are those of Tauri's single-instance plugin. It is not used here, since it needs the toolkit, and this program
/// can be the first in the tray alone.
#[cfg(target_os = "linux")]
mod linux {
    use std::sync::{Mutex, PoisonError};
    use std::time::Duration;

    use zbus::{Connection, connection, interface};

    use super::{FirstInstance, identifier};
    use crate::shell::Shell;

    /// How long the bus, and another Rolecall on it, may take.
    const BOUND: Duration = Duration::from_secs(3);

    /// The place of the first on the bus, while it is held.
    #[derive(Default)]
    pub(crate) struct BusName(Mutex<Option<Connection>>);

    struct InstanceServer(Shell);

    #[interface(name = "org.SingleInstance.DBus")]
    impl InstanceServer {
        fn execute_callback(&self, said: Vec<String>, folder: String) {
            drop((said, folder));
            self.0.show_window();
        }
    }

    /// Holds the place of the first: a second start then has this one show its window.
    pub(crate) async fn claim(shell: &Shell) {
        match tokio::time::timeout(BOUND, open(shell)).await {
            Ok(Ok(bus)) => *shell.bus_name.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(bus),
            Ok(Err(error)) => tracing::warn!("a second start will not find this one: {error}"),
            Err(_) => tracing::warn!("a second start will not find this one: the session bus does not answer"),
        }
    }

    async fn open(shell: &Shell) -> zbus::Result<Connection> {
        let (name, path) = bus_name_and_path();
        connection::Builder::session()?
            .name(name)?
            .replace_existing_names(false)
            .allow_name_replacements(false)
            .serve_at(path, InstanceServer(shell.clone()))?
            .build()
            .await
    }

    /// Gives the place up.
    pub(crate) async fn release(shell: &Shell) {
        let bus = shell.bus_name.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(bus) = bus {
            let _ = tokio::time::timeout(BOUND, bus.release_name(bus_name_and_path().0)).await;
        }
    }

    /// Has a Rolecall that is already running show its window. Bounded, for it may hang.
    pub(crate) async fn activate_first() -> FirstInstance {
        match tokio::time::timeout(BOUND, Connection::session()).await {
            Ok(Ok(bus)) => tokio::time::timeout(BOUND, show(&bus)).await.unwrap_or(FirstInstance::Unresponsive),
            Ok(Err(_)) | Err(_) => FirstInstance::NoBus,
        }
    }

    async fn show(bus: &Connection) -> FirstInstance {
        match call(bus).await {
            Ok(()) => FirstInstance::Activated,
            Err(error) => {
                tracing::debug!("no other Rolecall: {error}");
                FirstInstance::None
            }
        }
    }

    async fn call(bus: &Connection) -> zbus::Result<()> {
        let (name, path) = bus_name_and_path();
        let nothing_said: (Vec<String>, &str) = (Vec::new(), "");
        let interface = Some("org.SingleInstance.DBus");
        bus.call_method(Some(name.as_str()), path.as_str(), interface, "ExecuteCallback", &nothing_said).await?;
        Ok(())
    }

    fn bus_name_and_path() -> (String, String) {
        let name = format!("{}.SingleInstance", identifier());
        let path = format!("/{}", name.replace('.', "/").replace('-', "_"));
        (name, path)
    }
}
