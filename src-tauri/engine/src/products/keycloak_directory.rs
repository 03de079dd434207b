//! Rules for Keycloak once its directory was asked. They are certain where the tokens alone only allow a guess.

use super::evidence::Evidence;
use super::finding::Finding;
use crate::identity::{Assigned, ClientReach, Directory, Kind};
use crate::text::clean_line;

/// The beginning of an evidence line that names entitlements nobody asked about; a report leaves such lines out.
pub(crate) const CUT_AS_WELL: &str = "Cut as well: ";

/// The role is assigned, but *Full scope allowed* is off and the client's scope does not include it.
pub(super) fn cut_by_scope(evidence: &Evidence<'_>) -> Option<Finding> {
    let (wanted, assigned) = evidence.assigned_and_missing()?;
    let reach = reach(evidence).filter(|reach| reach.full_scope == Some(false) && assigned.kind == Kind::Role)?;
    let not_granted = reach.not_granted.as_ref().filter(|_| assigned.context.is_none());
    if not_granted.is_some_and(|roles| !roles.contains(&assigned.value)) {
        return None;
    }
    let how_cut = if not_granted.is_some() { "it is not granted" } else { "its access token would not carry" };
    let client = clean_line(&reach.client);
    let title = format!("It is assigned to {}; this client’s Full scope allowed is off", evidence.whom());
    let mut finding = Finding::warning("full_scope_off", title)
        .seen(how(assigned))
        .seen(format!("{client}: Full scope allowed is off, and {how_cut} {}", clean_line(&wanted.value)));
    let also = cut(evidence, &wanted.value);
    if !also.is_empty() {
        finding = finding.seen(format!("{CUT_AS_WELL}{}", also.join(", ")));
    }
    let finding = finding.fix(format!(
        "Clients › {client} › Client scopes › {client}-dedicated › Scope › Assign role › {}; or turn Full scope allowed on there. Then refresh.",
        clean_line(&wanted.value)
    ));
    let finding = if assigned.context.is_none() {
        finding.snippet("sh", assign_in_a_shell(evidence, &wanted.value))
    } else {
        finding
    };
    Some(finding.proven())
}

/// The role is assigned and in the client's scope, but no mapper writes it.
pub(super) fn not_mapped(evidence: &Evidence<'_>) -> Option<Finding> {
    let (_, assigned) = evidence.assigned_and_missing()?;
    let reach = reach(evidence).filter(|_| assigned.kind == Kind::Role)?;
    if reach.full_scope == Some(false) {
        return None;
    }
    let client = clean_line(&reach.client);
    let has_scope = reach.default_scopes.iter().any(|scope| scope == "roles");
    if has_scope {
        return None;
    }
    let finding = Finding::warning(
        "roles_scope_missing",
        "It is assigned; this client does not have the client scope “roles”, whose mappers write roles",
    )
    .seen(how(assigned))
    .seen(format!("{client}: “roles” is not among its default client scopes"))
    .fix(format!(
        "Add the client scope roles as Default at Clients › {client} › Client scopes › Add client scope, then refresh."
    ));
    Some(finding.proven())
}

/// The person is in the group, but no document has a groups claim.
pub(super) fn groups_not_mapped(evidence: &Evidence<'_>) -> Option<Finding> {
    let (_, assigned) = evidence.assigned_and_missing()?;
    if assigned.kind != Kind::Group || evidence.any_has("groups") || !evidence.has_none(Kind::Group) {
        return None;
    }
    let title = format!("{} in the group; no mapper writes groups for this client", evidence.whom_is());
    let finding = Finding::warning("group_mapper_missing", title)
        .seen(how(assigned))
        .seen("No document has a claim groups")
        .fix(
            "Add a mapper of the type Group Membership with the token claim name groups at Clients › your client › Client scopes › the dedicated scope › Add mapper, then refresh.",
        );
    Some(finding.snippet("json", MAPPER).proven())
}

fn reach<'a>(evidence: &Evidence<'a>) -> Option<&'a ClientReach> {
    evidence.directory.and_then(|directory: &Directory| directory.client.as_ref())
}

fn how(assigned: &Assigned) -> String {
    super::evidence::how_assigned(assigned)
}

/// The other entitlements that are assigned and in no document.
fn cut(evidence: &Evidence<'_>, wanted: &str) -> Vec<String> {
    let Some(directory) = evidence.directory else { return Vec::new() };
    let is_default = evidence.product.is_default.unwrap_or(|_, _| false);
    let mut cut: Vec<String> = Vec::new();
    for one in directory.assigned.iter().filter(|one| one.kind == Kind::Role && one.value != wanted) {
        let carried = evidence.identity.entitlements.has(Kind::Role, &one.value);
        if !carried && !is_default(&one.value, one.context.as_deref()) && !cut.contains(&one.value) && cut.len() < 10 {
            cut.push(clean_line(&one.value));
        }
    }
    cut
}

/// The same as shell commands that look up the client's own ID first. Names are quoted so that they can't end the quotes.
fn assign_in_a_shell(evidence: &Evidence<'_>, role: &str) -> String {
    let quoted = |text: &str| format!("'{}'", clean_line(text).replace('\'', r"'\''"));
    let realm = evidence.request.issuer.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let client = quoted(evidence.request.client_id);
    format!(
        "ID=$(kcadm.sh get clients -r {realm} -q clientId={client} --fields id --format csv --noquotes)\n\
         kcadm.sh get roles/{role} -r {realm} | jq '[.]' |\n  \
         kcadm.sh create -r {realm} -f - \"clients/$ID/scope-mappings/realm\"\n",
        realm = quoted(realm),
        role = quoted(role),
    )
}

/// For the admin interface: `POST /admin/realms/{realm}/clients/{id}/protocol-mappers/models`.
pub(super) const MAPPER: &str = r#"{
  "name": "groups",
  "protocol": "openid-connect",
  "protocolMapper": "oidc-group-membership-mapper",
  "config": {
    "claim.name": "groups",
    "full.path": "false",
    "id.token.claim": "true",
    "access.token.claim": "true",
    "userinfo.token.claim": "true"
  }
}
"#;
