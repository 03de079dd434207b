use std::fmt;

use serde_json::{Map, Value};

use super::discovery::Provider;
use super::jwt::ParsedToken;
use super::keys;
use crate::identity::Verified;
use crate::tokens::Secret;

/// An access token as far as a client may look into it: a view for the person, never a reason to trust anything.
#[derive(Clone)]
pub enum AccessToken {
    /// It is a JWT.
    Jwt {
        /// Its claims.
        claims: Map<String, Value>,
        /// Whether one of the provider's published keys signed it.
        verified: Verified,
    },
    /// It is encrypted for the API it is for.
    Encrypted,
    /// It is a text that means something to the provider only.
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
    /// Looks into an access token, with the keys as they are known.
    #[must_use]
    pub fn read_access_token(&self, access: &Secret) -> AccessToken {
        match ParsedToken::of(access.expose()) {
            ParsedToken::Signed(jwt) => {
                let checked = self.keys().check(&jwt, &keys::allowed_algs()).is_ok();
                let verified = if checked { Verified::Signature } else { Verified::None };
                AccessToken::Jwt { claims: jwt.claims, verified }
            }
            ParsedToken::Encrypted => AccessToken::Encrypted,
            ParsedToken::Opaque => AccessToken::Opaque,
        }
    }
}
