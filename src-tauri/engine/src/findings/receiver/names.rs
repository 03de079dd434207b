//! Rules about the roles and groups that a cluster reads, and the names it gives them.

use super::{accepted, cluster, credential, snippets};
use crate::findings::{Evidence, Finding};
use crate::identity::{Entitlement, Entitlements, SourcePath};
use crate::products::{document_name, path_text};
use crate::receivers::{ClaimReading, Credential, Receiver, SeenAs};
use crate::text::{clean_line, visible};

/// The one asked about, as written in the token that was sent.
struct Asked<'a> {
    receiver: &'a Receiver,
    seen: &'a SeenAs,
    sent: &'a Entitlement,
}

fn asked<'a>(evidence: &Evidence<'a>) -> Option<Asked<'a>> {
    let (receiver, seen) = about_them(evidence)?;
    let wanted = evidence.wanted?;
    let value = visible(&wanted.value, 1000);
    let found = carried(receiver)?
        .iter()
        .find(|(kind, found)| found.value == value && wanted.kind.is_none_or(|asked| asked == *kind));
    found.map(|(_, sent)| Asked { receiver, seen, sent })
}

/// A receiver that took a token about the person of the profile, or one that can't be read, for somebody.
fn about_them<'a>(evidence: &Evidence<'a>) -> Option<(&'a Receiver, &'a SeenAs)> {
    let (receiver, seen) = accepted(evidence)?;
    let other = receiver.token.as_ref().is_some_and(|token| token.same_person == Some(false));
    let is_token =
        matches!(credential(receiver), Some(Credential::Plugin { .. } | Credential::Token | Credential::TokenFile));
    (is_token && !other && !receiver.is_anonymous()).then_some((receiver, seen))
}

fn carried(receiver: &Receiver) -> Option<&Entitlements> {
    receiver.carried.as_ref().map(|identity| &identity.entitlements)
}

/// It is there, under a name with something before it.
pub(super) fn prefix(evidence: &Evidence<'_>) -> Option<Finding> {
    let Asked { receiver, seen, sent } = asked(evidence)?;
    let name = seen.name_of(sent).filter(|name| *name != sent.value)?;
    let finding = Finding::warning("kubernetes_prefix", format!("{} knows it as {name}", cluster(receiver)))
        .seen(in_token(sent))
        .seen(format!("Groups the cluster sees: {name}"))
        .fix("Write the name with what stands before it wherever the cluster grants something to it. kubectl get rolebindings,clusterrolebindings -A shows what is granted. The administrator chooses the prefix: --oidc-groups-prefix, or claimMappings.groups in the AuthenticationConfiguration.")
        .snippet("yaml", snippets::subject(&name));
    Some(finding.proven())
}

/// It is in a claim that the cluster does not read.
pub(super) fn claim_not_read(evidence: &Evidence<'_>) -> Option<Finding> {
    let Asked { receiver, seen, sent } = asked(evidence)?;
    let unread = |path: &SourcePath| seen.reading(path).is_none_or(|claim| claim.prefix.is_none());
    let path = &sent.sources.first().filter(|_| sent.sources.iter().all(|source| unread(&source.path)))?.path;
    let title = format!("{} does not read the claim {}", cluster(receiver), path_text(path));
    let finding = Finding::warning("kubernetes_claim_not_read", title)
        .seen(in_token(sent))
        .seen(given(seen))
        .seen(read_instead(seen))
        .fix(read_it(path))
        .snippet("yaml", snippets::claim_mapping(seen, path));
    Some(finding.proven())
}

/// It is in another document than the one the cluster is sent.
pub(super) fn not_sent(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, _) = about_them(evidence)?;
    let wanted = evidence.wanted.filter(|_| asked(evidence).is_none())?;
    let carried = carried(receiver)?;
    let (_, found) = *evidence.found(wanted).first()?;
    let token = receiver.token.as_ref()?;
    let mut finding =
        Finding::warning("kubernetes_not_sent", "It is not in the token that kubectl sends to the cluster");
    for source in found.sources.iter().take(3) {
        finding = finding.seen(format!("{}: {}", document_name(source.document), path_text(&source.path)));
    }
    let held: usize = carried.iter().count();
    let finding = finding
        .seen(format!("kubectl’s token, for {}: {held} roles, groups and permissions, not this one", clean_line(&token.audience.join(", "))))
        .fix(format!(
            "A cluster reads the token it is sent and nothing else: no userinfo, no other token. Have it put into the ID token of {}. Where it was given just now, kubectl’s token may be from before: sign in there again.",
            clean_line(&token.audience.join(", "))
        ));
    Some(finding.proven())
}

/// The cluster reads its claim and does not know it.
pub(super) fn value_left_out(evidence: &Evidence<'_>) -> Option<Finding> {
    let Asked { receiver, seen, sent } = asked(evidence)?;
    if seen.name_of(sent).is_some() {
        return None;
    }
    let read = |path: &SourcePath| seen.reading(path).filter(|claim| claim.prefix.is_some());
    let claim = sent.sources.iter().find_map(|source| read(&source.path))?;
    let finding = Finding::warning("kubernetes_value_left_out", format!("{} reads its claim and leaves it out", cluster(receiver)))
        .seen(in_token(sent))
        .seen(format!("{}: {} of {} values are groups there", path_text(&claim.path), claim.known, claim.carried))
        .fix("An expression in the AuthenticationConfiguration (claimMappings.groups) chooses among the values. Ask the cluster’s administrator for it.");
    Some(finding)
}

/// It is there under the same name: whatever is refused, nothing is granted to it.
pub(super) fn same_name(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, seen) = about_them(evidence)?;
    let wanted = visible(&evidence.wanted?.value, 1000);
    let by_claim = asked(evidence).is_some_and(|asked| seen.name_of(asked.sent).as_ref() == Some(&wanted));
    // Somebody may ask about the name as the cluster writes it.
    if !by_claim && !seen.given_groups().any(|group| group == wanted) {
        return None;
    }
    let finding = Finding::info("kubernetes_known", format!("{} knows it, under this very name", cluster(receiver)))
        .seen(format!("Groups the cluster sees: {wanted}"))
        .fix("What is refused all the same is granted to nobody by this name there. kubectl auth can-i --list shows what you may do; a RoleBinding names the group as below.")
        .snippet("yaml", snippets::subject(&wanted));
    Some(finding.likely())
}

/// What the cluster writes before names, where nobody asks about one.
pub(super) fn all_prefixes(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, seen) = about_them(evidence).filter(|_| evidence.wanted.is_none())?;
    let with: Vec<(&ClaimReading, &str)> = seen
        .claims
        .iter()
        .filter_map(|claim| Some((claim, claim.prefix.as_deref().filter(|prefix| !prefix.is_empty())?)))
        .collect();
    let (_, first) = with.first()?;
    let title = format!("{} writes {first} before each group’s name", cluster(receiver));
    let finding = with.iter().fold(Finding::info("kubernetes_prefix", title), |finding, (claim, prefix)| {
        finding.seen(format!("{}: {} values, with {prefix}", path_text(&claim.path), claim.known))
    });
    Some(finding.fix("Names in a RoleBinding or ClusterRoleBinding have to be written so."))
}

/// Claims the cluster does not read, where nobody asks about one.
pub(super) fn all_not_read(evidence: &Evidence<'_>) -> Option<Finding> {
    let (receiver, seen) = about_them(evidence).filter(|_| evidence.wanted.is_none())?;
    let unread: Vec<&ClaimReading> = seen.claims.iter().filter(|claim| claim.prefix.is_none()).collect();
    let first = unread.first()?;
    let title = format!("{} does not read every claim that holds roles or groups", cluster(receiver));
    let finding = unread.iter().take(10).fold(Finding::info("kubernetes_claim_not_read", title), |finding, claim| {
        finding.seen(format!("{}: {} values, none of them known to it", path_text(&claim.path), claim.carried))
    });
    let finding = finding.seen(read_instead(seen)).fix(read_it(&first.path));
    Some(finding.snippet("yaml", snippets::claim_mapping(seen, &first.path)))
}

fn in_token(sent: &Entitlement) -> String {
    let paths: Vec<String> = sent.sources.iter().map(|source| path_text(&source.path)).collect();
    format!("kubectl’s token: {} holds {}", paths.join(", "), clean_line(&sent.value))
}

fn given(seen: &SeenAs) -> String {
    match seen.given_groups().count() {
        0 => "Groups the cluster sees: none but its own".to_owned(),
        count => format!("Groups the cluster sees: {count} besides its own, not this one"),
    }
}

fn read_instead(seen: &SeenAs) -> String {
    let read: Vec<String> =
        seen.claims.iter().filter(|claim| claim.prefix.is_some()).map(|claim| path_text(&claim.path)).collect();
    if read.is_empty() {
        "It reads none of the claims that hold roles or groups".to_owned()
    } else {
        format!("It reads {}", read.join(", "))
    }
}

fn read_it(path: &[String]) -> String {
    let flag = match path {
        [name] => format!("--oidc-groups-claim={} names the one claim it reads.", clean_line(name)),
        _ => "--oidc-groups-claim can name a claim at the root only, which this one is not.".to_owned(),
    };
    format!(
        "That is set up at the cluster, by its administrator. {flag} An AuthenticationConfiguration reads several and nested ones by an expression, as below. Or have the provider put it into the claim that is read."
    )
}
