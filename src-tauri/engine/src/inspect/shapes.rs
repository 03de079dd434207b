use serde_json::{Map, Value};

use super::saved::is_saved;
use super::token::{Hint, Sort, sort};
use super::{Found, Reading};
use crate::identity::{DocumentKind, DocumentState};

/// The most members of an object that are looked into for tokens and documents.
const MAX_LOOKED_INTO: usize = 200;
/// The most levels of objects within objects that are looked into.
const MAX_DEPTH: usize = 4;

/// Claims that tell that an object is about somebody.
const ABOUT_SOMEBODY: [&str; 9] =
    ["sub", "iss", "email", "preferred_username", "upn", "roles", "groups", "realm_access", "permissions"];
/// Claims that only tokens have.
const OF_TOKENS: [&str; 6] = ["exp", "iat", "nbf", "aud", "nonce", "jti"];
/// Members that hold a token, whatever else is beside them.
const TOKENS: [&str; 3] = ["id_token", "access_token", "refresh_token"];

impl Reading {
    /// Takes in an object of JSON. `whole` says that it is all that was pasted, so that even few claims count as that.
    pub(super) fn object(&mut self, members: Map<String, Value>, from: &str, whole: bool, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if is_saved(&members) {
            self.note(format!(
                "{from}: it was written by Rolecall and is no document of a provider; rolecall compare reads it."
            ));
            return;
        }
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        if !members.contains_key("sub") && TOKENS.iter().any(|name| text(name).is_some()) {
            self.token_response(&members, from);
            return;
        }
        let of_a_token = ["client_id", "token_type", "exp", "scope", "username"];
        if members.get("active").is_some_and(Value::is_boolean)
            && (!members.contains_key("sub") || of_a_token.iter().any(|name| members.contains_key(*name)))
        {
            self.claims(members, DocumentKind::Introspection, "introspection answer", from);
            return;
        }
        // As tools show a token taken apart.
        for payload in ["payload", "claims", "body"] {
            if let (Some(Value::Object(_)), Some(Value::Object(claims))) = (members.get("header"), members.get(payload))
            {
                let claims = claims.clone();
                self.token_claims(claims, from);
                return;
            }
        }
        if is_about_somebody(&members, whole) {
            if OF_TOKENS.iter().any(|name| members.contains_key(*name)) {
                self.token_claims(members, from);
            } else {
                self.claims(members, DocumentKind::Userinfo, "userinfo", from);
            }
            return;
        }
        self.look_into(members, from, depth);
    }

    /// An answer of the token endpoint (RFC 6749 section 5.1), or something that holds the same.
    fn token_response(&mut self, members: &Map<String, Value>, from: &str) {
        let answer = self.next_answer();
        let granted = members.get("scope").and_then(Value::as_str);
        for name in TOKENS {
            if let Some(token) = members.get(name).and_then(Value::as_str).filter(|token| !token.is_empty()) {
                self.token_of(token, Hint::of_name(name), &format!("{from}, {name}"), answer, granted);
            }
        }
        for name in ["userinfo", "user_info", "user", "profile"] {
            if let Some(Value::Object(claims)) = members.get(name)
                && is_about_somebody(claims, false)
            {
                let place = format!("{from}, {name}");
                self.claims_of(claims.clone(), DocumentKind::Userinfo, "userinfo", &place, answer);
            }
        }
    }

    /// What a token says, pasted without the token.
    fn token_claims(&mut self, claims: Map<String, Value>, from: &str) {
        match sort(&Map::new(), &claims, Hint::None) {
            Sort::Document(DocumentKind::AccessToken) => {
                self.claims(claims, DocumentKind::AccessToken, "claims of an access token", from);
            }
            Sort::Document(document) => self.claims(claims, document, "claims of an ID token", from),
            Sort::Refresh => self.note(format!("{from}: claims of a refresh token, which say nothing of roles.")),
            Sort::Other(what) => self.note(format!("{from}: claims of {what}, which is about no roles.")),
        }
    }

    /// Claims as JSON.
    pub(super) fn claims(
        &mut self,
        claims: Map<String, Value>,
        document: DocumentKind,
        what: &'static str,
        from: &str,
    ) {
        let answer = self.next_answer();
        self.claims_of(claims, document, what, from, answer);
    }

    fn claims_of(
        &mut self,
        claims: Map<String, Value>,
        document: DocumentKind,
        what: &'static str,
        from: &str,
        answer: usize,
    ) {
        let text = serde_json::to_string(&claims).unwrap_or_default();
        let found = Found {
            document,
            what,
            from: from.to_owned(),
            state: DocumentState::Read,
            reason: None,
            claims,
            signature: None,
            token: None,
            answer,
            granted: None,
        };
        self.add(found, &text);
    }

    /// Something that holds documents: what a program noted of a session, an answer of an API.
    fn look_into(&mut self, members: Map<String, Value>, from: &str, depth: usize) {
        for (name, value) in members.into_iter().take(MAX_LOOKED_INTO) {
            let place = format!("{from}, {}", crate::text::clean(&name, 40));
            match value {
                Value::Object(inner) => self.object(inner, &place, false, depth + 1),
                Value::Array(items) => {
                    for item in items.into_iter().take(MAX_LOOKED_INTO) {
                        if let Value::Object(inner) = item {
                            self.object(inner, &place, false, depth + 1);
                        }
                    }
                }
                Value::String(text) => match Hint::of_name(&name) {
                    Hint::None => self.tokens_in(&text, &place),
                    hint if text.len() >= 16 => self.token(&text, hint, &place),
                    _ => {}
                },
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
    }
}

/// Whether an object is claims about somebody.
fn is_about_somebody(members: &Map<String, Value>, whole: bool) -> bool {
    let named_by_url =
        |name: &String| name.starts_with("https://") || name.starts_with("http://") || name.starts_with("urn:");
    if whole {
        return ABOUT_SOMEBODY.iter().any(|name| members.contains_key(*name)) || members.keys().any(named_by_url);
    }
    members.get("sub").is_some_and(Value::is_string)
}
