//! Data that an earlier version left in key store, state folder and configuration still opens.
//!
//! `stored/50648e1` was written by the program of that commit: signed in at the demo provider, a role given and refreshed, a
//! client secret kept. Its tokens are the demo provider's and long past. `items-of-a-large-session.json` is the same session
//! with 1,800 groups in its access token, written twice by that commit's own code: one item takes 32 KiB, so it is in parts.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rolecall_engine::config::Profile;
use rolecall_engine::engine::Freshness;
use rolecall_engine::ports::Clock as _;
use rolecall_engine::tokens::TokenKind;
use rolecall_engine::{Code, Engine};
use rolecall_it::World;

/// Shortly after the last refresh of what is stored, POSIX seconds.
const THEN: i64 = 1_795_796_840;

fn stored() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("stored/50648e1")
}

/// A computer on which the earlier version was used, and that version's profile as this one reads it.
fn upgraded() -> (World, Engine, Profile) {
    upgraded_from("items.json")
}

/// The same with what that file says the key store holds.
fn upgraded_from(items: &str) -> (World, Engine, Profile) {
    let world = World::new();
    let folders = world.ports().folders;
    for (name, to) in [("config", &folders.config), ("state", &folders.state)] {
        fs::create_dir_all(to).unwrap();
        for file in fs::read_dir(stored().join(name)).unwrap().map(|entry| entry.unwrap()) {
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    let items = fs::read(stored().join(items)).unwrap();
    let items: HashMap<String, String> = serde_json::from_slice(&items).unwrap();
    for (user, secret) in items {
        world.store.build("Rolecall test", &user, None).unwrap().set_secret(secret.as_bytes()).unwrap();
    }
    world.clock.set_wall(THEN - world.clock.now().0);
    let engine = world.another_engine();
    let config = engine.config().unwrap();
    let profile = config.profiles.into_iter().find(|profile| profile.name.as_str() == "acme").unwrap();
    (world, engine, profile)
}

#[tokio::test]
async fn a_session_of_an_earlier_version_opens_with_all_that_was_known() {
    let (_world, engine, profile) = upgraded();
    let summary = engine.session_summary(&profile).await.unwrap().expect("somebody is signed in");
    assert_eq!(summary.identity.name, "Ed Itor");
    let roles: Vec<&str> = summary.identity.entitlements.roles.iter().map(|role| role.value.as_str()).collect();
    assert_eq!(roles, ["Editor", "Publisher"]);
    assert!(summary.has_refresh_token);
    let last = engine.last_known(&profile).expect("who was here last");
    assert_eq!((last.summary.identity.name.as_str(), last.end.is_none()), ("Ed Itor", true));
    let changes = format!("{:?}", engine.history(&profile));
    assert!(changes.contains("Publisher") && changes.contains("Added"), "{changes}");
    assert!(engine.orphaned_sessions().is_empty(), "nothing of it is taken for left over");
}

#[tokio::test]
async fn rf_5_a_session_of_an_earlier_version_is_kept_while_its_provider_is_gone() {
    let (world, engine, profile) = upgraded();
    assert_eq!(engine.refresh(&profile).await.unwrap_err().code, Code::Unreachable);
    assert!(world.another_engine().session_summary(&profile).await.unwrap().is_some());
}

#[tokio::test]
async fn kc_6_what_an_earlier_version_kept_is_gone_with_its_profile() {
    let (world, engine, profile) = upgraded();
    assert_eq!(world.key_store.items().len(), 2, "a session and a client secret");
    engine.remove_profile(&profile).await.unwrap();
    assert_eq!(world.key_store.items(), []);
}

#[tokio::test]
async fn kc_3_a_large_session_of_an_earlier_version_opens_and_is_deleted_whole() {
    let (world, engine, profile) = upgraded_from("items-of-a-large-session.json");
    assert_eq!(world.key_store.items().len(), 4, "a header and three parts");
    let token = engine.token(&profile, TokenKind::Access, Freshness::ValidFor(Duration::from_secs(1))).await.unwrap();
    assert!(token.secret.expose().len() > 64 * 1024, "{} bytes", token.secret.expose().len());
    assert!(engine.session_summary(&profile).await.unwrap().expect("somebody is signed in").has_refresh_token);
    assert!(engine.sign_out(&profile, false).await.unwrap().was_signed_in);
    assert_eq!(world.key_store.items(), []);
}
