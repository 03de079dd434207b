use std::io::Read as _;
use std::path::Path;

use rolecall_engine::config::{Profile, ProfileName, with_included};
use rolecall_engine::engine::{ImportOptions, Imported};
use rolecall_engine::problem::Result;
use rolecall_engine::{Code, Engine, Problem};
use serde_json::{Value, json};

use crate::args::{Import, ImportFrom, ImportNginx};
use crate::terminal::Terminal;
use crate::{DONE, USAGE, io_words, json};

/// The longest file that is read, in bytes: more than any reader takes, so that the reader says it is too long.
const LIMIT: u64 = (1 << 20) + 1;

pub(crate) async fn import(options: &Import, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    match &options.from {
        ImportFrom::Nginx(options) => nginx(options, engine, terminal).await,
    }
}

async fn nginx(options: &ImportNginx, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let text = match contents(&options.file) {
        Ok(text) => text,
        Err(error) => {
            terminal.info(&format!("rolecall: Can't read {}: {}", options.file.display(), io_words(&error)));
            terminal.info("hint: Name the file, or - for standard input.");
            return Ok(USAGE);
        }
    };
    let whole = with_included(&options.file, &text);
    for line in &whole.not_read {
        terminal.info(&format!("left out: {line}"));
    }
    let known = engine.config()?.profiles;
    let wanted: Option<ProfileName> = options.profile.as_deref().map(str::parse).transpose()?;
    let taken: Vec<ProfileName> = known.iter().map(|profile| profile.name.clone()).collect();
    let (host, client_id) = (options.host.as_deref(), options.client_id.as_deref());
    let import = engine.import_nginx(&whole.text, ImportOptions { host, client_id, taken: &taken }).await?;
    for line in &import.left_out {
        terminal.info(&format!("left out: {line}"));
    }
    if wanted.is_some() && import.profiles.len() > 1 {
        let hosts: Vec<&str> = import.profiles.iter().map(|one| one.host.as_deref().unwrap_or("default")).collect();
        let why = format!("the file has several hosts ({}); choose one with --host to name it", hosts.join(", "));
        return Err(Problem::new(Code::BadSetting, why));
    }
    let mut made: Vec<Value> = Vec::new();
    for mut one in import.profiles {
        if let Some(name) = &wanted {
            one.profile.name = name.clone();
        } else if let Some(there) = known.iter().find(|known| is_same(known, &one.profile)) {
            terminal.info(&format!(
                "note: the profile {} has this issuer and client already; it is left as it is",
                there.name
            ));
            continue;
        }
        let profile = &one.profile;
        if let Some(there) = known.iter().find(|other| other.name == profile.name && !is_same(other, profile)) {
            let why = format!("the profile {} is there already, for {}; choose another name", there.name, there.issuer);
            return Err(Problem::new(Code::BadSetting, why));
        }
        engine.add_profile(profile).await?;
        show(&one, options.json, terminal);
        made.push(json!({
            "profile": profile.name.as_str(), "issuer": profile.issuer.as_str(), "client_id": profile.client_id,
            "host": one.host, "scopes": profile.scopes.to_string(), "taken": one.taken, "not_taken": one.not_taken,
        }));
    }
    if options.json {
        terminal.data(&json::line(&Value::from(made)));
    }
    Ok(DONE)
}

fn is_same(one: &Profile, other: &Profile) -> bool {
    one.issuer == other.issuer && one.client_id == other.client_id
}

fn show(one: &Imported, as_json: bool, terminal: &mut Terminal) {
    for line in &one.taken {
        terminal.info(&format!("taken: {line}"));
    }
    for line in &one.not_taken {
        terminal.info(&format!("not taken: {line}"));
    }
    if !as_json {
        terminal.data(&format!("{}  {}\n", one.profile.name, one.profile.issuer));
    }
}

fn contents(file: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().take(LIMIT).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes))?;
    }
    // Invalid UTF-8 is replaced, so that a stray byte in a comment does not prevent the import.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
