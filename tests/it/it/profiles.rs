//! A profile that changes or goes: nothing that was under its key stays behind unseen, neither in the key store nor at
//! the provider nor in the state folder.

use std::sync::Arc;

use rolecall_engine::config::{ClientAuth, Config, Issuer, Profile};
use rolecall_engine::tokens::Secret;
use rolecall_engine::vault::Vault;
use rolecall_engine::view::{Draft, Screen};
use rolecall_engine::{Code, Engine};
use rolecall_it::{Behavior, World};
use rolecall_provider::{Endpoint, Fault, HeadlessBrowser};

/// Signed in, with a client secret beside the session.
async fn signed_in() -> (World, Profile) {
    let world = World::new();
    let profile = Profile { client_auth: ClientAuth::SecretBasic, ..world.profile() };
    Config::save_profile(&world.ports().folders, &profile).unwrap();
    world.engine.keep_client_secret(&profile, &Secret::new("s3cret".into())).await.unwrap();
    world.provider.fault(Fault::WantsSecret("s3cret"));
    world.engine.sign_in(&profile, &rolecall_it::quick(), |_| {}).await.unwrap();
    assert_eq!(world.key_store.items().len(), 2, "a session and a secret");
    (world, profile)
}

/// The files in the state folder, except locks and counters.
fn remembered(world: &World) -> Vec<String> {
    let files = std::fs::read_dir(world.ports().folders.state).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !matches!(name.rsplit_once('.'), Some((_, "lock" | "generation")))).collect()
}

#[tokio::test]
async fn kc_6_another_client_id_or_issuer_leaves_neither_session_nor_client_secret_behind() {
    for of in ["client", "issuer"] {
        let (world, profile) = signed_in().await;
        let mut changed = Profile { client_auth: ClientAuth::None, ..profile.clone() };
        match of {
            "client" => changed.client_id = "another".into(),
            _ => changed.issuer = Issuer::parse("https://idp.example/").unwrap(),
        }
        let former = world.engine.save_profile(&changed).await.unwrap().expect("it was there");
        assert!(former.had_secret && former.signed_out.was_signed_in && former.profile == profile);
        assert_eq!((world.key_store.items(), world.provider.live_sessions()), (vec![], 0), "{of}");
        assert_eq!(remembered(&world), [""; 0], "{of}");
        assert_eq!(world.engine.config().unwrap().profiles, [changed]);
    }
}

#[tokio::test]
async fn other_settings_change_and_session_and_client_secret_stay() {
    let (world, profile) = signed_in().await;
    let mut changed = Profile { audience: Some("https://api.example".into()), ..profile };
    changed.name = "ACME".parse().unwrap();
    assert!(world.engine.save_profile(&changed).await.unwrap().is_none());
    assert_eq!(world.key_store.items().len(), 2);
    world.engine.refresh(&changed).await.unwrap();
}

#[tokio::test]
async fn kc_6_what_can_not_be_deleted_keeps_the_profile_as_it_was() {
    let (world, profile) = signed_in().await;
    let changed = Profile { client_id: "another".into(), client_auth: ClientAuth::None, ..profile.clone() };
    for mood in [Behavior::Locked, Behavior::ReadOnly] {
        world.key_store.set(mood);
        assert!(world.engine.save_profile(&changed).await.unwrap_err().code.is_key_store(), "{mood:?}");
        assert!(world.engine.remove_profile(&profile).await.unwrap_err().code.is_key_store(), "{mood:?}");
        assert_eq!(world.engine.config().unwrap().profiles, std::slice::from_ref(&profile), "{mood:?}");
    }
}

#[tokio::test]
async fn a_key_store_that_is_not_there_keeps_no_profile_that_has_nothing_in_it() {
    let world = World::new();
    let profile = world.save_profile();
    world.key_store.set(Behavior::Missing);
    let changed = Profile { client_id: "another".into(), ..profile };
    assert!(!world.engine.save_profile(&changed).await.unwrap().unwrap().signed_out.was_signed_in);
    world.engine.remove_profile(&changed).await.unwrap();
    assert!(world.engine.config().unwrap().profiles.is_empty());
}

#[tokio::test]
async fn kc_6_a_profile_that_is_removed_leaves_nothing_even_where_its_secret_was_not_in_use_any_more() {
    let (world, profile) = signed_in().await;
    let unused = Profile { client_auth: ClientAuth::None, ..profile };
    Config::save_profile(&world.ports().folders, &unused).unwrap();
    world.provider.clear_faults();
    world.provider.fault(Fault::Status(Endpoint::Revocation, 503));
    let signed_out = world.engine.remove_profile(&unused).await.unwrap();
    assert_eq!(signed_out.revoked.unwrap().unwrap_err().code, Code::ProviderFailing, "and that it lives on is told");
    assert_eq!((world.key_store.items(), remembered(&world)), (vec![], vec![]));
    assert!(world.engine.config().unwrap().profiles.is_empty());
}

#[tokio::test]
async fn kc_6_signing_in_as_somebody_else_revokes_the_session_that_was_there_and_only_then() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.sign_in().await.unwrap();
    assert_eq!(world.provider.live_sessions(), 2, "of the same person many providers would end both by one");
    world.browser.set_walker(HeadlessBrowser::new("ada"));
    world.sign_in().await.unwrap();
    assert_eq!(world.provider.live_sessions(), 2, "one of Ed's that is gone here before, and Ada's");
    world.engine.refresh(&world.profile()).await.unwrap();
    world.engine.sign_out(&world.profile(), false).await.unwrap();
    assert_eq!(world.provider.live_sessions(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_ends_what_a_profile_of_the_same_name_had_elsewhere() {
    let world = World::new();
    world.save_profile();
    world.sign_in().await.unwrap();
    let live = world.engine.live();
    let draft = Draft {
        name: "acme".into(),
        issuer: "https://idp.example".into(),
        client_id: "another".into(),
        ..Draft::default()
    };
    world.key_store.set(Behavior::Locked);
    assert!(live.save_profile(&draft).await.unwrap_err().code.is_key_store());
    world.key_store.set(Behavior::Works);
    live.save_profile(&draft).await.unwrap();
    assert_eq!((world.key_store.items(), world.provider.live_sessions()), (vec![], 0));
    assert!(matches!(live.view().borrow().screen, Screen::SignedOut { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_profile_was_changed_by_hand_is_told_of_and_can_be_ended() {
    let world = World::new();
    let profile = world.save_profile();
    world.sign_in().await.unwrap();
    let live = world.engine.live();
    let mut notifications = live.notifications().unwrap();
    assert_eq!(world.engine.orphaned_sessions(), []);
    let file = world.ports().folders.config.join("rolecall.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("rolecall-demo", "another")).unwrap();
    let notification =
        tokio::time::timeout(std::time::Duration::from_secs(10), notifications.recv()).await.unwrap().unwrap();
    assert!(notification.title.contains("acme") && notification.body.contains("profiles prune"), "{notification:?}");

    let later = world.another_engine();
    let orphaned = later.orphaned_sessions();
    assert_eq!(orphaned.iter().map(Profile::key).collect::<Vec<_>>(), [profile.key()]);
    assert!(later.end_orphaned_session(&orphaned[0]).await.unwrap().signed_out.was_signed_in);
    assert_eq!(
        (world.key_store.items(), world.provider.live_sessions(), later.orphaned_sessions()),
        (vec![], 0, vec![])
    );
}

#[tokio::test]
async fn a_profile_that_can_only_not_be_read_leaves_nothing_over() {
    let world = World::new();
    world.save_profile();
    world.sign_in().await.unwrap();
    let file = world.ports().folders.config.join("rolecall.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    for broken in [text.replace("issuer", "isuer"), text.replace("client_id", "client"), "[profiles".into()] {
        std::fs::write(&file, broken).unwrap();
        assert_eq!(Engine::new(world.ports()).orphaned_sessions(), []);
    }
    // Somebody else's notes, or a file that was tampered with, name nobody.
    let state = world.ports().folders.state;
    let ours = std::fs::read_dir(&state).unwrap().map(|file| file.unwrap().path());
    let last = ours.into_iter().find(|path| path.to_string_lossy().ends_with(".last.json")).unwrap();
    std::fs::copy(&last, state.join("0123456789abcdef0123456789abcdef.last.json")).unwrap();
    std::fs::write(&file, text).unwrap();
    assert_eq!(Arc::new(world.another_engine()).orphaned_sessions(), []);
}

#[tokio::test]
async fn kc_6_ending_what_a_cut_off_rename_left_does_not_end_the_session_of_the_new_name() {
    let world = World::new();
    world.sign_in().await.unwrap();
    let renamed = Profile { name: "office".parse().unwrap(), ..world.profile() };
    // The state in which a rename is killed after it changed the file: the same session under both names.
    let vault = Vault::new(&world.ports());
    let session = vault.load(&world.profile()).await.unwrap().unwrap();
    vault.store(&renamed, &session).await.unwrap();
    Config::save_profile(&world.ports().folders, &renamed).unwrap();
    let orphaned = world.engine.orphaned_sessions();
    assert_eq!(orphaned.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>(), ["acme"]);
    world.engine.end_orphaned_session(&orphaned[0]).await.unwrap();
    assert_eq!((world.provider.live_sessions(), world.engine.orphaned_sessions()), (1, vec![]));
    assert!(!world.is_signed_in().await, "nothing is left under the old name");
    world.another_engine().refresh(&renamed).await.expect("the session goes on under the new one");
}
