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
