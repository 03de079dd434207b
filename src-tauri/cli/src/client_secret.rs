use std::io::Read as _;

use rolecall_engine::config::{ClientAuth, Config, Profile};
use rolecall_engine::problem::Result;
use rolecall_engine::tokens::Secret;
use rolecall_engine::{Code, Engine, Problem};

use crate::args::ClientSecret;
use crate::terminal::Terminal;
use crate::{DONE, profile_of};

/// No provider gives a longer one, in bytes.
const LONGEST: u64 = 4096;

pub(crate) async fn client_secret(options: &ClientSecret, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    let folders = &engine.ports().folders;
    if options.forget {
        let was_there = engine.forget_client_secret(&profile).await?;
        Config::save_profile(folders, &Profile { client_auth: ClientAuth::None, ..profile.clone() })?;
        let done = if was_there { "The client secret is deleted" } else { "There was no client secret" };
        terminal.info(&format!("{done}; {} names itself by its client ID alone.", profile.name));
        return Ok(DONE);
    }
    let secret = read()?;
    engine.keep_client_secret(&profile, &secret).await?;
    Config::save_profile(folders, &Profile { client_auth: ClientAuth::SecretBasic, ..profile.clone() })?;
    terminal
        .info(&format!("The client secret of {} is in the key store, and sent as client_secret_basic.", profile.name));
    terminal.info("note: it is no secret from anybody who uses this computer; a public client needs none");
    Ok(DONE)
}

/// Never an argument: those can be read by every program on the computer (TK-1).
fn read() -> Result<Secret> {
    let bad = |why: String| Problem::new(Code::BadSetting, format!("the client secret on standard input {why}"));
    let mut text = String::new();
    let read = std::io::stdin().take(LONGEST + 1).read_to_string(&mut text);
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    let (length, odd) = (text.len() as u64, text.contains(char::is_control));
    let secret = Secret::new(text);
    read.map_err(|error| bad(format!("can't be read: {error}")))?;
    if length == 0 || length > LONGEST || odd {
        return Err(bad(format!("must be one line of 1 to {LONGEST} bytes")));
    }
    Ok(secret)
}
