use std::path::PathBuf;

use rolecall_engine::Engine;
use rolecall_engine::engine::InspectOptions;
use rolecall_engine::problem::Result;
use rolecall_engine::view::{CheckState, InspectedPerson, Inspection};
use serde_json::{Value, json};

use crate::document_args::Inspect;
use crate::terminal::Terminal;
use crate::{DONE, NO, input, inspect_text, json};

/// What pasted documents say. 1 when something expected is not there; 5 or 4 when a check failed or could not be made.
pub(crate) async fn inspect(options: &Inspect, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let standard_input = [PathBuf::from("-")];
    let files = if options.files.is_empty() { &standard_input[..] } else { &options.files };
    let pasted = files.iter().map(|file| input::pasted(file, terminal)).collect::<Result<Vec<_>>>()?;
    let inspection =
        engine.inspect(&pasted, InspectOptions { expected: &options.expected, check: options.check }).await?;
    if options.json {
        terminal.data(&json::line(&as_json(&inspection)));
    } else if options.report {
        let reports: Vec<&str> = inspection.people.iter().map(|person| person.report.as_str()).collect();
        terminal.data(&reports.join("\n"));
    } else {
        terminal.text(&inspect_text::inspection(&inspection));
    }
    if !options.json {
        tell(&inspection, options.check, terminal);
    }
    Ok(status(&inspection, options.check))
}

/// The exit status, for scripts that read nothing else.
fn status(inspection: &Inspection, check: bool) -> u8 {
    let checks = || inspection.people.iter().flat_map(|person| &person.documents).map(|document| document.check.state);
    if check && checks().any(|state| state == CheckState::Fails) {
        return rolecall_engine::Code::AnswerNotTrusted.row().exit;
    }
    if check && checks().any(|state| state == CheckState::Unreachable) {
        return rolecall_engine::Code::Unreachable.row().exit;
    }
    // Of several people one must have all of it.
    let has_all = |person: &InspectedPerson| person.expected.iter().all(|expected| expected.here);
    if inspection.people.iter().any(has_all) { DONE } else { NO }
}

fn tell(inspection: &Inspection, checked: bool, terminal: &mut Terminal) {
    for note in &inspection.notes {
        terminal.info(&format!("note: {note}"));
    }
    if inspection.left_out > 0 {
        terminal.info(&format!("note: {} more were found than are read", inspection.left_out));
    }
    let could = inspection
        .people
        .iter()
        .any(|person| person.check.state == CheckState::NotChecked && person.check.host.is_some());
    if !checked && could {
        terminal
            .info("note: no signature was checked: anybody can write a token. --check asks the issuer for its keys");
    }
}

/// The shape that scripts read: roles, groups and findings as in `roles --json`.
fn as_json(inspection: &Inspection) -> Value {
    let people: Vec<Value> = inspection.people.iter().map(person).collect();
    json!({"people": people, "notes": inspection.notes, "left_out": inspection.left_out})
}

fn person(person: &InspectedPerson) -> Value {
    let documents: Vec<Value> = person
        .documents
        .iter()
        .map(|document| {
            let content = &document.content;
            json!({
                "document": content.document,
                "what": document.what,
                "from": document.from,
                "state": content.state,
                "verified": content.verified,
                "signature": content.signature,
                "check": document.check,
                "issued_at": document.issued_at,
                "expires_at": document.expires_at,
                "superseded": document.superseded,
                "claims": content.claims,
                "claims_left_out": content.left_out,
            })
        })
        .collect();
    let mut value = json!({
        "issuer": person.issuer,
        "provider": person.provider,
        "subject": person.badge.subject,
        "name": person.badge.name,
        "email": person.badge.email,
        "email_verified": person.badge.email_verified,
        "as_of": person.issued_at,
        "issued_at": person.issued_at,
        "expires_at": person.expires_at,
        "check": person.check,
        "documents": documents,
        "roles": person.entitlements.roles,
        "groups": person.entitlements.groups,
        "permissions": person.entitlements.permissions,
        "expected": person.expected,
        "findings": person.findings,
    });
    if !person.self_asserted.is_empty() {
        value["own_word"] = json!(person.self_asserted);
    }
    value
}
