//! The file of this program, also after another version was installed over it, and starting it again.

use std::io::{Error, ErrorKind, Result, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::environment;

/// The argument for a start by the system, and for when the program executes itself again: it then stays in the tray.
pub(crate) const IN_TRAY: &str = "--in-tray";

/// What Linux adds to the path of a program whose file is no longer there
/// ([proc_pid_exe(5)](https://man7.org/linux/man-pages/man5/proc_pid_exe.5.html)).
const DELETED: &str = " (deleted)";

/// The file to execute for this program: after an upgrade the new version's, which lies where this one did.
///
/// # Errors
/// The program was removed.
pub(crate) fn path() -> Result<PathBuf> {
    let path = std::env::current_exe()?;
    if path.is_file() {
        return Ok(path);
    }
    replacement_of(&path)
        .filter(|path| path.is_file())
        .ok_or_else(|| Error::new(ErrorKind::NotFound, format!("{} was removed", path.display())))
}

/// The command that starts this program.
///
/// # Errors
/// The program was removed.
pub(crate) fn command() -> Result<Command> {
    let mut command = Command::new(path()?);
    // The program sets these itself, and must not take them for the person's.
    for name in environment::withheld() {
        command.env_remove(name);
    }
    Ok(command)
}

/// Starts the program again, at the end of this one; in the tray alone where there was no window.
pub(crate) fn start_again(with_window: bool) -> ExitCode {
    let started = command().and_then(|mut command| {
        if !with_window {
            command.arg(IN_TRAY);
        }
        command.spawn()
    });
    match started {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            // There is no other place to report it: window and tray are gone.
            let _ = writeln!(std::io::stderr(), "Rolecall can't be started again: {error}");
            ExitCode::FAILURE
        }
    }
}

fn replacement_of(path: &Path) -> Option<PathBuf> {
    path.to_str()?.strip_suffix(DELETED).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_was_replaced_is_found_where_it_was() {
        assert_eq!(path().unwrap(), std::env::current_exe().unwrap());
        let replaced = Path::new("/usr/bin/rolecall-desktop (deleted)");
        assert_eq!(replacement_of(replaced), Some(PathBuf::from("/usr/bin/rolecall-desktop")));
        assert_eq!(replacement_of(Path::new("/usr/bin/rolecall-desktop")), None);
    }
}
