use rolecall_engine::Engine;
use rolecall_engine::config::ProfileName;
use rolecall_engine::engine::SignedOut;
use rolecall_engine::problem::Result;

use crate::args::{Profiles, ProfilesCommand};
use crate::terminal::Terminal;
use crate::{DONE, json, text};

pub(crate) async fn profiles(options: &Profiles, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    match &options.command {
        None => list(options.json, engine, terminal)?,
        Some(ProfilesCommand::Select { name }) => {
            let name = name.parse()?;
            engine.select_profile(&name).await?;
            terminal.info(&format!("{name} is the active profile."));
        }
        Some(ProfilesCommand::Remove { name }) => remove(&name.parse()?, engine, terminal).await?,
        Some(ProfilesCommand::Prune) => prune(engine, terminal).await?,
    }
    Ok(DONE)
}

/// Signs out first, so that no session is left without a profile. A profile that can't be used has no session.
async fn remove(name: &ProfileName, engine: &Engine, terminal: &mut Terminal) -> Result<()> {
    let Some(profile) = engine.config()?.profiles.into_iter().find(|profile| profile.name == *name) else {
        engine.remove_invalid_profile(name).await?;
        terminal.info(&format!("Removed {name}."));
        return Ok(());
    };
    let signed_out = terminal.run_to_end(engine.remove_profile(&profile)).await.0?;
    tell_unrevoked(&signed_out, terminal);
    let session = match (&signed_out.revoked, signed_out.was_signed_in) {
        (_, false) => "Nobody was signed in.",
        (Some(Ok(())), true) => "Its session was revoked at the provider and deleted here.",
        (_, true) => "Its session was deleted here.",
    };
    terminal.info(&format!("Removed {}. {session}", profile.name));
    Ok(())
}

fn tell_unrevoked(signed_out: &SignedOut, terminal: &mut Terminal) {
    if let Some(Err(problem)) = &signed_out.revoked {
        terminal.info(&format!(
            "note: the token could not be revoked at the provider and stays valid until it ends: {problem}"
        ));
    }
}

/// Ends the sessions of profiles that are no longer in the file.
async fn prune(engine: &Engine, terminal: &mut Terminal) -> Result<()> {
    let orphaned = engine.orphaned_sessions();
    if orphaned.is_empty() {
        terminal.info("No session and no client secret is left over.");
    }
    for profile in orphaned {
        let former = terminal.run_to_end(engine.end_orphaned_session(&profile)).await.0?;
        tell_unrevoked(&former.signed_out, terminal);
        let at = format!("{} at {}", profile.name, profile.issuer.host());
        if former.signed_out.was_signed_in {
            terminal.info(&format!("Ended the session of {at}."));
        }
        if former.had_secret {
            terminal.info(&format!("Deleted the client secret of {at}."));
        }
    }
    Ok(())
}

fn list(as_json: bool, engine: &Engine, terminal: &mut Terminal) -> Result<()> {
    let config = engine.config()?;
    let active = config.profile(None).ok().map(|profile| profile.name.clone());
    if as_json {
        terminal.data(&json::line(&json::profiles(&config, active.as_ref())));
    } else {
        terminal.data(&text::profiles(&config, active.as_ref()));
    }
    for invalid in &config.invalid_profiles {
        terminal.info(&format!("note: profile {} can't be used: {}", invalid.name, invalid.why));
    }
    for profile in engine.orphaned_sessions() {
        terminal.info(&format!(
            "note: a session or client secret of {} at {} (client ID {}) is left over, which no profile names any more. Clean up: rolecall profiles prune",
            profile.name,
            profile.issuer.host(),
            profile.client_id
        ));
    }
    if config.profiles.is_empty() {
        terminal.info("No profile is set up yet. Make one: rolecall login --issuer URL --client-id ID");
    }
    Ok(())
}
