use rolecall_engine::problem::Result;
use rolecall_engine::view::SessionReport;
use rolecall_engine::{Code, Engine};

use crate::args::ReadOptions;
use crate::terminal::Terminal;
use crate::{DONE, json, profile_of, text};

pub(crate) async fn status(options: &ReadOptions, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    let now = engine.now();
    let report = match engine.session_summary(&profile).await {
        Err(problem) => {
            if let Some(last) = engine.last_known(&profile).filter(|last| last.end.is_none()) {
                terminal.info(&text::last_here(&SessionReport::of(&profile, &last.summary, now), now));
            }
            return Err(problem);
        }
        Ok(summary) => summary.map(|summary| SessionReport::of(&profile, &summary, now)),
    };
    if options.json {
        terminal.data(&json::line(&json::status(&profile, report.as_ref())));
    } else if let Some(report) = &report {
        terminal.data(&text::status(report, now));
        for missing in &report.missing {
            let (kind, value) = (missing.kind.word(), &missing.value);
            terminal.info(&format!("note: the {kind} {value} is expected and not there; rolecall why tells more"));
        }
    }
    let since = report.as_ref().map(|report| report.refreshed_at);
    if let Some(refusal) = engine.refusal(&profile).filter(|refusal| since.is_some_and(|since| refusal.at >= since)) {
        let title = refusal.code.row().title;
        terminal.info(&format!("note: {title} since then: {}", refusal.detail));
        terminal.info("      rolecall login signs in again");
    }
    if let Some(warning) = engine.mix_up_warning(&profile) {
        terminal.info(&format!("note: {warning}"));
    }
    if report.is_some() {
        return Ok(DONE);
    }
    if options.json { Ok(Code::SignInNeeded.row().exit) } else { Err(engine.not_signed_in(&profile)) }
}

pub(crate) async fn roles(options: &ReadOptions, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    let summary = engine.session_summary(&profile).await?.ok_or_else(|| engine.not_signed_in(&profile))?;
    let report = SessionReport::of(&profile, &summary, engine.now());
    if options.json {
        terminal.data(&json::line(&json::roles(&report)));
        return Ok(DONE);
    }
    terminal.data(&text::roles(&report, engine.now()));
    for finding in &report.findings {
        terminal.info(&text::finding(finding));
    }
    Ok(DONE)
}
