//! ZITADEL's authorization service, which lists a person's own authorizations to whoever asks for them with a token for
//! ZITADEL itself.

use futures_util::FutureExt as _;
use serde_json::{Value, json};

use super::answer::Grant;
use super::asking::refused;
use super::{Answer, Api, Asking, Reply, TokenFor};
use crate::identity::Kind;
use crate::problem::Result;

const SCOPE: &str = "urn:zitadel:iam:org:project:id:zitadel:aud";
const LIST: &str = "/zitadel.authorization.v2.AuthorizationService/ListAuthorizations";
const PAGE: usize = 200;
const MOST: usize = 2000;

pub(super) static API: Api = Api {
    asks: "ZITADEL for your own authorizations: the roles of every project",
    cannot: None,
    token: |session| {
        if session.granted(SCOPE) {
            return TokenFor::Session;
        }
        TokenFor::None(format!(
            "ZITADEL answers only with the scope {SCOPE}, which this session was not granted. \
             A refresh can’t add it; to have it, sign in once with it: rolecall login --scope {SCOPE}"
        ))
    },
    ask: |asking| ask(asking).boxed(),
};

async fn ask(asking: &mut Asking) -> Result<Answer> {
    let mut answer = asking.answer();
    answer.no_such(Kind::Group, "ZITADEL has no groups.");
    answer.not_asked(Kind::Permission, "ZITADEL’s permissions follow from its roles.");
    let Some(url) = asking.session().at_origin(LIST) else { return Ok(answer) };
    let own = asking.session().subject.clone();
    let mut from = 0;
    loop {
        // Whoever may see others' authorizations would get those too.
        let body = json!({
            "pagination": {"offset": from, "limit": PAGE, "asc": true},
            "filters": [{"inUserIds": {"ids": [own]}}],
        });
        let page = match asking.post("your own authorizations", &url, &body).await {
            Ok(Reply::Json(page)) => page,
            Ok(Reply::Refused { status, words }) if from == 0 => {
                answer.not_asked(Kind::Role, &format!("ZITADEL was asked: {}.", refused(status, &words)));
                return Ok(answer);
            }
            Ok(Reply::Unusable(why)) if from == 0 => {
                answer.not_asked(Kind::Role, &format!("ZITADEL was asked; {why}."));
                return Ok(answer);
            }
            Err(problem) if from == 0 => return Err(problem),
            Ok(Reply::Refused { .. } | Reply::Unusable(_)) | Err(_) => {
                answer.partly(Kind::Role, "A later page of authorizations could not be read.");
                return Ok(answer);
            }
        };
        let list = page.get("authorizations").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for authorization in list {
            add(&mut answer, authorization, &own);
        }
        from += list.len();
        if list.len() < PAGE {
            answer.asked(Kind::Role);
            return Ok(answer);
        }
        if from >= MOST {
            answer.partly(Kind::Role, &format!("More than {MOST} authorizations are not read."));
            return Ok(answer);
        }
    }
}

/// One authorization: the roles of a project, given by an organization.
fn add(answer: &mut Answer, authorization: &Value, own: &str) {
    let text = |member: &str, name: &str| authorization.get(member)?.get(name)?.as_str();
    if text("user", "id").is_some_and(|user| user != own)
        || authorization.get("state").and_then(Value::as_str).is_some_and(|state| state.ends_with("INACTIVE"))
    {
        return;
    }
    let project = text("project", "name").or_else(|| text("project", "id")).unwrap_or_default();
    let organization = text("organization", "name").unwrap_or_default();
    for role in authorization.get("roles").and_then(Value::as_array).into_iter().flatten() {
        let Some(key) = role.as_str().or_else(|| role.get("key")?.as_str()) else { continue };
        let path = ["authorizations", project, organization];
        answer.add(Grant::new(Kind::Role, key, &path), None);
    }
}
