//! Auth0's Management API, in which a person may read their own profile: there the old Authorization Extension keeps
//! roles, groups and permissions. Roles given under *User Management* no person can ask for.

use futures_util::FutureExt as _;
use serde_json::Value;
use url::Url;

use super::answer::Grant;
use super::asking::refused;
use super::{Answer, Api, Asking, Reply, Session, TokenFor};
use crate::identity::Kind;
use crate::problem::Result;

const NO_ROLES: &str = "Auth0 tells nobody the roles given to them under User Management › Roles. An administrator can ask: rolecall why ROLE --user YOU.";

pub(super) static API: Api = Api {
    asks: "Auth0 for your own profile, in which the old Authorization Extension keeps roles and groups",
    cannot: Some(NO_ROLES),
    token: |session| token(session, "read:current_user"),
    ask: |asking| ask(asking).boxed(),
};

/// A token for the tenant's Management API. Auth0 gives one for another audience without a word where its policy for
/// refresh tokens does not allow this one, so the audience is looked at.
pub(super) fn token(session: &Session, scopes: &str) -> TokenFor {
    // Below a domain of one's own the tenant's name, and with it the audience, is not known.
    let tenant =
        session.is_on_this_computer() || session.issuer.host_str().is_some_and(|host| host.ends_with(".auth0.com"));
    let Some(api) = session.at_origin("/api/v2/").filter(|_| tenant) else {
        return TokenFor::None(format!(
            "Below a domain of one’s own Auth0’s Management API can’t be asked. {NO_ROLES}"
        ));
    };
    if session.audience.as_deref() == Some(api.as_str()) {
        return TokenFor::Session;
    }
    let wanted = vec![("audience", api.to_string()), ("scope", scopes.to_owned())];
    TokenFor::Made { wanted, origin: api.origin(), audience: Some(api.into()) }
}

async fn ask(asking: &mut Asking) -> Result<Answer> {
    let mut answer = asking.answer();
    for kind in Kind::ALL {
        answer.not_asked(kind, NO_ROLES);
    }
    let Some(origin) = asking.session().at_origin("/api/v2/") else { return Ok(answer) };
    let mut url = below(&origin, &["users", &asking.session().subject]);
    url.query_pairs_mut().append_pair("fields", "app_metadata").append_pair("include_fields", "true");
    match asking.get("your own profile", &url).await? {
        Reply::Json(profile) => {
            let kept = profile.get("app_metadata").and_then(|metadata| metadata.get("authorization"));
            for (kind, member) in [(Kind::Role, "roles"), (Kind::Group, "groups"), (Kind::Permission, "permissions")] {
                let Some(list) = kept.and_then(|kept| kept.get(member)).and_then(Value::as_array) else { continue };
                for value in list.iter().filter_map(Value::as_str) {
                    answer.add(Grant::new(kind, value, &["app_metadata", "authorization", member]), None);
                }
                answer.partly(kind, &format!("Only what the old Authorization Extension keeps was asked. {NO_ROLES}"));
            }
        }
        Reply::Refused { status, words } => {
            for kind in Kind::ALL {
                answer.not_asked(kind, &format!("Auth0 was asked: {}. {NO_ROLES}", refused(status, &words)));
            }
        }
        Reply::Unusable(why) => answer.remark(&format!("Auth0 was asked; {why}.")),
    }
    Ok(answer)
}

/// An address below another. The bar in a user's ID is escaped too, as Auth0 documents it.
pub(super) fn below(url: &Url, steps: &[&str]) -> Url {
    let mut url = url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(steps);
    }
    let escaped = url.path().replace('|', "%7C");
    url.set_path(&escaped);
    url
}
