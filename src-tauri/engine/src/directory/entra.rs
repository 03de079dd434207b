//! Microsoft Graph. With `User.Read` it lists a person's groups by ID, nested ones too, however many there are; names and
//! app roles need more.

use futures_util::FutureExt as _;
use serde_json::Value;
use url::Url;

use super::answer::Grant;
use super::asking::refused;
use super::{Answer, Api, Asking, Session, TokenFor};
use crate::identity::{Kind, Through};
use crate::problem::Result;

const NAMES: &str = "Groups come by ID: their names need GroupMember.Read.All, to which an administrator consents. Look for the group’s object ID.";
const APP_ROLES: &str = "App roles need AppRoleAssignment.ReadWrite.All or Directory.Read.All and a role in the directory; an administrator can ask: rolecall why ROLE --user YOU.";
const APP_ROLES_BY_ID: &str =
    "App roles come by ID: their names need Application.Read.All, to which an administrator consents.";
const HIDDEN: &str = "Groups whose membership is hidden are left out without Member.Read.Hidden.";
/// Which roles an app registration defines is not for a person; no permission is in Graph.
const NO_PERMISSIONS: &str = "Entra ID assigns no permissions to people.";

pub(super) static API: Api = Api {
    asks: "Microsoft Graph for your groups (by ID) and app roles, with a token for User.Read",
    cannot: Some("Names of groups and app roles need consent of an administrator."),
    token: |session| token(session, "User.Read"),
    ask: |asking| ask(asking).boxed(),
};

/// A token for Graph in the cloud that the issuer belongs to.
pub(super) fn token(session: &Session, permissions: &str) -> TokenFor {
    let Some(graph) = graph_of(session) else {
        return TokenFor::None("Microsoft Graph has no address that is known for this issuer.".into());
    };
    let resource = graph.as_str().trim_end_matches('/').to_owned();
    let scopes: Vec<String> = permissions.split(' ').map(|permission| format!("{resource}/{permission}")).collect();
    // Never `resource` beside `scope`: AADSTS9010010.
    TokenFor::Made { wanted: vec![("scope", scopes.join(" "))], origin: graph.origin(), audience: None }
}

/// Graph's host in each national cloud.
pub(super) fn graph_of(session: &Session) -> Option<Url> {
    session.api_origin(|issuer| match issuer {
        "login.microsoftonline.com" | "sts.windows.net" => Some("graph.microsoft.com"),
        "login.microsoftonline.us" => Some("graph.microsoft.us"),
        "login.partner.microsoftonline.cn" | "login.chinacloudapi.cn" => Some("microsoftgraph.chinacloudapi.cn"),
        host if host.ends_with(".ciamlogin.com") => Some("graph.microsoft.com"),
        _ => None,
    })
}

async fn ask(asking: &mut Asking) -> Result<Answer> {
    let mut answer = asking.answer();
    answer.not_asked(Kind::Permission, NO_PERMISSIONS);
    let Some(graph) = graph_of(asking.session()) else { return Ok(answer) };
    groups(asking, &mut answer, &graph, "me").await?;
    app_roles(asking, &mut answer, &graph, "me").await?;
    Ok(answer)
}

/// The groups of `whom` (`me`, `users/ID`), with which of them are nested.
pub(super) async fn groups(asking: &mut Asking, answer: &mut Answer, graph: &Url, whom: &str) -> Result<()> {
    let at = |what: &str| format!("v1.0/{whom}/{what}?$select=id,displayName&$top=999");
    let (Ok(all), Ok(direct)) = (graph.join(&at("transitiveMemberOf")), graph.join(&at("memberOf"))) else {
        return Ok(());
    };
    let all = match asking.list("the person’s groups", all, Some("value"), next_page).await? {
        Ok(list) => list,
        Err((status, words)) => {
            let why = format!(
                "Microsoft Graph was asked: {}. Groups need User.Read; personal accounts have none.",
                refused(status, &words)
            );
            answer.not_asked(Kind::Group, &why);
            return Ok(());
        }
    };
    // Without this list all are told alike, so its refusal costs nothing else.
    let direct = match asking.list("the groups the person is in directly", direct, Some("value"), next_page).await {
        Ok(Ok(list)) if list.cut.is_none() => Some(list.items),
        _ => None,
    };
    let is_direct = |id: &str| direct.as_ref().is_none_or(|direct| direct.iter().any(|one| text(one, "id") == id));
    let mut named = true;
    for group in all.items.iter().filter(|one| text(one, "@odata.type").ends_with("group")) {
        let (id, name) = (text(group, "id"), text(group, "displayName"));
        named &= !name.is_empty();
        let also = [name];
        let grant = Grant { also: &also, ..Grant::new(Kind::Group, id, &["transitiveMemberOf"]) };
        let nested = || Through { kind: Kind::Group, name: "nested in it".into(), nested: true };
        answer.add(grant, (!is_direct(id)).then(nested));
    }
    match all.cut {
        Some(why) => answer.partly(Kind::Group, &format!("Not all groups were read: {why}.")),
        None if named && !all.items.is_empty() => answer.asked(Kind::Group),
        None => answer.asked_by_id(Kind::Group, NAMES),
    }
    answer.remark(HIDDEN);
    Ok(())
}

/// App roles, asked once: Microsoft's own pages disagree about what that needs.
async fn app_roles(asking: &mut Asking, answer: &mut Answer, graph: &Url, whom: &str) -> Result<()> {
    let Ok(url) = graph.join(&format!("v1.0/{whom}/appRoleAssignments?$top=999")) else { return Ok(()) };
    match asking.list("the person’s app roles", url, Some("value"), next_page).await? {
        Ok(list) => {
            for assignment in &list.items {
                add_app_role(answer, assignment, None);
            }
            match list.cut {
                Some(why) => answer.partly(Kind::Role, &format!("Not all app roles were read: {why}.")),
                None => answer.asked_by_id(Kind::Role, APP_ROLES_BY_ID),
            }
        }
        Err((status, words)) => {
            answer.not_asked(Kind::Role, &format!("{APP_ROLES} Graph was asked: {}.", refused(status, &words)));
        }
    }
    Ok(())
}

/// One assignment. All zeros mean access without a role.
pub(super) fn add_app_role(answer: &mut Answer, assignment: &Value, name: Option<&str>) {
    let id = text(assignment, "appRoleId");
    if id.bytes().all(|byte| byte == b'0' || byte == b'-') {
        return;
    }
    let resource = Some(text(assignment, "resourceDisplayName")).filter(|name| !name.is_empty());
    let through = (text(assignment, "principalType") == "Group").then(|| Through {
        kind: Kind::Group,
        name: text(assignment, "principalDisplayName").to_owned(),
        nested: false,
    });
    let also = [id];
    let path = ["appRoleAssignments", resource.unwrap_or_default()];
    let grant = Grant { also: &also, ..Grant::new(Kind::Role, name.unwrap_or(id), &path) };
    answer.add(grant, through);
}

pub(super) fn next_page(page: &Value, _: &Url) -> Option<String> {
    page.get("@odata.nextLink")?.as_str().map(str::to_owned)
}

pub(super) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
