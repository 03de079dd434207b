use std::io::{IsTerminal as _, Read as _};

use rolecall_engine::config::client_secret_from;
use rolecall_engine::problem::Result;
use rolecall_engine::tokens::Secret;
use rolecall_engine::{Code, Engine, Problem};

use crate::args::ClientSecret;
use crate::hidden::read_hidden_line;
use crate::terminal::Terminal;
use crate::{DONE, NO, profile_of};

/// How much of the standard input is read, in bytes: more than any client secret has.
const LONGEST: u64 = 8192;

pub(crate) async fn client_secret(options: &ClientSecret, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    if options.forget {
        let was_there = engine.clear_client_secret(&profile).await?;
        let done = if was_there { "The client secret is deleted" } else { "There was no client secret" };
        terminal.info(&format!("{done}; {} sends its client ID alone.", profile.name));
        return Ok(DONE);
    }
    let Some(secret) = (if std::io::stdin().is_terminal() { typed(terminal).await? } else { Some(read()?) }) else {
        return Ok(NO);
    };
    engine.set_client_secret(&profile, &secret).await?;
    terminal
        .info(&format!("The client secret of {} is in the key store, and sent as client_secret_basic.", profile.name));
    terminal.info("note: anybody who uses this computer can read it; a public client needs none");
    Ok(DONE)
}

fn unusable(why: &str) -> Problem {
    Problem::new(Code::BadSetting, format!("the client secret {why}"))
}

/// Typed by a person: asked for, and not shown (TK-1).
async fn typed(terminal: &mut Terminal) -> Result<Option<Secret>> {
    let interrupt = terminal.interrupt.clone();
    let typed = read_hidden_line("Client secret (not shown): ", &interrupt, terminal).await;
    let typed = typed.map_err(|error| unusable(&format!("can't be read from the terminal: {error}")))?;
    typed.map(|secret| client_secret_from(&secret)).transpose()
}

/// Never taken from an argument: every program on the computer can read those (TK-1).
fn read() -> Result<Secret> {
    let mut text = String::new();
    let read = std::io::stdin().take(LONGEST).read_to_string(&mut text);
    let secret = Secret::new(text);
    read.map_err(|error| unusable(&format!("can't be read from standard input: {error}")))?;
    client_secret_from(&secret)
}
