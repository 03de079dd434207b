//! The protocol: OpenID Connect with the authorization code flow and PKCE, as a public client.
//!
//! The only room that names `openidconnect`: its keys and signatures, its random values and PKCE are used as they are;
//! what the provider sends is read more leniently than its types allow where that is safe, and more strictly where the
//! standard leaves a choice.

mod answer;
mod authorize;
mod discovery;
mod endpoints;
mod http;
mod jwt;
mod requests;
mod userinfo;
mod verify;

use serde_json::{Map, Value};

pub use authorize::{Ask, Attempt};
pub use discovery::{Provider, published_issuer};
pub use http::Http;
pub use requests::{Grant, Renewal};
pub use userinfo::Userinfo;
pub use verify::IdClaims;

use crate::identity::Verified;

/// What can be seen of an access token. A view for the person, never trusted for anything.
#[derive(Debug)]
pub enum AccessToken {
    /// A JSON Web Token.
    Jwt {
        /// Its claims.
        claims: Map<String, Value>,
        /// Whether its signature fits one of the provider's keys.
        verified: Verified,
    },
    /// Encrypted for somebody else (RFC 7516).
    Encrypted,
    /// Not for clients to read.
    Opaque,
}
