//! What Keycloak's admin API says of one person's roles and groups.
//!
//! `role-mappings` leaves the realm's roles out without a word where the caller lacks `view-realm`, so an answer without
//! them is taken for a lack of rights, and they are asked where `view-users` is enough.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use url::Url;

use super::answer::Grant;
use super::{Answer, Asking, Reply, Session};
use crate::identity::{Kind, Through};
use crate::problem::Result;

/// Any of these roles of `realm-management` lets somebody look at users.
pub(super) const VIEW_USERS: [&str; 3] = ["view-users", "manage-users", "realm-admin"];

/// The admin API of a realm.
pub(super) struct Admin {
    /// `…/admin/realms/REALM`.
    base: Url,
    pub(super) realm: String,
}

/// The admin API of the realm that an issuer names.
pub(super) fn admin_of(session: &Session) -> Option<Admin> {
    let segments: Vec<&str> = session.issuer.path_segments()?.collect();
    let index = segments.iter().rposition(|segment| *segment == "realms")?;
    let realm = (*segments.get(index + 1)?).to_owned();
    let mut base = session.issuer.clone();
    let mut path = base.path_segments_mut().ok()?;
    path.clear().extend(&segments[..index]).extend(["admin", "realms", &realm]);
    drop(path);
    Some(Admin { base, realm })
}

impl Admin {
    /// An address below the realm's; each step is escaped as a whole.
    pub(super) fn at(&self, steps: &[&str], query: &[(&str, &str)]) -> Option<Url> {
        let mut url = self.base.clone();
        url.path_segments_mut().ok()?.extend(steps);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Some(url)
    }

    /// The address of a user.
    pub(super) fn user(&self, id: &str) -> Option<Url> {
        self.at(&["users", id], &[])
    }
}

/// A refusal: its status and the provider's words.
pub(super) type Refusal = (u16, String);

/// One person's roles and groups.
#[derive(Default)]
pub(super) struct Roles {
    /// Realm roles assigned to the person themself, each with whether it contains others.
    realm: Vec<(String, bool)>,
    /// The same of clients.
    clients: Vec<(String, String)>,
    groups: Vec<Value>,
    /// All realm roles, however they come; `None` where that was not asked.
    effective: Option<Vec<String>>,
    /// Roles of one client, however they come.
    effective_at: Option<(String, Vec<String>)>,
    /// What of it could not be asked.
    lacks: Option<String>,
}

impl Roles {
    /// What is assigned to a user and to the groups they are in.
    pub(super) async fn ask(asking: &mut Asking, user: &Url) -> Result<Result<Self, Refusal>> {
        let mut roles = Self::default();
        let mappings = match asking.get("the person’s roles", &below(user, &["role-mappings"])).await? {
            Reply::Json(mappings) => mappings,
            Reply::Refused { status, words } => return Ok(Err((status, words))),
            Reply::Unusable(why) => return Ok(Err((200, why))),
        };
        match mappings.get("realmMappings").and_then(Value::as_array) {
            Some(realm) => roles.realm = names(realm),
            // Everybody has the default roles, so none at all is a lack of rights.
            None => match asking.get("the person’s roles", &below(user, &["role-mappings", "realm"])).await? {
                Reply::Json(Value::Array(realm)) => roles.realm = names(&realm),
                _ => roles.lacks = Some("The roles of the realm would need view-realm of realm-management.".into()),
            },
        }
        let clients = mappings.get("clientMappings").and_then(Value::as_object);
        for (client, mapped) in clients.into_iter().flatten() {
            let mapped = mapped.get("mappings").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            roles.clients.extend(names(mapped).into_iter().map(|(role, _)| (client.clone(), role)));
        }
        let mut groups = below(user, &["groups"]);
        groups.query_pairs_mut().append_pair("briefRepresentation", "false");
        match asking.get("the person’s groups", &groups).await? {
            Reply::Json(Value::Array(groups)) => roles.groups = groups,
            Reply::Refused { status, words } => return Ok(Err((status, words))),
            Reply::Json(_) | Reply::Unusable(_) => roles.lacks = Some("The groups could not be read.".into()),
        }
        Ok(Ok(roles))
    }

    /// All realm roles, those that come through groups and other roles included.
    pub(super) async fn ask_effective(&mut self, asking: &mut Asking, user: &Url) -> Result<()> {
        let url = below(user, &["role-mappings", "realm", "composite"]);
        if let Reply::Json(Value::Array(roles)) = asking.get("all roles of the person", &url).await? {
            self.effective = Some(names(&roles).into_iter().map(|(name, _)| name).collect());
        }
        Ok(())
    }

    /// The same from an example access token of a client that gets every role: one with the default roles has them all.
    pub(super) fn take_effective(&mut self, client: &str, token: &Map<String, Value>) {
        let all = texts(token.get("realm_access").and_then(|access| access.get("roles")));
        if all.iter().any(|role| role.starts_with("default-roles-")) {
            let at_client = token.get("resource_access").and_then(|access| access.get(client)?.get("roles"));
            self.effective = Some(all);
            self.effective_at = Some((client.to_owned(), texts(at_client)));
        }
    }

    /// Whether all roles are known.
    pub(super) fn knows_all(&self) -> bool {
        self.effective.is_some()
    }

    /// All roles of one client.
    pub(super) async fn ask_effective_at(
        &mut self,
        asking: &mut Asking,
        user: &Url,
        client: &str,
        id: &str,
    ) -> Result<()> {
        let url = below(user, &["role-mappings", "clients", id, "composite"]);
        if let Reply::Json(Value::Array(roles)) = asking.get("all roles of the person at the client", &url).await? {
            self.effective_at = Some((client.to_owned(), names(&roles).into_iter().map(|(name, _)| name).collect()));
        }
        Ok(())
    }

    /// Whether a role is assigned to the person themself or to a group of theirs.
    pub(super) fn is_assigned(&self, role: &str) -> bool {
        self.realm.iter().any(|(name, _)| name == role)
            || self.clients.iter().any(|(_, name)| name == role)
            || self.groups.iter().any(|group| {
                group_roles(group).iter().any(|name| name == role)
                    || group_client_roles(group).values().flatten().any(|name| name == role)
            })
    }

    /// Whether a role is among all there are, where those were asked.
    pub(super) fn is_effective(&self, role: &str) -> bool {
        self.effective.iter().flatten().any(|name| name == role)
    }

    /// Tells all of it.
    pub(super) fn tell(&self, answer: &mut Answer) {
        for group in &self.groups {
            add_group(answer, group, &["groups"]);
        }
        for (role, _) in &self.realm {
            answer.add(Grant::new(Kind::Role, role, &["role-mappings", "realm"]), None);
        }
        for (client, role) in &self.clients {
            let path = ["role-mappings", "clients", client];
            answer.add(Grant { context: Some(client), ..Grant::new(Kind::Role, role, &path) }, None);
        }
        self.tell_of_groups(answer);
        self.tell_of_composites(answer);
        answer.asked(Kind::Group);
        match (&self.lacks, &self.effective) {
            (Some(lacks), _) => answer.partly(Kind::Role, lacks),
            (None, None) => answer.partly(Kind::Role, "Roles that other roles contain were not asked."),
            (None, Some(_)) => answer.asked(Kind::Role),
        }
    }

    fn tell_of_groups(&self, answer: &mut Answer) {
        for group in &self.groups {
            let name = group.get("path").or_else(|| group.get("name")).and_then(Value::as_str).unwrap_or_default();
            let through = || Some(Through { kind: Kind::Group, name: name.to_owned(), nested: false });
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

    /// What comes neither directly nor through a group: through a role that contains it, or a group above one of theirs.
    fn tell_of_composites(&self, answer: &mut Answer) {
        for role in self.effective.iter().flatten().filter(|role| !self.is_assigned(role)) {
            let path = ["role-mappings", "realm", "composite"];
            answer.add(Grant::new(Kind::Role, role, &path), Some(self.container(role)));
        }
        let Some((client, roles)) = &self.effective_at else { return };
        for role in roles.iter().filter(|role| !self.is_assigned(role)) {
            let path = ["role-mappings", "clients", client, "composite"];
            let grant = Grant { context: Some(client), ..Grant::new(Kind::Role, role, &path) };
            answer.add(grant, Some(self.container(role)));
        }
    }

    /// What may contain a role that is assigned nowhere by itself: the default roles where it is one of those that they
    /// begin with; else whatever else may, all of it named.
    fn container(&self, role: &str) -> Through {
        let through = |kind, name: String| Through { kind, name, nested: false };
        let composites = || self.realm.iter().filter(|(_, composite)| *composite).map(|(name, _)| name.as_str());
        let is_default = |name: &&str| name.starts_with("default-roles-");
        if ["uma_authorization", "offline_access"].contains(&role)
            && let Some(defaults) = composites().find(is_default)
        {
            return through(Kind::Role, defaults.to_owned());
        }
        let own: Vec<&str> = composites().filter(|name| !is_default(name)).collect();
        let is_below_another =
            |group: &Value| group.get("path").and_then(Value::as_str).is_some_and(|path| path.matches('/').count() > 1);
        let above = self.groups.iter().any(is_below_another);
        match (own.as_slice(), above) {
            ([], true) => Through { nested: true, ..through(Kind::Group, "above one of theirs".into()) },
            ([], false) => through(Kind::Role, composites().collect::<Vec<_>>().join(" or ")),
            (own, false) => through(Kind::Role, own.join(" or ")),
            (own, true) => through(Kind::Role, format!("{}, or a group above one of theirs", own.join(" or "))),
        }
    }
}

fn below(url: &Url, steps: &[&str]) -> Url {
    let mut url = url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.extend(steps);
    }
    url
}

/// The names in a list of roles, each with whether it contains others.
pub(super) fn names(roles: &[Value]) -> Vec<(String, bool)> {
    let name = |role: &Value| {
        Some((role.get("name")?.as_str()?.to_owned(), role.get("composite") == Some(&Value::Bool(true))))
    };
    roles.iter().filter_map(name).collect()
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn group_roles(group: &Value) -> Vec<String> {
    texts(group.get("realmRoles"))
}

fn group_client_roles(group: &Value) -> BTreeMap<String, Vec<String>> {
    let clients = group.get("clientRoles").and_then(Value::as_object).into_iter().flatten();
    clients.map(|(client, roles)| (client.clone(), texts(Some(roles)))).collect()
}

/// A group as a mapper writes it: its path, or its name alone.
pub(super) fn add_group(answer: &mut Answer, group: &Value, path: &[&str]) {
    let text = |name: &str| group.get(name).and_then(Value::as_str).unwrap_or_default();
    let (name, whole) = (text("name"), text("path"));
    let value = if whole.is_empty() { name } else { whole };
    let also = [name, whole.trim_start_matches('/'), text("id")];
    answer.add(Grant { also: &also, ..Grant::new(Kind::Group, value, path) }, None);
}
