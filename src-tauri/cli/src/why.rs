use rolecall_engine::Engine;
use rolecall_engine::config::Profile;
use rolecall_engine::findings::refusal::explain;
use rolecall_engine::findings::{Evidence, Names, Wanted, why_with as answer};
use rolecall_engine::history::Kind;
use rolecall_engine::problem::Result;
use serde_json::json;

use crate::args::{At, HasRole, Why};
use crate::terminal::Terminal;
use crate::{DONE, NO, directory_text, json, profile_of, receiver, show, somebody, text};

/// Why something is not there. Also when nobody is signed in, if the last sign-in failed in a way that explains it.
pub(crate) async fn why(options: &Why, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    if let Some(who) = &options.user {
        return somebody::why(options, who, &profile, engine, terminal).await;
    }
    let now = engine.now();
    let Some(mut summary) = engine.session_summary(&profile).await? else {
        return refused(options, engine, &profile, terminal);
    };
    let mut asked = None;
    if options.directory {
        asked = Some(show::ask(&profile, &summary, engine, terminal).await);
        // The session may have been refreshed for it.
        summary = engine.session_summary(&profile).await?.ok_or_else(|| engine.not_signed_in(&profile))?;
    }
    let directory = asked.as_ref().and_then(|asked| asked.as_deref().ok());
    let wanted = options.name.clone().map(|value| Wanted { value, kind: options.kind.kind() });
    let mut evidence = Evidence::of(&profile, &summary, now).with_directory(directory);
    if let Some(wanted) = &wanted {
        evidence = evidence.about(wanted);
    }
    let receiver = match options.at {
        Some(At::Kubernetes) => Some(receiver::ask(options.context.as_deref(), &profile, engine, terminal).await?),
        None => None,
    };
    evidence.receiver = receiver.as_ref();
    let why = answer(&evidence, if options.names { Names::Listed } else { Names::Counted });
    if options.report {
        terminal.text(&why.report);
    } else if options.json {
        let mut value = json!(why);
        value["profile"] = json!(profile.name.as_str());
        value["as_of"] = json!(summary.refreshed_at);
        terminal.data(&json::line(&value));
    } else {
        let seen = receiver.as_ref().map(|receiver| receiver::text(receiver, &summary.identity)).unwrap_or_default();
        terminal.text(&text::why(&why, now.0 - summary.refreshed_at.0, &seen));
        if let Some(directory) = directory {
            terminal.text(&format!("\n{}", directory_text::told(directory)));
        }
    }
    let done = receiver.as_ref().map_or(DONE, receiver::exit);
    asked.map_or(Ok(done), |asked| asked.map(|_| done))
}

fn refused(options: &Why, engine: &Engine, profile: &Profile, terminal: &mut Terminal) -> Result<u8> {
    let Some(refusal) = engine.refusal(profile) else { return Err(engine.not_signed_in(profile)) };
    let finding = explain(profile, &refusal);
    if options.json {
        let value = json!({
            "profile": profile.name.as_str(), "as_of": refusal.at, "wanted": options.name, "kind": options.kind.kind(),
            "present": false, "found": [], "alike": [], "looked_at": [], "claims": 0, "findings": [finding],
        });
        terminal.data(&json::line(&value));
    } else {
        terminal
            .text(&format!("Nobody is signed in: the last sign-in failed.\n\n{}", text::finding_in_full(1, &finding)));
    }
    Ok(engine.not_signed_in(profile).code.row().exit)
}

/// Yes or no, by the exit status. What the person may have written themself does not count.
pub(crate) async fn has_role(options: &HasRole, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    if options.refresh {
        terminal.run_to_end(engine.refresh(&profile)).await.0?;
    }
    let summary = engine.session_summary(&profile).await?.ok_or_else(|| engine.not_signed_in(&profile))?;
    let wanted = Wanted { value: options.name.clone(), kind: Some(options.kind.kind().unwrap_or(Kind::Role)) };
    let evidence = Evidence::of(&profile, &summary, engine.now());
    let context = options.context.as_deref();
    let mut found = evidence.found(&wanted);
    found.retain(|(_, found)| context.is_none() || found.context.as_deref() == context);
    let verified = found.iter().any(|(_, found)| text::is_verified(found));
    let has = !found.is_empty() && (verified || options.unverified);
    if !found.is_empty() && !verified && !options.unverified {
        terminal.info("note: it stands only in a document that could not be verified; --unverified counts that too");
    }
    if options.json {
        let word = wanted.kind.map_or("role", Kind::word);
        let value = json!({
            "profile": profile.name.as_str(), "kind": word, "value": wanted.value, "has": has, "verified": verified,
            "as_of": summary.refreshed_at,
        });
        terminal.data(&json::line(&value));
    }
    Ok(if has { DONE } else { NO })
}
