//! Output for people. Everything from the network is cleaned before it gets here, and again when it is printed.

use std::fmt::Write as _;

use rolecall_engine::config::{Config, ProfileName};
use rolecall_engine::findings::{Finding, Why};
use rolecall_engine::history::{Became, Change, History};
use rolecall_engine::identity::{DocumentKind, Entitlement, Entitlements, Source, ValueClass, Verified};
use rolecall_engine::ports::Timestamp;
use rolecall_engine::text::{clean, clean_line, span};
use rolecall_engine::view::SessionReport;

use crate::columns::Columns;

pub(crate) fn signed_in(report: &SessionReport) -> String {
    let entitlements = &report.entitlements;
    format!(
        "Signed in as {} at {} (profile {}): {}, {}, {}.",
        clean_line(&report.name),
        report.host,
        report.profile,
        count(entitlements.roles.len(), "role"),
        count(entitlements.groups.len(), "group"),
        count(entitlements.permissions.len(), "permission")
    )
}

pub(crate) fn status(report: &SessionReport, now: Timestamp) -> String {
    let mut text = format!("{}\n", clean_line(&report.name));
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "  {label:<11} {}", clean_line(value));
    };
    if let Some(email) = &report.email {
        let verified = match report.email_verified {
            Some(true) => " (verified)",
            Some(false) => " (not verified)",
            None => "",
        };
        line("email", &format!("{email}{verified}"));
    }
    line("subject", &report.subject);
    line("provider", &report.issuer);
    if let Some(product) = &report.product {
        line("product", product);
    }
    line("profile", &report.profile);
    let roles: Vec<&str> = report.entitlements.roles.iter().map(|role| role.value.as_str()).collect();
    line("roles", &if roles.is_empty() { "none".to_owned() } else { roles.join(", ") });
    line("groups", &report.entitlements.groups.len().to_string());
    line(
        "token",
        &report.expires_at.map_or_else(|| "the provider does not say for how long".into(), |end| left(end, now)),
    );
    line("refreshed", &format!("{} ago", span(now.0 - report.refreshed_at.0)));
    let kept = if report.has_refresh_token {
        "refreshes automatically"
    } else {
        "no refresh token: ends with the access token"
    };
    line("session", kept);
    text
}

/// Who was signed in when the session was last read, for when it can't be read now.
pub(crate) fn last_here(report: &SessionReport, now: Timestamp) -> String {
    let roles = count(report.entitlements.roles.len(), "role");
    format!("Last seen {} ago: {}, {roles}.", span(now.0 - report.refreshed_at.0), clean_line(&report.name))
}

pub(crate) fn roles(report: &SessionReport, now: Timestamp) -> String {
    let (name, age) = (clean_line(&report.name), span(now.0 - report.refreshed_at.0));
    let lists = entitlements(&report.entitlements, &report.self_asserted);
    format!("{name} at {}, read {age} ago\n{lists}", report.host)
}

/// Roles, groups and permissions with their places, and apart from them what the person may have written themself.
pub(crate) fn entitlements(entitlements: &Entitlements, self_asserted: &Entitlements) -> String {
    let mut text = String::new();
    let lists =
        [("Roles", &entitlements.roles), ("Groups", &entitlements.groups), ("Permissions", &entitlements.permissions)];
    let all: Vec<String> = lists.iter().flat_map(|(_, list)| list.iter()).map(label).collect();
    let columns = Columns::of(all.iter().map(String::as_str));
    for (title, list) in lists {
        let _ = writeln!(text, "\n{title} ({})", list.len());
        let everybody = |one: &&Entitlement| one.class == Some(ValueClass::Default);
        for one in list.iter().filter(|one| !everybody(one)) {
            columns.line(&mut text, &label(one), &sources(one));
        }
        let folded: Vec<String> = list.iter().filter(everybody).map(label).collect();
        if !folded.is_empty() {
            let _ = writeln!(text, "  and what everybody has: {}", folded.join(", "));
        }
    }
    if !self_asserted.is_empty() {
        text.push_str("\nSet by the person themself, so it counts for nothing\n");
        for (kind, one) in self_asserted.iter() {
            columns.line(&mut text, &label(one), &format!("{}: {}", kind.word(), sources(one)));
        }
    }
    text
}

pub(crate) fn label(entitlement: &Entitlement) -> String {
    let value = clean_line(&entitlement.value);
    entitlement.context.as_ref().map_or(value.clone(), |context| format!("{value} ({})", clean_line(context)))
}

/// Where it stands, with the path once where all documents agree on it; then what the directory says.
pub(crate) fn sources(entitlement: &Entitlement) -> String {
    let in_documents = || entitlement.sources.iter().filter(|source| source.document != DocumentKind::Directory);
    let mut documents: Vec<&str> = in_documents().map(|source| document_word(source.document)).collect();
    documents.dedup();
    let assigned = entitlement.sources.iter().find(|source| source.document == DocumentKind::Directory);
    let through = assigned.and_then(|source| source.through.as_ref());
    let through = through.map_or_else(String::new, |through| format!(" through {}", through.words()));
    let Some(first) = in_documents().next() else { return format!("assigned{through}, in no document") };
    let mark = if is_verified(entitlement) { "" } else { " (not verified)" };
    let path = clean_line(&first.path.join(" › "));
    let directory = if assigned.is_some() { format!("; assigned{through}") } else { String::new() };
    format!("{}: {path}{mark}{directory}", documents.join(", "))
}

/// Whether one document at least that carries it was verified for this issuer. The directory is no document.
pub(crate) fn is_verified(entitlement: &Entitlement) -> bool {
    let verified = |source: &Source| source.document != DocumentKind::Directory && source.verified != Verified::None;
    entitlement.sources.iter().any(verified)
}

const fn document_word(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::IdToken => "ID token",
        DocumentKind::AccessToken => "access token",
        DocumentKind::Userinfo => "userinfo",
        DocumentKind::Introspection => "introspection",
        DocumentKind::Directory => "directory",
    }
}

pub(crate) fn finding(finding: &Finding) -> String {
    let mut text = format!("note: {}", clean_line(&finding.title));
    for evidence in &finding.evidence {
        let _ = write!(text, "\n      {}", clean_line(evidence));
    }
    if let Some(fix) = &finding.fix {
        let _ = write!(text, "\n      {}", clean_line(fix));
    }
    text
}

/// One finding with everything in it, numbered.
pub(crate) fn finding_in_full(number: usize, finding: &Finding) -> String {
    let mut text = format!("{number}. {}\n", clean_line(&finding.title));
    for evidence in &finding.evidence {
        let _ = writeln!(text, "   - {}", clean_line(evidence));
    }
    if let Some(fix) = &finding.fix {
        let _ = writeln!(text, "   Fix: {}", clean(fix, 2000));
    }
    if let Some(snippet) = &finding.snippet {
        for line in snippet.text.lines() {
            let _ = writeln!(text, "     {}", clean(line, 2000));
        }
    }
    text
}

/// `seen` is the receiver's answer, printed between the documents and the findings.
pub(crate) fn why(why: &Why, age: i64, seen: &str) -> String {
    let mut text = String::new();
    match &why.wanted {
        Some(name) if why.present => {
            let _ = writeln!(text, "{} is here, read {} ago:", clean_line(name), span(age));
            for found in &why.found {
                let _ = writeln!(
                    text,
                    "  {} {}  {}",
                    found.kind.word(),
                    label(&found.entitlement),
                    sources(&found.entitlement)
                );
            }
        }
        Some(name) => {
            let _ = writeln!(text, "{} is not here, read {} ago.", clean_line(name), span(age));
        }
        None => {
            let _ = writeln!(text, "What is missing or odd, read {} ago.", span(age));
        }
    }
    for looked_at in &why.looked_at {
        let _ = writeln!(text, "  {looked_at}");
    }
    text.push_str(seen);
    for (number, finding) in why.findings.iter().enumerate() {
        let _ = write!(text, "\n{}", finding_in_full(number + 1, finding));
    }
    if !why.ruled_out.is_empty() {
        let _ = writeln!(text, "\nRuled out: {}.", why.ruled_out.join(", ").to_lowercase());
    }
    if why.findings.is_empty() && !why.present {
        text.push_str("\nNothing is known to be missing.\n");
    }
    text
}

/// Date and time in the person's own zone.
fn moment(at: Timestamp) -> String {
    let local = chrono::TimeZone::timestamp_opt(&chrono::Local, at.0, 0).single();
    local.map_or_else(|| at.0.to_string(), |local| local.format("%Y-%m-%d %H:%M").to_string())
}

/// What happened from `since` on, newest first.
pub(crate) fn history(history: &History, since: Timestamp, now: Timestamp) -> String {
    let mut text = String::new();
    for entry in history.moments().filter(|entry| entry.at >= since) {
        let at = moment(entry.at);
        if entry.signed_in {
            let _ = writeln!(text, "{at}  signed in");
        }
        for change in &entry.changes {
            let _ = writeln!(text, "{at}  {}", change_in_words(change));
        }
        for document in &entry.unread {
            let _ = writeln!(text, "{at}  {} could not be read; what it holds is not known", document_word(*document));
        }
        if entry.changes.is_empty() && entry.unread.is_empty() && !entry.signed_in {
            let _ = writeln!(text, "{at}  {}, nothing changed", count(entry.times as usize, "refresh"));
        }
    }
    if text.is_empty() {
        let _ = if history.begins().is_some() {
            writeln!(text, "Nothing was recorded since {}.", moment(since))
        } else {
            writeln!(text, "Nothing was recorded yet at {}.", moment(now))
        };
    }
    text
}

fn change_in_words(change: &Change) -> String {
    let (sign, more) = match change.change {
        Became::Added => ('+', ""),
        Became::Removed => ('-', ""),
        Became::ClaimAppeared => ('+', " (a claim that was not there before)"),
        Became::ClaimVanished => ('-', " (the whole claim vanished)"),
    };
    format!("{sign} {} {}{more}", change.kind.word(), clean_line(&change.value))
}

pub(crate) fn changes(report: &SessionReport) -> String {
    if report.changes.is_empty() {
        let asked = if report.has_refresh_token { "Refreshed" } else { "Userinfo was asked again" };
        return format!("{asked}: nothing changed.\n");
    }
    report.changes.iter().fold(String::new(), |mut text, change| {
        let _ = writeln!(text, "{}", change_in_words(change));
        text
    })
}

pub(crate) fn profiles(config: &Config, active: Option<&ProfileName>) -> String {
    let width = config.profiles.iter().map(|profile| profile.name.as_str().len()).max().unwrap_or(0);
    let mut text = String::new();
    for profile in &config.profiles {
        let mark = if active == Some(&profile.name) { '*' } else { ' ' };
        let unfinished = if profile.never_signed_in { "  (never signed in)" } else { "" };
        let _ = writeln!(text, "{mark} {:<width$}  {}{unfinished}", profile.name.as_str(), profile.issuer);
    }
    text
}

fn left(end: Timestamp, now: Timestamp) -> String {
    if end > now { format!("{} left", span(end.0 - now.0)) } else { format!("ended {} ago", span(now.0 - end.0)) }
}

fn count(number: usize, word: &str) -> String {
    let ending = match (number, word.ends_with('h')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{number} {word}{ending}")
}

/// Minutes and seconds, as a clock shows them.
pub(crate) fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
