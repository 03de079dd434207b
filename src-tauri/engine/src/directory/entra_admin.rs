//! Microsoft Graph about somebody else: groups with their names, app roles of one application with theirs.

use futures_util::FutureExt as _;
use serde_json::Value;
use url::Url;

use super::entra::{add_app_role, graph_of, groups, next_page, text, token};
use super::somebody::{may_not, not_one, unusable};
use super::{Answer, Asking, Others, Question, Reply, Somebody};
use crate::identity::{ClientReach, Kind};
use crate::problem::Result;

pub(super) static OTHERS: Others = Others {
    asks: "Microsoft Graph for that person’s groups and app roles, with a token for Directory.Read.All",
    // What a person may ask there is in no document of this application.
    may: |_| None,
    token: |session| token(session, "Directory.Read.All"),
    ask: |asking, question| ask(asking, question).boxed(),
};

const NEEDS: &str = "the delegated permission Directory.Read.All, to which an administrator consents, and a role in the directory such as Directory Readers";

async fn ask(asking: &mut Asking, question: &Question) -> Result<Somebody> {
    let graph = graph_of(asking.session()).ok_or_else(|| unusable("Microsoft Graph has no address for this issuer"))?;
    let (id, user, name) = find_person(asking, &graph, &question.who).await?;
    let mut answer = asking.answer();
    answer.not_asked(Kind::Permission, "Entra ID assigns no permissions to people.");
    let whom = format!("users/{id}");
    groups(asking, &mut answer, &graph, &whom).await?;
    app_roles(asking, &mut answer, &graph, &whom, &question.client).await?;
    let client = Some(ClientReach { client: question.client.clone(), ..ClientReach::default() });
    Ok(Somebody { name, user, documents: Vec::new(), client, answer })
}

async fn find_person(asking: &mut Asking, graph: &Url, who: &str) -> Result<(String, String, String)> {
    let quoted = who.replace('\'', "''");
    let mut url = graph.join("v1.0/users").map_err(|_| unusable("the address is none"))?;
    let is_id = who.len() == 36 && who.matches('-').count() == 4;
    let names = if is_id { &["id"][..] } else { &["userPrincipalName", "mail", "displayName"] };
    let filter: Vec<String> = names.iter().map(|name| format!("{name} eq '{quoted}'")).collect();
    url.query_pairs_mut()
        .append_pair("$filter", &filter.join(" or "))
        .append_pair("$select", "id,displayName,userPrincipalName,mail");
    let found = match asking.get("the person", &url).await? {
        Reply::Json(found) => found.get("value").and_then(Value::as_array).cloned().unwrap_or_default(),
        Reply::Refused { status, words } => return Err(may_not(NEEDS, status, &words)),
        Reply::Unusable(why) => return Err(unusable(&why)),
    };
    let [user] = found.as_slice() else {
        let names: Vec<String> = found.iter().map(|user| text(user, "userPrincipalName").to_owned()).collect();
        return Err(not_one(who, &names));
    };
    let id = text(user, "id");
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
        return Err(unusable("the person’s ID is none"));
    }
    let shown = |text: &str| crate::text::clean_line(&asking.redactor().text(text));
    Ok((id.to_owned(), shown(text(user, "userPrincipalName")), shown(text(user, "displayName"))))
}

/// The app roles with the names that the application's registration gives them.
async fn app_roles(asking: &mut Asking, answer: &mut Answer, graph: &Url, whom: &str, client: &str) -> Result<()> {
    let Ok(url) = graph.join(&format!("v1.0/{whom}/appRoleAssignments?$top=999")) else { return Ok(()) };
    let list = match asking.list("the person’s app roles", url, Some("value"), next_page).await? {
        Ok(list) => list,
        Err((status, words)) => {
            let said = super::asking::refused(status, &words);
            answer.not_asked(Kind::Role, &format!("App roles need Directory.Read.All. Graph was asked: {said}."));
            return Ok(());
        }
    };
    let mut url = graph.join("v1.0/servicePrincipals").map_err(|_| unusable("the address is none"))?;
    url.query_pairs_mut()
        .append_pair("$filter", &format!("appId eq '{}'", client.replace('\'', "''")))
        .append_pair("$select", "id,displayName,appRoles");
    let application = match asking.get("the application’s roles", &url).await? {
        Reply::Json(found) => found.get("value").and_then(Value::as_array).and_then(|all| all.first()).cloned(),
        Reply::Refused { .. } | Reply::Unusable(_) => None,
    };
    let defined = application.as_ref().and_then(|application| application.get("appRoles")).and_then(Value::as_array);
    let name_of = |id: &str| {
        let role = defined.into_iter().flatten().find(|role| text(role, "id") == id)?;
        Some(text(role, "value")).filter(|value| !value.is_empty())
    };
    for assignment in &list.items {
        add_app_role(answer, assignment, name_of(text(assignment, "appRoleId")));
    }
    match (list.cut, application) {
        (Some(why), _) => answer.partly(Kind::Role, &format!("Not all app roles were read: {why}.")),
        (None, Some(_)) => answer.asked(Kind::Role),
        (None, None) => {
            let names = "App roles come by ID: the application’s registration, which names them, was not found or may not be read.";
            answer.asked_by_id(Kind::Role, names);
        }
    }
    Ok(())
}
