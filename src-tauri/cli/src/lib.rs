//! The command line of Rolecall. Standard output is data; everything else goes to standard error.
//!
//! | file | contents |
//! |---|---|
//! | `args`, `why_args` | the commands, their options and their help |
//! | `target_args` | the options of the commands that give tokens to programs |
//! | `token`, `exec`, `credential`, `mcp_headers` | tokens for programs; `wanted` says what is asked for |
//! | `setup` | the configuration of other programs |
//! | `document_args` | the options of `inspect`, `compare` and `changes` |
//! | `login`, `show`, `why`, `somebody`, `session`, `client_secret`, `profiles`, `import`, `inspect`, `compare`, `changes` | the commands |
//! | `input` | files and standard input, to be read |
//! | `moment` | moments as people type them |
//! | `inspect_text` | what pasted documents say, for people |
//! | `sign_in`, `progress` | a sign-in under way, and what is told of it; `paste` takes the callback address by hand, `device` signs in on another device |
//! | `receiver` | what a receiver made of the person |
//! | `json` | the shapes that scripts read |
//! | `text` | the same for people; `directory_text` of what a directory said; `columns` aligns their lines |
//! | `terminal` | where it is written |
//! | `hidden` | lines that are typed or pasted without being shown |
//! | `hint` | commands that are advised, for the profile they are about |

mod args;
mod changes;
mod client_secret;
mod columns;
mod compare;
mod credential;
mod device;
mod directory_text;
mod document_args;
mod exec;
mod hidden;
mod hint;
mod import;
mod input;
mod inspect;
mod inspect_text;
mod json;
mod login;
mod mcp_headers;
mod moment;
mod paste;
mod profiles;
mod progress;
mod receiver;
mod session;
mod setup;
mod show;
mod sign_in;
mod somebody;
mod target_args;
mod terminal;
mod text;
mod token;
mod wanted;
mod why;
mod why_args;

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use clap::{CommandFactory as _, Parser as _};
use rolecall_engine::config::{Profile, ProfileName};
use rolecall_engine::problem::Result;
use rolecall_engine::{Code, Engine, Ports, Problem};

use self::args::{Arguments, Command};
pub use self::terminal::{Interrupt, Terminal};

/// Done, or yes.
const DONE: u8 = 0;
/// No, or stopped by the person.
const NO: u8 = 1;
/// What was given can't be used.
const USAGE: u8 = 2;

/// How long the end of a command waits for what was sent.
const FINISH: Duration = Duration::from_secs(10);

/// The definition of the command line, from which manual pages are written.
#[must_use]
pub fn command() -> clap::Command {
    Arguments::command()
}

/// Runs one command and tells its exit status: 0 done; 1 no, declined, cancelled, timed out; 2 usage or configuration;
/// 3 sign-in needed; 4 provider not reachable; 5 refused or not to be trusted; 6 key store.
pub async fn run(arguments: impl IntoIterator<Item = OsString>, ports: Ports, terminal: &mut Terminal) -> u8 {
    let arguments = match Arguments::try_parse_from(by_name(arguments)) {
        Ok(arguments) => arguments,
        Err(help) => return print_usage(&help, terminal),
    };
    // What only looks is dropped when the person wants it to stop; what changes something sees to that itself.
    let (interrupt, read_only) = (terminal.interrupt.clone(), arguments.command.is_read_only());
    let engine = Engine::new(ports);
    let done = tokio::select! {
        biased;
        done = dispatch(arguments.command, &engine, terminal) => done,
        () = interrupt.requested(), if read_only => Ok(NO),
    };
    let status = done.unwrap_or_else(|problem| report(&problem, terminal));
    finish(&engine, terminal).await;
    match terminal.write_error() {
        Some(error) => report(&Problem::new(Code::FilesFailing, format!("standard output: {error}")), terminal),
        None => status,
    }
}

/// The arguments, where docker ran this program by the name of its credential helper, as those of `credential docker`.
fn by_name(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let name = arguments.first().and_then(|name| Path::new(name).file_stem()).unwrap_or_default();
    if name == "docker-credential-rolecall" {
        arguments.splice(0..1, ["rolecall", "credential", "docker"].map(OsString::from));
    }
    arguments
}

/// Waits for what was sent, whatever ended the command (RF-9).
async fn finish(engine: &Engine, terminal: &mut Terminal) {
    let finished = engine.finish(FINISH).await;
    for name in finished.not_stored {
        terminal.info(&format!("note: the newest session of {name} could not be stored; sign in again"));
    }
}

async fn dispatch(command: Command, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    match command {
        Command::Login(options) => login::login(&options, engine, terminal).await,
        Command::Status(options) => show::status(&options, engine, terminal).await,
        Command::Roles(options) => show::roles(&options, engine, terminal).await,
        Command::Token(options) => token::token(&options, engine, terminal).await,
        Command::Exec(options) => exec::exec(&options, engine, terminal).await,
        Command::Credential(options) => credential::credential(&options, engine, terminal).await,
        Command::McpHeaders(options) => mcp_headers::mcp_headers(&options, engine, terminal).await,
        Command::Setup(options) => setup::setup(&options, engine, terminal).await,
        Command::Refresh(options) => session::refresh(&options, engine, terminal).await,
        Command::Why(options) => why::why(&options, engine, terminal).await,
        Command::HasRole(options) => why::has_role(&options, engine, terminal).await,
        Command::Inspect(options) => inspect::inspect(&options, engine, terminal).await,
        Command::Compare(options) => compare::compare(&options, engine, terminal),
        Command::Changes(options) => changes::changes(&options, engine, terminal),
        Command::Logout(options) => session::logout(&options, engine, terminal).await,
        Command::ClientSecret(options) => client_secret::client_secret(&options, engine, terminal).await,
        Command::Profiles(options) => profiles::profiles(&options, engine, terminal).await,
        Command::Import(options) => import::import(&options, engine, terminal).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "rolecall", &mut script);
            terminal.data(&String::from_utf8_lossy(&script));
            Ok(DONE)
        }
    }
}

/// Help and version are data; what is wrong with the arguments is talk.
fn print_usage(help: &clap::Error, terminal: &mut Terminal) -> u8 {
    let text = help.render();
    if help.use_stderr() {
        terminal.info(text.to_string().trim_end());
        return USAGE;
    }
    terminal.data(&text.to_string());
    DONE
}

fn report(problem: &Problem, terminal: &mut Terminal) -> u8 {
    let row = problem.code.row();
    terminal.info(&format!("rolecall: {problem}"));
    terminal.info(&format!("hint: {}", problem.hint()));
    if !problem.command().is_empty() {
        terminal.info(&format!("      {}", problem.command()));
    }
    row.exit
}

/// What failed without costing the session.
fn tell_warnings(warnings: &[Problem], terminal: &mut Terminal) {
    for problem in warnings {
        terminal.info(&format!("note: done, but not everything could be noted: {problem}"));
    }
}

/// What went wrong with a file, without the number that the system has for it.
fn io_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error").map_or(text.clone(), |(words, _)| words.to_owned())
}

/// The profile that was named, or the active one.
fn profile_of(name: Option<&str>, engine: &Engine, terminal: &mut Terminal) -> Result<Profile> {
    let name: Option<ProfileName> = name.map(str::parse).transpose()?;
    let config = engine.config()?;
    for warning in &config.warnings {
        terminal.info(&format!("note: {warning}"));
    }
    let profile = config.profile(name.as_ref())?;
    terminal.about(&profile.name, &config);
    Ok(profile.clone())
}
