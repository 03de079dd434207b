use std::time::Duration;

use rolecall_engine::Engine;
use rolecall_engine::engine::{Freshness, IssuedToken};
use rolecall_engine::problem::Result;
use serde_json::json;

use crate::target_args::{Token, TokenFormat};
use crate::terminal::Terminal;
use crate::{DONE, NO, USAGE, json, wanted};

pub(crate) async fn token(options: &Token, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    if terminal.stdout_is_terminal && !options.show {
        terminal.info("rolecall: A token is not printed to a terminal, where others may read it");
        terminal.info("hint: Pipe it, for example into a variable with $(rolecall token), or add --show.");
        return Ok(USAGE);
    }
    let (profile, ask, target) =
        wanted::asked(options.profile.as_deref(), &options.wanted, options.id, engine, terminal)?;
    let freshness =
        if options.refresh { Freshness::New } else { Freshness::ValidFor(Duration::from_secs(options.min_validity)) };
    let (token, stopped) = terminal.run_to_end(engine.token_for(&profile, &ask, freshness)).await;
    let token = token?;
    if stopped {
        return Ok(NO);
    }
    if options.refresh && !token.refreshed && ask.is_of_session() {
        terminal.info("note: the provider gave no refresh token, so this is the token there was");
    }
    terminal.data(&written(&token, options.format, target.as_deref()));
    Ok(DONE)
}

fn written(token: &IssuedToken, format: TokenFormat, target: Option<&str>) -> String {
    match format {
        TokenFormat::Token => format!("{}\n", token.secret.expose()),
        TokenFormat::Header => format!("{}\n", header(token)),
        TokenFormat::Json => json::line(&json!({
            "token": token.secret.expose(), "type": token.kind, "expires_at": token.expires_at, "target": target,
        })),
    }
}

/// The header that carries a token (RFC 6750 section 2.1).
pub(crate) fn header(token: &IssuedToken) -> String {
    format!("Authorization: Bearer {}", token.secret.expose())
}
