use std::io::Read as _;
use std::path::Path;

use rolecall_engine::config::{Config, ProfileName};
use rolecall_engine::problem::Result;
use rolecall_engine::{Code, Engine, Problem};
use serde_json::{Value, json};

use crate::args::{Import, ImportFrom, ImportNginx};
use crate::terminal::Terminal;
use crate::{DONE, json};

/// The longest file that is read, in bytes: more than any reader takes, so that the reader says it is too long.
const LIMIT: u64 = (1 << 20) + 1;

pub(crate) async fn import(options: &Import, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    match &options.from {
        ImportFrom::Nginx(options) => nginx(options, engine, terminal).await,
    }
}

async fn nginx(options: &ImportNginx, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let text = contents(&options.file)?;
    let folders = &engine.ports().folders;
    let known = engine.config()?.profiles;
    let names: Vec<ProfileName> = known.iter().map(|profile| profile.name.clone()).collect();
    let mut imported = engine.import_nginx(&text, options.host.as_deref(), &names).await?;
    let wanted: Option<ProfileName> = options.profile.as_deref().map(str::parse).transpose()?;
    if wanted.is_some() && imported.len() > 1 {
        let hosts: Vec<&str> = imported.iter().map(|one| one.host.as_deref().unwrap_or("default")).collect();
        let why = format!("the file has several hosts ({}); choose one with --host to name it", hosts.join(", "));
        return Err(Problem::new(Code::BadSetting, why));
    }
    let mut made: Vec<Value> = Vec::new();
    for one in &mut imported {
        let profile = &mut one.profile;
        if let Some(client_id) = &options.client_id {
            profile.client_id.clone_from(client_id);
            profile.check()?;
        }
        let same = |other: &&rolecall_engine::config::Profile| {
            other.issuer == profile.issuer && other.client_id == profile.client_id
        };
        if let Some(name) = &wanted {
            profile.name = name.clone();
        } else if let Some(there) = known.iter().find(same) {
            terminal.info(&format!(
                "note: the profile {} has this issuer and client already; it is left as it is",
                there.name
            ));
            continue;
        }
        if let Some(there) = known.iter().find(|other| other.name == profile.name && !same(other)) {
            let why = format!("the profile {} is there already, for {}; choose another name", there.name, there.issuer);
            return Err(Problem::new(Code::BadSetting, why));
        }
        Config::save_profile(folders, profile)?;
        for line in &one.taken {
            terminal.info(&format!("taken: {line}"));
        }
        for line in &one.not_taken {
            terminal.info(&format!("not taken: {line}"));
        }
        made.push(json!({
            "profile": profile.name.as_str(), "issuer": profile.issuer.as_str(), "client_id": profile.client_id,
            "host": one.host, "scopes": profile.scopes.to_string(), "taken": one.taken, "not_taken": one.not_taken,
        }));
        if !options.json {
            terminal.data(&format!("{}  {}\n", profile.name, profile.issuer));
        }
    }
    if options.json {
        terminal.data(&json::line(&Value::from(made)));
    }
    Ok(DONE)
}

fn contents(file: &Path) -> Result<String> {
    let failing = |error: std::io::Error| Problem::new(Code::BadSetting, format!("{}: {error}", file.display()));
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().take(LIMIT).read_to_end(&mut bytes).map_err(failing)?;
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes)).map_err(failing)?;
    }
    // What is no text is no configuration, but a stray byte in a comment should not keep anybody out.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
