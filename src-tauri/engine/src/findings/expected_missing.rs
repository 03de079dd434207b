use super::Finding;
use super::evidence::{Evidence, Wanted};
use crate::identity::Kind;
use crate::text::clean_line;

/// A role or group that the profile expects is not there; one finding for each. When somebody asks about one, they are
/// told about that one alone.
pub(super) fn rule(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(wanted) = evidence.wanted else {
        return evidence.expected_missing().map(|(kind, value)| missing(evidence, Some(kind), value)).collect();
    };
    if evidence.found(wanted).is_empty() && evidence.anything_read() {
        vec![missing(evidence, wanted.kind, &wanted.value)]
    } else {
        Vec::new()
    }
}

fn missing(evidence: &Evidence<'_>, kind: Option<Kind>, value: &str) -> Finding {
    let word = kind.map_or("role or group", Kind::word);
    let mut finding = Finding::warning("expected_missing", format!("The {word} {} is not there", clean_line(value)));
    finding.evidence = evidence.looked_at();
    let wanted = Wanted { value: value.to_owned(), kind };
    let alike = evidence.alike(&wanted);
    for (other, found) in &alike {
        finding = finding.seen(format!("There is the {} {}", other.word(), clean_line(&found.value)));
    }
    match alike.first() {
        Some((other, _)) => {
            finding.fix(format!("If that is the one, write it so in the profile’s expect.{}s.", other.word()))
        }
        None => finding.fix(format!(
            "Ask the administrator of {} to give you the {word}, then refresh. If you have it there already, it is not sent to this client.",
            evidence.profile.issuer.host()
        )),
    }
}
