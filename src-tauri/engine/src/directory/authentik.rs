//! authentik's own API, which tells a person their groups.

use futures_util::FutureExt as _;
use serde_json::Value;

use super::answer::Grant;
use super::asking::refused;
use super::{Answer, Api, Asking, Reply, TokenFor};
use crate::identity::Kind;
use crate::problem::Result;

const SCOPE: &str = "goauthentik.io/api";
const NO_ROLES: &str = "authentik’s API tells nobody their own entitlements of an application; its administrator sees them at Applications › the application › Application entitlements.";

pub(super) static API: Api = Api {
    asks: "authentik’s API for your groups",
    cannot: Some(NO_ROLES),
    token: |session| {
        if session.granted(SCOPE) {
            return TokenFor::Session;
        }
        TokenFor::None(format!(
            "authentik answers only with the scope {SCOPE}, which this session was not granted. Its mapping has to be selected at the provider \
             (Advanced protocol settings › Scopes); then sign in once with it: rolecall login --scope {SCOPE}"
        ))
    },
    ask: |asking| ask(asking).boxed(),
};

async fn ask(asking: &mut Asking) -> Result<Answer> {
    let mut answer = asking.answer();
    answer.not_asked(Kind::Role, NO_ROLES);
    answer.not_asked(Kind::Permission, NO_ROLES);
    let Some(url) = asking.session().at_origin("/api/v3/core/users/me/") else { return Ok(answer) };
    match asking.get("your groups", &url).await? {
        Reply::Json(me) => match me.get("user").and_then(|user| user.get("groups")).and_then(Value::as_array) {
            Some(groups) => {
                for group in groups {
                    let text = |name: &str| group.get(name).and_then(Value::as_str).unwrap_or_default();
                    let also = [text("pk")];
                    let grant = Grant { also: &also, ..Grant::new(Kind::Group, text("name"), &["user", "groups"]) };
                    answer.add(grant, None);
                }
                answer.asked(Kind::Group);
            }
            None => answer.not_asked(Kind::Group, "authentik’s API answered without a list of groups."),
        },
        Reply::Refused { status, words } => {
            let why = format!(
                "authentik’s API was asked: {}. It needs the scope {SCOPE}, selected at the provider.",
                refused(status, &words)
            );
            answer.not_asked(Kind::Group, &why);
        }
        Reply::Unusable(why) => answer.not_asked(Kind::Group, &format!("authentik’s API was asked; {why}.")),
    }
    Ok(answer)
}
