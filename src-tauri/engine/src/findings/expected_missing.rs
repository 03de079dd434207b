use super::{Evidence, Finding, Severity};
use crate::identity::Kind;
use crate::text::{clean_line, visible};

/// A role or group the person expects is not there; one finding for each.
pub(super) fn rule(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !evidence.anything_read() {
        return Vec::new();
    }
    let expect = &evidence.profile.expect;
    let roles = expect.roles.iter().map(|value| (Kind::Role, value));
    let groups = expect.groups.iter().map(|value| (Kind::Group, value));
    roles
        .chain(groups)
        .filter(|(kind, value)| !evidence.identity.entitlements.has(*kind, &visible(value, 1000)))
        .map(|(kind, value)| missing(evidence, kind, value))
        .collect()
}

fn missing(evidence: &Evidence<'_>, kind: Kind, value: &str) -> Finding {
    let word = kind.word();
    let shown = clean_line(value);
    let mut seen = evidence.looked_at();
    let alike = alike(evidence, kind, value);
    let fix = match &alike {
        Some((other, found)) => {
            seen.push(format!("There is the {} {found}", other.word()));
            format!("If that is the one, write it so in the profile’s expect.{}s.", other.word())
        }
        None => format!(
            "Ask the administrator of {} to give you the {word}, then refresh. If you have it there already, it is not sent to this client.",
            evidence.profile.issuer.host()
        ),
    };
    Finding {
        code: "expected_missing".into(),
        severity: Severity::Warning,
        title: format!("The {word} {shown} is not there"),
        evidence: seen,
        fix: Some(fix),
        snippet: None,
    }
}

/// One that differs only in case or in what stands before the last slash, or is the same but of another kind.
fn alike(evidence: &Evidence<'_>, kind: Kind, value: &str) -> Option<(Kind, String)> {
    let leaf = |text: &str| text.rsplit('/').next().unwrap_or_default().to_lowercase();
    let wanted = leaf(value);
    let all = || evidence.identity.entitlements.iter().filter(|(kind, _)| *kind != Kind::Permission);
    let same_kind = all().find(|(other, found)| *other == kind && leaf(&found.value) == wanted);
    let found = same_kind.or_else(|| all().find(|(other, found)| *other != kind && found.value == value));
    found.map(|(other, found)| (other, clean_line(&found.value)))
}
