//! A line that is typed without being shown.

use std::io;

use rolecall_engine::tokens::Secret;

use crate::terminal::{Interrupt, Terminal};

/// Asks for a line on the terminal and reads it without echo; `None` when the person wants to stop instead.
///
/// # Errors
/// When standard input is no terminal, or this system offers no way to switch the echo off.
#[cfg(unix)]
pub(crate) async fn read_hidden_line(
    prompt: &str,
    interrupt: &Interrupt,
    terminal: &mut Terminal,
) -> io::Result<Option<Secret>> {
    let _silence = NoEcho::begin()?;
    terminal.prompt(prompt);
    let reading = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        line.truncate(line.trim_end_matches(['\r', '\n']).len());
        Ok(Some(Secret::new(line)))
    });
    tokio::select! {
        line = reading => line.unwrap_or_else(|error| Err(io::Error::other(error))),
        // The thread goes on reading; it ends with the program.
        () = interrupt.requested() => Ok(None),
    }
}

/// There is no way to switch the echo off without calls into the system that this crate does not make.
#[cfg(not(unix))]
pub(crate) async fn read_hidden_line(_: &str, _: &Interrupt, _: &mut Terminal) -> io::Result<Option<Secret>> {
    Err(io::Error::other("what is typed would be shown; redirect it from a file instead"))
}

/// The echo of the terminal is off until this is dropped.
#[cfg(unix)]
struct NoEcho {
    before: rustix::termios::Termios,
}

#[cfg(unix)]
impl NoEcho {
    fn begin() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        // The end of the line alone is shown.
        silent.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(io::stdin(), OptionalActions::Now, &silent)?;
        Ok(Self { before })
    }
}

#[cfg(unix)]
impl Drop for NoEcho {
    fn drop(&mut self) {
        let _ = rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Now, &self.before);
    }
}
