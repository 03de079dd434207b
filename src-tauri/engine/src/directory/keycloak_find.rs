//! Keycloak's admin API: the person and the client that a question is about, and the documents that client would get.

use serde_json::{Map, Value};

use super::asking::refused;
use super::keycloak_roles::Admin;
use super::somebody::{may_not, not_one, unusable};
use super::{Asking, Reply};
use crate::identity::ClientReach;
use crate::problem::{Code, Problem, Result};

/// What asking about others needs at Keycloak.
pub(super) const NEEDS: &str = "the roles view-users and view-clients of realm-management in this session’s token \
                                (Users › you › Role mapping; Full scope allowed on for this client)";

/// Somebody who was found.
pub(super) struct Person {
    pub(super) id: String,
    pub(super) user_name: String,
    pub(super) name: String,
}

/// A client that was found.
pub(super) struct Client {
    pub(super) id: String,
    pub(super) reach: ClientReach,
    /// Whether its access tokens are not lightweight, so that they carry roles where it has the client scope for that.
    pub(super) whole_access_tokens: bool,
}

/// Who is meant: one whose ID, user name, email or whole name is what was given.
pub(super) async fn person(asking: &mut Asking, admin: &Admin, who: &str) -> Result<Person> {
    let is_id = who.len() == 36 && who.matches('-').count() == 4;
    let search = if is_id { format!("id:{who}") } else { who.to_owned() };
    let query = [("search", search.as_str()), ("max", "20")];
    let url = admin.at(&["users"], &query).ok_or_else(|| unusable("the address is none"))?;
    let found = match asking.get("the person", &url).await? {
        Reply::Json(Value::Array(found)) => found,
        Reply::Refused { status, words } => return Err(may_not(NEEDS, status, &words)),
        Reply::Json(_) => return Err(unusable("what came is no list of people")),
        Reply::Unusable(why) => return Err(unusable(&why)),
    };
    let text = |user: &Value, name: &str| user.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let whole = |user: &Value| format!("{} {}", text(user, "firstName"), text(user, "lastName")).trim().to_owned();
    let is_meant = |user: &&Value| {
        let all = [text(user, "id"), text(user, "username"), text(user, "email"), whole(user)];
        all.iter().any(|name| name.to_lowercase() == who.trim().to_lowercase())
    };
    let meant: Vec<&Value> = found.iter().filter(is_meant).collect();
    let [user] = meant.as_slice() else {
        let near = if meant.is_empty() { found.iter().collect() } else { meant };
        return Err(not_one(who, &near.iter().map(|user| text(user, "username")).collect::<Vec<_>>()));
    };
    let name = Some(whole(user)).filter(|name| !name.is_empty()).unwrap_or_else(|| text(user, "username"));
    let shown = |text: &str| crate::text::clean_line(&asking.redactor().text(text));
    Ok(Person { id: text(user, "id"), user_name: shown(&text(user, "username")), name: shown(&name) })
}

/// The client with this client ID.
pub(super) async fn client(asking: &mut Asking, admin: &Admin, client: &str) -> Result<Client> {
    let url = admin.at(&["clients"], &[("clientId", client)]).ok_or_else(|| unusable("the address is none"))?;
    let found = match asking.get("the client", &url).await? {
        Reply::Json(Value::Array(found)) => found,
        Reply::Refused { status, words } => return Err(may_not(NEEDS, status, &words)),
        Reply::Json(_) => return Err(unusable("what came is no list of clients")),
        Reply::Unusable(why) => return Err(unusable(&why)),
    };
    let known = found.iter().find(|one| one.get("clientId").and_then(Value::as_str) == Some(client));
    let Some((known, id)) = known.and_then(|known| Some((known, known.get("id")?.as_str()?))) else {
        let client = crate::text::clean_line(client);
        return Err(Problem::new(Code::BadSetting, format!("--client: this realm has no client '{client}'")));
    };
    let scopes = known.get("defaultClientScopes").and_then(Value::as_array).into_iter().flatten();
    let reach = ClientReach {
        client: client.to_owned(),
        full_scope: known.get("fullScopeAllowed").and_then(Value::as_bool),
        not_granted: None,
        default_scopes: scopes.filter_map(Value::as_str).map(str::to_owned).collect(),
    };
    let lightweight = known.pointer("/attributes/client.use.lightweight.access.token.enabled");
    let whole_access_tokens = lightweight.and_then(Value::as_str) != Some("true");
    Ok(Client { id: id.to_owned(), reach, whole_access_tokens })
}

/// A document as Keycloak makes it up; `None` where it does not make this one.
pub(super) async fn example(
    asking: &mut Asking,
    admin: &Admin,
    purpose: &'static str,
    steps: &[&str],
    query: &[(&str, &str)],
) -> Result<Option<Map<String, Value>>> {
    let url = admin.at(steps, query).ok_or_else(|| unusable("the address is none"))?;
    Ok(match asking.get(purpose, &url).await? {
        Reply::Json(Value::Object(claims)) => Some(claims),
        Reply::Refused { status: 401 | 403, words } => return Err(may_not(NEEDS, 403, &words)),
        Reply::Refused { status, words } => {
            tracing::warn!(purpose, reason = refused(status, &words), "Keycloak made no example");
            None
        }
        Reply::Json(_) | Reply::Unusable(_) => None,
    })
}
