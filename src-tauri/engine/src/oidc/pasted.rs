use super::discovery::Provider;
use super::jwt::ParsedToken;
use super::keys::{self, SignatureError};
use crate::text::clean;
use crate::tokens::Secret;

/// The longest key ID that is shown, in characters.
const MAX_KEY: usize = 120;

/// The state of a pasted token's signature. It says who made the token, not that it holds: times,
/// audience and kind are for whoever reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PastedSignature {
    /// It matches a published key.
    Fits {
        /// The algorithm.
        alg: String,
        /// The key's name, where it has one.
        key: Option<String>,
    },
    /// It is made with a secret that is not published (HS256 and the like).
    SharedSecret {
        /// The algorithm.
        alg: String,
    },
    /// It does not fit, or proves nothing.
    Fails {
        /// In words, to follow "it".
        why: &'static str,
    },
}

impl Provider {
    /// Holds a token's signature against the keys that the provider publishes. Keys that the token itself carries or
    /// points to are never looked at (ID-1).
    #[must_use]
    pub fn check_pasted(&self, token: &Secret) -> PastedSignature {
        let ParsedToken::Signed(jwt) = ParsedToken::of(token.expose()) else {
            return PastedSignature::Fails { why: "is not a signed token" };
        };
        if jwt.alg().starts_with("HS") {
            return PastedSignature::SharedSecret { alg: clean(jwt.alg(), MAX_KEY) };
        }
        match self.keys().check(&jwt, &keys::allowed_algs()) {
            Ok(_) => {
                PastedSignature::Fits { alg: clean(jwt.alg(), MAX_KEY), key: jwt.kid().map(|kid| clean(kid, MAX_KEY)) }
            }
            Err(SignatureError::Algorithm) => {
                PastedSignature::Fails { why: "is signed in a way that is not accepted, or not at all" }
            }
            Err(error) => PastedSignature::Fails { why: error.message() },
        }
    }

    /// Where its keys are published.
    #[must_use]
    pub fn keys_address(&self) -> &str {
        self.inner.metadata.jwks.as_str()
    }
}
