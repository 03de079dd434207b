//! Rules about requested and granted scopes.

use super::{Evidence, Finding};
use crate::identity::Kind;
use crate::products::ScopeFor;
use crate::text::clean_line;

/// Scopes by which providers of no known product offer roles, groups and permissions.
const USUAL: [(Kind, &[&str]); 3] = [
    (Kind::Group, &["groups", "group", "memberof"]),
    (Kind::Role, &["roles", "role", "entitlements"]),
    (Kind::Permission, &["permissions", "entitlements"]),
];

/// A scope was asked for and is not among those the provider says it granted. When it says nothing it granted all
/// (RFC 6749 section 5.1). `offline_access` is judged by the refresh token, `openid` by the ID token. Where the token is
/// for an API (RFC 8707 `resource`), oidc-provider lists the API's scopes alone, so those for claims can't be judged.
pub(super) fn not_granted(evidence: &Evidence<'_>) -> Option<Finding> {
    let granted = evidence.granted.filter(|granted| !granted.trim().is_empty())?;
    let for_an_api = evidence.request.params.contains_key("resource");
    let judged = |scope: &&str| {
        let silent = matches!(*scope, "openid" | "offline_access") || evidence.product.silent_scopes.contains(scope);
        !(silent || for_an_api && brings_claims(scope))
    };
    let missing: Vec<&str> = evidence
        .request
        .scopes
        .iter()
        .map(String::as_str)
        .filter(judged)
        .filter(|scope| !granted.split([' ', ',']).any(|given| means(given, scope)))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let (word, it) = if missing.len() == 1 { ("scope", "it") } else { ("scopes", "them") };
    let title = format!("The provider did not grant the {word} {}", clean_line(&missing.join(", ")));
    let finding = Finding::warning("scope_not_granted", title)
        .seen(evidence.asked_line())
        .seen(format!("Granted: {}", clean_line(granted)))
        .fix(format!("{} Or take {it} out of the profile’s scopes.", evidence.product.allow_scope));
    Some(finding.proven())
}

/// The scopes of OpenID Connect Core section 5.4.
fn brings_claims(scope: &str) -> bool {
    matches!(scope, "profile" | "email" | "address" | "phone")
}

/// A scope that brings what is missing was not asked for. One that the provider's metadata lacks is never advised, save
/// where the product is known not to list it.
pub(super) fn not_asked(evidence: &Evidence<'_>) -> Option<Finding> {
    if !evidence.request.known {
        return None;
    }
    let listed = |scope: &str| evidence.scopes_supported.iter().any(|known| known == scope);
    let missing = |kind: Kind| evidence.lacks(kind) && evidence.has_none(kind);
    let own = evidence.product.scopes_for.iter().find(|ScopeFor { kind, scope, unlisted }| {
        missing(*kind)
            && !evidence.asked_for(scope)
            && (*unlisted || evidence.scopes_supported.is_empty() || listed(scope))
    });
    if let Some(ScopeFor { kind, scope, .. }) = own {
        let why = format!("{} sends {}s with the scope {scope}", evidence.product.name, kind.word());
        return Some(told(evidence, scope, why));
    }
    if evidence.product.claims_named_by_url || !evidence.product.scopes_for.is_empty() {
        return None;
    }
    let useful =
        |scope: &&&str| listed(scope) && !evidence.asked_for(scope) && !evidence.product.silent_scopes.contains(*scope);
    let offered = USUAL.iter().filter(|(kind, _)| missing(*kind)).flat_map(|(_, scopes)| *scopes).find(useful)?;
    Some(told(evidence, offered, format!("The provider says it knows the scope {offered}")))
}

fn told(evidence: &Evidence<'_>, scope: &str, why: String) -> Finding {
    Finding::warning("scope_not_asked", format!("The scope {scope} was not asked for"))
        .seen(evidence.asked_line())
        .seen(why)
        .fix(format!(
            "Add {scope} to the profile’s scopes and sign in again; the client must be allowed to ask for it. {}",
            evidence.product.allow_scope
        ))
}

/// Whether a granted scope is the one asked for. Google answers with addresses for the standard ones.
fn means(given: &str, scope: &str) -> bool {
    given.eq_ignore_ascii_case(scope)
        || given.strip_prefix("https://www.googleapis.com/auth/userinfo.").is_some_and(|rest| rest == scope)
}
