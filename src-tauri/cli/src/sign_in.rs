use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rolecall_engine::config::Profile;
use rolecall_engine::engine::{Link, Progress, SignIn};
use rolecall_engine::problem::Result;
use rolecall_engine::session::{SessionSummary, Step};
use rolecall_engine::{Code, Engine, Problem};
use tokio::time::{Instant, MissedTickBehavior};

use crate::terminal::Terminal;
use crate::text;

/// Signs in, telling what happens, until done or told to stop. Once the browser came back it is carried through: the code
/// is spent, and what it buys must not be lost.
pub(crate) async fn sign_in(
    engine: &Engine,
    profile: &Profile,
    how: &SignIn,
    terminal: &mut Terminal,
) -> Result<SessionSummary> {
    let interrupt = terminal.interrupt.clone();
    let reporter = Mutex::new(Reporter {
        terminal,
        profile,
        timeout: how.timeout,
        until: None,
        redirected: false,
        callback: None,
        shown: false,
    });
    let reporter = || -> MutexGuard<'_, Reporter<'_>> { reporter.lock().unwrap_or_else(PoisonError::into_inner) };
    let mut signing_in = pin!(engine.sign_in(profile, how, |progress| reporter().tell(&progress)));
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let result = loop {
        tokio::select! {
            biased;
            result = &mut signing_in => break result,
            () = interrupt.requested() => {
                if !reporter().redirected {
                    break Err(Problem::new(Code::Cancelled, ""));
                }
                reporter().terminal.info("The browser has answered already: finishing first.");
            }
            _ = second.tick() => reporter().count_down(),
        }
    };
    let mut reporter = reporter();
    reporter.terminal.clear_status();
    // Where the provider showed an error of its own, the address is what is wrong most often.
    let unanswered = result.as_ref().is_err_and(|problem| matches!(problem.code, Code::TimedOut | Code::Cancelled));
    if let (true, Some(address)) = (unanswered, reporter.callback.take()) {
        reporter.terminal.info(&format!("note: the callback address of this sign-in was {address}"));
    }
    drop(reporter);
    result
}

/// Says how far a sign-in is.
struct Reporter<'a> {
    terminal: &'a mut Terminal,
    profile: &'a Profile,
    timeout: Duration,
    /// When it stops waiting for the person.
    until: Option<Instant>,
    redirected: bool,
    /// Where the browser was to come back.
    callback: Option<String>,
    /// Whether a link stands on the terminal already.
    shown: bool,
}

impl Reporter<'_> {
    fn tell(&mut self, progress: &Progress) {
        let host = self.profile.issuer.host();
        if let Progress::Link { link, .. } = progress {
            self.callback = Some(link.redirect_uri.to_string());
        }
        match progress {
            Progress::Step(Step::Preparing) => self.terminal.status(&format!("Asking {host} how it signs people in…")),
            Progress::Step(Step::InBrowser) => {
                self.until = Some(Instant::now() + self.timeout);
                self.count_down();
            }
            Progress::Step(Step::Checking) => {
                (self.until, self.redirected) = (None, true);
                self.terminal.status("Checking the answer…");
            }
            Progress::Note(note) => self.terminal.info(&format!("note: {note}")),
            Progress::Link { opened: true, .. } => {
                self.terminal.info(&format!("Your browser is open: sign in at {host}. Ctrl-C cancels."));
                if self.terminal.stderr_is_terminal {
                    self.terminal.info("If none opened, cancel and add --no-browser, which shows the link.");
                }
            }
            Progress::Link { link, opened: false } => self.show(link),
        }
    }

    /// The link stands alone on its line, so that a double click or a script takes exactly it.
    fn show(&mut self, link: &Link) {
        let again = std::mem::replace(&mut self.shown, true);
        self.terminal.info(if again {
            "That link has run out. Open this one instead:"
        } else {
            "Open this link in a browser on this computer:"
        });
        self.terminal.info(link.url.as_str());
        if let (false, Some((host, port))) = (again, link.redirect_uri.host_str().zip(link.redirect_uri.port())) {
            self.terminal.info(&format!(
                "Is your browser on another computer? It must reach this one: run there first\n    ssh -L {port}:{host}:{port} HOST\nwith the name of this computer for HOST."
            ));
        }
    }

    fn count_down(&mut self) {
        if let Some(until) = self.until {
            let left = until.saturating_duration_since(Instant::now()).as_secs();
            self.terminal.status(&format!("Waiting ({})…", text::clock(left)));
        }
    }
}
