//! The protocol: OpenID Connect with the authorization code flow and PKCE. The only module that names `openidconnect`.
//!
//! | file | contents |
//! |---|---|
//! | `http` | the one HTTP client and its limits; `failure` says what a request without an answer means |
//! | `discovery` | a provider as its discovery document describes it; `metadata` reads that document |
//! | `endpoint` | which addresses a discovery document may name |
//! | `authorize` | the authorization request; `par` has the provider take it ahead of the browser (RFC 9126) |
//! | `device` | the sign-in that is finished on another device (RFC 8628) |
//! | `sent_token` | what is in a token that was sent to a receiver |
//! | `redeem`, `refresh`, `revoke` | the requests about tokens; `token_response` reads the answers |
//! | `provider_error`, `prose` | what a refusal means, and its cause |
//! | `keys`, `jwt` | published keys, signed tokens, signatures |
//! | `verify` | what an ID token must say |
//! | `userinfo`, `access_token` | two more documents about the person |
//! | `api` | requests to the provider's own API, with a token made for it |
//! | `pasted` | the signature of a token that somebody pasted |
//! | `clock_skew` | what an answer's `Date` and `Retry-After` say |
//!
//! `openidconnect` gives the random values, the code challenge, the key types and the checks of signatures: what is easy to
//! get wrong and the same everywhere. The rest is done here, because its client
//!
//! * stops at discovery documents and token answers that leave out or mistype what the standards ask for, and many do;
//! * takes times and lifetimes in fewer forms than providers write them;
//! * fetches the keys once and never again, so that a key change ends every sign-in (section 10.1.1 of Core);
//! * does not check `azp`, and compares a refreshed ID token with nothing (section 12.2);
//! * names an error by its code alone, where the description, and what was asked, decide what to do.
//!
//! Nothing here logs, shows or returns in an error a token, a code, a state, a nonce or a verifier.

mod access_token;
mod api;
mod authorize;
mod clock_skew;
mod device;
mod discovery;
mod endpoint;
mod failure;
mod http;
mod jwt;
mod keys;
mod metadata;
mod par;
mod pasted;
mod prose;
mod provider_error;
mod redeem;
mod refresh;
mod revoke;
mod sent_token;
mod token_response;
mod userinfo;
mod verify;

pub use access_token::AccessToken;
pub(crate) use api::{ApiAnswer, ApiRequest};
pub(crate) use authorize::random_text;
pub use authorize::{AuthorizationRequest, AuthorizeOptions};
pub use device::{DeviceAnswer, DeviceAuthorization};
pub use discovery::{Provider, published_issuer};
pub use http::Http;
pub use jwt::{Jwt, ParsedToken, not_before};
pub use par::AuthorizationUrl;
pub use pasted::PastedSignature;
pub(crate) use provider_error::ProviderError;
pub use redeem::Grant;
pub use refresh::RefreshedTokens;
pub(crate) use sent_token::read_sent_token;
pub use userinfo::Userinfo;
pub use verify::IdClaims;
#[cfg(fuzzing)]
pub use verify::fuzzed;

#[cfg(test)]
mod tests;
