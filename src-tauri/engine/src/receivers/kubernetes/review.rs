//! The cluster's answer to `SelfSubjectReview`.

use std::collections::HashSet;

use serde_json::Value;

use crate::json;
use crate::receivers::{CouldNotAsk, Reason};
use crate::redact::Redactor;
use crate::text::visible;

/// The longest name that is kept, in characters: as long as that of a role or group.
const MAX_NAME: usize = 1000;
/// The most groups that are kept.
const MOST_GROUPS: usize = 10_000;

/// Whom the cluster takes somebody for.
#[derive(Debug, Default)]
pub(crate) struct Review {
    /// The user name, safe to show.
    pub(crate) username: String,
    /// The groups, safe to show, each once.
    pub(crate) groups: Vec<String>,
    /// How many more there are.
    pub(crate) left_out: usize,
}

impl Review {
    /// Reads it. A text in it that is a token, or holds one, is not kept.
    pub(super) fn read(text: &[u8], redactor: &Redactor) -> Result<Self, CouldNotAsk> {
        let broken = || {
            CouldNotAsk::new(
                Reason::AnswerBroken,
                "what came from the cluster’s address is no answer to the question who somebody is",
                "Check the address of the cluster: something else answers there.",
            )
        };
        let answer = json::object(text).ok_or_else(broken)?;
        if answer.get("kind").and_then(Value::as_str) != Some("SelfSubjectReview") {
            return Err(broken());
        }
        let user = answer.get("status").and_then(|status| status.get("userInfo")).ok_or_else(broken)?;
        let name = |text: &str| visible(&redactor.text(text), MAX_NAME);
        let username = user.get("username").and_then(Value::as_str).map(name).filter(|name| !name.is_empty());
        let groups = user.get("groups").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut told = HashSet::new();
        let mut groups: Vec<String> =
            groups.iter().filter_map(Value::as_str).map(name).filter(|name| told.insert(name.clone())).collect();
        let left_out = groups.len().saturating_sub(MOST_GROUPS);
        groups.truncate(MOST_GROUPS);
        Ok(Self { username: username.ok_or_else(broken)?, groups, left_out })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(user: &Value) -> Result<Review, CouldNotAsk> {
        let answer = json!({"kind": "SelfSubjectReview", "status": {"userInfo": user}});
        Review::read(answer.to_string().as_bytes(), &Redactor::default())
    }

    #[test]
    fn the_user_and_the_groups_are_read_and_nothing_else() {
        let review = read(&json!({
            "username": "oidc:ed", "uid": "7", "groups": ["oidc:staff", "system:authenticated", "oidc:staff", 3],
            "extra": {"authentication.kubernetes.io/credential-id": ["JTI=x"]},
        }));
        let review = review.unwrap();
        assert_eq!((review.username.as_str(), review.groups.len()), ("oidc:ed", 2));
        assert!(read(&json!({"username": "ed"})).unwrap().groups.is_empty());
        for broken in [json!({}), json!({"username": ""}), json!({"username": ["ed"]}), json!("ed"), json!(null)] {
            assert_eq!(read(&broken).unwrap_err().reason, Reason::AnswerBroken, "{broken}");
        }
        for other in ["", "[]", "{}", r#"{"kind":"Status","status":"Failure"}"#, "<html>", "{\"kind\":"] {
            assert!(Review::read(other.as_bytes(), &Redactor::default()).is_err(), "{other}");
        }
    }

    #[test]
    fn cli_1_a_hostile_answer_acts_on_nothing_and_is_bounded() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
        let many: Vec<String> = (0..12_000).map(|number| format!("group {number}")).collect();
        let review = read(&json!({"username": format!("\u{1b}[2J{}", "x".repeat(5000)), "groups": many})).unwrap();
        assert!(review.username.starts_with("\\u{1b}[2Jx") && review.username.chars().count() < 1100);
        assert_eq!((review.groups.len(), review.left_out), (10_000, 2000));
        let review = read(&json!({"username": token, "groups": [format!("g {token}"), "ad\u{200b}min"]})).unwrap();
        assert_eq!(review.username, "(a token, not shown)");
        assert_eq!(review.groups, ["(a token, not shown)", "ad\\u{200b}min"]);
    }
}
