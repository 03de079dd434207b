use std::fmt;

use serde_json::{Map, Value};

use super::discovery::Provider;
use super::jwt::{Jwt, ParsedToken};
use super::keys;
use super::verify::{LEEWAY, seconds};
use crate::identity::Verified;
use crate::ports::Timestamp;
use crate::tokens::Secret;

/// An access token as far as a client may look into it: a view for the person, never a reason to trust anything.
#[derive(Clone)]
pub enum AccessToken {
    /// A JWT.
    Jwt {
        /// Its claims.
        claims: Map<String, Value>,
        /// [`Verified::Signature`] where it is this provider's, an access token, and holds now; else [`Verified::None`].
        verified: Verified,
    },
    /// Encrypted for its API.
    Encrypted,
    /// Opaque: only the provider can read it.
    Opaque,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jwt { verified: Verified::Signature, .. } => "Jwt(signature checked)",
            Self::Jwt { .. } => "Jwt(not checked)",
            Self::Encrypted => "Encrypted",
            Self::Opaque => "Opaque",
        })
    }
}

impl Provider {
    /// Looks into an access token, with the keys as they are known. What it says counts as verified only where one of them
    /// signed it, for this issuer, as an access token, and for a time that `now` is in (TK-4).
    #[must_use]
    pub fn read_access_token(&self, access: &Secret, now: Timestamp) -> AccessToken {
        match ParsedToken::of(access.expose()) {
            ParsedToken::Signed(jwt) => {
                let is_signed = self.keys().check(&jwt, &keys::allowed_algs()).is_ok();
                let checked = is_signed && is_access_token(&jwt) && self.is_current(&jwt.claims, now);
                let verified = if checked { Verified::Signature } else { Verified::None };
                AccessToken::Jwt { claims: jwt.claims, verified }
            }
            ParsedToken::Encrypted => AccessToken::Encrypted,
            ParsedToken::Opaque => AccessToken::Opaque,
        }
    }

    /// Whether the claims name this issuer and a time that `now` is in. `exp` must be there (RFC 9068 section 2.2); a time
    /// that is no number is none.
    fn is_current(&self, claims: &Map<String, Value>, now: Timestamp) -> bool {
        let time = |name: &str| claims.get(name).map(seconds);
        let ends = time("exp").flatten();
        let begins = time("nbf").unwrap_or(Some(i64::MIN));
        claims.get("iss").and_then(Value::as_str) == Some(&self.inner.issuer)
            && ends.is_some_and(|ends| now.0 < ends.saturating_add(LEEWAY))
            && begins.is_some_and(|begins| begins <= now.0.saturating_add(LEEWAY))
    }
}

/// Whether header and claims say that it is an access token, or say nothing of its kind. Other tokens are signed with the
/// same keys: logout tokens, security events, ID tokens.
fn is_access_token(jwt: &Jwt<'_>) -> bool {
    let kind = jwt.header.get("typ").and_then(Value::as_str).unwrap_or("JWT").to_ascii_lowercase();
    let kind = kind.strip_prefix("application/").unwrap_or(&kind);
    let is_kind = matches!(kind, "jwt" | "at+jwt" | "bearer");
    // Keycloak tells its tokens apart in the claims.
    let stated = jwt.claims.get("typ").and_then(Value::as_str).unwrap_or("Bearer");
    let is_stated = ["Bearer", "DPoP", "at+jwt"].iter().any(|known| known.eq_ignore_ascii_case(stated));
    let of_logout = jwt.claims.contains_key("events");
    is_kind && is_stated && !of_logout && !jwt.header.contains_key("cty")
}

#[cfg(test)]
mod tests {
    use openidconnect::core::CoreJwsSigningAlgorithm as Alg;
    use serde_json::json;

    use super::super::keys::tests::{ed25519, provider, sign};
    use super::*;

    const NOW: i64 = 1_700_000_000;

    /// Whether a token with these changes to header and claims counts as verified; the text "-" takes a member away.
    fn verified(header: &Value, claims: &Value) -> Verified {
        let change = |mut all: Value, changes: &Value| {
            for (name, value) in changes.as_object().unwrap() {
                if value == "-" {
                    all.as_object_mut().unwrap().remove(name);
                } else {
                    all[name] = value.clone();
                }
            }
            all
        };
        let header = change(json!({ "alg": "EdDSA", "kid": "k", "typ": "at+jwt" }), header);
        let claims = change(json!({ "iss": "https://idp.example", "exp": NOW + 60, "roles": ["x"] }), claims);
        let token = Secret::new(sign(&ed25519(1, None), &Alg::EdDsa, &header, &claims));
        match provider().0.read_access_token(&token, Timestamp(NOW)) {
            AccessToken::Jwt { verified, claims } => {
                assert_eq!(claims["roles"], json!(["x"]), "it is read all the same");
                verified
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn tk_4_an_access_token_counts_as_verified_only_for_this_issuer_time_and_kind() {
        for (header, claims) in [
            (json!({}), json!({})),
            (json!({ "typ": "-" }), json!({})),
            (json!({ "typ": "JWT" }), json!({ "typ": "Bearer", "nbf": NOW - 5 })),
            (json!({ "typ": "application/at+jwt" }), json!({})),
            (json!({}), json!({ "exp": NOW - 30 })),
        ] {
            assert_eq!(verified(&header, &claims), Verified::Signature, "{header} {claims}");
        }
        for (header, claims) in [
            (json!({}), json!({ "iss": "https://idp.example/" })),
            (json!({}), json!({ "iss": "https://evil.example" })),
            (json!({}), json!({ "iss": "-" })),
            (json!({}), json!({ "iss": ["https://idp.example"] })),
            (json!({}), json!({ "exp": NOW - 3600 })),
            (json!({}), json!({ "exp": "-" })),
            (json!({}), json!({ "exp": "9999999999" })),
            (json!({}), json!({ "nbf": NOW + 3600 })),
            (json!({}), json!({ "nbf": "soon" })),
            (json!({ "typ": "logout+jwt" }), json!({})),
            (json!({ "typ": "secevent+jwt" }), json!({})),
            (json!({ "typ": "id_token+jwt" }), json!({})),
            (json!({ "typ": "dpop+jwt" }), json!({})),
            (json!({ "typ": "JWT" }), json!({ "events": {} })),
            (json!({ "typ": "JWT" }), json!({ "typ": "ID" })),
            (json!({ "typ": "JWT" }), json!({ "typ": "Refresh" })),
            (json!({ "alg": "none" }), json!({})),
            (json!({ "kid": "-", "alg": "HS256" }), json!({})),
            (json!({ "cty": "JWT" }), json!({})),
        ] {
            assert_eq!(verified(&header, &claims), Verified::None, "{header} {claims}");
        }
    }
}
