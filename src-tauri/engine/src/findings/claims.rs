//! Rules about the claims themselves.

use super::{Evidence, Finding};
use crate::identity::{DocumentKind, Entitlement, Kind, ValueClass};
use crate::products::{document_name, path_text};
use crate::text::clean_line;

/// Claims that sound like roles or groups and are not known: offered, not guessed.
pub(super) fn offered(evidence: &Evidence<'_>) -> Option<Finding> {
    let mut places: Vec<(DocumentKind, &[String])> = Vec::new();
    for (document, facts) in evidence.all_facts() {
        for path in &facts.offered {
            if !places.iter().any(|(_, known)| *known == path.as_slice()) {
                places.push((document, path));
            }
        }
    }
    places.first()?;
    let title = "A claim sounds like roles or groups, but Rolecall does not know it";
    let mut finding = if evidence.lacks_any() {
        Finding::warning("unknown_claim", title)
    } else {
        Finding::info("unknown_claim", title)
    };
    let mut entries = Vec::new();
    for (document, path) in places.iter().take(10) {
        finding = finding.seen(format!("{}: {}", document_name(*document), path_text(path)));
        entries.push(entry(path));
    }
    let text = format!("claims = [{}]\n", entries.join(", "));
    let fix = if evidence.request.known {
        format!(
            "If these are yours, add this line to the profile {} in rolecall.toml, then refresh: {}",
            evidence.request.profile,
            text.trim_end()
        )
    } else {
        "If these are roles or groups, a profile in rolecall.toml can name the claim with the line below.".to_owned()
    };
    Some(finding.fix(fix).snippet("toml", text))
}

/// One place in the form of the profile's `claims`. A JSON string is a basic string of TOML.
fn entry(path: &[String]) -> String {
    let kind = if path_text(path).to_lowercase().contains("group") { Kind::Group } else { Kind::Role };
    let quoted: Vec<String> = path.iter().map(|name| serde_json::Value::from(name.as_str()).to_string()).collect();
    format!("{{ path = [{}], means = \"{}\" }}", quoted.join(", "), kind.word())
}

/// The one asked about is only in a claim that the person can write themself.
pub(super) fn self_asserted(evidence: &Evidence<'_>) -> Option<Finding> {
    let wanted = evidence.wanted.filter(|wanted| evidence.found(wanted).is_empty())?;
    let value = crate::text::visible(&wanted.value, 1000);
    let (_, found) = evidence.identity.self_asserted.iter().find(|(_, found)| found.value == value)?;
    let source = found.sources.first()?;
    let finding = Finding::warning("own_word_only", "It stands only where the person can write it themself, so it counts for nothing")
        .seen(format!("{}: {}", document_name(source.document), path_text(&source.path)))
        .fix("Have the administrator keep it where only they can write (app_metadata, public_metadata, a role of the provider).");
    Some(finding.proven())
}

/// A known claim is there and holds nothing: nobody gave this person any.
pub(super) fn empty(evidence: &Evidence<'_>) -> Option<Finding> {
    if !evidence.lacks_any() {
        return None;
    }
    let mut finding = Finding::warning("claim_empty", "The claim is there and empty: the person has been given none");
    for (document, facts) in evidence.all_facts() {
        for path in facts.empty.iter().filter(|path| may_hold_the_wanted(evidence, path)).take(5) {
            finding = finding.seen(format!("{}: {} holds nothing", document_name(document), path_text(path)));
        }
    }
    if finding.evidence.is_empty() {
        return None;
    }
    let fix = format!(
        "The way from {} to here works. Ask its administrator to give the person the role or group, {}.",
        evidence.host(),
        evidence.product.then()
    );
    let finding = finding.fix(fix);
    // Where roles hold in organizations, an empty list may be that of another one.
    Some(if evidence.product.organizations { finding } else { finding.proven() })
}

/// An empty list of groups explains no missing role, and the other way round.
fn may_hold_the_wanted(evidence: &Evidence<'_>, path: &[String]) -> bool {
    let name = path.last().map(|name| name.to_lowercase()).unwrap_or_default();
    match evidence.wanted.and_then(|wanted| wanted.kind) {
        Some(Kind::Role) => !name.contains("group"),
        Some(Kind::Group) => !name.contains("role"),
        Some(Kind::Permission) | None => true,
    }
}

/// Only what everybody has.
pub(super) fn only_defaults(evidence: &Evidence<'_>) -> Option<Finding> {
    let all: Vec<&str> = evidence.identity.entitlements.iter().map(|(_, found)| found.value.as_str()).take(5).collect();
    if all.is_empty() || !evidence.has_nothing() {
        return None;
    }
    let shown: Vec<String> = all.iter().map(|value| clean_line(value)).collect();
    let finding =
        Finding::warning("only_default_roles", "Only what everybody has came; the person has been given nothing more")
            .seen(format!("Came: {}", shown.join(", ")))
            .fix(format!("{}, {}.", evidence.product.assign.trim_end_matches('.'), evidence.product.then()));
    let named = evidence.identity.entitlements.iter().take(5);
    Some(named.fold(finding.proven(), |finding, (kind, found)| finding.naming(kind, &found.value)))
}

/// A single text where several values are possible.
pub(super) fn one_value(evidence: &Evidence<'_>) -> Option<Finding> {
    let fix = evidence.product.several_values?;
    if !(evidence.misses(Kind::Role) || evidence.misses(Kind::Group) || evidence.product.one_value_is_odd) {
        return None;
    }
    let path = evidence.all_facts().find_map(|(_, facts)| facts.single.first())?;
    let finding = Finding::warning("single_value", "Only one value came where several could stand")
        .seen(format!("{} is one text, not a list", path_text(path)))
        .fix(fix);
    Some(finding.proven())
}

/// In a document that an application may not look at. NGINX, for one, reads the ID token alone.
pub(super) fn elsewhere(evidence: &Evidence<'_>) -> Option<Finding> {
    evidence.facts(DocumentKind::IdToken)?;
    let in_id = |found: &Entitlement| found.sources.iter().any(|source| source.document == DocumentKind::IdToken);
    let entitlements = &evidence.identity.entitlements;
    let of = |kind: Kind| entitlements.beyond_defaults(kind).map(move |found| (kind, found));
    let all = || [Kind::Role, Kind::Group].into_iter().flat_map(of);
    let (kind, first) = all().find(|(_, found)| !in_id(found))?;
    let source = first.sources.first()?;
    let finding =
        Finding::info("in_another_document", "Not everything stands in the ID token, where many applications look")
            .seen(format!(
                "{} of {} stand elsewhere, such as {} in the {} at {}",
                all().filter(|(_, found)| !in_id(found)).count(),
                all().count(),
                clean_line(&first.value),
                document_name(source.document).to_lowercase(),
                path_text(&source.path)
            ))
            .fix(evidence.product.into_id_token)
            .naming(kind, &first.value);
    Some(finding)
}

/// Identifiers where people expect names: all of them, or some while one is asked for by its name.
pub(super) fn identifiers(evidence: &Evidence<'_>) -> Option<Finding> {
    [Kind::Group, Kind::Role].into_iter().find_map(|kind| {
        let all = || evidence.identity.entitlements.beyond_defaults(kind);
        let is_id = |found: &&Entitlement| {
            matches!(found.class, Some(ValueClass::Guid | ValueClass::Arn | ValueClass::Identifier))
        };
        let (count, ids) = (all().count(), all().filter(is_id).count());
        let first = all().find(is_id)?;
        let whole = ids == count;
        let by_name = evidence.wanted.is_some_and(|wanted| ValueClass::of_shape(&wanted.value).is_none());
        let missing = evidence.misses(kind) && (by_name || evidence.wanted.is_none());
        if !whole && !missing {
            return None;
        }
        let title = if whole {
            format!("The {}s came as identifiers, not as names", kind.word())
        } else {
            format!("Some {}s came as identifiers: the one that is missed by its name may be among them", kind.word())
        };
        let count = if whole { format!("All {count} of them") } else { format!("{ids} of {count}") };
        let seen = format!("{count}, such as {}", clean_line(&first.value));
        let finding = if missing {
            Finding::warning("identifiers_not_names", title)
        } else {
            Finding::info("identifiers_not_names", title)
        };
        let finding = finding.seen(seen).naming(kind, &first.value).fix(evidence.product.names_for_ids);
        Some(if missing && !whole { finding.possible() } else { finding })
    })
}
