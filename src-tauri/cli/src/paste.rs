//! The callback address, pasted by a person whose browser is on another computer.

use std::convert::Infallible;

use rolecall_engine::engine::Link;
use rolecall_engine::problem::Result;
use rolecall_engine::{Code, Problem};
use tokio::sync::watch;

use crate::hidden::HiddenLines;

const PROMPT: &str = "Paste the address here (it is not shown): ";

/// What a reader of pasted addresses says to the person.
pub(crate) enum Say<'a> {
    /// The question, on a line of its own.
    Ask(&'a str),
    /// The line was read.
    Read,
    /// What is wrong with it.
    Wrong(&'a str),
}

/// Reads lines until one is the callback of the sign-in, and then waits for what it leads to, forever.
///
/// # Errors
/// [`Code::Cancelled`] where the input ends first, [`Code::BadSetting`] where it can't be read unshown.
pub(crate) async fn read_address(
    mut newest: watch::Receiver<Option<Link>>,
    say: impl Fn(Say<'_>),
) -> Result<Infallible> {
    if newest.wait_for(Option::is_some).await.is_err() {
        return std::future::pending().await;
    }
    let unreadable = |error: std::io::Error| Problem::new(Code::BadSetting, format!("standard input: {error}"));
    let lines = HiddenLines::of_any_input().map_err(unreadable)?;
    loop {
        say(Say::Ask(PROMPT));
        let read = lines.next().await.map_err(unreadable)?;
        say(Say::Read);
        let Some(address) = read else {
            return Err(Problem::new(Code::Cancelled, "the input ended before the address was pasted"));
        };
        // The newest link: all belong to the same sign-in.
        let Some(link) = newest.borrow().clone() else { continue };
        match link.paste(&address) {
            Ok(()) => return std::future::pending().await,
            Err(why) => say(Say::Wrong(&why.to_string())),
        }
    }
}
