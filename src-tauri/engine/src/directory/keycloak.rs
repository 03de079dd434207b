//! Keycloak's account API, which tells a person their groups and not their roles. Whoever may look at all users of the
//! realm may look at themself: then the roles are asked in the admin API.

use futures_util::FutureExt as _;
use serde_json::Value;
use url::Url;

use super::asking::refused;
use super::keycloak_roles::{Refusal, Roles, VIEW_USERS, admin_of};
use super::keycloak_tell::add_group;
use super::{Answer, Api, Asking, Reply, TokenFor};
use crate::identity::Kind;
use crate::problem::Result;

pub(super) static API: Api = Api {
    asks: "Keycloak’s account API for your groups",
    cannot: Some(
        "Keycloak tells nobody their own roles. Somebody with the role view-users of realm-management can ask: rolecall why ROLE --user YOU.",
    ),
    token: |_| TokenFor::Session,
    ask: |asking| ask(asking).boxed(),
};

const NO_ROLES: &str = "Keycloak’s account API tells no roles. It would need the client role view-users of realm-management; \
                        an administrator can ask: rolecall why ROLE --user YOU --client ID.";
const NO_PERMISSIONS: &str = "Keycloak’s account API tells no permissions.";

async fn ask(asking: &mut Asking) -> Result<Answer> {
    let mut answer = asking.answer();
    answer.not_asked(Kind::Permission, NO_PERMISSIONS);
    answer.not_asked(Kind::Role, NO_ROLES);
    let own = asking.session().subject.clone();
    let admin =
        asking.session().has_right("realm-management", &VIEW_USERS).then(|| admin_of(asking.session())).flatten();
    if let Some((user, admin)) = admin.and_then(|admin| Some((admin.user(&own)?, admin))) {
        let mut roles = Roles::default();
        match own_roles(&mut roles, asking, &user).await? {
            Ok(()) => {
                roles.ask_effective_at_clients(asking, &admin, &own).await?;
                roles.tell(&mut answer, asking.session());
                return Ok(answer);
            }
            Err((status, words)) => {
                answer.not_asked(
                    Kind::Role,
                    &format!("{NO_ROLES} The admin API was asked: {}.", refused(status, &words)),
                );
            }
        }
    }
    groups(asking, &mut answer).await?;
    Ok(answer)
}

/// Everything the admin API tells of whoever asks.
async fn own_roles(roles: &mut Roles, asking: &mut Asking, user: &Url) -> Result<std::result::Result<(), Refusal>> {
    if let Err(refusal) = roles.ask_own(asking, user).await? {
        return Ok(Err(refusal));
    }
    if roles.realm.is_none() {
        roles.ask_own_of_realm(asking, user).await?;
    }
    if let Err(refusal) = roles.ask_groups(asking, user).await? {
        return Ok(Err(refusal));
    }
    // Where this is refused, roles are told in part.
    roles.ask_effective(asking, user).await.map(|_| Ok(()))
}

async fn groups(asking: &mut Asking, answer: &mut Answer) -> Result<()> {
    let Some(url) = asking.session().below_issuer("account/groups") else { return Ok(()) };
    match asking.get("your groups", &url).await? {
        Reply::Json(Value::Array(groups)) => {
            for group in &groups {
                add_group(answer, group, &["account", "groups"]);
            }
            answer.asked(Kind::Group);
        }
        Reply::Json(_) => answer.not_asked(Kind::Group, "Keycloak’s account API answered with something that is no list."),
        Reply::Unusable(why) => answer.not_asked(Kind::Group, &format!("Keycloak’s account API was asked; {why}.")),
        Reply::Refused { status, words } => answer.not_asked(
            Kind::Group,
            &format!(
                "Keycloak’s account API takes only a token for the audience account, with the role view-groups or manage-account: {}. \
                 Where Full scope allowed is off for this client, assign that role under Client scopes › the dedicated scope › Scope.",
                refused(status, &words)
            ),
        ),
    }
    Ok(())
}
