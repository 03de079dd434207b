//! What Keycloak's admin API says of one person's roles and groups, each part a request of its own: whoever asks takes those
//! that the question needs.
//!
//! `role-mappings` leaves the realm's roles out without a word where the caller lacks `view-realm`, so an answer without
//! them is taken for a lack of rights, and they are asked where `view-users` is enough.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use url::Url;

use super::{Asking, Reply, Session};
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

/// A role as a list tells it.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) name: String,
    /// It contains others.
    pub(super) composite: bool,
}

/// One person's roles and groups. What was not asked is `None`.
#[derive(Default)]
pub(super) struct Roles {
    /// Realm roles assigned to the person themself.
    pub(super) realm: Option<Vec<Role>>,
    /// Roles of clients assigned to the person themself, each behind its client.
    pub(super) clients: Option<Vec<(String, Role)>>,
    pub(super) groups: Option<Vec<Value>>,
    /// All realm roles, however they come.
    pub(super) effective: Option<Vec<Role>>,
    /// All roles of clients, however they come, each behind its client.
    pub(super) effective_at_clients: Option<Vec<(String, String)>>,
}

impl Roles {
    /// What is assigned to the person themself.
    pub(super) async fn ask_own(&mut self, asking: &mut Asking, user: &Url) -> Result<Result<(), Refusal>> {
        let mappings = match asking.get("the person’s roles", &below(user, &["role-mappings"])).await? {
            Reply::Json(mappings) => mappings,
            Reply::Refused { status, words } => return Ok(Err((status, words))),
            Reply::Unusable(why) => return Ok(Err((200, why))),
        };
        self.realm = mappings.get("realmMappings").and_then(Value::as_array).map(|realm| roles(realm));
        let clients = mappings.get("clientMappings").and_then(Value::as_object).into_iter().flatten();
        let of_client = |(client, mapped): (&String, &Value)| {
            let mapped = mapped.get("mappings").and_then(Value::as_array).map(|mapped| roles(mapped));
            mapped.unwrap_or_default().into_iter().map(|role| (client.clone(), role)).collect::<Vec<_>>()
        };
        self.clients = Some(clients.flat_map(of_client).collect());
        Ok(Ok(()))
    }

    /// The realm's roles that are assigned to the person themself, where `role-mappings` left them out. Everybody has the
    /// default roles, so none at all is a lack of rights.
    pub(super) async fn ask_own_of_realm(&mut self, asking: &mut Asking, user: &Url) -> Result<()> {
        let url = below(user, &["role-mappings", "realm"]);
        if let Reply::Json(Value::Array(realm)) = asking.get("the person’s roles", &url).await? {
            self.realm = Some(roles(&realm));
        }
        Ok(())
    }

    /// The groups the person is in themself, each with its own roles.
    pub(super) async fn ask_groups(&mut self, asking: &mut Asking, user: &Url) -> Result<Result<(), Refusal>> {
        let mut url = below(user, &["groups"]);
        url.query_pairs_mut().append_pair("briefRepresentation", "false");
        match asking.get("the person’s groups", &url).await? {
            Reply::Json(Value::Array(groups)) => self.groups = Some(groups),
            Reply::Refused { status, words } => return Ok(Err((status, words))),
            Reply::Json(_) | Reply::Unusable(_) => {}
        }
        Ok(Ok(()))
    }

    /// All realm roles, those that come through groups and other roles included.
    pub(super) async fn ask_effective(&mut self, asking: &mut Asking, user: &Url) -> Result<Result<(), Refusal>> {
        let url = below(user, &["role-mappings", "realm", "composite"]);
        match asking.get("all roles of the person", &url).await? {
            Reply::Json(Value::Array(all)) => self.effective = Some(roles(&all)),
            Reply::Refused { status, words } => return Ok(Err((status, words))),
            Reply::Json(_) | Reply::Unusable(_) => {}
        }
        Ok(Ok(()))
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
        if all.iter().any(|role| is_default(role)) {
            let clients = token.get("resource_access").and_then(Value::as_object).into_iter().flatten();
            let roles = clients.flat_map(|(client, held)| {
                texts(held.get("roles")).into_iter().map(move |role| (client.clone(), role))
            });
            self.effective_at_clients = Some(roles.collect());
            self.effective = Some(all.into_iter().map(|name| Role { name, composite: false }).collect());
        }
    }

    /// Whether all roles are known.
    pub(super) fn knows_all(&self) -> bool {
        self.effective.is_some() && self.effective_at_clients.is_some()
    }

    /// Whether a role of the realm is assigned to the person themself.
    pub(super) fn is_own(&self, role: &str) -> bool {
        self.realm.iter().flatten().any(|own| own.name == role)
    }

    /// Whether a role of a client is assigned to the person themself.
    pub(super) fn is_own_at(&self, client: &str, role: &str) -> bool {
        self.clients.iter().flatten().any(|(at, own)| at == client && own.name == role)
    }

    /// Whether they are in the group with this path or name.
    pub(super) fn is_in_group(&self, group: &str) -> bool {
        let is =
            |one: &Value| ["path", "name"].into_iter().any(|name| one.get(name).and_then(Value::as_str) == Some(group));
        self.groups.iter().flatten().any(is)
    }

    /// Whether a group of theirs has a role of the realm.
    pub(super) fn is_of_group(&self, role: &str) -> bool {
        self.groups.iter().flatten().any(|group| group_roles(group).iter().any(|name| name == role))
    }

    /// Whether a group of theirs has a role of a client.
    pub(super) fn is_of_group_at(&self, client: &str, role: &str) -> bool {
        let of =
            |group: &Value| group_client_roles(group).get(client).is_some_and(|all| all.iter().any(|one| one == role));
        self.groups.iter().flatten().any(of)
    }

    /// Whether a role is among all of the realm's there are, where those were asked.
    pub(super) fn is_effective(&self, role: &str) -> bool {
        self.effective.iter().flatten().any(|one| one.name == role)
    }

    /// Whether a role is among all of clients there are, where those were asked.
    pub(super) fn is_effective_at_a_client(&self, role: &str) -> bool {
        self.effective_at_clients.iter().flatten().any(|(_, name)| name == role)
    }
}

/// Whether it is the role that contains what everybody has.
pub(super) fn is_default(role: &str) -> bool {
    role.starts_with("default-roles-")
}

fn below(url: &Url, steps: &[&str]) -> Url {
    let mut url = url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.extend(steps);
    }
    url
}

/// The roles of a list.
pub(super) fn roles(list: &[Value]) -> Vec<Role> {
    let role = |role: &Value| {
        let composite = role.get("composite") == Some(&Value::Bool(true));
        Some(Role { name: role.get("name")?.as_str()?.to_owned(), composite })
    };
    list.iter().filter_map(role).collect()
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The roles of the realm that a group has itself.
pub(super) fn group_roles(group: &Value) -> Vec<String> {
    texts(group.get("realmRoles"))
}

/// The roles that a group has itself, by client.
pub(super) fn group_client_roles(group: &Value) -> BTreeMap<String, Vec<String>> {
    let clients = group.get("clientRoles").and_then(Value::as_object).into_iter().flatten();
    clients.map(|(client, roles)| (client.clone(), texts(Some(roles)))).collect()
}
