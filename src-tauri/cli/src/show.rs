use rolecall_engine::Engine;
use rolecall_engine::findings::{Evidence, findings};
use rolecall_engine::problem::Result;

use crate::args::ReadOptions;
use crate::terminal::Terminal;
use crate::{DONE, json, not_signed_in, profile_of, text};

pub(crate) async fn status(options: &ReadOptions, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    let now = engine.now();
    let summary = match engine.session_summary(&profile).await {
        Err(problem) => {
            if let Some(last) = engine.last_known(&profile).filter(|last| last.end.is_none()) {
                terminal.info(&text::last_here(&last.summary, now));
            }
            return Err(problem);
        }
        Ok(summary) => summary,
    };
    if options.json {
        terminal.data(&json::line(&json::status(&profile, summary.as_ref(), now)));
    } else if let Some(summary) = &summary {
        terminal.data(&text::status(summary, &profile, now));
        for (kind, value) in Evidence::of(&profile, summary, now).expected_missing() {
            terminal
                .info(&format!("note: the {} {value} is expected and not there; rolecall why tells more", kind.word()));
        }
    }
    let since = summary.as_ref().map(|summary| summary.refreshed_at);
    if let Some(refusal) = engine.refusal(&profile).filter(|refusal| since.is_some_and(|since| refusal.at >= since)) {
        let title = refusal.code.row().title;
        terminal.info(&format!("note: {title} since then: {}", refusal.detail));
        terminal.info("      rolecall login signs in again");
    }
    if let Some(warning) = engine.mix_up_warning(&profile) {
        terminal.info(&format!("note: {warning}"));
    }
    if summary.is_some() {
        return Ok(DONE);
    }
    if options.json { Ok(rolecall_engine::Code::SignInNeeded.row().exit) } else { Err(not_signed_in(engine, &profile)) }
}

pub(crate) async fn roles(options: &ReadOptions, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    let summary = engine.session_summary(&profile).await?.ok_or_else(|| not_signed_in(engine, &profile))?;
    let evidence = Evidence::of(&profile, &summary, engine.now());
    let found = findings(&evidence);
    if options.json {
        terminal.data(&json::line(&json::roles(&profile, &summary, &found)));
        return Ok(DONE);
    }
    terminal.data(&text::roles(&summary, &profile, engine.now()));
    for finding in &found {
        terminal.info(&text::finding(finding));
    }
    Ok(DONE)
}
