use std::io::{self, IsTerminal as _, Write};
use std::sync::Arc;

use tokio::sync::Notify;

/// Where a command writes, and how it hears that the person wants it to stop.
pub struct Terminal {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    /// Whether standard output goes to a person's screen.
    pub out_is_screen: bool,
    /// Told when the person wants the command to stop.
    pub interrupt: Interrupt,
}

/// Tells a command to stop; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<Notify>);

impl Interrupt {
    /// Tells it.
    pub fn stop(&self) {
        self.0.notify_one();
    }

    /// Waits until it is told.
    pub async fn told(&self) {
        self.0.notified().await;
    }
}

impl Terminal {
    /// The real one.
    #[must_use]
    pub fn real() -> Self {
        Self {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            out_is_screen: io::stdout().is_terminal(),
            interrupt: Interrupt::default(),
        }
    }

    /// One that writes elsewhere.
    #[must_use]
    pub fn writing(out: Box<dyn Write + Send>, err: Box<dyn Write + Send>, out_is_screen: bool) -> Self {
        Self { out, err, out_is_screen, interrupt: Interrupt::default() }
    }

    /// Data, as it is. Whoever reads it may have stopped reading, which is fine.
    pub fn data(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
    }

    /// A line of talk.
    pub fn talk(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}").and_then(|()| self.err.flush());
    }
}
