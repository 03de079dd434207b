use std::process::Command;
use std::time::Duration;

use rolecall_engine::Engine;
use rolecall_engine::engine::Freshness;
use rolecall_engine::problem::Result;
use rolecall_engine::targets::Ask;
use rolecall_engine::tokens::TokenKind;

use crate::target_args::{Exec, InVariable};
use crate::terminal::Terminal;
use crate::{DONE, NO, USAGE, token, wanted};

/// The variable that holds the token where none is named.
const USUAL: &str = "ROLECALL_TOKEN";

/// Gets the tokens, and has the program run in the place of this one afterwards, with the tokens in its environment only.
pub(crate) async fn exec(options: &Exec, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let Some((program, arguments)) = options.command.split_first() else { return Ok(USAGE) };
    let (profile, ask, _) = wanted::asked(options.profile.as_deref(), &options.wanted, false, engine, terminal)?;
    let usual = [(USUAL.to_owned(), InVariable::Access)];
    let variables = if options.variables.is_empty() { &usual[..] } else { &options.variables };
    let mut command = Command::new(program);
    command.args(arguments);
    for (name, what) in variables {
        let ask = if *what == InVariable::Id { Ask::of_session(TokenKind::Id) } else { ask.clone() };
        let fresh = Freshness::ValidFor(Duration::from_secs(options.min_validity));
        let (token, stopped) = terminal.run_to_end(engine.token_for(&profile, &ask, fresh)).await;
        let token = token?;
        if stopped {
            return Ok(NO);
        }
        match what {
            InVariable::Access | InVariable::Id => command.env(name, token.secret.expose()),
            InVariable::Header => command.env(name, token::header(&token)),
        };
    }
    terminal.run_afterwards(command);
    Ok(DONE)
}
