use rolecall_engine::config::TargetKind;
use rolecall_engine::problem::Result;
use rolecall_engine::targets;
use rolecall_engine::{Code, Engine, Problem};
use serde_json::json;

use crate::credential::VALID_FOR;
use crate::target_args::McpHeaders;
use crate::terminal::Terminal;
use crate::{DONE, json, wanted};

/// The address of the server the headers are for, as Claude Code tells its `headersHelper`.
const ADDRESS: &str = "CLAUDE_CODE_MCP_SERVER_URL";

/// The headers for an MCP server. Nobody is asked anything: the client waits ten seconds and no longer. A server the profile
/// does not name gets none, whatever a project's own file calls it (TG-1).
pub(crate) async fn mcp_headers(options: &McpHeaders, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let (config, profile) = wanted::configured(options.profile.as_deref(), engine)?;
    let address = std::env::var(ADDRESS).ok().filter(|address| !address.is_empty());
    let at = address.as_deref().map(|address| targets::at_address(&config, profile.as_ref(), address));
    let unknown =
        |what: &str| Err(Problem::new(Code::UnknownTarget, format!("no profile names an MCP server at {what}")));
    let found = match (at, options.target.as_deref()) {
        (Some(None), _) => return unknown(address.as_deref().unwrap_or_default()),
        (Some(Some(found)), None) => found,
        (Some(Some(found)), Some(name)) if found.target.name.as_str() == name => found,
        (Some(Some(found)), Some(name)) => {
            let why = format!("'{name}' is not the target at {}", found.target.place_text());
            return Err(Problem::new(Code::UnknownTarget, why));
        }
        (None, Some(name)) => targets::named(&config, profile.as_ref(), name)?,
        (None, None) => {
            return Err(Problem::new(Code::UnknownTarget, format!("neither a target nor {ADDRESS} names the server")));
        }
    };
    if found.target.kind() != TargetKind::Mcp {
        let why = format!("'{}' is no MCP server", found.target.name);
        return Err(Problem::new(Code::UnknownTarget, why));
    }
    terminal.about(&found.profile.name, &config);
    let token = engine.token_for_caller(&found, None, VALID_FOR);
    let token = terminal.run_to_end(token).await.0?;
    terminal.data(&json::line(&json!({ "Authorization": format!("Bearer {}", token.secret.expose()) })));
    Ok(DONE)
}
