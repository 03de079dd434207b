use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rolecall_engine::config::Profile;
use rolecall_engine::engine::SignIn;
use rolecall_engine::problem::Result;
use rolecall_engine::session::SessionSummary;
use rolecall_engine::{Code, Engine, Problem};
use tokio::time::MissedTickBehavior;

use crate::paste::read_address;
use crate::progress::Reporter;
use crate::terminal::Terminal;

/// Signs in, telling what happens, until done or told to stop. Once the browser came back it is carried through: the code
/// is spent, and what it buys must not be lost.
pub(crate) async fn sign_in(
    engine: &Engine,
    profile: &Profile,
    how: &SignIn,
    terminal: &mut Terminal,
) -> Result<SessionSummary> {
    let interrupt = terminal.interrupt.clone();
    let reporter = Reporter::new(terminal, profile, how);
    let link = reporter.link();
    let reporter = Mutex::new(reporter);
    let reporter = || -> MutexGuard<'_, Reporter<'_>> { reporter.lock().unwrap_or_else(PoisonError::into_inner) };
    let mut signing_in = pin!(engine.sign_in(profile, how, |progress| reporter().tell(&progress)));
    let mut pasting = pin!(read_address(link, |what| reporter().say(&what)));
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let result = loop {
        tokio::select! {
            biased;
            result = &mut signing_in => break result,
            never = &mut pasting, if how.paste && !reporter().redirected => {
                let Err(problem) = never;
                break Err(problem);
            }
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
        if profile.redirect.ports.is_empty() {
            let fixed = "      any free port is used; where the provider wants one port, register it and give it:";
            reporter.terminal.info(&format!("{fixed} rolecall login --redirect-port 47825"));
        }
    }
    drop(reporter);
    result
}
