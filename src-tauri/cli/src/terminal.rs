use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::pin::pin;
use std::process::Command;
use std::sync::Arc;

use rolecall_engine::config::{Config, ProfileName};
use rolecall_engine::text::clean;
use tokio::sync::Notify;
use url::Url;

use crate::hint::for_profile;

/// Where a command writes, and how it learns that the person wants it to stop.
pub struct Terminal {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether standard error is; only then is a status line shown.
    pub stderr_is_terminal: bool,
    /// Set when the person wants the command to stop.
    pub interrupt: Interrupt,
    /// Whether a status line is on the screen.
    status_shown: bool,
    write_error: Option<io::Error>,
    /// The program that takes the place of this one at its end.
    successor: Option<Command>,
    /// The profile that the command is about, where it is not the active one.
    profile: Option<String>,
}

/// Tells a command to stop; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<Notify>);

impl Interrupt {
    /// Requests the stop.
    pub fn request(&self) {
        self.0.notify_one();
    }

    /// Waits until a stop is requested.
    pub async fn requested(&self) {
        self.0.notified().await;
    }
}

impl Terminal {
    /// The process's own streams.
    #[must_use]
    pub fn real() -> Self {
        let mut real = Self::writing(Box::new(io::stdout()), Box::new(io::stderr()), io::stdout().is_terminal());
        let dumb = std::env::var_os("TERM").is_some_and(|kind| kind == "dumb");
        real.stderr_is_terminal = io::stderr().is_terminal() && !dumb;
        real
    }

    /// Other streams, for tests.
    #[must_use]
    pub fn writing(out: Box<dyn Write + Send>, err: Box<dyn Write + Send>, stdout_is_terminal: bool) -> Self {
        let interrupt = Interrupt::default();
        Self {
            out,
            err,
            stdout_is_terminal,
            stderr_is_terminal: false,
            interrupt,
            status_shown: false,
            write_error: None,
            successor: None,
            profile: None,
        }
    }

    /// Data, as it is. A reader that has stopped reading is fine; anything else that keeps it from arriving is kept for
    /// [`Self::write_error`].
    pub fn data(&mut self, text: &str) {
        self.clear_status();
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        self.write_error =
            written.err().filter(|error| error.kind() != ErrorKind::BrokenPipe).or(self.write_error.take());
    }

    /// The error that kept data from being written; taken by the first call.
    pub fn write_error(&mut self) -> Option<io::Error> {
        self.write_error.take()
    }

    /// Has a program take the place of this one once everything is done.
    pub(crate) fn run_afterwards(&mut self, program: Command) {
        self.successor = Some(program);
    }

    /// The program that is to take the place of this one.
    pub fn take_successor(&mut self) -> Option<Command> {
        self.successor.take()
    }

    /// Sets the profile that the command is about: suggested commands name it, unless it is the active one.
    pub(crate) fn about(&mut self, profile: &ProfileName, config: &Config) {
        let is_active = config.profile(None).is_ok_and(|active| active.name == *profile);
        self.profile = (!is_active).then(|| profile.to_string());
    }

    /// Text for people on standard output.
    pub(crate) fn text(&mut self, text: &str) {
        let text = for_profile(text, self.profile.as_deref());
        self.data(&text);
    }

    /// Lines for the person, on standard error. Whatever they quote, nothing in them acts on the terminal (CLI-1).
    pub fn info(&mut self, lines: &str) {
        self.clear_status();
        for line in for_profile(lines, self.profile.as_deref()).split('\n') {
            let _ = writeln!(self.err, "{}", clean(line, usize::MAX));
        }
        let _ = self.err.flush();
    }

    /// A link alone on its line. A terminal is told that it is one (OSC 8), so that it can be clicked however it is wrapped.
    pub(crate) fn link(&mut self, url: &Url) {
        // A parsed address is plain ASCII without blanks; nothing in it can end the sequence.
        let url = clean(url.as_str(), usize::MAX);
        if self.stderr_is_terminal {
            self.clear_status();
            let _ = writeln!(self.err, "\u{1b}]8;;{url}\u{1b}\\{url}\u{1b}]8;;\u{1b}\\");
        } else {
            self.info(&url);
        }
    }

    /// A question to the person, who answers on the same line.
    pub(crate) fn prompt(&mut self, question: &str) {
        self.clear_status();
        let _ = write!(self.err, "{}", clean(question, usize::MAX)).and_then(|()| self.err.flush());
    }

    /// Shows a status line, which the next line replaces; nothing where standard error is not a terminal.
    pub fn status(&mut self, line: &str) {
        if self.stderr_is_terminal {
            let _ = write!(self.err, "\r{}\u{1b}[K", clean(line, usize::MAX)).and_then(|()| self.err.flush());
            self.status_shown = true;
        }
    }

    /// Clears the status line.
    pub fn clear_status(&mut self) {
        if std::mem::take(&mut self.status_shown) {
            let _ = write!(self.err, "\r\u{1b}[K").and_then(|()| self.err.flush());
        }
    }

    /// Waits for work that must not be cut short, such as a refresh that has been sent: a request to stop is answered
    /// and noted, not followed (RF-2). Tells whether there was one.
    pub(crate) async fn run_to_end<T>(&mut self, work: impl Future<Output = T>) -> (T, bool) {
        let interrupt = self.interrupt.clone();
        let mut work = pin!(work);
        tokio::select! {
            biased;
            done = &mut work => return (done, false),
            () = interrupt.requested() => self.info("Finishing first, so that the session is not lost."),
        }
        (work.await, true)
    }
}
