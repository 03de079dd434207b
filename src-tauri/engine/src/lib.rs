//! The engine of Rolecall: it knows how to be signed in at an OpenID Provider.
//!
//! A window, a tray and a command line ask it; the operating system is passed in ([`ports`]).
//! Nothing in here draws, prints or parses arguments.
//!
//! | module | contents |
//! |---|---|
//! | [`engine`] | the operations: sign in, refresh, token, sign out, watch |
//! | [`session`] | the states of one profile and their legal moves, pure |
//! | [`oidc`] | the protocol; the only module that names `openidconnect` |
//! | [`callback`] | the loopback listener the browser comes back to |
//! | [`vault`] | the session in the key store |
//! | [`state`] | the state folder: lock, generation counter, crash marker; apart from it what is remembered |
//! | [`tokens`] | secrets: masked, not serialisable, wiped on drop |
//! | [`identity`] | claims to entitlements with their sources |
//! | `directory` | what a provider's own directory says, one file per product |
//! | [`documents`] | the provider's answers, claim by claim, for people to read |
//! | [`products`] | what is known of each provider product, one file each |
//! | [`findings`] | why something is missing |
//! | [`receivers`] | programs a token is for that say whom they take its bearer for |
//! | [`setup`] | the configuration of programs that tokens are for |
//! | [`targets`] | which token for which target |
//! | [`inspect`] | documents that somebody pasted |
//! | `compare` | two people, or one at two times |
//! | [`history`] | what was added and removed between two refreshes |
//! | [`config`] | profiles |
//! | [`problem`] | errors for people: one table for every front end |
//! | [`view`] | the only types a front end may draw |
//! | [`log`], [`text`], [`redact`] | what may be written and shown |
//! | [`ports`] | browser, clock, key store, folders |
//! | [`process`] | what a program that holds tokens asks of its own process |

pub mod callback;
mod compare;
pub mod config;
mod directory;
pub mod documents;
pub mod engine;
mod failpoint;
mod file_lock;
pub mod findings;
pub mod history;
pub mod identity;
pub mod inspect;
mod json;
pub mod log;
pub mod oidc;
pub mod ports;
pub mod problem;
pub mod process;
pub mod products;
pub mod receivers;
pub mod redact;
pub mod session;
pub mod setup;
pub mod state;
pub mod targets;
pub mod text;
pub mod tokens;
pub mod vault;
pub mod view;
mod whole_file;

pub use engine::Engine;
pub use ports::Ports;
pub use problem::{Code, Problem};

/// Entry points for the fuzzer, in its builds alone.
#[cfg(fuzzing)]
pub mod fuzzed {
    pub use crate::callback::fuzzed as listener;
    pub use crate::config::fuzzed as config;
    pub use crate::engine::fuzzed as compare;
    pub use crate::inspect::fuzzed as inspect;
    pub use crate::oidc::fuzzed as id_token;
}
