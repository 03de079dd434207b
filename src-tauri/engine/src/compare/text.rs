use std::fmt::Write as _;

use crate::findings::Found;
use crate::identity::{Entitlement, Kind};
use crate::products::{document_name, path_text};
use crate::text::clean_line;
use crate::view::{ComparedPair, ComparedSide, Comparison};

/// The comparison as text. Values were made safe where they were read.
pub(super) fn text(compared: &Comparison) -> String {
    let mut text = String::new();
    let (a, b) = (clean_line(&compared.a.label), clean_line(&compared.b.label));
    for side in [&compared.a, &compared.b] {
        let _ = writeln!(text, "{}", heading(side));
        for note in &side.notes {
            let _ = writeln!(text, "  {}", clean_line(note));
        }
    }
    list(&mut text, &format!("Only in {a}"), &compared.only_a);
    list(&mut text, &format!("Only in {b}"), &compared.only_b);
    pairs(&mut text, "Same but for case or prefix", &compared.spelled, |pair| {
        format!("{} {}, there {}", pair.kind.word(), label(&pair.a), label(&pair.b))
    });
    pairs(&mut text, "Same value elsewhere", &compared.elsewhere, |pair| {
        format!("{} {}: {}", pair.kind.word(), label(&pair.a), clean_line(&pair.differs))
    });
    if compared.names_known {
        let _ = writeln!(text, "\nThe same in both: {}", compared.same);
    }
    settings(&mut text, compared);
    for (number, finding) in compared.findings.iter().enumerate() {
        let _ = writeln!(text, "\n{}. {}", number + 1, clean_line(&finding.title));
        for line in &finding.evidence {
            let _ = writeln!(text, "   - {}", clean_line(line));
        }
        if let Some(fix) = &finding.fix {
            let _ = writeln!(text, "   Fix: {}", clean_line(fix));
        }
    }
    text
}

fn heading(side: &ComparedSide) -> String {
    let mut words = clean_line(&side.label);
    if let Some(who) = &side.who {
        let _ = write!(words, ": {}", clean_line(who));
    }
    if let Some(at) = side.at {
        let _ = write!(words, ", {} {}", side.when_word, moment(at.0));
    }
    words
}

fn list(text: &mut String, title: &str, found: &[Found]) {
    if found.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title} ({})", found.len());
    for Found { kind, entitlement } in found {
        let _ = writeln!(text, "  {} {}{}", kind.word(), label(entitlement), places(*kind, entitlement));
    }
}

fn pairs(text: &mut String, title: &str, all: &[ComparedPair], line: impl Fn(&ComparedPair) -> String) {
    if all.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title} ({})", all.len());
    for pair in all {
        let _ = writeln!(text, "  {}", line(pair));
    }
}

fn settings(text: &mut String, compared: &Comparison) {
    let differ: Vec<_> = compared.settings.iter().filter(|row| row.differs).collect();
    if !differ.is_empty() {
        text.push_str("\nWhat differs in how they were asked for\n");
    }
    for row in differ {
        let value = |side: &Option<String>| clean_line(side.as_deref().unwrap_or("not known"));
        let _ = writeln!(text, "  {}: {}; there {}", row.name, value(&row.a), value(&row.b));
    }
    let same: Vec<String> = compared
        .settings
        .iter()
        .filter(|row| !row.differs && row.a == row.b)
        .map(|row| row.name.to_lowercase())
        .collect();
    if !same.is_empty() {
        let _ = writeln!(text, "  The same: {}", same.join(", "));
    }
}

fn label(found: &Entitlement) -> String {
    let value = clean_line(&found.value);
    found.context.as_ref().map_or(value.clone(), |context| format!("{value} ({})", clean_line(context)))
}

fn places(_: Kind, found: &Entitlement) -> String {
    let places: Vec<String> = found
        .sources
        .iter()
        .map(|source| format!("{}: {}", document_name(source.document), path_text(&source.path)))
        .collect();
    if places.is_empty() { String::new() } else { format!("  ({})", places.join("; ")) }
}

fn moment(at: i64) -> String {
    let moment = chrono::DateTime::from_timestamp(at, 0);
    moment.map_or_else(|| at.to_string(), |moment| moment.format("%Y-%m-%d %H:%M UTC").to_string())
}
