use std::time::Duration;

use rolecall_engine::Engine;
use rolecall_engine::problem::Result;
use rolecall_engine::view::TokenKind;

use crate::args::Token;
use crate::terminal::Terminal;
use crate::{DONE, profile_of};

pub(crate) async fn token(options: &Token, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    if terminal.out_is_screen && !options.show {
        terminal.talk("rolecall: a token is not printed to a screen, where others may read it");
        terminal.talk("hint: pipe it, for example into a variable with $(rolecall token), or add --show.");
        return Ok(2);
    }
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    if options.refresh {
        engine.refresh(&profile).await?;
    }
    let kind = if options.id { TokenKind::Id } else { TokenKind::Access };
    let token = engine.token(&profile, kind, Duration::from_secs(options.min_validity)).await?;
    terminal.data(&format!("{}\n", token.expose()));
    Ok(DONE)
}
