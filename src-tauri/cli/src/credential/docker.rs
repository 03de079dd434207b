use rolecall_engine::Engine;
use rolecall_engine::problem::Result;
use rolecall_engine::targets;
use serde_json::json;

use super::{USER, VALID_FOR, is_meant, question};
use crate::target_args::Adapter;
use crate::terminal::Terminal;
use crate::{DONE, NO, USAGE, json, wanted};

/// What a helper says on standard output where it has nothing for a registry; programs compare it.
const NOT_FOUND: &str = "credentials not found in native keychain\n";

/// Answers docker, podman and skopeo. A registry no profile names gets what a helper says that has nothing for it.
pub(super) async fn credential(
    options: &Adapter,
    operation: &str,
    engine: &Engine,
    terminal: &mut Terminal,
) -> Result<u8> {
    match operation {
        "get" => {}
        "list" => {
            terminal.data("{}\n");
            return Ok(DONE);
        }
        // Nothing of it is kept here: Rolecall has the session already.
        "store" | "erase" => {
            question()?;
            return Ok(DONE);
        }
        _ => {
            terminal.info(&format!("rolecall: '{operation}' is none of get, list, store and erase"));
            return Ok(USAGE);
        }
    }
    let text = question()?;
    let server = text.trim();
    let (config, profile) = wanted::configured(options.profile.as_deref(), engine)?;
    let found = targets::at_registry(&config, profile.as_ref(), server);
    let Some(found) = found.filter(|found| is_meant(options, found)) else {
        terminal.data(NOT_FOUND);
        return Ok(NO);
    };
    terminal.about(&found.profile.name, &config);
    let somebody = wanted::somebody_is_there() && !options.no_browser;
    let get = async || engine.token_for_caller(&found, None, VALID_FOR).await;
    let token = match wanted::signed_in(&found, somebody, engine, terminal, get).await {
        Ok(token) => token,
        Err(problem) => {
            // Where a helper fails, these programs show what it wrote to standard output.
            terminal.text(&format!("rolecall: {problem}. {} {}\n", problem.hint(), problem.command()));
            return Err(problem);
        }
    };
    let user = found.target.username.as_deref().unwrap_or(USER);
    terminal.data(&json::line(&json!({ "ServerURL": server, "Username": user, "Secret": token.secret.expose() })));
    Ok(DONE)
}
