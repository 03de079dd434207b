use super::alike::Closeness;
use super::{About, Evidence, Finding};
use crate::identity::Kind;
use crate::text::clean_line;

/// The one asked about is not there.
pub(super) fn rule(evidence: &Evidence<'_>) -> Option<Finding> {
    let wanted = evidence.wanted?;
    if !evidence.found(wanted).is_empty() || !evidence.anything_read() {
        return None;
    }
    let word = wanted.kind.map_or("role or group", Kind::word);
    let title = format!("The {word} {} is not there", clean_line(&wanted.value));
    let mut finding = Finding::warning("expected_missing", title);
    finding.about = Some(About { kind: wanted.kind, value: wanted.value.clone() });
    finding.evidence = evidence.looked_at();
    finding = finding.naming(wanted.kind.unwrap_or(Kind::Role), &wanted.value);
    let close = evidence.closest(wanted);
    for (_, kind, found) in &close {
        finding = finding
            .seen(format!("There is the {} {}", kind.word(), clean_line(&found.value)))
            .naming(*kind, &found.value);
    }
    let Some((closeness, kind, found)) = close.first() else {
        let assign = evidence.product.assign.trim_end_matches('.');
        return Some(finding.possible().fix(format!(
            "{assign}, {}. If you have it there already, it is not sent to this client: ask the administrator of {}.",
            evidence.product.then(),
            evidence.host()
        )));
    };
    let difference = match closeness {
        Closeness::OtherKind => "It is there under another kind",
        Closeness::Spelling => "Only the spelling differs; case, blanks and hyphens count",
        Closeness::Qualified => "The same name came with more around it; all of it belongs to the name",
        Closeness::Typing => "It differs by a letter or two",
    };
    let found = clean_line(&found.value);
    let finding = finding.fix(if evidence.request.known {
        format!("{difference}. If {found} is the one, write it so, in the profile’s expect.{}s too.", kind.word())
    } else {
        format!("{difference}. If {found} is the one, the application has to ask for it so.")
    });
    Some(if *closeness == Closeness::Typing { finding } else { finding.proven() })
}
