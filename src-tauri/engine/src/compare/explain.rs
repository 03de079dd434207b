//! What explains the differences: rules as in [`crate::findings`], each from evidence of both sides.

use std::collections::BTreeSet;

use super::Side;
use crate::findings::{Finding, Found};
use crate::identity::{DocumentKind, DocumentState};
use crate::products::{document_name, path_text};
use crate::text::clean_line;
use crate::view::Comparison;

/// Both sides with what only one of them has.
struct Sides<'a> {
    /// The side that has more.
    with: &'a Side,
    /// The one that lacks it.
    without: &'a Side,
    /// The entitlements that it lacks.
    lacking: &'a [Found],
}

/// The findings, those that the documents prove first.
pub(super) fn findings(a: &Side, b: &Side, compared: &Comparison) -> Vec<Finding> {
    let mut told = Vec::new();
    for sides in [
        Sides { with: a, without: b, lacking: &compared.only_a },
        Sides { with: b, without: a, lacking: &compared.only_b },
    ] {
        if !sides.lacking.is_empty() {
            told.extend([claim_missing(&sides), document_unread(&sides), older(&sides)].into_iter().flatten());
        }
    }
    let differ = !compared.is_same();
    if differ {
        told.extend(
            [issuers(a, b), people(a, b), clients(a, b), scopes(a, b), organizations(a, b), audiences(a, b)]
                .into_iter()
                .flatten(),
        );
    }
    told.extend(spelling(compared));
    told.extend(unnamed(a, b));
    told.sort_by_key(|finding| finding.certainty);
    told
}

/// All of them are in one claim, and the other side’s document of that kind has no such claim: a rule or a mapper, not
/// somebody's role.
fn claim_missing(sides: &Sides<'_>) -> Option<Finding> {
    let mut places: BTreeSet<(DocumentKind, &str)> = BTreeSet::new();
    for found in sides.lacking {
        let sources = &found.entitlement.sources;
        places.extend(sources.iter().filter_map(|source| Some((source.document, source.path.first()?.as_str()))));
    }
    let missing = |(document, claim): &(DocumentKind, &str)| {
        let mut there = sides.without.documents.iter().filter(|(kind, ..)| kind == document).peekable();
        there.peek().is_some()
            && there.all(|(_, state, names)| *state == DocumentState::Read && !names.iter().any(|name| name == claim))
    };
    if places.is_empty() || !places.iter().all(missing) {
        return None;
    }
    let (without, with) = (clean_line(&sides.without.label), clean_line(&sides.with.label));
    let mut finding = Finding::warning(
        "claim_missing_on_one_side",
        format!("{without} lacks the whole claim that holds them, not single roles"),
    );
    for (document, claim) in places.iter().take(5) {
        let place = path_text(&[(*claim).to_owned()]);
        finding = finding.seen(format!("{}: {place} is there in {with}, not in {without}", document_name(*document)));
    }
    let fix = "A rule, mapper or scope writes that claim. Compare the two clients and what they were granted; whether the roles are assigned can’t be told from this.";
    Some(finding.fix(fix).proven())
}

/// All of them are in a document that the other side lacks or can't read.
fn document_unread(sides: &Sides<'_>) -> Option<Finding> {
    let state = |kind: DocumentKind| {
        sides.without.documents.iter().find(|(document, ..)| *document == kind).map(|(_, state, _)| *state)
    };
    if sides.without.documents.is_empty() {
        return None;
    }
    let mut kinds: BTreeSet<DocumentKind> = BTreeSet::new();
    for found in sides.lacking {
        kinds.extend(found.entitlement.sources.iter().map(|source| source.document));
    }
    if kinds.is_empty() || kinds.iter().any(|kind| state(*kind) == Some(DocumentState::Read)) {
        return None;
    }
    let without = clean_line(&sides.without.label);
    let title = format!("What {without} lacks stands in a document that it does not have or that can’t be read");
    let mut finding = Finding::warning("document_missing_on_one_side", title);
    for kind in kinds {
        let words = match state(kind) {
            Some(DocumentState::Opaque) => "not a JWT there",
            Some(DocumentState::Encrypted) => "encrypted there",
            Some(DocumentState::Failed) => "asking for it failed there",
            Some(DocumentState::Absent | DocumentState::Read) | None => "not there",
        };
        finding = finding.seen(format!("{}: {words}", document_name(kind)));
    }
    Some(finding.fix("So it is unknown there, not missing. Take the same documents from both.").proven())
}

/// The same person at the same client, longer ago.
fn older(sides: &Sides<'_>) -> Option<Finding> {
    let (with, without) = (sides.with, sides.without);
    if !is_same(with.subject.as_ref(), without.subject.as_ref())
        || !is_same(with.issuer.as_ref(), without.issuer.as_ref())
    {
        return None;
    }
    let (newer, older) = (with.issued_at.or(with.at)?, without.issued_at.or(without.at)?);
    let age = newer.0 - older.0;
    if age < 300 {
        return None;
    }
    let label = clean_line(&without.label);
    let finding = Finding::info("older_on_one_side", format!("{label} is older: what was given since is not in it"))
        .seen(format!("Made {} minutes before the other", age / 60))
        .fix(format!("Refresh {label} and compare again."));
    Some(finding.likely())
}

fn issuers(a: &Side, b: &Side) -> Option<Finding> {
    let (one, other) = (a.issuer.as_ref()?, b.issuer.as_ref()?);
    if one == other {
        return None;
    }
    let finding = Finding::info("different_issuers", "They come from two issuers, and each assigns roles on its own")
        .seen(format!("{}: {}", clean_line(&a.label), clean_line(one)))
        .seen(format!("{}: {}", clean_line(&b.label), clean_line(other)))
        .fix("A role that was given at one has to be given at the other too.");
    Some(finding.likely())
}

fn people(a: &Side, b: &Side) -> Option<Finding> {
    let (one, other) = (a.subject.as_ref()?, b.subject.as_ref()?);
    if one == other || a.issuer.as_ref()? != b.issuer.as_ref()? {
        return None;
    }
    let name = |side: &Side, subject: &str| clean_line(side.who.as_deref().unwrap_or(subject));
    let finding = Finding::info("different_people", "They are two people of the same issuer")
        .seen(format!("{}: {}", clean_line(&a.label), name(a, one)))
        .seen(format!("{}: {}", clean_line(&b.label), name(b, other)))
        .fix("What one has and the other lacks was assigned to one of them alone, where client, scopes and age are the same.");
    Some(finding.likely())
}

fn clients(a: &Side, b: &Side) -> Option<Finding> {
    let (one, other) = (a.client.as_ref()?, b.client.as_ref()?);
    if one == other || a.issuer != b.issuer {
        return None;
    }
    let finding = Finding::info("different_clients", "They were made for two clients of the same issuer")
        .seen(format!("{}: {}", clean_line(&a.label), clean_line(one)))
        .seen(format!("{}: {}", clean_line(&b.label), clean_line(other)))
        .fix("Client roles, mappers, scopes and claim rules are set per client at most providers: compare the two there.");
    Some(finding.likely())
}

fn scopes(a: &Side, b: &Side) -> Option<Finding> {
    let set =
        |text: &str| text.split([' ', ',']).filter(|word| !word.is_empty()).map(clean_line).collect::<BTreeSet<_>>();
    let (one, other) = (set(a.granted.as_ref()?), set(b.granted.as_ref()?));
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        these.difference(those).cloned().collect::<Vec<_>>().join(" ")
    };
    let (only_a, only_b) = (only(&one, &other), only(&other, &one));
    if only_a.is_empty() && only_b.is_empty() {
        return None;
    }
    let mut finding = Finding::info("different_scopes", "They were granted different scopes");
    for (side, scopes) in [(a, only_a), (b, only_b)] {
        if !scopes.is_empty() {
            finding = finding.seen(format!("Only {}: {scopes}", clean_line(&side.label)));
        }
    }
    Some(
        finding
            .fix("Many providers send roles or groups only with a scope of theirs. Ask for the same scopes at both.")
            .likely(),
    )
}

fn organizations(a: &Side, b: &Side) -> Option<Finding> {
    let (one, other) = (a.organization.as_ref()?, b.organization.as_ref()?);
    if one == other {
        return None;
    }
    let words = |text: &str| if text.is_empty() { "none".to_owned() } else { clean_line(text) };
    let finding = Finding::info("different_organizations", "They signed in to different organisations")
        .seen(format!("{}: {}", clean_line(&a.label), words(one)))
        .seen(format!("{}: {}", clean_line(&b.label), words(other)))
        .fix("Roles that hold in an organisation come only with a sign-in to it.");
    Some(finding.likely())
}

fn audiences(a: &Side, b: &Side) -> Option<Finding> {
    let (one, other) = (a.audience.as_ref()?, b.audience.as_ref()?);
    if one == other {
        return None;
    }
    let words = |text: &str| if text.is_empty() { "none".to_owned() } else { clean_line(text) };
    let finding = Finding::info("different_audiences", "Their access tokens are for different APIs")
        .seen(format!("{}: {}", clean_line(&a.label), words(one)))
        .seen(format!("{}: {}", clean_line(&b.label), words(other)))
        .fix("Permissions are those of one API, and some providers send roles only for an API of one’s own.");
    Some(finding.likely())
}

/// An application that compares byte by byte takes them for two.
fn spelling(compared: &Comparison) -> Option<Finding> {
    let first = compared.spelled.first()?;
    let title = "Some are spelled differently: an application that compares them exactly takes one and not the other";
    let finding = Finding::warning("spelled_differently", title)
        .seen(format!("{}, there {}", clean_line(&first.a.value), clean_line(&first.b.value)))
        .fix("Have both written the same: a mapper or rule at one of them adds a path, a prefix or another case.")
        .naming(first.kind, &first.a.value)
        .naming(first.kind_b, &first.b.value);
    Some(finding.proven())
}

fn unnamed(a: &Side, b: &Side) -> Option<Finding> {
    let silent: Vec<String> =
        [a, b].iter().filter(|side| side.entitlements.is_none()).map(|side| clean_line(&side.label)).collect();
    if silent.is_empty() {
        return None;
    }
    let finding =
        Finding::warning("names_left_out", "Names can’t be compared: a report counts them and does not name them")
            .seen(format!("Without names: {}", silent.join(", ")))
            .fix("Make the report with rolecall why --report --names, or take roles --json.");
    Some(finding.proven())
}

fn is_same(one: Option<&String>, other: Option<&String>) -> bool {
    one.is_some() && one == other
}
