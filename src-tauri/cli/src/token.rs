use std::time::Duration;

use rolecall_engine::Engine;
use rolecall_engine::problem::Result;
use rolecall_engine::view::TokenKind;

use crate::args::Token;
use crate::terminal::Terminal;
use crate::{DONE, NO, profile_of};

pub(crate) async fn token(options: &Token, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    if terminal.stdout_is_terminal && !options.show {
        terminal.info("rolecall: A token is not printed to a terminal, where others may read it");
        terminal.info("hint: Pipe it, for example into a variable with $(rolecall token), or add --show.");
        return Ok(2);
    }
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    let kind = if options.id { TokenKind::Id } else { TokenKind::Access };
    // No token is valid for ever, so asking for that refreshes exactly once, also where lifetimes are short or not told.
    let seconds = if options.refresh { u64::MAX } else { options.min_validity };
    let (token, stopped) = terminal.run_to_end(engine.token(&profile, kind, Duration::from_secs(seconds))).await;
    let token = token?;
    if stopped {
        return Ok(NO);
    }
    if options.refresh && engine.session_summary(&profile).await?.is_some_and(|summary| !summary.has_refresh_token) {
        terminal.info("note: the provider gave no refresh token, so this is the token there was");
    }
    terminal.data(&format!("{}\n", token.expose()));
    Ok(DONE)
}
