//! Keycloak's admin API: what a person has, how they have it, and what a client would be told, as Keycloak itself works it
//! out. Two requests find the person and the client; the look itself takes five to seven. One more is needed where
//! `view-realm` is lacking.

use futures_util::FutureExt as _;
use serde_json::{Map, Value};

use super::asking::refused;
use super::keycloak_roles::{Admin, Roles, VIEW_USERS, admin_of, names};
use super::somebody::{may_not, not_one, unusable};
use super::{Asking, Others, Question, Reply, Somebody, TokenFor};
use crate::identity::{ClientReach, DocumentKind, Kind};
use crate::problem::{Code, Problem, Result};

pub(super) static OTHERS: Others = Others {
    asks: "Keycloak’s admin API for that person’s roles and groups, and for the tokens that client would get",
    may: |session| {
        session.has_right("realm-management", &VIEW_USERS).then(|| {
            "User name, email or ID of anybody in this realm; your role view-users of realm-management allows it"
                .to_owned()
        })
    },
    token: |_| TokenFor::Session,
    ask: |asking, question| ask(asking, question).boxed(),
};

const NEEDS: &str = "the roles view-users and view-clients of realm-management in this session’s token \
                     (Users › you › Role mapping; Full scope allowed on for this client)";

async fn ask(asking: &mut Asking, question: &Question) -> Result<Somebody> {
    let admin = admin_of(asking.session())
        .ok_or_else(|| Problem::new(Code::BadIssuer, "the issuer names no realm of Keycloak"))?;
    let (id, user_name, name) = find_person(asking, &admin, &question.who).await?;
    let (client_id, mut reach) = find_client(asking, &admin, &question.client).await?;
    let mut documents = Vec::new();
    for (document, example, purpose) in [
        (DocumentKind::IdToken, "generate-example-id-token", "an example ID token"),
        (DocumentKind::AccessToken, "generate-example-access-token", "an example access token"),
        (DocumentKind::Userinfo, "generate-example-userinfo", "example userinfo"),
    ] {
        let steps = ["clients", &client_id, "evaluate-scopes", example];
        let query = [("scope", question.scopes.as_str()), ("userId", id.as_str())];
        documents.extend(example_of(asking, &admin, purpose, &steps, &query).await?.map(|claims| (document, claims)));
    }
    let user = admin.user(&id).ok_or_else(|| unusable("the person’s ID is none"))?;
    let mut roles = match Roles::ask(asking, &user).await? {
        Ok(roles) => roles,
        Err((status, words)) => return Err(may_not(NEEDS, status, &words)),
    };
    let role = question.wanted.as_ref().filter(|wanted| wanted.kind.is_none_or(|kind| kind == Kind::Role));
    let example = documents.iter().find(|(document, _)| *document == DocumentKind::AccessToken);
    if let Some((_, token)) = example.filter(|_| reach.full_scope == Some(true)) {
        roles.take_effective(token);
    }
    let assigned = role.is_some_and(|role| roles.is_assigned(&role.value));
    if !assigned && !roles.knows_all() {
        roles.ask_effective(asking, &user).await?;
        if role.is_some_and(|role| !roles.is_effective(&role.value)) {
            roles.ask_effective_at_clients(asking, &admin, &id).await?;
        }
    }
    if let Some(role) = role.filter(|role| !assigned && roles.is_effective(&role.value)) {
        roles.ask_container(asking, &admin, &role.value).await?;
    }
    if assigned && reach.full_scope == Some(false) {
        reach.not_granted = not_granted(asking, &admin, &client_id, &question.scopes).await?;
    }
    let mut answer = asking.answer();
    answer.not_asked(Kind::Permission, "Keycloak’s permissions (authorization services) were not asked.");
    roles.tell(&mut answer);
    Ok(Somebody { name, user: user_name, documents, client: Some(reach), answer })
}

/// Who is meant: one whose ID, user name, email or whole name is what was given.
async fn find_person(asking: &mut Asking, admin: &Admin, who: &str) -> Result<(String, String, String)> {
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
    Ok((text(user, "id"), shown(&text(user, "username")), shown(&name)))
}

async fn find_client(asking: &mut Asking, admin: &Admin, client: &str) -> Result<(String, ClientReach)> {
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
        not_granted: Vec::new(),
        default_scopes: scopes.filter_map(Value::as_str).map(str::to_owned).collect(),
    };
    Ok((id.to_owned(), reach))
}

/// A document as Keycloak makes it up; `None` where it does not make this one.
async fn example_of(
    asking: &mut Asking,
    admin: &Admin,
    purpose: &'static str,
    steps: &[&str],
    query: &[(&str, &str)],
) -> Result<Option<Map<String, Value>>> {
    let url = admin.at(steps, query).ok_or_else(|| unusable("the address is none"))?;
    Ok(match asking.get(purpose, &url).await? {
        Reply::Json(Value::Object(mut claims)) => Some(std::mem::take(&mut claims)),
        Reply::Refused { status: 401 | 403, words } => return Err(may_not(NEEDS, 403, &words)),
        Reply::Refused { status, words } => {
            tracing::warn!(purpose, reason = refused(status, &words), "Keycloak made no example");
            None
        }
        Reply::Json(_) | Reply::Unusable(_) => None,
    })
}

/// The realm roles that the client is not granted.
async fn not_granted(asking: &mut Asking, admin: &Admin, client: &str, scopes: &str) -> Result<Vec<String>> {
    let steps = ["clients", client, "evaluate-scopes", "scope-mappings", &admin.realm, "not-granted"];
    let url = admin.at(&steps, &[("scope", scopes)]).ok_or_else(|| unusable("the address is none"))?;
    Ok(match asking.get("the roles the client is not granted", &url).await? {
        Reply::Json(Value::Array(roles)) => names(&roles).into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    })
}
