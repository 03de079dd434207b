use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use crate::program::IN_TRAY;

const HELP: &str = "\
Rolecall's window and tray: who you are at your OpenID Provider, and which roles and groups you have now.

Usage: rolecall-desktop [OPTION]

Options:
      --in-tray  Start in the tray, without a window
  -h, --help     Print help
  -V, --version  Print version

On a terminal, use the program 'rolecall'.
";

/// Answers arguments that need no window, and refuses those it does not know: the exit status then, else `None`.
pub(crate) fn answer(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let first = arguments.next()?;
    let text = match first.to_str() {
        Some("-h" | "--help") => HELP.to_owned(),
        Some("-V" | "--version") => format!("rolecall-desktop {}\n", env!("CARGO_PKG_VERSION")),
        Some(IN_TRAY) => return None,
        _ => {
            let unknown = first.to_string_lossy();
            // A closed standard error is ignored.
            let _ = writeln!(std::io::stderr(), "rolecall-desktop: there is no option '{unknown}'. See --help.");
            return Some(ExitCode::from(2));
        }
    };
    let written = std::io::stdout().write_all(text.as_bytes());
    Some(if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
