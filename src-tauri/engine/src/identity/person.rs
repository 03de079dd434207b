use serde_json::{Map, Value};

use super::{Answer, DocumentKind};
use crate::redact::Redactor;
use crate::text::clean_line;

/// Who somebody is.
pub(super) struct Person {
    pub(super) subject: String,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) email_verified: Option<bool>,
}

/// Reads who it is from the ID token, then userinfo; never from the access token, which is for somebody else to read
/// (RFC 9068 section 6).
pub(super) fn person_from(documents: &[&Answer], redactor: &Redactor) -> Person {
    let trusted: Vec<&Map<String, Value>> = documents
        .iter()
        .filter(|answer| matches!(answer.document, DocumentKind::IdToken | DocumentKind::Userinfo))
        .map(|answer| &answer.claims)
        .collect();
    let first = |claim: &str| trusted.iter().find_map(|claims| text(claims, claim));
    let subject = trusted.iter().find_map(|claims| claims.get("sub")?.as_str()).unwrap_or_default();
    let subject = &*redactor.text(subject);
    let name = first("name")
        .or_else(|| trusted.iter().find_map(|claims| full_name(claims)))
        .or_else(|| first("preferred_username"))
        .or_else(|| first("nickname"))
        .or_else(|| first("email"))
        .unwrap_or_else(|| clean_line(subject));
    let email = first("email");
    let email_verified = email.as_ref().and_then(|email| vouched_for(&trusted, email));
    let name = redactor.text(&name).into_owned();
    let email = email.map(|email| redactor.text(&email).into_owned());
    Person { subject: subject.to_owned(), name, email, email_verified }
}

/// A text claim, cleaned for showing; one that is empty then is none.
fn text(claims: &Map<String, Value>, claim: &str) -> Option<String> {
    let cleaned = clean_line(claims.get(claim)?.as_str()?.trim());
    (!cleaned.trim().is_empty()).then_some(cleaned)
}

fn full_name(claims: &Map<String, Value>) -> Option<String> {
    let parts = ["given_name", "family_name"].map(|claim| text(claims, claim));
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// `email_verified` counts only for the address in the same document. Some providers write it as text.
fn vouched_for(trusted: &[&Map<String, Value>], email: &str) -> Option<bool> {
    trusted.iter().filter(|claims| text(claims, "email").as_deref() == Some(email)).find_map(|claims| {
        match claims.get("email_verified")? {
            Value::Bool(flag) => Some(*flag),
            Value::String(word) if word.eq_ignore_ascii_case("true") => Some(true),
            Value::String(word) if word.eq_ignore_ascii_case("false") => Some(false),
            Value::String(_) | Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::identity::Verified;

    fn person(documents: &[(DocumentKind, Value)]) -> Person {
        let answers: Vec<Answer> = documents
            .iter()
            .map(|(document, claims)| Answer {
                document: *document,
                claims: claims.as_object().unwrap().clone(),
                verified: Verified::None,
            })
            .collect();
        person_from(&answers.iter().collect::<Vec<_>>(), &Redactor::default())
    }

    #[test]
    fn the_name_falls_back_step_by_step() {
        for (claims, name) in [
            (json!({"sub": "1", "name": "Jane", "nickname": "j"}), "Jane"),
            (json!({"sub": "1", "name": " \u{202e} ", "given_name": "Jane", "family_name": "Doe"}), "Jane Doe"),
            (json!({"sub": "1", "family_name": "Doe", "preferred_username": "jd"}), "Doe"),
            (json!({"sub": "1", "preferred_username": "jd", "nickname": "j"}), "jd"),
            (json!({"sub": "1", "nickname": "j", "email": "j@e.org"}), "j"),
            (json!({"sub": "1", "name": 7, "email": "j@e.org"}), "j@e.org"),
            (json!({"sub": "1"}), "1"),
            (json!({}), ""),
        ] {
            assert_eq!(person(&[(DocumentKind::IdToken, claims.clone())]).name, name, "{claims}");
        }
    }

    #[test]
    fn the_access_token_says_nothing_about_who_it_is() {
        let person = person(&[
            (DocumentKind::IdToken, json!({"sub": "1"})),
            (DocumentKind::AccessToken, json!({"sub": "2", "name": "Mallory", "email": "m@e.org"})),
            (DocumentKind::Userinfo, json!({"sub": "1", "name": "Jane"})),
        ]);
        assert_eq!((person.subject.as_str(), person.name.as_str(), person.email), ("1", "Jane", None));
    }

    #[test]
    fn an_address_is_verified_only_by_what_stands_beside_it() {
        let told = |id: Value, userinfo: Value| {
            person(&[(DocumentKind::IdToken, id), (DocumentKind::Userinfo, userinfo)]).email_verified
        };
        assert_eq!(told(json!({"email": "a@e.org", "email_verified": "true"}), json!({})), Some(true));
        assert_eq!(told(json!({"email": "a@e.org", "email_verified": "False"}), json!({})), Some(false));
        assert_eq!(told(json!({"email": "a@e.org"}), json!({"email": "a@e.org", "email_verified": true})), Some(true));
        assert_eq!(told(json!({"email": "a@e.org"}), json!({"email": "b@e.org", "email_verified": true})), None);
        assert_eq!(told(json!({"email": "a@e.org", "email_verified": 1}), json!({})), None);
        assert_eq!(told(json!({"email_verified": true}), json!({})), None);
    }
}
