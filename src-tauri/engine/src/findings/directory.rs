//! What the provider's own directory says beside what the documents carry. "Could not be asked" is never told as "not
//! assigned" (DR-1).

use super::{Evidence, Finding};
use crate::identity::{Asked, Assignment, Directory, Kind};
use crate::products::{ChangesCome, Wanted, how_assigned as how};
use crate::text::clean_line;

/// Tokens that are older than the directory's answer by more than so many seconds may be from before a change; it takes a
/// moment to ask.
const OLDER: i64 = 5;

/// How a line of evidence begins that names what nobody asked about; a report leaves such lines out.
pub(super) const NO_LONGER: &str = "No longer assigned: ";

/// What says why something that is assigned is not sent.
pub(super) const EXPLAIN: &[&str] = &[
    "full_scope_off",
    "roles_scope_missing",
    "group_mapper_missing",
    "assigned_through_nested_group",
    "lightweight_access_token",
];

/// The entitlement is assigned, but no document has it.
pub(super) fn assigned_not_sent(evidence: &Evidence<'_>) -> Option<Finding> {
    let (wanted, assigned) = evidence.assigned_and_missing()?;
    let title = format!("{} is assigned to {}, and no document carries it", name(wanted), evidence.whom());
    let finding = Finding::warning("assigned_not_sent", title).seen(how(assigned)).seen("No document carries it");
    let send = evidence.product.send;
    if tokens_are_older(evidence) {
        return Some(finding.fix(format!("If it is still missing after a refresh: {send}")));
    }
    Some(finding.fix(send).proven())
}

/// The tokens are from before the directory was asked: it may have been assigned in the meantime.
pub(super) fn assigned_since(evidence: &Evidence<'_>) -> Option<Finding> {
    let (wanted, assigned) = evidence.assigned_and_missing()?;
    if !tokens_are_older(evidence) {
        return None;
    }
    let again = match evidence.product.changes_come {
        ChangesCome::WithSignIn => "Sign in again: this provider takes changes into its tokens only then.",
        ChangesCome::WithRefresh => "Refresh: if it was assigned since, it comes now.",
        ChangesCome::Unknown => "Refresh; if it does not come, sign in again.",
    };
    let title = format!("{} may have been assigned since the tokens were made", name(wanted));
    let by = match older_by(evidence) {
        seconds @ ..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    };
    let finding = Finding::warning("assigned_since", title)
        .seen(how(assigned))
        .seen(format!("The tokens were read {by} before the directory was asked"));
    Some(finding.fix(again).proven())
}

/// The group is assigned only through another group.
pub(super) fn nested(evidence: &Evidence<'_>) -> Option<Finding> {
    let (wanted, assigned) = evidence.assigned_and_missing()?;
    let through = assigned.through.as_ref().filter(|through| through.nested && through.kind == Kind::Group)?;
    let title = format!("{} comes only through {}, and tokens may leave that out", name(wanted), through.words());
    let finding = Finding::warning("assigned_through_nested_group", title).seen(how(assigned)).fix(format!(
        "Where a client is sent only what is given to it directly, as with the app roles and the groups assigned to an application at Entra ID, a nested group does not count. {}",
        evidence.product.assign
    ));
    Some(finding.proven())
}

/// The assignment is eligible: it has to be activated first.
pub(super) fn eligible(evidence: &Evidence<'_>) -> Option<Finding> {
    let wanted = missing(evidence)?;
    let Some(Assignment::Eligible(_)) = evidence.assignment() else { return None };
    let finding = Finding::warning("eligible_only", format!("{} has to be activated first", name(wanted)))
        .seen(format!("Directory: {} may activate it, and it is not active", evidence.whom()))
        .fix("Activate it at Microsoft Entra admin center › Identity Governance › Privileged Identity Management › My roles, then refresh.");
    Some(finding.proven())
}

/// The entitlement is not assigned.
pub(super) fn not_assigned(evidence: &Evidence<'_>) -> Option<Finding> {
    let wanted = missing(evidence)?;
    let Some(Assignment::NotAssigned) = evidence.assignment() else { return None };
    let directory = evidence.directory?;
    let title = if evidence.about_somebody_else {
        format!("Nobody gave {} {}", evidence.whom(), name(wanted))
    } else {
        format!("{} is not assigned to you", name(wanted))
    };
    let finding = Finding::warning("not_assigned", title).seen(format!("Directory: {}", among(directory, wanted.kind)));
    let assign = evidence.product.assign.trim_end_matches('.');
    let fix = if evidence.about_somebody_else {
        format!("{assign}.")
    } else {
        format!("Ask the administrator of {}: {assign}, {}.", evidence.host(), evidence.product.then())
    };
    Some(finding.fix(fix).proven())
}

/// Whether it is assigned can't be told.
pub(super) fn not_asked(evidence: &Evidence<'_>) -> Option<Finding> {
    let wanted = missing(evidence)?;
    let Some(Assignment::CouldNotBeAsked(needs)) = evidence.assignment() else { return None };
    let title = format!("Whether {} is assigned could not be asked", name(wanted));
    let finding = Finding::info("directory_could_not_be_asked", title);
    let finding = finding.seen("Directory: could not be asked for it");
    Some(match needs {
        Some(needs) => finding.fix(needs),
        None => finding,
    })
}

/// A document has what the directory has not: it was taken away since, or is written without an assignment.
pub(super) fn taken_away(evidence: &Evidence<'_>) -> Option<Finding> {
    let directory = evidence.directory?;
    let of_kind = |kind: &Kind| evidence.wanted.is_none_or(|wanted| wanted.kind.is_none_or(|asked| asked == *kind));
    let gone = Kind::ALL.into_iter().filter(of_kind).flat_map(|kind| gone(evidence, directory, kind));
    let asked = evidence.wanted.map(|wanted| wanted.value.as_str());
    let gone: Vec<&str> = gone.filter(|one| asked.is_none_or(|asked| asked == *one)).collect();
    let first = gone.first()?;
    let title = match (gone.len(), asked) {
        (_, Some(_)) => format!("{} is in the tokens and no longer assigned", clean_line(first)),
        (1, None) => "One that is in the tokens is no longer assigned".to_owned(),
        (several, None) => format!("{several} that are in the tokens are no longer assigned"),
    };
    let named: Vec<String> = gone.iter().take(5).map(|value| clean_line(value)).collect();
    let more = if gone.len() > named.len() { ", …" } else { "" };
    let finding = Finding::warning("no_longer_assigned", title)
        .seen("Directory: not among what is assigned")
        .seen(format!("{NO_LONGER}{}{more}", named.join(", ")));
    let kind = evidence.wanted.and_then(|wanted| wanted.kind).unwrap_or(Kind::Role);
    let finding = gone.iter().take(5).fold(finding, |finding, value| finding.naming(kind, value));
    Some(finding.fix(
        "The tokens are older than the change and hold until they end or are refreshed: refresh to see it go. \
         If it stays, something else than an assignment writes it, such as a fixed claim of the client.",
    ))
}

/// What documents have of a kind and the directory has not. Nothing where the two can't be held against each other: not all
/// was asked, or there are some in both and none is the same, so that they write names differently.
fn gone<'a>(evidence: &Evidence<'a>, directory: &Directory, kind: Kind) -> Vec<&'a str> {
    let written: Vec<&str> =
        evidence.identity.entitlements.beyond_defaults(kind).map(|one| one.value.as_str()).collect();
    let assigned = directory.names(kind);
    let asked =
        directory.kinds.iter().any(|answer| answer.kind == kind && answer.state == Asked::Fully && !answer.by_id);
    let comparable = asked && (assigned.is_empty() || written.iter().any(|value| assigned.contains(value)));
    written.into_iter().filter(|value| comparable && !assigned.contains(value)).collect()
}

fn missing<'a>(evidence: &Evidence<'a>) -> Option<&'a Wanted> {
    evidence.wanted.filter(|wanted| evidence.found(wanted).is_empty())
}

fn name(wanted: &Wanted) -> String {
    clean_line(&wanted.value)
}

/// "not among the 3 roles that are assigned".
fn among(directory: &Directory, kind: Option<Kind>) -> String {
    let assigned = || directory.assigned.iter().filter(|assigned| !assigned.eligible);
    let count = |kind: Kind| assigned().filter(|assigned| assigned.kind == kind).count();
    let counted = |kind: Kind| match count(kind) {
        1 => format!("1 {}", kind.word()),
        several => format!("{several} {}s", kind.word()),
    };
    match kind {
        Some(kind) => format!("not among the {} assigned", counted(kind)),
        None => format!("not among the {} and {} assigned", counted(Kind::Role), counted(Kind::Group)),
    }
}

fn older_by(evidence: &Evidence<'_>) -> i64 {
    evidence.directory.map_or(0, |directory| directory.asked_at.0.saturating_sub(evidence.refreshed_at.0))
}

/// Whether the documents are from well before the directory's answer.
pub(super) fn tokens_are_older(evidence: &Evidence<'_>) -> bool {
    !evidence.about_somebody_else && older_by(evidence) > OLDER
}

/// What the directory's answer rules out, and the findings that say so all the same.
pub(super) fn ruled_out(evidence: &Evidence<'_>) -> (Vec<String>, &'static [&'static str]) {
    let Some(assignment) = missing(evidence).and_then(|_| evidence.assignment()) else { return (Vec::new(), &[]) };
    let reach = evidence.directory.and_then(|directory| directory.client.as_ref());
    let mut out = Vec::new();
    let codes: &[&str] = match assignment {
        Assignment::Assigned(_) => {
            out.push("Not assigned".to_owned());
            // Only where the answer is older than the tokens: then it was assigned before they were made.
            if !evidence.about_somebody_else && older_by(evidence) < 0 {
                out.push("Assigned after the last refresh".to_owned());
            }
            if reach.is_some_and(|reach| reach.full_scope == Some(true)) {
                out.push("Full scope allowed is off".to_owned());
            }
            &["claim_empty", "only_default_roles", "app_role_not_assigned", "no_entitlements"]
        }
        Assignment::NotAssigned => {
            out.push("Assigned and not sent".to_owned());
            &[
                "full_scope_off",
                "roles_scope_missing",
                "group_mapper_missing",
                "groups_claim_not_configured",
                "group_filtered",
            ]
        }
        Assignment::Eligible(_) | Assignment::CouldNotBeAsked(_) => &[],
    };
    (out, codes)
}
