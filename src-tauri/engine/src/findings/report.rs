//! A report for the administrator: what was asked and granted, what was looked at, what was found. No token, no value
//! that is not needed.

use std::fmt::Write as _;

use super::evidence::path_text;
use super::{Evidence, Finding, document_name};
use crate::identity::Kind;
use crate::text::clean_line;

/// The report as Markdown. Values of roles and groups are counted, not told, save for the one asked about.
#[must_use]
pub fn report(evidence: &Evidence<'_>, findings: &[Finding]) -> String {
    let mut text = String::from("# Roles and groups: report from Rolecall\n\n");
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "- {label}: {}", code(value));
    };
    line("Issuer", evidence.profile.issuer.as_str());
    line("Provider", evidence.product.label());
    line("Client ID", &evidence.profile.client_id);
    line("Subject", &evidence.identity.subject);
    if let Some(wanted) = evidence.wanted {
        line("Asked about", &wanted.value);
    }
    line("Scopes asked for", &evidence.profile.scopes.to_string());
    line("Scopes granted", evidence.granted.unwrap_or("not told, so all (RFC 6749 section 5.1)"));
    if let Some(audience) = &evidence.profile.audience {
        line("Audience", audience);
    }
    text.push_str("\n## Documents\n\n");
    for seen in evidence.looked_at() {
        let _ = writeln!(text, "- {seen}");
    }
    text.push_str("\n## Claims that held something\n\n");
    let mut places: Vec<(String, usize)> = Vec::new();
    for (kind, found) in evidence.identity.entitlements.iter() {
        for source in &found.sources {
            let place =
                format!("{}, {}: {}s", document_name(source.document), code(&path_text(&source.path)), kind.word());
            match places.iter_mut().find(|(known, _)| *known == place) {
                Some((_, count)) => *count += 1,
                None => places.push((place, 1)),
            }
        }
    }
    for (place, count) in places.iter().take(50) {
        let _ = writeln!(text, "- {place}: {count}");
    }
    if places.is_empty() {
        text.push_str("- none\n");
    }
    for kind in [Kind::Role, Kind::Group] {
        for (_, value) in evidence.expected_missing().filter(|(missing, _)| *missing == kind) {
            let _ = writeln!(text, "- expected and missing: {} {}", kind.word(), code(value));
        }
    }
    text.push_str("\n## Findings\n");
    for finding in findings {
        let _ = writeln!(text, "\n### {} ({})\n", clean_line(&finding.title), finding.code);
        for seen in &finding.evidence {
            let _ = writeln!(text, "- {}", clean_line(seen));
        }
        if let Some(fix) = &finding.fix {
            let _ = writeln!(text, "\n{}", crate::text::clean(fix, 2000));
        }
        if let Some(snippet) = &finding.snippet {
            let _ = writeln!(text, "\n```{}\n{}\n```", snippet.language, snippet.text.trim_end());
        }
    }
    text
}

/// As code, so that nothing in a value acts as Markdown.
fn code(value: &str) -> String {
    format!("`{}`", clean_line(value).replace('`', "'"))
}
