//! Starting at log-in, as the system's own list has it: an XDG autostart file, a Launch Agent, an entry under `Run`.

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Wry};
use tauri_plugin_autostart::ManagerExt as _;

use crate::environment;
use crate::failure::Failure;

/// Said to the program when the system starts it, and when it takes its own place: it then stays in the tray.
pub(crate) const IN_TRAY: &str = "--in-tray";

/// Keeps the entry in the system's list.
pub(crate) fn plugin() -> TauriPlugin<Wry> {
    tauri_plugin_autostart::Builder::new().app_name("Rolecall").arg(IN_TRAY).build()
}

/// Whether the system starts this program at log-in; `None` where it can't be made to: an entry in its list would start
/// a Rolecall on the person's usual files, and this one has others.
pub(crate) fn is_enabled(app: &AppHandle) -> Result<Option<bool>, Failure> {
    if environment::files_are_elsewhere() {
        return Ok(None);
    }
    app.autolaunch().is_enabled().map(Some).map_err(|error| failure(&error))
}

/// Puts this program on the system's list, or takes it off.
pub(crate) fn set_enabled(app: &AppHandle, on: bool) -> Result<(), Failure> {
    if environment::files_are_elsewhere() {
        return Err(failure(&"this Rolecall has its files elsewhere"));
    }
    if on && cfg!(target_os = "linux") && path_has_blanks() {
        return Err(failure(&"the path of this program has a blank in it, which the list does not take"));
    }
    let list = app.autolaunch();
    if on { list.enable() } else { list.disable() }.map_err(|error| failure(&error))
}

/// Whether this program was started for the tray, so that no window is to come up by itself.
pub(crate) fn is_in_tray() -> bool {
    std::env::args_os().nth(1).is_some_and(|argument| argument == IN_TRAY)
}

fn path_has_blanks() -> bool {
    std::env::current_exe().is_ok_and(|path| path.to_string_lossy().contains(char::is_whitespace))
}

fn failure(error: &dyn std::fmt::Display) -> Failure {
    Failure::of_system("Starting at log-in can’t be changed here.", &format!("It is as it was: {error}."))
}
