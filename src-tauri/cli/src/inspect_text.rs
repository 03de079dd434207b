//! What pasted documents say, for people.

use std::fmt::Write as _;

use rolecall_engine::documents::{Claim, ClaimUse, Form};
use rolecall_engine::identity::DocumentState;
use rolecall_engine::ports::Timestamp;
use rolecall_engine::text::{clean, clean_line, span};
use rolecall_engine::view::{CheckState, InspectedDocument, InspectedPerson, Inspection};

use crate::columns::Columns;
use crate::text;

/// The longest value of a claim in a line, in characters.
const MAX_VALUE: usize = 60;
/// The most claims that are listed of one document.
const MAX_CLAIMS: usize = 60;

pub(crate) fn inspection(inspection: &Inspection) -> String {
    let people: Vec<String> = inspection.people.iter().map(|person| of_person(person, inspection.now)).collect();
    people.join("\n")
}

fn of_person(person: &InspectedPerson, now: Timestamp) -> String {
    let mut out = format!("{}\n", clean_line(&person.badge.name));
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(out, "  {label:<10} {}", clean_line(value));
    };
    if let Some(email) = &person.badge.email {
        line("email", email);
    }
    if !person.badge.subject.is_empty() {
        line("subject", &person.badge.subject);
    }
    if let Some(issuer) = &person.issuer {
        line("issuer", issuer);
    }
    if let Some(because) = &person.provider_because {
        line("product", &format!("{} ({because})", person.provider));
    }
    if let Some(issued) = person.issued_at {
        line("made", &ago(issued, now));
    }
    match person.expires_at {
        Some(end) if end > now => line("valid", &format!("{} more", span(end.0 - now.0))),
        Some(end) => line("ended", &format!("{} ago", span(now.0 - end.0))),
        None => {}
    }
    line("checked", &person.check.words);
    for address in &person.check.asked {
        line("asked", address);
    }
    out.push_str(&text::entitlements(&person.entitlements, &person.self_asserted));
    if !person.expected.is_empty() {
        out.push_str("\nExpected\n");
        for expected in &person.expected {
            let here = match expected.kind {
                Some(kind) => format!("here, a {}", kind.word()),
                None => "not here".to_owned(),
            };
            let _ = writeln!(out, "  {}: {here}", clean_line(&expected.value));
        }
    }
    for document in &person.documents {
        out.push_str(&of_document(document, person.documents.len() > 1, now));
    }
    for (number, finding) in person.findings.iter().enumerate() {
        let _ = write!(out, "\n{}", text::finding_in_full(number + 1, finding));
    }
    out
}

fn of_document(document: &InspectedDocument, several: bool, now: Timestamp) -> String {
    let mut what = clean_line(&document.what);
    if let Some(first) = what.get(..1) {
        what = format!("{}{}", first.to_uppercase(), &what[1..]);
    }
    let mut out = format!("\n{what} ({})", clean_line(&document.from));
    match document.content.state {
        DocumentState::Opaque => out.push_str(": no JWT, so nothing in it can be read"),
        DocumentState::Encrypted => out.push_str(": encrypted, so nothing in it can be read"),
        DocumentState::Read | DocumentState::Absent | DocumentState::Failed => {}
    }
    if document.superseded {
        out.push_str(": an earlier one, not counted");
    }
    out.push('\n');
    if several && document.check.state != CheckState::NotChecked {
        let _ = writeln!(out, "  {}", clean_line(&document.check.words));
    }
    if document.superseded {
        return out;
    }
    let claims = &document.content.claims;
    let names: Vec<String> = claims.iter().take(MAX_CLAIMS).map(|claim| clean_line(&claim.name)).collect();
    let columns = Columns::of(names.iter().map(String::as_str));
    for (claim, name) in claims.iter().zip(&names) {
        let value = value(claim, now);
        let meaning = claim.meaning.as_deref().map(|words| format!("  # {}", clean(words, 300))).unwrap_or_default();
        columns.line(&mut out, name, &format!("{value}{meaning}"));
    }
    let more = claims.len().saturating_sub(MAX_CLAIMS) + document.content.left_out;
    if more > 0 {
        let _ = writeln!(out, "  and {more} more");
    }
    out
}

fn value(claim: &Claim, now: Timestamp) -> String {
    if let Some(time) = claim.time {
        return format!("{} ({})", clean(&claim.value, MAX_VALUE), ago(time, now));
    }
    match (claim.form, claim.items, claim.usage) {
        (Form::Structure, Some(items), _) if claim.length > MAX_VALUE => {
            format!("{items} values, {}", clean(&claim.value, MAX_VALUE))
        }
        (_, _, ClaimUse::Empty) => "empty".to_owned(),
        _ => clean(&claim.value, MAX_VALUE),
    }
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    if at > now { format!("in {}", span(at.0 - now.0)) } else { format!("{} ago", span(now.0 - at.0)) }
}
