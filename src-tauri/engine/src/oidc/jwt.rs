use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Map, Value};

use crate::json;
use crate::ports::Timestamp;
use crate::tokens::Secret;

/// The longest token that is taken apart, in bytes.
pub(super) const LONGEST: usize = 1024 * 1024;

/// A token by its form. Nothing of it is checked.
pub enum ParsedToken<'a> {
    /// A signed token (RFC 7515 section 7.1).
    Signed(Jwt<'a>),
    /// An encrypted one (RFC 7516 section 7.1).
    Encrypted,
    /// Anything else.
    Opaque,
}

/// A signed token, taken apart and not checked.
pub struct Jwt<'a> {
    pub(super) header: Map<String, Value>,
    /// The signed part.
    pub(super) signing_input: &'a str,
    pub(super) claims: Map<String, Value>,
    pub(super) signature: Vec<u8>,
}

impl<'a> ParsedToken<'a> {
    /// Takes a token apart.
    #[must_use]
    pub fn of(token: &'a str) -> Self {
        if token.len() > LONGEST {
            return Self::Opaque;
        }
        let parts: Vec<&str> = token.splitn(6, '.').collect();
        match *parts.as_slice() {
            [header, claims, signature] => {
                let signing_input = &token[..header.len() + 1 + claims.len()];
                Jwt::of(header, claims, signature, signing_input).map_or(Self::Opaque, Self::Signed)
            }
            [header, _, _, _, _] if object(header).is_some() => Self::Encrypted,
            _ => Self::Opaque,
        }
    }
}

impl<'a> Jwt<'a> {
    fn of(header: &str, claims: &str, signature: &str, signing_input: &'a str) -> Option<Self> {
        let signature = BASE64.decode(signature).ok()?;
        Some(Self { header: object(header)?, signing_input, claims: object(claims)?, signature })
    }

    /// The algorithm the header names; empty when it names none.
    #[must_use]
    pub fn alg(&self) -> &str {
        self.member("alg").unwrap_or_default()
    }

    /// The key the header names.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.member("kid").filter(|kid| !kid.is_empty())
    }

    /// The claims.
    #[must_use]
    pub fn into_claims(self) -> Map<String, Value> {
        self.claims
    }

    /// Whether the header says that this is another kind of token than an ID token, such as an access token (RFC 9068)
    /// or a logout token: those are signed with the same keys.
    pub(super) fn is_of_another_kind(&self) -> bool {
        let kind = self.member("typ").unwrap_or_default().to_ascii_lowercase();
        let kind = kind.strip_prefix("application/").unwrap_or(&kind);
        kind.ends_with("+jwt") && kind != "id_token+jwt" || self.header.contains_key("cty")
    }

    fn member(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }
}

/// Before when a refresh token must not be used, where it is one that says so: Rauthy's are JWTs with an `nbf`, and one
/// that comes early is refused. A hint to wait; nothing is believed of it.
pub fn not_before(refresh: &Secret) -> Option<Timestamp> {
    let ParsedToken::Signed(jwt) = ParsedToken::of(refresh.expose()) else { return None };
    jwt.claims.get("nbf")?.as_i64().map(Timestamp)
}

fn object(part: &str) -> Option<Map<String, Value>> {
    json::object(&BASE64.decode(part).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_apart_by_their_form() {
        let part = |text: &str| BASE64.encode(text);
        let (head, body) = (part(r#"{"alg":"RS256"}"#), part(r#"{"sub":"x"}"#));
        assert!(matches!(ParsedToken::of(&format!("{head}.{body}.AAAA")), ParsedToken::Signed(_)));
        assert!(matches!(ParsedToken::of(&format!("{head}.{body}.")), ParsedToken::Signed(_)));
        assert!(matches!(ParsedToken::of(&format!("{head}.k.i.c.t")), ParsedToken::Encrypted));
        for opaque in ["", "abc", "a.b.c", "..", "a.b.c.d.e", &format!("{head}.{body}"), &format!("{head}.{head}=.x")] {
            assert!(matches!(ParsedToken::of(opaque), ParsedToken::Opaque), "{opaque}");
        }
        assert!(matches!(ParsedToken::of(&format!("{head}.{body}.{}", "A".repeat(LONGEST))), ParsedToken::Opaque));
    }
}
