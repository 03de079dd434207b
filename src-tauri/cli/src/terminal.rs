use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::pin::pin;
use std::sync::Arc;

use rolecall_engine::text::clean;
use tokio::sync::Notify;

/// Where a command writes, and how it hears that the person wants it to stop.
pub struct Terminal {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    /// Whether standard output goes to a person's screen.
    pub out_is_screen: bool,
    /// Whether standard error does; only then is a line ever drawn over.
    pub err_is_screen: bool,
    /// Told when the person wants the command to stop.
    pub interrupt: Interrupt,
    /// A line on the screen that the next one replaces.
    drawn: bool,
    lost: Option<io::Error>,
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
        let mut real = Self::writing(Box::new(io::stdout()), Box::new(io::stderr()), io::stdout().is_terminal());
        let dumb = std::env::var_os("TERM").is_some_and(|kind| kind == "dumb");
        real.err_is_screen = io::stderr().is_terminal() && !dumb;
        real
    }

    /// One that writes elsewhere.
    #[must_use]
    pub fn writing(out: Box<dyn Write + Send>, err: Box<dyn Write + Send>, out_is_screen: bool) -> Self {
        let interrupt = Interrupt::default();
        Self { out, err, out_is_screen, err_is_screen: false, interrupt, drawn: false, lost: None }
    }

    /// Data, as it is. A reader that has stopped reading is fine; anything else that keeps it from arriving is kept for
    /// [`Self::lost`].
    pub fn data(&mut self, text: &str) {
        self.wipe();
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        self.lost = written.err().filter(|error| error.kind() != ErrorKind::BrokenPipe).or(self.lost.take());
    }

    /// Why data did not arrive, once.
    pub fn lost(&mut self) -> Option<io::Error> {
        self.lost.take()
    }

    /// Lines of talk. Whatever they quote, nothing in them acts on the terminal (CLI-1).
    pub fn talk(&mut self, lines: &str) {
        self.wipe();
        for line in lines.split('\n') {
            let _ = writeln!(self.err, "{}", clean(line, usize::MAX));
        }
        let _ = self.err.flush();
    }

    /// A line that the next one replaces; nothing where standard error is no screen.
    pub fn draw(&mut self, line: &str) {
        if self.err_is_screen {
            let _ = write!(self.err, "\r{}\u{1b}[K", clean(line, usize::MAX)).and_then(|()| self.err.flush());
            self.drawn = true;
        }
    }

    /// Takes the line that was drawn away again.
    pub fn wipe(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let _ = write!(self.err, "\r\u{1b}[K").and_then(|()| self.err.flush());
        }
    }

    /// Waits for work that must not be cut short, such as a renewal that has been sent: a wish to stop is answered and
    /// noted, not followed (RF-2). Tells whether there was one.
    pub(crate) async fn carried_through<T>(&mut self, work: impl Future<Output = T>) -> (T, bool) {
        let interrupt = self.interrupt.clone();
        let mut work = pin!(work);
        tokio::select! {
            biased;
            done = &mut work => return (done, false),
            () = interrupt.told() => self.talk("Finishing first, so that the session is not lost."),
        }
        (work.await, true)
    }
}
