//! Signing in on another device.

use std::io::{BufRead as _, IsTerminal as _};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rolecall_engine::config::Profile;
use rolecall_engine::engine::{DeviceCode, DeviceLogin, NewPerson, Progress};
use rolecall_engine::problem::Result;
use rolecall_engine::session::{SessionSummary, Step};
use rolecall_engine::{Code, Engine, Problem};
use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;

use crate::terminal::Terminal;
use crate::text;

/// Signs in on another device, telling what to do there, until done or told to stop.
pub(crate) async fn sign_in(
    engine: &Engine,
    profile: &Profile,
    how: DeviceLogin,
    show_picture: bool,
    terminal: &mut Terminal,
) -> Result<SessionSummary> {
    let interrupt = terminal.interrupt.clone();
    let reporter =
        Mutex::new(Reporter { terminal, engine, profile, show_picture, code: None, granted: false, asking: false });
    let reporter = || -> MutexGuard<'_, Reporter<'_>> { reporter.lock().unwrap_or_else(PoisonError::into_inner) };
    let stopped = Arc::new(Notify::new());
    let agreed = |person: NewPerson| {
        reporter().ask(&person);
        answered_yes(stopped.clone())
    };
    let mut signing_in = pin!(engine.device_login(profile, how, |progress| reporter().tell(progress), agreed));
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let result = loop {
        tokio::select! {
            biased;
            result = &mut signing_in => break result,
            () = interrupt.requested() => {
                let mut reporter = reporter();
                match (reporter.granted, reporter.asking) {
                    (false, _) => break Err(Problem::new(Code::Cancelled, "")),
                    // Nothing is stored before the answer, and this is one.
                    (true, true) => stopped.notify_one(),
                    (true, false) => reporter.terminal.info("The code has been used already: finishing first."),
                }
            }
            _ = second.tick() => reporter().count_down(),
        }
    };
    reporter().terminal.clear_status();
    result
}

/// Whether a line of the terminal says yes, before the person stops the program. Nobody is there to say it where standard
/// input is none.
async fn answered_yes(stopped: Arc<Notify>) -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    let reading = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    let read = tokio::select! {
        read = reading => read,
        () = stopped.notified() => return false,
    };
    let line = read.ok().and_then(std::result::Result::ok).unwrap_or_default();
    matches!(line.trim().to_lowercase().as_str(), "y" | "yes")
}

/// Says how far it is.
struct Reporter<'a> {
    terminal: &'a mut Terminal,
    engine: &'a Engine,
    profile: &'a Profile,
    show_picture: bool,
    code: Option<DeviceCode>,
    /// Whether the provider gave a session, for which the code is spent.
    granted: bool,
    /// Whether a question stands on the terminal.
    asking: bool,
}

impl Reporter<'_> {
    fn tell(&mut self, progress: Progress) {
        let host = self.profile.issuer.host();
        match progress {
            Progress::Step(Step::Preparing) => self.terminal.status(&format!("Asking {host} for a code…")),
            Progress::Step(Step::InBrowser) => self.count_down(),
            Progress::Step(Step::Checking) => {
                (self.code, self.granted) = (None, true);
                self.terminal.status("Checking the answer…");
            }
            Progress::Note(note) => self.terminal.info(&format!("note: {note}")),
            Progress::Device(code) => self.show(code),
            // Of another way to sign in.
            Progress::Link { .. } => {}
        }
    }

    /// The code is shown beside the link that has it in it, so that the person can compare them (RFC 8628 section 3.3.1).
    fn show(&mut self, code: DeviceCode) {
        self.terminal.info("On any device, open");
        self.terminal.link(&code.address);
        self.terminal.info(&format!("and enter this code there:\n\n    {}\n", code.user_code));
        if let Some(link) = &code.link {
            self.terminal.info("Or open this link, which has the code in it; compare the two before you go on:");
            self.terminal.link(link);
        }
        if let Some(picture) = code.picture().filter(|_| self.show_picture) {
            self.terminal.info(&drawn(&picture));
        }
        self.terminal.info("Give the code to nobody: whoever uses it signs in here. Ctrl-C cancels.");
        self.code = Some(code);
    }

    fn count_down(&mut self) {
        if let (Some(code), false) = (&self.code, self.asking) {
            let left = code.until.0.saturating_sub(self.engine.now().0).max(0).unsigned_abs();
            self.terminal.status(&format!("Waiting ({})…", text::clock(left)));
        }
    }

    fn ask(&mut self, person: &NewPerson) {
        self.asking = true;
        let email = person.email.as_deref().map_or_else(String::new, |email| format!(" <{email}>"));
        self.terminal.info(&format!(
            "{}{email} signed in at {} with this code. {} is signed in here, and that session would end.",
            person.name, person.host, person.instead_of
        ));
        if std::io::stdin().is_terminal() {
            self.terminal.prompt(&format!("Sign in as {}? [y/N] ", person.name));
        } else {
            self.terminal.info("Nobody can be asked here, so it is not done. Sign out first, or run it at a terminal.");
        }
    }
}

/// A picture in half blocks, two rows of it to a line, light around it. Written in dark on light whatever the colours of the
/// terminal are: a light module is what is printed, so on a dark terminal it stands as cameras expect it.
fn drawn(picture: &[Vec<bool>]) -> String {
    const QUIET: usize = 4;
    let width = picture.len() + 2 * QUIET;
    let is_light = |row: usize, column: usize| {
        let module = row.checked_sub(QUIET).zip(column.checked_sub(QUIET));
        module.and_then(|(row, column)| picture.get(row)?.get(column)).is_none_or(|dark| !dark)
    };
    let line = |row: usize| -> String {
        let half = |column| match (is_light(row, column), row + 1 < width && is_light(row + 1, column)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        (0..width).map(half).collect()
    };
    (0..width).step_by(2).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_each_module_and_a_quiet_zone_around_it() {
        let picture = vec![vec![true, false, true], vec![false, true, false], vec![true, true, true]];
        let lines: Vec<Vec<char>> = drawn(&picture).lines().map(|line| line.chars().collect()).collect();
        assert_eq!((lines.len(), lines[0].len()), (6, 11));
        let light = |row: usize, column: usize| match lines[row / 2][column] {
            '█' => true,
            '▀' => row.is_multiple_of(2),
            '▄' => !row.is_multiple_of(2),
            _ => false,
        };
        for row in 0..11 {
            for column in 0..11 {
                let inside = (4..7).contains(&row) && (4..7).contains(&column);
                assert_eq!(light(row, column), !inside || !picture[row - 4][column - 4], "{row} {column}");
            }
        }
    }
}
