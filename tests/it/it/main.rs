//! Behaviour of the engine against a real provider. Each file is named after what it protects.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails there")]

mod amplification;
#[cfg(target_os = "linux")]
mod amplified_refresh;
mod attack;
mod claims;
mod cli;
mod cli_edges;
mod compare;
mod conformance;
#[cfg(target_os = "linux")]
mod core_dumps;
#[cfg(target_os = "linux")]
mod crash;
#[cfg(target_os = "linux")]
mod cut_off;
mod device;
#[cfg(target_os = "linux")]
mod device_cut_off;
mod directory;
mod documents;
#[cfg(target_os = "linux")]
mod ends;
mod finish;
mod first_sign_in;
mod fixtures;
#[cfg(target_os = "linux")]
mod full_disk;
mod id_token;
mod import;
#[cfg(target_os = "linux")]
mod inspect;
#[cfg(target_os = "linux")]
mod json_members;
mod key_store;
#[cfg(target_os = "linux")]
mod leaks;
mod live;
mod lock;
mod mix_up;
#[cfg(target_os = "linux")]
mod no_locks;
#[cfg(target_os = "linux")]
mod odd_answers;
mod older_versions;
#[cfg(target_os = "linux")]
mod other_users;
mod par;
mod paste;
mod profiles;
#[cfg(target_os = "linux")]
mod program;
#[cfg(target_os = "linux")]
mod receiver;
mod refresh;
mod rename;
mod repeated;
#[cfg(target_os = "linux")]
mod repeated_by_program;
#[cfg(target_os = "linux")]
mod repeated_encoded;
mod requirements;
#[cfg(target_os = "linux")]
mod sandbox;
mod secrets;
mod settings;
mod sign_in;
mod sign_out;
mod supply_chain;
mod targets;
mod time;
mod tls;
mod token;
mod vault;
mod views;
mod why;
