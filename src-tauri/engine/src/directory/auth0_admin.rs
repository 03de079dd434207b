//! Auth0's Management API about somebody else: roles, permissions, and the roles in each organization.

use futures_util::FutureExt as _;
use serde_json::Value;
use url::Url;

use super::answer::Grant;
use super::asking::refused;
use super::auth0::{below, token};
use super::somebody::{may_not, not_one, unusable};
use super::{Answer, Asking, Others, Question, Reply, Somebody};
use crate::identity::{ClientReach, Kind, Through};
use crate::problem::Result;

pub(super) static OTHERS: Others = Others {
    asks: "Auth0’s Management API for that person’s roles, permissions and roles in organizations",
    // What a person may ask there is in no document of this application.
    may: |_| None,
    token: |session| token(session, SCOPES),
    ask: |asking, question| ask(asking, question).boxed(),
};

const SCOPES: &str = "read:users read:roles read:role_members read:organizations read:organization_member_roles";
const NEEDS: &str =
    "a token for the Management API with read:users and read:roles, which Auth0 gives to administrators’ applications";
/// Organizations whose roles are asked.
const MOST_ORGANIZATIONS: usize = 5;

async fn ask(asking: &mut Asking, question: &Question) -> Result<Somebody> {
    let origin = asking.session().at_origin("/api/v2/").ok_or_else(|| unusable("the address is none"))?;
    let (id, name) = find_person(asking, &origin, &question.who).await?;
    let mut answer = asking.answer();
    answer.no_such(Kind::Group, "Auth0 has no groups but those of the old Authorization Extension.");
    let user = below(&origin, &["users", &id]);
    roles(asking, &mut answer, &user).await?;
    permissions(asking, &mut answer, &user).await?;
    organizations(asking, &mut answer, &origin, &user, &id).await?;
    let client = Some(ClientReach { client: question.client.clone(), ..ClientReach::default() });
    let user = crate::text::clean_line(&asking.redactor().text(&id));
    Ok(Somebody { name, user, documents: Vec::new(), client, answer })
}

async fn find_person(asking: &mut Asking, origin: &Url, who: &str) -> Result<(String, String)> {
    // An ID names its connection before a bar.
    let by_id = who.contains('|');
    let mut url = if by_id { below(origin, &["users", who]) } else { below(origin, &["users-by-email"]) };
    if !by_id {
        url.query_pairs_mut().append_pair("email", &who.to_lowercase());
    }
    let found = match asking.get("the person", &url).await? {
        Reply::Json(Value::Array(found)) => found,
        Reply::Json(user) => vec![user],
        Reply::Refused { status: 404, .. } => Vec::new(),
        Reply::Refused { status, words } => return Err(may_not(NEEDS, status, &words)),
        Reply::Unusable(why) => return Err(unusable(&why)),
    };
    let text = |user: &Value, name: &str| user.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let [user] = found.as_slice() else {
        return Err(not_one(who, &found.iter().map(|user| text(user, "user_id")).collect::<Vec<_>>()));
    };
    let name = Some(text(user, "name")).filter(|name| !name.is_empty()).unwrap_or_else(|| text(user, "email"));
    Ok((text(user, "user_id"), crate::text::clean_line(&asking.redactor().text(&name))))
}

async fn roles(asking: &mut Asking, answer: &mut Answer, user: &Url) -> Result<()> {
    match asking.list("the person’s roles", paged(user, &["roles"]), None, next_page).await? {
        Ok(list) => {
            for role in &list.items {
                let text = |name: &str| role.get(name).and_then(Value::as_str).unwrap_or_default();
                let also = [text("id")];
                answer.add(Grant { also: &also, ..Grant::new(Kind::Role, text("name"), &["users", "roles"]) }, None);
            }
            match list.cut {
                Some(why) => answer.partly(Kind::Role, &format!("Not all roles were read: {why}.")),
                None => answer.asked(Kind::Role),
            }
        }
        Err((status, words)) => answer.not_asked(Kind::Role, &format!("Auth0 was asked: {}.", refused(status, &words))),
    }
    Ok(())
}

async fn permissions(asking: &mut Asking, answer: &mut Answer, user: &Url) -> Result<()> {
    match asking.list("the person’s permissions", paged(user, &["permissions"]), None, next_page).await? {
        Ok(list) => {
            for permission in &list.items {
                let text = |name: &str| permission.get(name).and_then(Value::as_str).unwrap_or_default();
                let sources = permission.get("sources").and_then(Value::as_array);
                let role = sources.into_iter().flatten().find_map(|source| source.get("source_name")?.as_str());
                let through = role.filter(|role| !role.is_empty()).map(|role| Through {
                    kind: Kind::Role,
                    name: role.to_owned(),
                    nested: false,
                });
                let path = ["users", "permissions", text("resource_server_identifier")];
                answer.add(Grant::new(Kind::Permission, text("permission_name"), &path), through);
            }
            match list.cut {
                Some(why) => answer.partly(Kind::Permission, &format!("Not all permissions were read: {why}.")),
                None => answer.asked(Kind::Permission),
            }
        }
        Err((status, words)) => {
            answer.not_asked(Kind::Permission, &format!("Auth0 was asked: {}.", refused(status, &words)));
        }
    }
    Ok(())
}

async fn organizations(asking: &mut Asking, answer: &mut Answer, origin: &Url, user: &Url, id: &str) -> Result<()> {
    let left_open = "Roles in organizations were not asked.";
    let Ok(list) = asking.list("the person’s organizations", paged(user, &["organizations"]), None, next_page).await?
    else {
        answer.partly(Kind::Role, left_open);
        return Ok(());
    };
    if list.items.len() > MOST_ORGANIZATIONS || list.cut.is_some() {
        answer.partly(Kind::Role, &format!("Roles of more than {MOST_ORGANIZATIONS} organizations are not asked."));
    }
    for organization in list.items.iter().take(MOST_ORGANIZATIONS) {
        let text = |name: &str| organization.get(name).and_then(Value::as_str).unwrap_or_default();
        let url = paged(&below(origin, &["organizations", text("id"), "members", id]), &["roles"]);
        match asking.list("the person’s roles in an organization", url, None, next_page).await? {
            Ok(list) => {
                for role in list.items.iter().filter_map(|role| role.get("name")?.as_str()) {
                    let path = ["organizations", text("name"), "roles"];
                    let grant = Grant { context: Some(text("name")), ..Grant::new(Kind::Role, role, &path) };
                    answer.add(grant, None);
                }
            }
            Err(_) => answer.partly(Kind::Role, left_open),
        }
    }
    Ok(())
}

fn paged(url: &Url, steps: &[&str]) -> Url {
    let mut url = below(url, steps);
    url.query_pairs_mut().append_pair("per_page", "100").append_pair("page", "0");
    url
}

/// A full page is followed by another.
fn next_page(page: &Value, url: &Url) -> Option<String> {
    if page.as_array()?.len() < 100 {
        return None;
    }
    let number: u32 = url.query_pairs().find(|(name, _)| name == "page")?.1.parse().ok()?;
    let mut next = url.clone();
    next.query_pairs_mut().clear().append_pair("per_page", "100").append_pair("page", &(number + 1).to_string());
    Some(next.into())
}
