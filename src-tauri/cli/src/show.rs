use std::sync::Arc;

use rolecall_engine::config::Profile;
use rolecall_engine::identity::Directory;
use rolecall_engine::problem::Result;
use rolecall_engine::session::SessionSummary;
use rolecall_engine::view::SessionReport;
use rolecall_engine::{Code, Engine};

use crate::args::{ReadOptions, Roles};
use crate::terminal::Terminal;
use crate::{DONE, directory_text, json, profile_of, text};

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
    let since = report.as_ref().map(|report| report.refreshed_at);
    let refusal = engine.refusal(&profile).filter(|refusal| since.is_none_or(|since| refusal.at >= since));
    let mix_up = engine.mix_up_warning(&profile);
    if options.json {
        let mut value = json::status(&profile, report.as_ref());
        if let Some(refusal) = &refusal {
            value["refused"] = json::refused(refusal.at, refusal.code, &refusal.detail);
        }
        if let Some(warning) = &mix_up {
            value["warnings"] = serde_json::json!([warning]);
        }
        terminal.data(&json::line(&value));
    } else if let Some(report) = &report {
        terminal.data(&text::status(report, now));
        for missing in &report.missing {
            let (kind, value) = (missing.kind.word(), &missing.value);
            terminal.info(&format!("note: the {kind} {value} is expected and not there; rolecall why tells more"));
        }
    }
    if let Some(refusal) = refusal {
        let title = refusal.code.row().title;
        let when = if since.is_some() { "since then" } else { "at the last try" };
        terminal.info(&format!("note: {title} {when}: {}", refusal.detail));
        terminal.info("      rolecall login signs in again");
    }
    if let Some(warning) = mix_up {
        terminal.info(&format!("note: {warning}"));
    }
    if report.is_some() {
        return Ok(DONE);
    }
    if options.json { Ok(Code::SignInNeeded.row().exit) } else { Err(engine.not_signed_in(&profile)) }
}

pub(crate) async fn roles(options: &Roles, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.read.profile.as_deref(), engine, terminal)?;
    let none = || engine.not_signed_in(&profile);
    let mut summary = engine.session_summary(&profile).await?.ok_or_else(none)?;
    let mut asked = None;
    if options.directory {
        asked = Some(ask(&profile, &summary, engine, terminal).await);
        // The session may have been refreshed for it.
        summary = engine.session_summary(&profile).await?.ok_or_else(none)?;
    }
    let directory = asked.as_ref().and_then(|asked| asked.as_deref().ok());
    let report = SessionReport::with_directory(&profile, &summary, directory, engine.now());
    if options.read.json {
        terminal.data(&json::line(&json::roles(&report)));
    } else {
        terminal.data(&text::roles(&report, engine.now()));
        if let Some(directory) = directory {
            terminal.data(&format!("\n{}", directory_text::told(directory)));
        }
        for finding in &report.findings {
            terminal.info(&text::finding(finding));
        }
    }
    asked.map_or(Ok(DONE), |asked| asked.map(|_| DONE))
}

/// Asks the directory, after saying what is asked.
pub(crate) async fn ask(
    profile: &Profile,
    summary: &SessionSummary,
    engine: &Engine,
    terminal: &mut Terminal,
) -> Result<Arc<Directory>> {
    if let Some(offer) = engine.directory_offer(profile, summary).would_ask {
        terminal.info(&offer);
    }
    terminal.run_to_end(engine.ask_directory(profile)).await.0
}
