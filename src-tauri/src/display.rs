//! Opening the display, before the toolkit does: it would panic where nobody answers.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::{environment, exit};

/// How long a display may take to answer. One that accepts a connection and then says nothing would be waited for
/// forever.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The message when no window can be opened.
pub(crate) const NOT_ANSWERING: &str = "Rolecall's window needs a display, and the one that is named here does not answer. On a terminal, use the program 'rolecall'.";

/// Opens the display; to be called on the main thread. Whether it answered. After [`TIMEOUT`] without an answer the
/// program ends.
#[expect(
    clippy::disallowed_methods,
    reason = "the main thread hangs in the display's library; what is in flight is waited for"
)]
pub(crate) fn open() -> bool {
    let (opened, waiting) = channel::<()>();
    thread::spawn(move || {
        if waiting.recv_timeout(TIMEOUT) == Err(RecvTimeoutError::Timeout) {
            eprint_line(NOT_ANSWERING);
            exit::finish();
            std::process::exit(1);
        }
    });
    let answered = gtk::init().is_ok();
    if answered {
        environment::handle_lost_display();
    }
    drop(opened);
    answered
}

/// Writes a line to standard error; nothing is to be done where that is closed.
fn eprint_line(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}
