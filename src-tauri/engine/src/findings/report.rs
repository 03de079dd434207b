//! A report for the administrator: what was asked and granted, what was looked at, what was found. No token, no value
//! that is not needed; no names of roles unless the person wants them in it.
//!
//! It is Markdown that people paste into tickets and mails. Whatever comes from the provider or the profile is in
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

/// The most names that are listed.
const MAX_NAMES: usize = 20_000;

/// Whether a report names roles, groups and permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// It counts them, and where a finding has to speak of one it says `role 1`, the same throughout the report. The one
    /// that was asked about keeps its name.
    #[default]
    Counted,
    /// It lists them all, because the person wants that.
    Listed,
}

/// The report as Markdown.
#[must_use]
pub fn report(evidence: &Evidence<'_>, findings: &[Finding], names: Names) -> String {
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
    if request.known {
        line("Scopes asked for", &request.scopes.join(" "));
        line("Scopes granted", evidence.granted.unwrap_or("not told, so all (RFC 6749 section 5.1)"));
    } else {
        line("Scopes asked for", "not known: these are documents that somebody pasted");
    }
    if let Some(audience) = request.audience {
        line("Audience", audience);
    }
    if let Some(read) =
        chrono::DateTime::from_timestamp(evidence.refreshed_at.0, 0).filter(|_| evidence.refreshed_at.0 > 0)
    {
        line("Read at", &read.format("%Y-%m-%d %H:%M:%S UTC").to_string());
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
    let mut stand_ins = StandIns { shown: evidence.wanted.map(|wanted| wanted.value.as_str()), known: Vec::new() };
    claims(&mut text, evidence, names, &mut stand_ins);
    if names == Names::Listed {
        listed(&mut text, evidence);
    }
    if let Some(receiver) = evidence.receiver {
        about_receiver(&mut text, receiver);
    }
    text.push_str("\n## Findings\n");
    for finding in findings {
        match names {
            Names::Listed => one_finding(&mut text, finding),
            Names::Counted => one_finding(&mut text, &stand_ins.in_place_of_names(&with_names(finding, evidence))),
        }
    }
    if names == Names::Counted && !stand_ins.known.is_empty() {
        text.push_str("\nNames of roles and groups are left out; each number stands for one of them throughout.\n");
    }
    text
}

/// The finding with the names noted that it has from the directory: through what something is assigned, what else is.
fn with_names(finding: &Finding, evidence: &Evidence<'_>) -> Finding {
    let mut finding = finding.clone();
    let Some(directory) = evidence.directory else { return finding };
    let through =
        |one: &crate::identity::Assigned| one.through.as_ref().map(|through| (through.kind, through.name.clone()));
    let assigned = directory.assigned.iter().take(2000);
    let names = assigned.flat_map(|one| through(one).into_iter().chain([(one.kind, one.value.clone())]));
    let text =
        [finding.title.as_str(), finding.fix.as_deref().unwrap_or_default(), &finding.evidence.join("\n")].join("\n");
    finding.names.extend(names.filter(|(_, name)| text.contains(&clean_line(name))));
    finding
}

/// The text in place of names.
struct StandIns<'a> {
    /// The one that was asked about.
    shown: Option<&'a str>,
    known: Vec<(Kind, String)>,
}

impl StandIns<'_> {
    fn of(&mut self, kind: Kind, value: &str) -> String {
        if self.shown == Some(value) {
            return clean_line(value);
        }
        let same = |(known, name): &(Kind, String)| *known == kind && name == value;
        let at = self.known.iter().position(same).unwrap_or_else(|| {
            self.known.push((kind, value.to_owned()));
            self.known.len() - 1
        });
        format!("{} {}", kind.word(), at + 1)
    }

    /// The finding without the names in its words, longer ones first: one name may be part of another.
    fn in_place_of_names(&mut self, finding: &Finding) -> Finding {
        let mut names = finding.names.clone();
        names.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
        let mut finding = finding.clone();
        for (kind, name) in names {
            let (name, stand_in) = (clean_line(&name), self.of(kind, &name));
            let word = kind.word();
            let replaced =
                |text: &str| without(text, &name, &stand_in).replace(&format!("{word} {stand_in}"), &stand_in);
            finding.title = replaced(&finding.title);
            finding.evidence = finding.evidence.iter().map(|line| replaced(line)).collect();
            finding.fix = finding.fix.as_deref().map(replaced);
        }
        finding
    }
}

/// The text with a name replaced wherever it stands as a word of its own.
fn without(text: &str, name: &str, stand_in: &str) -> String {
    if name.is_empty() || name == stand_in {
        return text.to_owned();
    }
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let last = before.chars().next_back().or_else(|| out.chars().next_back());
        let is_part = touches(last) && touches(name.chars().next())
            || touches(after.chars().next()) && touches(name.chars().next_back());
        out.push_str(before);
        out.push_str(if is_part { name } else { stand_in });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Every role, group and permission with its places, as `compare` reads them back.
fn listed(text: &mut String, evidence: &Evidence<'_>) {
    text.push_str("\n## Roles, groups and permissions\n\n");
    for (kind, found) in evidence.identity.entitlements.iter().take(MAX_NAMES) {
        let _ = write!(text, "- {} {}", kind.word(), code(&found.value));
        if let Some(context) = &found.context {
            let _ = write!(text, " for {}", code(context));
        }
        for source in &found.sources {
            let _ = write!(text, ", {} {}", document_name(source.document), code(&path_text(&source.path)));
        }
        text.push('\n');
    }
    let left_out = evidence.identity.entitlements.iter().count().saturating_sub(MAX_NAMES);
    if left_out > 0 {
        let _ = writeln!(text, "- and {left_out} more");
    }
}

fn claims(text: &mut String, evidence: &Evidence<'_>, names: Names, stand_ins: &mut StandIns<'_>) {
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
            let _ = match names {
                Names::Listed => writeln!(text, "- expected and missing: {} {}", kind.word(), code(value)),
                Names::Counted => writeln!(text, "- expected and missing: {}", code(&stand_ins.of(kind, value))),
            };
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
