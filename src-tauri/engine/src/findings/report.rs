//! A report for the administrator: what was asked and granted, what was looked at, what was found. No token, no value
//! that is not needed.
//!
//! It is Markdown that people paste into tickets and mails. Whatever comes from the provider or the profile stands in
//! code, inline or in a fenced block, so that nothing in it is a link, a picture, a heading or HTML (requirement CLI-4).

use std::collections::HashMap;
use std::fmt::Write as _;

use super::directory::NO_LONGER;
use super::{Evidence, Finding};
use crate::identity::{Asked, Kind};
use crate::products::{CUT_AS_WELL, document_name, path_text};
use crate::receivers::{Receiver, ReceiverAnswer};
use crate::text::{clean, clean_line};

/// The most places that are listed.
const MAX_PLACES: usize = 50;

/// The report as Markdown. Values of roles and groups are counted, not told, save for the one asked about.
#[must_use]
pub fn report(evidence: &Evidence<'_>, findings: &[Finding]) -> String {
    let request = &evidence.request;
    let mut text = String::from("# Roles and groups: report from Rolecall\n\n");
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "- {label}: {}", code(value));
    };
    line("Issuer", request.issuer);
    line("Provider", evidence.product.name);
    line("Client ID", request.client_id);
    line("Subject", &evidence.identity.subject);
    if let Some(wanted) = evidence.wanted {
        line("Asked about", &wanted.value);
    }
    line("Scopes asked for", &request.scopes.join(" "));
    line("Scopes granted", evidence.granted.unwrap_or("not told, so all (RFC 6749 section 5.1)"));
    if let Some(audience) = request.audience {
        line("Audience", audience);
    }
    text.push_str("\n## Documents\n\n");
    for seen in evidence.looked_at() {
        let _ = writeln!(text, "- {}", code(&seen));
    }
    if let Some(directory) = evidence.directory {
        let word = |state| match state {
            Asked::Fully => "asked",
            Asked::Partly => "asked in part",
            Asked::CouldNotBeAsked => "could not be asked",
        };
        let kinds = directory.kinds.iter().map(|answer| format!("{}s {}", answer.kind.word(), word(answer.state)));
        let _ = writeln!(text, "- {}", code(&format!("Directory: {}", kinds.collect::<Vec<_>>().join(", "))));
    }
    claims(&mut text, evidence);
    if let Some(receiver) = evidence.receiver {
        about_receiver(&mut text, receiver);
    }
    text.push_str("\n## Findings\n");
    for finding in findings {
        one_finding(&mut text, finding);
    }
    text
}

fn claims(text: &mut String, evidence: &Evidence<'_>) {
    text.push_str("\n## Claims that held something\n\n");
    let mut order: Vec<String> = Vec::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (kind, found) in evidence.identity.entitlements.iter() {
        for source in &found.sources {
            let path = code(&path_text(&source.path));
            let place = format!("{}, {path}: {}s", document_name(source.document), kind.word());
            if !counts.contains_key(&place) {
                order.push(place.clone());
            }
            *counts.entry(place).or_default() += 1;
        }
    }
    for place in order.iter().take(MAX_PLACES) {
        let _ = writeln!(text, "- {place}: {}", counts[place]);
    }
    if order.len() > MAX_PLACES {
        let _ = writeln!(text, "- and {} more places", order.len() - MAX_PLACES);
    }
    if order.is_empty() {
        text.push_str("- none\n");
    }
    for kind in [Kind::Role, Kind::Group] {
        for (_, value) in evidence.expected_missing().filter(|(missing, _)| *missing == kind) {
            let _ = writeln!(text, "- expected and missing: {} {}", kind.word(), code(value));
        }
    }
}

/// What a receiver said: how it reads the token, no list of groups.
fn about_receiver(text: &mut String, receiver: &Receiver) {
    text.push_str("\n## Kubernetes\n\n");
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "- {label}: {}", code(value));
    };
    if let Some(target) = &receiver.target {
        line("Cluster", target.server.as_deref().unwrap_or_default());
        line("Asked as the kubeconfig’s user", &target.user);
    }
    match &receiver.answer {
        ReceiverAnswer::Accepted(seen) => {
            line("Sees the user", &seen.username);
            line("Groups", &(seen.groups.len() + seen.left_out).to_string());
            for claim in seen.claims.iter().take(MAX_PLACES) {
                let read = match &claim.prefix {
                    Some(prefix) => format!("read, {} of {}, prefix {prefix:?}", claim.known, claim.carried),
                    None => format!("not read ({} values)", claim.carried),
                };
                line(&format!("Claim {}", code(&path_text(&claim.path))), &read);
            }
        }
        ReceiverAnswer::Refused => line("Answer", "Unauthorized (401)"),
        ReceiverAnswer::CouldNotAsk(why) => line("Could not be asked", &why.detail),
    }
}

fn one_finding(text: &mut String, finding: &Finding) {
    let _ = write!(text, "\n### {}\n\n", code(&finding.code));
    let mut words = clean_line(&finding.title);
    // Values that nobody asked about are not told.
    let names_others = |seen: &&String| [CUT_AS_WELL, NO_LONGER].iter().any(|line| seen.starts_with(line));
    for seen in finding.evidence.iter().filter(|seen| !names_others(seen)) {
        let _ = write!(words, "\n- {}", clean_line(seen));
    }
    if let Some(fix) = &finding.fix {
        let _ = write!(words, "\n\n{}", clean(fix, 2000));
    }
    block(text, "text", &words);
    if let Some(snippet) = &finding.snippet {
        text.push('\n');
        block(text, &snippet.language, snippet.text.trim_end());
    }
}

/// As inline code. A backtick would end it, so it is shown as an apostrophe.
fn code(value: &str) -> String {
    format!("`{}`", clean_line(value).replace('`', "'"))
}

/// As a fenced block whose fence is longer than any run of backticks in it (`CommonMark` section 4.5).
fn block(text: &mut String, language: &str, content: &str) {
    let longest = content.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(text, "{fence}{language}\n{content}\n{fence}");
}
