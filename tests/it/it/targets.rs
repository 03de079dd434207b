//! Tokens for targets: from one session, for one place each.

mod engine;
#[cfg(target_os = "linux")]
mod git;
#[cfg(target_os = "linux")]
mod protocols;
#[cfg(target_os = "linux")]
mod set_up;
#[cfg(target_os = "linux")]
mod sts;

#[cfg(target_os = "linux")]
use std::collections::HashMap;
#[cfg(target_os = "linux")]
use std::io::{BufRead as _, BufReader, Read as _};
#[cfg(target_os = "linux")]
use std::net::TcpStream;

use rolecall_engine::config::{Config, Profile};
use rolecall_it::World;

/// The profile with these targets, as they stand in its file.
pub(crate) fn with_targets(world: &World, targets: &str) -> Profile {
    let profile = world.save_profile();
    let path = Config::path(&world.ports().folders);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}\n{targets}")).unwrap();
    let config = Config::load(&world.ports().folders).unwrap();
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    config.profile(Some(&profile.name)).unwrap().clone()
}

/// Reads a request that came to a double: its first line, its headers by their names in lower case, and its body.
#[cfg(target_os = "linux")]
fn read_request(connection: &TcpStream) -> std::io::Result<(String, HashMap<String, String>, Vec<u8>)> {
    let mut reader = BufReader::new(connection);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok((first, headers, body))
}
