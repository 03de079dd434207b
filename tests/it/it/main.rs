//! Behaviour of the engine against a real provider. Each file is named after what it protects.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails there")]

mod attack;
mod claims;
mod cli;
mod cli_edges;
mod conformance;
mod documents;
mod fixtures;
mod held_back;
mod id_token;
mod import;
mod key_store;
#[cfg(target_os = "linux")]
mod killed;
#[cfg(target_os = "linux")]
mod leaks;
mod live;
mod profiles;
#[cfg(target_os = "linux")]
mod program;
mod pushed;
mod refresh;
mod rename;
mod requirements;
mod secrets;
mod settings;
mod sign_in;
mod sign_out;
#[cfg(target_os = "linux")]
mod stage;
mod supply_chain;
mod time;
mod tls;
mod vault;
mod why;
