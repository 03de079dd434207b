use rolecall_engine::problem::Result;
use rolecall_engine::view::SessionReport;
use rolecall_engine::{Code, Engine, Problem};

use crate::args::{Logout, ReadOptions};
use crate::terminal::Terminal;
use crate::{DONE, json, profile_of, tell_warnings, text};

pub(crate) async fn refresh(options: &ReadOptions, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    let summary = terminal.run_to_end(engine.refresh(&profile)).await.0?;
    if options.json {
        terminal.data(&json::line(&json::changes(&summary.changes)));
    } else {
        terminal.data(&text::changes(&SessionReport::of(&profile, &summary, engine.now())));
    }
    if !summary.has_refresh_token {
        terminal
            .info("note: this session has no refresh token, so its tokens stay those of the sign-in until they end");
        terminal.info("      rolecall why");
    }
    tell_warnings(&summary.warnings, terminal);
    if summary.unsaved {
        return Err(Problem::new(Code::KeyStoreFailing, "the refreshed session could not be stored; sign in again"));
    }
    Ok(DONE)
}

pub(crate) async fn logout(options: &Logout, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    let signed_out = terminal.run_to_end(engine.sign_out(&profile, options.browser)).await.0?;
    if !signed_out.was_signed_in {
        terminal.info(&format!("Nobody was signed in with {}.", profile.name));
    } else if matches!(signed_out.revoked, Some(Ok(()))) {
        terminal.info(&format!("Signed out of {}: revoked at the provider and deleted here.", profile.name));
    } else {
        terminal.info(&format!("Signed out of {}: deleted here.", profile.name));
    }
    if let Some(Err(problem)) = &signed_out.revoked {
        terminal.info(&format!(
            "note: the token could not be revoked at the provider and stays valid until it ends: {problem}"
        ));
    }
    tell_warnings(&signed_out.warnings, terminal);
    match &signed_out.ended_in_browser {
        Some(Ok(_)) => terminal.info("Your browser shows the provider's sign-out page."),
        Some(Err(problem)) => terminal.info(&format!("note: {problem}")),
        None if options.browser => terminal.info("note: this provider offers no sign-out page"),
        None => {}
    }
    Ok(DONE)
}
