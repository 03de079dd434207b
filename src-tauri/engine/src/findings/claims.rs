//! What the claims themselves show.

use super::evidence::{document_name, path_text};
use super::{Evidence, Finding, Snippet, fixes};
use crate::config::Product;
use crate::identity::{DocumentKind, Entitlement, Kind, ValueClass};
use crate::text::clean_line;

/// Claims that sound like roles or groups and are not known: offered, not guessed.
pub(super) fn offered(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut places: Vec<(DocumentKind, &[String])> = Vec::new();
    for (document, facts) in evidence.all_facts() {
        for path in &facts.offered {
            if !places.iter().any(|(_, known)| *known == path.as_slice()) {
                places.push((document, path));
            }
        }
    }
    let Some((_, first)) = places.first() else { return Vec::new() };
    let kind = if path_text(first).to_lowercase().contains("group") { Kind::Group } else { Kind::Role };
    let quoted: Vec<String> = first.iter().map(|name| serde_json::Value::from(name.as_str()).to_string()).collect();
    let text = format!("claims = [{{ path = [{}], means = \"{}\" }}]\n", quoted.join(", "), kind.word());
    let title = "A claim sounds like roles or groups, but Rolecall does not know it";
    let mut finding = if evidence.lacks_any() {
        Finding::warning("unknown_claim", title)
    } else {
        Finding::info("unknown_claim", title)
    };
    for (document, path) in places.iter().take(10) {
        finding = finding.seen(format!("{}: {}", document_name(*document), path_text(path)));
    }
    let finding = finding
        .fix(format!(
            "If these are yours, add this line to the profile {} in rolecall.toml, then refresh.",
            evidence.profile.name
        ))
        .snippet(Some(Snippet { language: "toml".into(), text }));
    vec![finding]
}

/// The one asked about stands only where the person can write it themself.
pub(super) fn self_asserted(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(wanted) = evidence.wanted.filter(|wanted| evidence.found(wanted).is_empty()) else { return Vec::new() };
    let value = crate::text::visible(&wanted.value, 1000);
    let own = evidence.identity.self_asserted.iter().find(|(_, found)| found.value == value);
    let Some(source) = own.and_then(|(_, found)| found.sources.first()) else { return Vec::new() };
    let finding = Finding::warning("own_word_only", "It stands only where the person can write it themself, so it counts for nothing")
        .seen(format!("{}: {}", document_name(source.document), path_text(&source.path)))
        .fix("Have the administrator keep it where only they can write (app_metadata, public_metadata, a role of the provider).");
    vec![finding]
}

/// A known claim is there and holds nothing: nobody gave this person any (diagnosis D12).
pub(super) fn empty(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !evidence.lacks_any() {
        return Vec::new();
    }
    let mut finding = Finding::warning("claim_empty", "The claim is there and empty: the person has been given none");
    for (document, facts) in evidence.all_facts() {
        for path in facts.empty.iter().take(5) {
            finding = finding.seen(format!("{}: {} holds nothing", document_name(document), path_text(path)));
        }
    }
    if finding.evidence.is_empty() {
        return Vec::new();
    }
    let whom = evidence.profile.issuer.host();
    vec![finding.fix(format!(
        "The way from {whom} to here works. Ask its administrator to give the person the role or group, then refresh."
    ))]
}

/// Only what everybody has (diagnosis D12).
pub(super) fn only_defaults(evidence: &Evidence<'_>) -> Vec<Finding> {
    let all: Vec<&str> = evidence.identity.entitlements.iter().map(|(_, found)| found.value.as_str()).collect();
    if all.is_empty() || !evidence.has_nothing() {
        return Vec::new();
    }
    let fix = match evidence.product {
        Product::Keycloak => {
            "Assign a role at Users › the person › Role mapping (or to a group of theirs), then refresh."
        }
        Product::Okta => "Put the person into a group that the claim’s filter matches, then refresh.",
        Product::Supabase => {
            "Supabase’s claim role names the database’s role. Write application roles into app_metadata on the server, or add them by a custom access token hook."
        }
        _ => "Have the administrator give the person a role or group, then refresh.",
    };
    let shown: Vec<String> = all.iter().take(5).map(|value| clean_line(value)).collect();
    let finding =
        Finding::warning("only_default_roles", "Only what everybody has came; the person has been given nothing more")
            .seen(format!("Came: {}", shown.join(", ")))
            .fix(fix);
    vec![finding]
}

/// In a document that an application may not look at (diagnoses D2 and D7). NGINX, for one, reads the ID token alone.
pub(super) fn elsewhere(evidence: &Evidence<'_>) -> Vec<Finding> {
    let in_id = |found: &Entitlement| found.sources.iter().any(|source| source.document == DocumentKind::IdToken);
    let all = || evidence.identity.entitlements.iter().filter(|(_, found)| found.class != Some(ValueClass::Default));
    let outside: Vec<(Kind, &Entitlement)> =
        all().filter(|(kind, found)| *kind != Kind::Permission && !in_id(found)).collect();
    let Some((_, first)) = outside.first().filter(|_| evidence.facts(DocumentKind::IdToken).is_some()) else {
        return Vec::new();
    };
    let Some(source) = first.sources.first() else { return Vec::new() };
    let fix = match evidence.product {
        Product::Keycloak => {
            "Turn on Add to ID token (and Add to userinfo) in the mapper: Client scopes › roles › Mappers › realm roles or client roles, or your own mapper."
        }
        Product::Gitlab => {
            "GitLab puts groups into userinfo, and only the direct ones into the ID token (groups_direct). An application has to ask userinfo."
        }
        Product::Authelia => {
            "Add a claims policy with id_token: [groups] to the client in Authelia’s configuration, or have the application ask userinfo."
        }
        Product::Zitadel => "Turn on User Roles Inside ID Token in the application’s token settings.",
        Product::Authentik => "Turn on Include claims in id_token in the provider’s advanced protocol settings.",
        Product::Entra => {
            "A role in the access token is one of the API’s registration. For the ID token define and assign it on this app’s registration too."
        }
        Product::Auth0 => "In the Action call api.idToken.setCustomClaim as well as api.accessToken.setCustomClaim.",
        Product::Okta => "At the claim (Security › API › your server › Claims) choose ID token, Always.",
        Product::FusionAuth => {
            "Add a JWT populate lambda that copies the roles into the ID token, or have the application read the access token."
        }
        Product::LemonLdap => "Turn on Force claims in ID token at the relying party.",
        _ => {
            "An application that reads the ID token alone does not see it; ask the administrator to add the claim there."
        }
    };
    let finding =
        Finding::info("in_another_document", "Not everything stands in the ID token, where many applications look")
            .seen(format!(
                "{} of {} stand elsewhere, such as {} in the {} at {}",
                outside.len(),
                all().filter(|(kind, _)| *kind != Kind::Permission).count(),
                clean_line(&first.value),
                document_name(source.document).to_lowercase(),
                path_text(&source.path)
            ))
            .fix(fix);
    vec![finding]
}

/// Identifiers where people expect names (diagnosis D9).
pub(super) fn identifiers(evidence: &Evidence<'_>) -> Vec<Finding> {
    for kind in [Kind::Group, Kind::Role] {
        let all: Vec<&Entitlement> = evidence.identity.entitlements.beyond_defaults(kind).collect();
        if all.is_empty() || !all.iter().all(|found| matches!(found.class, Some(ValueClass::Guid | ValueClass::Arn))) {
            continue;
        }
        let fix = match evidence.product {
            Product::Entra => {
                "Choose cloud_displayname for groups assigned to the application (Token configuration), or use app roles, which have names."
            }
            Product::Kanidm => "Ask for the scope groups_name or groups_spn instead of groups.",
            _ => fixes::NAMES_NOT_IDS,
        };
        let finding =
            Finding::info("identifiers_not_names", format!("The {}s came as identifiers, not as names", kind.word()))
                .seen(format!("All {} of them, such as {}", all.len(), clean_line(&all[0].value)))
                .fix(fix);
        return vec![finding];
    }
    Vec::new()
}
