//! Writes a person's roles and groups at Keycloak into the answer, each with the group or role through which they have it.

use serde_json::Value;

use super::answer::Grant;
use super::keycloak_roles::{Roles, group_client_roles, group_roles, is_default};
use super::{Answer, Session};
use crate::identity::{Kind, Through};

impl Roles {
    /// Tells all that was asked; `session` is whoever asked.
    pub(super) fn tell(&self, answer: &mut Answer, session: &Session) {
        for group in self.groups.iter().flatten() {
            add_group(answer, group, &["groups"]);
        }
        for role in self.realm.iter().flatten() {
            answer.add(Grant::new(Kind::Role, &role.name, &["role-mappings", "realm"]), None);
        }
        for (client, role) in self.clients.iter().flatten() {
            let path = ["role-mappings", "clients", client];
            answer.add(Grant { context: Some(client), ..Grant::new(Kind::Role, &role.name, &path) }, None);
        }
        self.tell_of_groups(answer);
        self.tell_of_the_rest(answer, session);
        match &self.groups {
            Some(_) => answer.asked(Kind::Group),
            None => answer.not_asked(Kind::Group, "The groups were not asked: the question is about a role."),
        }
        let lacks = match (&self.effective, &self.effective_at_clients, &self.realm) {
            (Some(_), Some(_), _) => return answer.asked(Kind::Role),
            (Some(_), None, _) => "The roles of clients were not asked to the end.",
            (None, _, Some(_)) => "Roles that other roles contain were not asked.",
            (None, _, None) if self.clients.is_some() => {
                "The roles of the realm would need view-realm of realm-management."
            }
            (None, ..) => "The person’s own roles were not asked: the question is about a group.",
        };
        answer.partly(Kind::Role, lacks);
    }

    fn tell_of_groups(&self, answer: &mut Answer) {
        for group in self.groups.iter().flatten() {
            let name = name_of(group);
            let through = || Some(through(Kind::Group, name.to_owned()));
            for role in group_roles(group) {
                answer.add(Grant::new(Kind::Role, &role, &["groups", name, "realmRoles"]), through());
            }
            for (client, roles) in group_client_roles(group) {
                for role in roles {
                    let path = ["groups", name, "clientRoles", &client];
                    answer.add(Grant { context: Some(&client), ..Grant::new(Kind::Role, &role, &path) }, through());
                }
            }
        }
    }

    /// What was found assigned neither to the person themself nor to a group of theirs. Through what it comes is told
    /// where all was asked that it could come from.
    fn tell_of_the_rest(&self, answer: &mut Answer, session: &Session) {
        let path = ["role-mappings", "realm", "composite"];
        for role in self.effective.iter().flatten().map(|role| role.name.as_str()) {
            if !self.is_own(role) && !self.is_of_group(role) {
                answer.add(Grant::new(Kind::Role, role, &path), self.container(role, session));
            }
        }
        for (client, role) in self.effective_at_clients.iter().flatten() {
            if !self.is_own_at(client, role) && !self.is_of_group_at(client, role) {
                let path = ["effective-roles", "clients", client];
                let grant = Grant { context: Some(client), ..Grant::new(Kind::Role, role, &path) };
                answer.add(grant, self.container(role, session));
            }
        }
    }

    /// What contains a role that is assigned nowhere by itself: all of theirs that contain others, and groups above theirs,
    /// are named where it may be any of several. `None` where not all of that was asked.
    fn container(&self, role: &str, session: &Session) -> Option<Through> {
        let (realm, clients, groups) = (self.realm.as_ref()?, self.clients.as_ref()?, self.groups.as_ref()?);
        let containing = self.effective.iter().flatten().chain(realm).chain(clients.iter().map(|(_, own)| own));
        let mut may: Vec<&str> = Vec::new();
        for one in containing.filter(|one| one.composite && one.name != role) {
            let lacks_it = is_default(&one.name) && session.default_roles_lack(role);
            if !lacks_it && !may.contains(&one.name.as_str()) {
                may.push(&one.name);
            }
        }
        if IN_DEFAULT_ROLES.contains(&role)
            && let Some(defaults) = may.iter().find(|name| is_default(name))
        {
            return Some(through(Kind::Role, (*defaults).to_owned()));
        }
        let mut words = may.join(" or ");
        let is_below_another = |group: &Value| name_of(group).matches('/').count() > 1;
        if groups.iter().any(|group| !group_client_roles(group).is_empty()) {
            words.push_str(", or one that a group of theirs has");
        }
        if groups.iter().any(is_below_another) {
            words.push_str(", or a group above one of theirs");
        }
        let words = words.trim_start_matches(", or ");
        (!words.is_empty()).then(|| through(Kind::Role, words.to_owned()))
    }
}

/// What the default roles contain in every realm.
const IN_DEFAULT_ROLES: [&str; 5] =
    ["uma_authorization", "offline_access", "manage-account", "manage-account-links", "view-profile"];

fn through(kind: Kind, name: String) -> Through {
    Through { kind, name, nested: false }
}

/// The path of a group, or its name.
fn name_of(group: &Value) -> &str {
    group.get("path").or_else(|| group.get("name")).and_then(Value::as_str).unwrap_or_default()
}

/// A group as a mapper writes it: its path, or its name alone.
pub(super) fn add_group(answer: &mut Answer, group: &Value, path: &[&str]) {
    let text = |name: &str| group.get(name).and_then(Value::as_str).unwrap_or_default();
    let (name, whole) = (text("name"), text("path"));
    let value = if whole.is_empty() { name } else { whole };
    let also = [name, whole.trim_start_matches('/'), text("id")];
    answer.add(Grant { also: &also, ..Grant::new(Kind::Group, value, path) }, None);
}
