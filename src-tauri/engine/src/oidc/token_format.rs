use std::fmt;

use serde_json::{Map, Value};

use super::jwt::ParsedToken;

/// What a text says of itself when it is a token, taken apart for reading. Nothing of it is checked here.
#[derive(Clone)]
pub enum TokenFormat {
    /// A signed token (RFC 7515).
    Signed {
        /// The algorithm its header names.
        alg: String,
        /// The key its header names.
        kid: Option<String>,
        /// Its claims.
        claims: Map<String, Value>,
    },
    /// An encrypted one (RFC 7516).
    Encrypted,
    /// No token of either form.
    Opaque,
}

impl TokenFormat {
    /// Takes a text apart.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match ParsedToken::of(text) {
            ParsedToken::Signed(jwt) => {
                Self::Signed { alg: jwt.alg().to_owned(), kid: jwt.kid().map(str::to_owned), claims: jwt.claims }
            }
            ParsedToken::Encrypted => Self::Encrypted,
            ParsedToken::Opaque => Self::Opaque,
        }
    }
}

impl fmt::Debug for TokenFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signed { .. } => "Signed",
            Self::Encrypted => "Encrypted",
            Self::Opaque => "Opaque",
        })
    }
}
