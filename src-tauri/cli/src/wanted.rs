//! What a token is asked for, and asking the person to sign in where a program needs one.

use std::io::IsTerminal as _;
use std::time::Duration;

use rolecall_engine::config::{Config, Profile, ProfileName};
use rolecall_engine::engine::{AskPerson, SignIn};
use rolecall_engine::problem::Result;
use rolecall_engine::targets::{self, Ask, Found};
use rolecall_engine::tokens::TokenKind;
use rolecall_engine::{Code, Engine};

use crate::target_args::For;
use crate::terminal::Terminal;
use crate::{profile_of, sign_in};

/// How long a program waits for another that asks the person already.
const ANOTHER_ASKS: Duration = Duration::from_secs(60);
/// How long the person has, where a program waits for them.
const PERSON: Duration = Duration::from_secs(120);

/// The profile, what is asked for, and the name of the target where one was named.
pub(crate) fn asked(
    profile: Option<&str>,
    wanted: &For,
    id: bool,
    engine: &Engine,
    terminal: &mut Terminal,
) -> Result<(Profile, Ask, Option<String>)> {
    let profile = profile_of(profile, engine, terminal)?;
    if let Some(name) = &wanted.target {
        let found = targets::named(&engine.config()?, Some(&profile.name), name)?;
        return Ok((found.profile, Ask::of(&found.target), Some(name.clone())));
    }
    let kind = if id { TokenKind::Id } else { TokenKind::Access };
    let scopes = wanted.scope.iter().flat_map(|scope| scope.split_whitespace().map(str::to_owned)).collect();
    let ask =
        Ask { resources: wanted.resource.clone(), audience: wanted.audience.clone(), scopes, ..Ask::of_session(kind) };
    Ok((profile, ask, None))
}

/// The configuration and the profile a program named, for finding a target by its place. What is odd in the file is not
/// told: the program's own answer is what people wait for.
pub(crate) fn configured(profile: Option<&str>, engine: &Engine) -> Result<(Config, Option<ProfileName>)> {
    let name: Option<ProfileName> = profile.map(str::parse).transpose()?;
    let config = engine.config()?;
    if let Some(name) = &name {
        config.profile(Some(name))?;
    }
    Ok((config, name))
}

/// Whether somebody is at the keyboard, where the protocol does not say. Standard output and input are the program's.
pub(crate) fn somebody_is_there() -> bool {
    std::io::stderr().is_terminal()
}

/// Does `work`, which needs a session. Where there is none and somebody is at the keyboard, they are asked to sign in, by
/// one program at a time (TG-3).
pub(crate) async fn signed_in<T>(
    found: &Found,
    somebody: bool,
    engine: &Engine,
    terminal: &mut Terminal,
    work: impl AsyncFn() -> Result<T>,
) -> Result<T> {
    let profile = &found.profile;
    let problem = match terminal.run_to_end(work()).await.0 {
        Err(problem) if somebody && matches!(problem.code, Code::SignInNeeded | Code::SessionEnded) => problem,
        done => return done,
    };
    match engine.may_ask_person(profile, ANOTHER_ASKS).await? {
        AskPerson::SignedIn => {}
        AskPerson::Yes(leave) => {
            terminal.info(&format!("rolecall: {problem}"));
            let how = SignIn { timeout: PERSON, ..SignIn::default() };
            if let Err(problem) = sign_in::sign_in(engine, profile, &how, terminal).await {
                leave.failed(engine);
                return Err(problem);
            }
        }
    }
    terminal.run_to_end(work()).await.0
}
