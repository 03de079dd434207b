use std::time::Duration;

use rolecall_engine::Engine;
use rolecall_engine::engine::Freshness;
use rolecall_engine::problem::Result;
use rolecall_engine::tokens::TokenKind;

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
    let freshness =
        if options.refresh { Freshness::New } else { Freshness::ValidFor(Duration::from_secs(options.min_validity)) };
    let (token, stopped) = terminal.run_to_end(engine.token(&profile, kind, freshness)).await;
    let token = token?;
    if stopped {
        return Ok(NO);
    }
    if options.refresh && !token.refreshed {
        terminal.info("note: the provider gave no refresh token, so this is the token there was");
    }
    terminal.data(&format!("{}\n", token.secret.expose()));
    Ok(DONE)
}
