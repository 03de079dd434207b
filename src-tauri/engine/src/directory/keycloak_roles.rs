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
    /// Those among them and among the roles of clients that contain others: ID and name.
    composites: Vec<(String, String)>,
    /// Which of these contain a role that was looked for.
    containers: Vec<(String, String)>,
    /// Roles of clients assigned to the person themself, each behind its client.
    clients: Vec<(String, String)>,
    groups: Vec<Value>,
    /// All realm roles, however they come; `None` where that was not asked.
    effective: Option<Vec<String>>,
    /// All roles of clients, however they come, each behind its client; `None` where that was not asked.
    effective_at_clients: Option<Vec<(String, String)>>,
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
            Some(realm) => roles.take_realm(realm),
            // Everybody has the default roles, so none at all is a lack of rights.
            None => match asking.get("the person’s roles", &below(user, &["role-mappings", "realm"])).await? {
                Reply::Json(Value::Array(realm)) => roles.take_realm(&realm),
                _ => roles.lacks = Some("The roles of the realm would need view-realm of realm-management.".into()),
            },
        }
        let clients = mappings.get("clientMappings").and_then(Value::as_object);
        for (client, mapped) in clients.into_iter().flatten() {
            let mapped = mapped.get("mappings").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            roles.composites.extend(composites(mapped));
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

    fn take_realm(&mut self, realm: &[Value]) {
        self.realm = names(realm);
        self.composites.extend(composites(realm));
    }

    /// Which of the person's own roles contains this one, where that may be asked (`view-realm`).
    pub(super) async fn ask_container(&mut self, asking: &mut Asking, admin: &Admin, role: &str) -> Result<()> {
        let own: Vec<(String, String)> =
            self.composites.iter().filter(|(_, name)| !is_default(name)).take(MOST_COMPOSITES).cloned().collect();
        for (id, name) in own {
            let Some(url) = admin.at(&["roles-by-id", &id, "composites"], &[]) else { continue };
            if let Reply::Json(Value::Array(contained)) = asking.get("what a role contains", &url).await?
                && names(&contained).iter().any(|(one, _)| one == role)
            {
                self.containers.push((role.to_owned(), name));
                break;
            }
        }
        Ok(())
    }

    /// All realm roles, those that come through groups and other roles included.
    pub(super) async fn ask_effective(&mut self, asking: &mut Asking, user: &Url) -> Result<()> {
        let url = below(user, &["role-mappings", "realm", "composite"]);
        if let Reply::Json(Value::Array(roles)) = asking.get("all roles of the person", &url).await? {
            self.effective = Some(names(&roles).into_iter().map(|(name, _)| name).collect());
        }
        Ok(())
    }

    /// All roles of clients, those that other roles contain included. Keycloak's console asks so; where it does not answer,
    /// they are not known.
    pub(super) async fn ask_effective_at_clients(
        &mut self,
        asking: &mut Asking,
        admin: &Admin,
        id: &str,
    ) -> Result<()> {
        let Some(url) = admin.at(&["ui-ext", "effective-roles", "users", id], &[]) else { return Ok(()) };
        if let Reply::Json(Value::Array(roles)) = asking.get("all roles of the person at clients", &url).await? {
            let text = |role: &Value, name: &str| role.get(name).and_then(Value::as_str).map(str::to_owned);
            let pair = |role: &Value| Some((text(role, "client")?, text(role, "role")?));
            self.effective_at_clients = Some(roles.iter().filter_map(pair).collect());
        }
        Ok(())
    }

    /// Both from an example access token of a client that gets every role: one with the default roles has them all.
    pub(super) fn take_effective(&mut self, token: &Map<String, Value>) {
        let all = texts(token.get("realm_access").and_then(|access| access.get("roles")));
        if all.iter().any(|role| role.starts_with("default-roles-")) {
            let clients = token.get("resource_access").and_then(Value::as_object).into_iter().flatten();
            let roles = clients.flat_map(|(client, held)| {
                texts(held.get("roles")).into_iter().map(move |role| (client.clone(), role))
            });
            self.effective_at_clients = Some(roles.collect());
            self.effective = Some(all);
        }
    }

    /// Whether all roles are known.
    pub(super) fn knows_all(&self) -> bool {
        self.effective.is_some() && self.effective_at_clients.is_some()
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
            (None, Some(_)) if self.knows_all() => answer.asked(Kind::Role),
            (None, Some(_)) => {
                answer.partly(Kind::Role, "Roles of clients that other roles contain could not be asked.");
            }
            (None, None) => answer.partly(Kind::Role, "Roles that other roles contain were not asked."),
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
        for (client, role) in self.effective_at_clients.iter().flatten() {
            if !self.is_assigned_at(client, role) {
                let path = ["effective-roles", "clients", client];
                let grant = Grant { context: Some(client), ..Grant::new(Kind::Role, role, &path) };
                answer.add(grant, Some(self.container(role)));
            }
        }
    }

    fn is_assigned_at(&self, client: &str, role: &str) -> bool {
        self.clients.iter().any(|(at, name)| at == client && name == role)
            || self.groups.iter().any(|group| {
                group_client_roles(group).get(client).is_some_and(|roles| roles.iter().any(|name| name == role))
            })
    }

    /// What contains a role that is assigned nowhere by itself: what is known to, else whatever may, all of it named.
    fn container(&self, role: &str) -> Through {
        let through = |kind, name: String| Through { kind, name, nested: false };
        if let Some((_, name)) = self.containers.iter().find(|(contained, _)| contained == role) {
            return through(Kind::Role, name.clone());
        }
        let may: Vec<&str> = self.composites.iter().map(|(_, name)| name.as_str()).collect();
        if EVERYBODY_S.contains(&role)
            && let Some(defaults) = may.iter().find(|name| is_default(name))
        {
            return through(Kind::Role, (*defaults).to_owned());
        }
        let is_below_another =
            |group: &Value| group.get("path").and_then(Value::as_str).is_some_and(|path| path.matches('/').count() > 1);
        let above = if self.groups.iter().any(is_below_another) { ", or a group above one of theirs" } else { "" };
        through(Kind::Role, format!("{}{above}", may.join(" or ")))
    }
}

/// Own roles whose contents are looked at.
const MOST_COMPOSITES: usize = 2;

/// What the default roles contain in every realm.
const EVERYBODY_S: [&str; 5] =
    ["uma_authorization", "offline_access", "manage-account", "manage-account-links", "view-profile"];

fn is_default(role: &str) -> bool {
    role.starts_with("default-roles-")
}

/// ID and name of those that contain others.
fn composites(roles: &[Value]) -> Vec<(String, String)> {
    let text = |role: &Value, name: &str| role.get(name).and_then(Value::as_str).map(str::to_owned);
    let composite = roles.iter().filter(|role| role.get("composite") == Some(&Value::Bool(true)));
    composite.filter_map(|role| Some((text(role, "id")?, text(role, "name")?))).collect()
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
