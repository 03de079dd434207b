use rolecall_engine::Engine;
use rolecall_engine::config::Config;
use rolecall_engine::problem::Result;

use crate::args::{Profiles, ProfilesVerb};
use crate::terminal::Terminal;
use crate::{DONE, json, profile_of, words};

pub(crate) async fn profiles(options: &Profiles, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let folders = &engine.ports().folders;
    match &options.verb {
        None => list(options.json, engine, terminal)?,
        Some(ProfilesVerb::Select { name }) => {
            let name = name.parse()?;
            Config::select(folders, &name)?;
            terminal.talk(&format!("{name} is the active profile."));
        }
        Some(ProfilesVerb::Remove { name }) => {
            let profile = profile_of(Some(name), engine, terminal)?;
            engine.sign_out(&profile, false).await?;
            Config::remove_profile(folders, &profile.name)?;
            terminal.talk(&format!("Signed out of {0} and removed it.", profile.name));
        }
    }
    Ok(DONE)
}

fn list(as_json: bool, engine: &Engine, terminal: &mut Terminal) -> Result<()> {
    let config = engine.config()?;
    let active = config.profile(None).ok().map(|profile| profile.name.clone());
    if as_json {
        terminal.data(&json::line(&json::profiles(&config, active.as_ref())));
    } else {
        terminal.data(&words::profiles(&config, active.as_ref()));
    }
    for left_out in &config.left_out {
        terminal.talk(&format!("note: profile {} can't be used: {}", left_out.name, left_out.why));
    }
    if config.profiles.is_empty() {
        terminal.talk("No profile is set up yet. rolecall login --issuer URL --client-id ID makes one.");
    }
    Ok(())
}
