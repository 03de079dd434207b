use rolecall_engine::Engine;
use rolecall_engine::config::{Config, Profile, ProfileName};
use rolecall_engine::problem::Result;

use crate::args::{Profiles, ProfilesVerb};
use crate::terminal::Terminal;
use crate::{DONE, json, words};

pub(crate) async fn profiles(options: &Profiles, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let folders = &engine.ports().folders;
    match &options.verb {
        None => list(options.json, engine, terminal)?,
        Some(ProfilesVerb::Select { name }) => {
            let name = name.parse()?;
            Config::select(folders, &name)?;
            terminal.talk(&format!("{name} is the active profile."));
        }
        Some(ProfilesVerb::Remove { name }) => remove(&name.parse()?, engine, terminal).await?,
    }
    Ok(DONE)
}

/// Signs out first, so that no session is left that nothing names any more. A profile that can't be used has none.
async fn remove(name: &ProfileName, engine: &Engine, terminal: &mut Terminal) -> Result<()> {
    let folders = &engine.ports().folders;
    let Some(profile) = engine.config()?.profiles.into_iter().find(|profile| profile.name == *name) else {
        Config::remove_profile(folders, name)?;
        terminal.talk(&format!("Removed {name}."));
        return Ok(());
    };
    let signed_out = terminal.carried_through(engine.sign_out(&profile, false)).await.0;
    let was_signed_in = match signed_out {
        Ok(signed_out) => {
            if let Some(Err(problem)) = &signed_out.revoked {
                terminal.talk(&format!(
                    "note: the provider could not be told, so its token lives until it ends ({problem})"
                ));
            }
            signed_out.was_signed_in
        }
        // Where nobody was signed in, a key store that is not there must not keep the profile.
        Err(problem) if problem.code.is_key_store() && !was_here(engine, &profile) => false,
        Err(problem) => return Err(problem),
    };
    engine.forget_profile(&profile).await?;
    let done = if was_signed_in { "Signed out of" } else { "Nobody was signed in to" };
    terminal.talk(&format!("{done} {}; it is removed.", profile.name));
    Ok(())
}

fn was_here(engine: &Engine, profile: &Profile) -> bool {
    engine.last(profile).is_some_and(|last| last.end.is_none())
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
