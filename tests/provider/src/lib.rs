//! A real OpenID Provider on 127.0.0.1, for tests and the demo.
//!
//! It signs people in on a page, gives out codes, tokens and userinfo, rotates refresh tokens and notices when one is used
//! twice. Its accounts can be given other roles and groups while it runs, and it can be ordered to misbehave ([`Fault`]).
//!
//! | file | contents |
//! |---|---|
//! | `server` | starting, stopping, the routes |
//! | `options` | how it is set up |
//! | `parameters` | an authorization request |
//! | `state` | accounts, codes, tokens, what was asked |
//! | `accounts` | the people and what they may do |
//! | `faults` | how it can be ordered to misbehave |
//! | `scripted` | what APIs beside the protocol answer |
//! | `keys`, `claims` | signing, and what is signed |
//! | `endpoints/` | one file per endpoint |
//! | `tls` | TLS with an authority of its own |
//! | `headless` | a browser that walks the pages by itself |

mod accounts;
mod claims;
mod endpoints;
mod faults;
mod headless;
mod keys;
mod options;
mod pages;
mod parameters;
mod scripted;
mod server;
mod state;
mod tls;

pub use accounts::Account;
pub use faults::{Endpoint, Fault};
pub use headless::{HeadlessBrowser, Visit};
pub use options::{Layout, Options, Par};
pub use scripted::{ApiCall, Scripted};
pub use server::Provider;
pub use state::Request;

/// The client ID of the one application it knows: a native, public client.
pub const CLIENT_ID: &str = "rolecall-demo";
