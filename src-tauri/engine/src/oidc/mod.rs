//! The protocol: OpenID Connect with the authorization code, PKCE and a public client. The only room that names
//! `openidconnect`, which draws the random values and checks the signatures.
//!
//! | file | holds |
//! |---|---|
//! | `http` | the one HTTP client and its limits; `failure` words what goes wrong below HTTP |
//! | `discovery` | a provider as its discovery document describes it; `metadata` reads and mends that document |
//! | `endpoint` | which addresses a discovery document may name |
//! | `authorize` | the link the browser opens |
//! | `par` | the same request, taken by the provider ahead of the browser |
//! | `redeem`, `refresh`, `revoke` | the requests about tokens; `token_response` reads the answers |
//! | `keys`, `jwt` | published keys, signed tokens, signatures |
//! | `verify` | what an ID token must say |
//! | `userinfo`, `access_token` | two more documents about the person |
//! | `clock_skew` | what an answer's `Date` and `Retry-After` say |
//! | `token_format` | what a stored token says, taken apart for reading |
//!
//! Nothing here logs, shows or returns in an error a token, a code, a state, a nonce or a verifier.

mod access_token;
mod authorize;
mod clock_skew;
mod discovery;
mod endpoint;
mod failure;
mod http;
mod jwt;
mod keys;
mod metadata;
mod par;
mod redeem;
mod refresh;
mod revoke;
mod token_format;
mod token_response;
mod userinfo;
mod verify;

pub use access_token::AccessToken;
pub(crate) use authorize::random_text;
pub use authorize::{AuthorizationRequest, AuthorizeOptions};
pub use discovery::{Provider, published_issuer};
pub use http::Http;
pub use par::AuthorizationUrl;
pub use redeem::Grant;
pub use refresh::{RefreshedTokens, not_before};
pub use token_format::TokenFormat;
pub use userinfo::Userinfo;
pub use verify::IdClaims;
#[cfg(fuzzing)]
pub use verify::fuzzed;

#[cfg(test)]
mod tests;
