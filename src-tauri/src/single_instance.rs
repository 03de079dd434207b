//! One Rolecall at a time: a second start brings the window of the first to the front and ends (SI-1).
//!
//! What a second start sends is never read: all it can mean is "show the window".

use rolecall_engine::ports::Folders;
use sha2::{Digest as _, Sha256};

use crate::environment;

#[cfg(target_os = "linux")]
pub(crate) use linux::{Instance, activate_first};
#[cfg(not(target_os = "linux"))]
pub(crate) use plugged::{Instance, activate_first, plugin};

/// Whether another Rolecall is running already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstInstance {
    /// No other one was found.
    None,
    /// There is one, and it was asked to show its window.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere the plugin finds it"))]
    Activated,
    /// There is one, and it does not answer.
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
    use tauri::{AppHandle, Wry};

    use super::FirstInstance;

    /// The plugin holds the name by itself.
    #[derive(Default)]
    pub(crate) struct Instance;

    /// Claims the name, and calls `show` when a second start asks.
    pub(crate) fn plugin(show: impl Fn(&AppHandle) + Send + Sync + 'static) -> TauriPlugin<Wry> {
        tauri_plugin_single_instance::init(move |app, _, _| show(app))
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

    /// How long the bus, and another Rolecall on it, may take.
    const TIMEOUT: Duration = Duration::from_secs(3);

    /// The name on the session bus by which a second start finds this process, while it is claimed.
    #[derive(Default)]
    pub(crate) struct Instance(Mutex<Option<Connection>>);

    struct Server<F>(F);

    #[interface(name = "org.SingleInstance.DBus")]
    impl<F: Fn() + Send + Sync + 'static> Server<F> {
        fn execute_callback(&self, arguments: Vec<String>, folder: String) {
            drop((arguments, folder));
            (self.0)();
        }
    }

    impl Instance {
        /// Claims the name: `show` is called whenever a second start asks. Where the bus does not answer, that is logged.
        pub(crate) async fn claim(&self, show: impl Fn() + Send + Sync + 'static) {
            match tokio::time::timeout(TIMEOUT, serve(show)).await {
                Ok(Ok(bus)) => *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(bus),
                Ok(Err(error)) => tracing::warn!("a second start will not find this one: {error}"),
                Err(_) => tracing::warn!("a second start will not find this one: the session bus does not answer"),
            }
        }

        /// Releases the name.
        pub(crate) async fn release(&self) {
            let bus = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(bus) = bus {
                // Without an answer the name ends with the connection.
                let _ = tokio::time::timeout(TIMEOUT, bus.release_name(name_and_path().0)).await;
            }
        }
    }

    async fn serve(show: impl Fn() + Send + Sync + 'static) -> zbus::Result<Connection> {
        let (name, path) = name_and_path();
        connection::Builder::session()?
            .name(name)?
            .replace_existing_names(false)
            .allow_name_replacements(false)
            .serve_at(path, Server(show))?
            .build()
            .await
    }

    /// Has a Rolecall that is already running show its window. Bounded, for it may hang.
    pub(crate) async fn activate_first() -> FirstInstance {
        match tokio::time::timeout(TIMEOUT, Connection::session()).await {
            Ok(Ok(bus)) => tokio::time::timeout(TIMEOUT, activate(&bus)).await.unwrap_or(FirstInstance::Unresponsive),
            Ok(Err(_)) | Err(_) => FirstInstance::NoBus,
        }
    }

    async fn activate(bus: &Connection) -> FirstInstance {
        let (name, path) = name_and_path();
        let nothing: (Vec<String>, &str) = (Vec::new(), "");
        let interface = Some("org.SingleInstance.DBus");
        match bus.call_method(Some(name.as_str()), path.as_str(), interface, "ExecuteCallback", &nothing).await {
            Ok(_) => FirstInstance::Activated,
            Err(error) => {
                tracing::debug!("no other Rolecall: {error}");
                FirstInstance::None
            }
        }
    }

    fn name_and_path() -> (String, String) {
        let name = format!("{}.SingleInstance", identifier());
        let path = format!("/{}", name.replace('.', "/").replace('-', "_"));
        (name, path)
    }
}
