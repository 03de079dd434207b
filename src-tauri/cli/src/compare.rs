use std::path::Path;

use rolecall_engine::config::ProfileName;
use rolecall_engine::engine::CompareSide;
use rolecall_engine::problem::Result;
use rolecall_engine::{Code, Engine, Problem};
use serde_json::json;

use crate::document_args::Compare;
use crate::terminal::Terminal;
use crate::{DONE, NO, input, json, moment};

/// What two sides have in common. 0 the same roles, groups and permissions; 1 they differ, or it can't be told.
pub(crate) fn compare(options: &Compare, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    if options.a == "-" && options.b == "-" {
        return Err(Problem::new(Code::Unreadable, "standard input can be one of the two alone"));
    }
    let (a, b) = (side(&options.a, engine, terminal)?, side(&options.b, engine, terminal)?);
    let compared = engine.compare(&a, &b)?;
    if options.json {
        let setting = |row: &rolecall_engine::view::ComparedSetting| json!({"name": row.name, "a": row.a, "b": row.b, "differs": row.differs});
        let value = json!({
            "a": compared.a, "b": compared.b, "same": compared.is_same(), "names_known": compared.names_known,
            "only_a": compared.only_a, "only_b": compared.only_b, "spelled": compared.spelled,
            "elsewhere": compared.elsewhere, "same_in_both": compared.same,
            "settings": compared.settings.iter().map(setting).collect::<Vec<_>>(), "findings": compared.findings,
        });
        terminal.data(&json::line(&value));
    } else {
        terminal.text(&compared.text);
    }
    Ok(if compared.is_same() { DONE } else { NO })
}

/// A profile takes precedence over a file of the same name; `./work` is always a file.
fn side(text: &str, engine: &Engine, terminal: &mut Terminal) -> Result<CompareSide> {
    let profile = |name: &str| {
        let name: ProfileName = name.parse().ok()?;
        engine.config().ok()?.profile(Some(&name)).ok().cloned()
    };
    if text != "-"
        && let Some(profile) = profile(text)
    {
        return Ok(CompareSide::Profile(Box::new(profile)));
    }
    if let Some((name, when)) = text.rsplit_once('@')
        && let Some(profile) = profile(name)
    {
        let when = moment::until(when).map_err(|why| Problem::new(Code::BadSetting, format!("'{when}': {why}")))?;
        let now = engine.now();
        return Ok(CompareSide::Past(Box::new(profile), when.at(now).min(now)));
    }
    let file = Path::new(text);
    if text != "-" && !file.exists() {
        let why = format!("'{text}' is neither a profile nor a file");
        return Err(Problem::new(Code::UnknownProfile, why));
    }
    Ok(CompareSide::Text(input::pasted(file, terminal)?))
}
