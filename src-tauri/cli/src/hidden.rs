//! Lines that are typed or pasted without being shown.

use std::io::{self, IsTerminal as _};

use rolecall_engine::tokens::Secret;

use crate::terminal::{Interrupt, Terminal};

/// Asks for a line on the terminal and reads it without echo; `None` when the person wants to stop instead.
///
/// # Errors
/// When standard input is no terminal, or this system offers no way to switch the echo off.
pub(crate) async fn read_hidden_line(
    prompt: &str,
    interrupt: &Interrupt,
    terminal: &mut Terminal,
) -> io::Result<Option<Secret>> {
    let lines = HiddenLines::begin()?;
    terminal.prompt(prompt);
    let line = tokio::select! {
        line = lines.next() => line?,
        () = interrupt.requested() => None,
    };
    terminal.info("");
    Ok(line)
}

/// The lines of standard input. While this lives, a terminal shows nothing of what is typed.
pub(crate) struct HiddenLines {
    /// Held for what it does when dropped.
    _silence: Option<Silence>,
}

impl HiddenLines {
    /// Those of the terminal.
    ///
    /// # Errors
    /// When standard input is no terminal, or this system offers no way to switch the echo off.
    pub(crate) fn begin() -> io::Result<Self> {
        Ok(Self { _silence: Some(Silence::begin()?) })
    }

    /// Those of the terminal, or of whatever standard input is read from.
    ///
    /// # Errors
    /// When this system offers no way to switch the echo of the terminal off.
    pub(crate) fn of_any_input() -> io::Result<Self> {
        if io::stdin().is_terminal() { Self::begin() } else { Ok(Self { _silence: None }) }
    }

    /// The next line without its end; `None` at the end of the input. Dropped while it waits, a thread goes on reading
    /// until the program ends.
    pub(crate) async fn next(&self) -> io::Result<Option<Secret>> {
        let reading = tokio::task::spawn_blocking(|| read_line(&mut io::stdin().lock()));
        reading.await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }
}

/// What ends the input, as typed (Ctrl-D).
const END: u8 = 4;
/// The longest line that is read, in bytes; the rest of a longer one is passed over.
const LONGEST: usize = 64 * 1024;

/// Reads up to a line end. The terminal hands over each key, since a line that it collects itself is cut at 4,095 bytes,
/// so the keys that take something back are obeyed here.
fn read_line(input: &mut impl io::BufRead) -> io::Result<Option<Secret>> {
    let mut line = zeroizing();
    loop {
        let bytes = input.fill_buf()?;
        let Some(&byte) = bytes.first() else {
            return Ok((!line.is_empty()).then(|| secret(&line)));
        };
        input.consume(1);
        match byte {
            b'\n' | b'\r' => return Ok(Some(secret(&line))),
            END if line.is_empty() => return Ok(None),
            8 | 0x7f => drop(line.pop()),
            0x15 => line.clear(),
            _ if line.len() < LONGEST => line.push(byte),
            _ => {}
        }
    }
}

/// A buffer that does not move while it fills, so that no half of a secret stays behind.
fn zeroizing() -> zeroize::Zeroizing<Vec<u8>> {
    zeroize::Zeroizing::new(Vec::with_capacity(LONGEST))
}

fn secret(line: &[u8]) -> Secret {
    Secret::new(String::from_utf8_lossy(line).into_owned())
}

/// The echo of the terminal, and its collecting of lines, are off until this is dropped.
#[cfg(unix)]
struct Silence {
    before: rustix::termios::Termios,
}

#[cfg(unix)]
impl Silence {
    fn begin() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
        tcsetattr(io::stdin(), OptionalActions::Now, &silent)?;
        Ok(Self { before })
    }
}

#[cfg(unix)]
impl Drop for Silence {
    fn drop(&mut self) {
        let _ = rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Now, &self.before);
    }
}

/// There is no way to switch the echo off without calls into the system that this crate does not make.
#[cfg(not(unix))]
enum Silence {}

#[cfg(not(unix))]
impl Silence {
    fn begin() -> io::Result<Self> {
        Err(io::Error::other("what is typed would be shown; redirect it from a file instead"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_any_length_is_read_and_typing_errors_are_taken_back() {
        let long = "x".repeat(20_000);
        for (input, line) in [
            (format!("{long}\nnext"), Some(long.as_str())),
            ("ab\u{7f}c\r".into(), Some("ac")),
            ("wrong\u{15}right\n".into(), Some("right")),
            ("last".into(), Some("last")),
            ("\n".into(), Some("")),
            ("\u{4}".into(), None),
            (String::new(), None),
        ] {
            let read = read_line(&mut input.as_bytes()).unwrap();
            assert_eq!(read.as_ref().map(Secret::expose), line);
        }
        let endless = "y".repeat(LONGEST + 9) + "\n";
        assert_eq!(read_line(&mut endless.as_bytes()).unwrap().unwrap().expose().len(), LONGEST);
    }
}
