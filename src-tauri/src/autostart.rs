//! Starting at log-in, as the system's own list has it: an XDG autostart file, a Launch Agent, an entry under `Run`.

use tauri::AppHandle;

use crate::environment;
use crate::failure::Failure;

#[cfg(not(target_os = "linux"))]
pub(crate) use plugged::plugin;

/// Whether the system starts this program at log-in; `None` where it can't be made to: an entry in its list would start
/// a Rolecall on the person's usual files, and this one has others.
pub(crate) fn is_enabled(app: &AppHandle) -> Result<Option<bool>, Failure> {
    if environment::files_are_elsewhere() {
        return Ok(None);
    }
    entry::is_enabled(app).map(Some).map_err(|error| failure(&error))
}

/// Adds this program to the system's list, or removes it.
pub(crate) fn set_enabled(app: &AppHandle, on: bool) -> Result<(), Failure> {
    if environment::files_are_elsewhere() {
        return Err(failure(&"this Rolecall has its files elsewhere"));
    }
    entry::set_enabled(app, on).map_err(|error| failure(&error))
}

/// Whether this program was started for the tray, so that no window is to come up by itself.
pub(crate) fn is_in_tray() -> bool {
    std::env::args_os().nth(1).is_some_and(|argument| argument == crate::program::IN_TRAY)
}

fn failure(error: &dyn std::fmt::Display) -> Failure {
    Failure::of_system("Starting at log-in can’t be changed here.", &format!("It is as it was: {error}."))
}

#[cfg(not(target_os = "linux"))]
use plugged as entry;
#[cfg(target_os = "linux")]
use xdg as entry;

#[cfg(not(target_os = "linux"))]
mod plugged {
    use tauri::plugin::TauriPlugin;
    use tauri::{AppHandle, Wry};
    use tauri_plugin_autostart::{Error, ManagerExt as _};

    /// Keeps the entry in the system's list.
    pub(crate) fn plugin() -> TauriPlugin<Wry> {
        tauri_plugin_autostart::Builder::new().app_name("Rolecall").arg(crate::program::IN_TRAY).build()
    }

    pub(super) fn is_enabled(app: &AppHandle) -> Result<bool, Error> {
        app.autolaunch().is_enabled()
    }

    pub(super) fn set_enabled(app: &AppHandle, on: bool) -> Result<(), Error> {
        let list = app.autolaunch();
        if on { list.enable() } else { list.disable() }
    }
}

/// The entry by the Desktop Application Autostart Specification. Tauri's plugin is not used here: it writes to `~/.config`
/// whatever `XDG_CONFIG_HOME` says, and does not quote the program's path.
#[cfg(target_os = "linux")]
mod xdg {
    use std::io::{Error, ErrorKind, Result};
    use std::path::{Path, PathBuf};
    use std::{env, fs};

    use tauri::AppHandle;

    use crate::program::IN_TRAY;

    pub(super) fn is_enabled(_: &AppHandle) -> Result<bool> {
        match fs::read_to_string(file(&config_home()?)) {
            Ok(text) => Ok(!text.lines().any(is_switched_off)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) fn set_enabled(_: &AppHandle, on: bool) -> Result<()> {
        let home = config_home()?;
        let entry = file(&home);
        // Earlier versions wrote here even where the session looks elsewhere.
        if let Some(usual) = usual_config_home().filter(|usual| *usual != home) {
            remove(&file(&usual))?;
        }
        if !on {
            return remove(&entry);
        }
        let text = entry_for(&crate::program::path()?)?;
        fs::create_dir_all(home.join("autostart"))?;
        fs::write(entry, text)
    }

    fn file(config_home: &Path) -> PathBuf {
        config_home.join("autostart").join("Rolecall.desktop")
    }

    /// Desktops switch an entry off by a line in it.
    fn is_switched_off(line: &str) -> bool {
        matches!(line.trim(), "Hidden=true" | "X-GNOME-Autostart-enabled=false")
    }

    fn remove(entry: &Path) -> Result<()> {
        match fs::remove_file(entry) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The base directory specification ignores a relative path.
    fn config_home() -> Result<PathBuf> {
        let told = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        told.or_else(usual_config_home).ok_or_else(|| Error::new(ErrorKind::NotFound, "there is no home folder"))
    }

    fn usual_config_home() -> Option<PathBuf> {
        env::var_os("HOME").filter(|home| !home.is_empty()).map(|home| Path::new(&home).join(".config"))
    }

    fn entry_for(program: &Path) -> Result<String> {
        let path = program.to_str().filter(|path| !path.contains(['\n', '\r', '=']));
        let path =
            path.ok_or_else(|| Error::new(ErrorKind::InvalidInput, "the list can't hold this program's path"))?;
        Ok(format!(
            "[Desktop Entry]\nType=Application\nVersion=1.0\nName=Rolecall\nComment=Sign in once; see who you are\n\
             Exec={} {IN_TRAY}\nIcon=rolecall-desktop\nStartupNotify=false\nTerminal=false\n",
            quoted(path)
        ))
    }

    /// One argument of an `Exec` line: within quotes four characters are escaped, backslashes once more as those of any
    /// value are, and `%` begins a field code.
    fn quoted(argument: &str) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@:,".contains(c);
        if argument.chars().all(plain) {
            return argument.to_owned();
        }
        let mut quoted = String::from("\"");
        for c in argument.chars() {
            match c {
                '"' | '`' | '$' => quoted.extend(["\\\\", c.encode_utf8(&mut [0; 4])]),
                '\\' => quoted.push_str("\\\\\\\\"),
                '%' => quoted.push_str("%%"),
                c => quoted.push(c),
            }
        }
        quoted + "\""
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_path_is_quoted_as_the_desktop_entry_specification_has_it() {
            assert_eq!(quoted("/usr/bin/rolecall-desktop"), "/usr/bin/rolecall-desktop");
            assert_eq!(quoted("/home/Ed Itor/rolecall"), "\"/home/Ed Itor/rolecall\"");
            assert_eq!(quoted("/a\"b$c`d\\e%f"), r#""/a\\"b\\$c\\`d\\\\e%%f""#);
        }

        #[test]
        fn an_entry_that_the_desktop_switched_off_is_off() {
            assert!(is_switched_off("Hidden=true") && is_switched_off("X-GNOME-Autostart-enabled=false"));
            assert!(!entry_for(Path::new("/usr/bin/x")).unwrap().lines().any(is_switched_off));
        }
    }
}
