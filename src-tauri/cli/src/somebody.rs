use rolecall_engine::Engine;
use rolecall_engine::config::Profile;
use rolecall_engine::findings::Wanted;
use rolecall_engine::problem::Result;
use serde_json::json;

use crate::args::Why;
use crate::terminal::Terminal;
use crate::{DONE, directory_text, json};

/// As an administrator: why somebody else lacks something. What is asked, and as whom, is said first.
pub(crate) async fn why(
    options: &Why,
    who: &str,
    profile: &Profile,
    engine: &Engine,
    terminal: &mut Terminal,
) -> Result<u8> {
    let summary = engine.session_summary(profile).await?.ok_or_else(|| engine.not_signed_in(profile))?;
    terminal.info(&engine.somebody_offer(profile, &summary)?);
    let wanted = options.name.clone().map(|value| Wanted { value, kind: options.kind.kind() });
    let asking = engine.about_somebody(profile, who, options.client.as_deref(), wanted);
    let about = terminal.run_to_end(asking).await.0?;
    if options.report {
        terminal.text(&about.why.report);
    } else if options.json {
        let mut value = json!(about.why);
        value["profile"] = json!(profile.name.as_str());
        value["as_of"] = json!(about.asked_at);
        value["who"] = json!(about.who);
        value["user"] = json!(about.user);
        value["client"] = json!(about.client);
        value["asked_as"] = json!(about.asked_as);
        value["roles"] = json!(about.entitlements.roles);
        value["groups"] = json!(about.entitlements.groups);
        value["permissions"] = json!(about.entitlements.permissions);
        terminal.data(&json::line(&value));
    } else {
        terminal.text(&directory_text::somebody(&about));
    }
    Ok(DONE)
}
