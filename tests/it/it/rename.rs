//! A profile gets another name, and nothing of it is lost on the way.

use std::fs;

use rolecall_engine::config::{Config, Profile};
use rolecall_engine::engine::Freshness;
use rolecall_engine::problem::Code;
use rolecall_engine::tokens::TokenKind;
use rolecall_engine::view::Screen;
use rolecall_it::{Behavior, World, until};

fn items(world: &World) -> Vec<String> {
    world.key_store.items().into_iter().map(|(name, _)| name).collect()
}

fn named(profile: &Profile, name: &str) -> Profile {
    Profile { name: name.parse().unwrap(), ..profile.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn session_history_and_last_identity_go_with_the_profile() {
    let world = World::new();
    let profile = world.save_profile();
    world.sign_in().await.unwrap();
    world.provider.set_roles("ed", &["Editor", "Publisher"]);
    world.engine.refresh(&profile).await.unwrap();
    let token = world
        .engine
        .token(&profile, TokenKind::Access, Freshness::ValidFor(std::time::Duration::ZERO))
        .await
        .unwrap()
        .secret;
    let moments = world.engine.history(&profile).moments().count();

    let renamed = world.engine.rename_profile(&profile, &"office".parse().unwrap()).await.unwrap();
    let other = world.another_engine();
    assert_eq!(other.config().unwrap().profiles, std::slice::from_ref(&renamed));
    let kept =
        other.token(&renamed, TokenKind::Access, Freshness::ValidFor(std::time::Duration::ZERO)).await.unwrap().secret;
    assert!(kept.matches(token.expose()));
    assert_eq!(other.history(&renamed).moments().count(), moments);
    assert_eq!(other.last_known(&renamed).unwrap().summary.identity.name, "Ed Itor");
    assert!(other.session_summary(&profile).await.unwrap().is_none() && other.last_known(&profile).is_none());
    assert!(items(&world).iter().all(|name| name.starts_with("office@")), "nothing is left under the old name");
    other.refresh(&renamed).await.unwrap();

    let renamed = other.rename_profile(&renamed, &"Office".parse().unwrap()).await.unwrap();
    assert!(world.another_engine().session_summary(&renamed).await.unwrap().is_some(), "by its case alone, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_key_store_or_the_file_fails_everything_is_as_before() {
    let world = World::new();
    let profile = world.save_profile();
    world.sign_in().await.unwrap();
    let before = (items(&world), fs::read_to_string(Config::path(&world.ports().folders)).unwrap());
    let name = "office".parse().unwrap();
    for (mood, code) in [(Behavior::Locked, Code::KeyStoreLocked), (Behavior::DropsWrites, Code::KeyStoreFailing)] {
        world.key_store.set(mood);
        assert_eq!(world.engine.rename_profile(&profile, &name).await.unwrap_err().code, code);
        world.key_store.set(Behavior::Works);
    }
    let lock = world.ports().folders.state.join("config.lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    assert_eq!(world.engine.rename_profile(&profile, &name).await.unwrap_err().code, Code::FilesFailing);
    fs::remove_dir(&lock).unwrap();
    assert_eq!((items(&world), fs::read_to_string(Config::path(&world.ports().folders)).unwrap()), before);
    assert!(world.is_signed_in().await);
    Config::save_profile(&world.ports().folders, &named(&profile, "taken")).unwrap();
    let taken = world.engine.rename_profile(&profile, &"Taken".parse().unwrap()).await;
    assert_eq!(taken.unwrap_err().code, Code::BadSetting);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_stays_on_the_profile_and_a_session_in_memory_goes_along() {
    let world = World::new();
    world.save_profile();
    let how = rolecall_engine::engine::SignIn { memory_only: true, ..rolecall_it::quick() };
    world.engine.sign_in(&world.profile(), &how, |_| {}).await.unwrap();
    let live = world.engine.live();
    let stands = |name: &'static str| {
        let view = live.view();
        move || {
            let view = view.borrow();
            view.profile.as_deref() == Some(name)
                && matches!(&view.screen, Screen::SignedIn(me) if me.memory_only && me.tokens_ready)
        }
    };
    until("signed in", stands("acme")).await;
    live.rename_profile(" office ").await.unwrap();
    until("signed in under the new name", stands("office")).await;
    assert_eq!(live.rename_profile("no/name").await.unwrap_err().code, Code::BadSetting);
    assert_eq!(live.view().borrow().profiles.len(), 1);
}
