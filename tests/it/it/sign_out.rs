//! Signing out: at the provider, here, and honestly.

use std::time::Duration;

use rolecall_engine::Code;
use rolecall_engine::engine::SignIn;
use rolecall_engine::session::End;
use rolecall_it::{Behavior, World, quick};
use rolecall_provider::{Endpoint, Fault};

#[tokio::test]
async fn kc_6_signing_out_revokes_deletes_and_leaves_nothing() {
    let world = World::new();
    world.sign_in().await.unwrap();
    assert_eq!(world.provider.live_sessions(), 1);
    let signed_out = world.engine.sign_out(&world.profile(), false).await.unwrap();
    assert!(signed_out.was_signed_in && signed_out.revoked.is_some_and(|revoked| revoked.is_ok()));
    assert_eq!(world.provider.live_sessions(), 0);
    assert!(world.another_engine().session_summary(&world.profile()).await.unwrap().is_none());
    assert!(matches!(world.engine.last_known(&world.profile()).unwrap().end, Some(End::SignedOut { .. })));
}

#[tokio::test]
async fn kc_6_a_provider_that_can_not_be_told_does_not_keep_anybody_signed_in_here() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.provider.fault(Fault::Status(Endpoint::Revocation, 503));
    let signed_out = world.engine.sign_out(&world.profile(), false).await.unwrap();
    assert_eq!(signed_out.revoked.unwrap().unwrap_err().code, Code::ProviderFailing);
    assert!(world.engine.session_summary(&world.profile()).await.unwrap().is_none());
}

#[tokio::test]
async fn signing_out_twice_is_fine() {
    let world = World::new();
    let signed_out = world.engine.sign_out(&world.profile(), false).await.unwrap();
    assert!(!signed_out.was_signed_in && signed_out.revoked.is_none());
}

#[tokio::test]
async fn a_provider_without_revocation_is_signed_out_of_all_the_same() {
    let world = World::new();
    world.provider.fault(Fault::LacksMember("revocation_endpoint"));
    world.sign_in().await.unwrap();
    let signed_out = world.engine.sign_out(&world.profile(), false).await.unwrap();
    assert!(signed_out.was_signed_in && signed_out.revoked.is_none());
    assert_eq!(world.key_store.items(), []);
}

#[tokio::test]
async fn kc_6_a_provider_that_is_gone_or_mute_delays_a_sign_out_only_shortly() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.provider.stop();
    let signed_out = world.engine.sign_out(&world.profile(), false).await.unwrap();
    assert_eq!(signed_out.revoked.unwrap().unwrap_err().code, Code::Unreachable);
    assert!(!world.is_signed_in().await);
    world.provider.resume().unwrap();
    world.sign_in().await.unwrap();
    world.provider.fault(Fault::Slow(Endpoint::Revocation, 60_000));
    let profile = world.profile();
    let signing_out = world.engine.sign_out(&profile, false);
    let signed_out = tokio::time::timeout(Duration::from_secs(9), signing_out).await.expect("in time").unwrap();
    assert_eq!(signed_out.revoked.unwrap().unwrap_err().code, Code::Unreachable);
    assert!(!world.is_signed_in().await);
}

#[tokio::test]
async fn the_providers_own_sign_out_page_is_opened_without_a_token_in_its_address() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.browser.last_walk().await;
    let url = world.engine.sign_out(&world.profile(), true).await.unwrap().ended_in_browser.unwrap().unwrap();
    assert_eq!(url.path(), "/logout");
    assert!(world.provider.secrets().iter().all(|secret| !url.as_str().contains(secret)));
    let walk = world.browser.last_walk().await;
    assert!(walk.status == 200 && walk.page.contains("signed out"));
}

#[tokio::test]
async fn a_session_in_memory_ends_where_there_is_no_key_store() {
    let world = World::new();
    world.key_store.set(Behavior::Missing);
    let how = SignIn { memory_only: true, ..quick() };
    world.engine.sign_in(&world.profile(), &how, |_| {}).await.unwrap();
    assert!(world.engine.sign_out(&world.profile(), false).await.unwrap().was_signed_in);
    assert_eq!(world.provider.live_sessions(), 0);
}
