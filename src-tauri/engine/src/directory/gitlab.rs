//! GitLab's API, which lists a person's groups by the access level they have there. Without its scope userinfo is asked
//! again instead, which has the same groups.

use futures_util::FutureExt as _;
use serde_json::Value;
use url::Url;

use super::answer::Grant;
use super::asking::refused;
use super::{Answer, Api, Asking, TokenFor};
use crate::identity::Kind;
use crate::problem::Result;

/// The levels that GitLab's claims name, and the least number of each.
const LEVELS: [(&str, &str); 3] = [("owner", "50"), ("maintainer", "40"), ("developer", "30")];
const NO_ROLES: &str = "GitLab has no roles but the level in each group.";

pub(super) static API: Api = Api {
    asks: "GitLab for your groups",
    cannot: None,
    token: |session| {
        if session.granted("read_api") || session.granted("api") { TokenFor::Session } else { TokenFor::Userinfo }
    },
    ask: |asking| ask(asking).boxed(),
};

async fn ask(asking: &mut Asking) -> Result<Answer> {
    let mut answer = asking.answer();
    answer.no_such(Kind::Role, NO_ROLES);
    answer.not_asked(Kind::Permission, NO_ROLES);
    // All groups first; then those where the person has at least each level, as the claims tell them.
    for (level, least) in [(None, "10")].into_iter().chain(LEVELS.map(|(word, least)| (Some(word), least))) {
        let query = format!("/api/v4/groups?min_access_level={least}&per_page=100&page=1");
        let Some(first) = asking.session().at_origin(&query) else { return Ok(answer) };
        match asking.list("your groups", first, None, next_page).await? {
            Ok(list) => {
                for path in list.items.iter().filter_map(|group| group.get("full_path")?.as_str()) {
                    let steps = ["groups"];
                    answer.add(Grant { context: level, ..Grant::new(Kind::Group, path, &steps) }, None);
                }
                match list.cut {
                    Some(why) => {
                        answer.partly(Kind::Group, &format!("Not all groups were read: {why}."));
                        return Ok(answer);
                    }
                    None => answer.asked(Kind::Group),
                }
            }
            Err((status, words)) => {
                let why = format!("GitLab was asked: {}. It needs the scope read_api.", refused(status, &words));
                if level.is_some() {
                    answer.partly(Kind::Group, &why);
                } else {
                    answer.not_asked(Kind::Group, &why);
                }
                return Ok(answer);
            }
        }
    }
    Ok(answer)
}

/// A full page is followed by another.
fn next_page(page: &Value, url: &Url) -> Option<String> {
    if page.as_array()?.len() < 100 {
        return None;
    }
    let number: u32 = url.query_pairs().find(|(name, _)| name == "page")?.1.parse().ok()?;
    let mut next = url.clone();
    let kept: Vec<(String, String)> =
        url.query_pairs().filter(|(name, _)| name != "page").map(|(name, value)| (name.into(), value.into())).collect();
    next.query_pairs_mut().clear().extend_pairs(kept).append_pair("page", &(number + 1).to_string());
    Some(next.into())
}
