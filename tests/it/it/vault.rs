//! The session at rest: what a key store that is locked, missing, mute or failing costs, which is never the session.

use std::time::Duration;

use rolecall_engine::Code;
use rolecall_engine::config::Profile;
use rolecall_engine::engine::Freshness;
use rolecall_engine::session::End;
use rolecall_engine::tokens::TokenKind;
use rolecall_it::{Behavior, World};
use rolecall_provider::HeadlessBrowser;

const MINUTE: Duration = Duration::from_secs(60);

/// Every way to fail that is known before anything is sent.
const CLOSED: [(Behavior, Code); 2] =
    [(Behavior::Locked, Code::KeyStoreLocked), (Behavior::Missing, Code::KeyStoreMissing)];

#[tokio::test]
async fn kc_2_a_key_store_that_can_not_keep_a_session_is_found_out_before_the_browser_opens() {
    for (mood, code) in CLOSED.into_iter().chain([(Behavior::ReadOnly, Code::KeyStoreFailing)]) {
        let world = World::new();
        world.key_store.set(mood);
        assert_eq!(world.refused_sign_in().await.code, code, "{mood:?}");
        assert!(!world.provider.requests().iter().any(|request| request.path == "/authorize"), "{mood:?}");
        assert!(world.engine.last_known(&world.profile()).is_none(), "{mood:?}: nothing is kept elsewhere");
    }
}

#[tokio::test]
async fn a_closed_key_store_costs_no_session_and_who_was_here_is_still_known() {
    for (mood, code) in CLOSED {
        let world = World::new();
        world.sign_in().await.unwrap();
        world.provider.forget_requests();
        let (engine, profile) = (world.another_engine(), world.profile());
        world.key_store.set(mood);
        assert_eq!(engine.session_summary(&profile).await.unwrap_err().code, code);
        assert_eq!(
            engine.token(&profile, TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap_err().code,
            code
        );
        assert_eq!(engine.refresh(&profile).await.unwrap_err().code, code);
        assert!(world.requested_paths().is_empty(), "{mood:?}: a token was spent that can't be kept");
        assert_eq!(engine.last_known(&profile).unwrap().summary.identity.name, "Ed Itor");
        world.key_store.set(Behavior::Works);
        assert!(engine.unlock(&profile).await.unwrap().is_some(), "kc_4: {mood:?}: the same engine picks it up");
        engine.refresh(&profile).await.unwrap();
    }
}

#[tokio::test]
async fn kc_1_a_mute_key_store_is_waited_for_five_seconds_and_can_come_back() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.key_store.set(Behavior::Hangs);
    let profile = world.profile();
    let asked = tokio::time::timeout(Duration::from_secs(7), world.engine.session_summary(&profile));
    let problem = asked.await.expect("an answer in time").unwrap_err();
    assert!(problem.code == Code::KeyStoreLocked && problem.detail.contains("5 seconds"), "{problem}");
    world.key_store.set(Behavior::Works);
    assert!(world.engine.session_summary(&world.profile()).await.unwrap().is_some());
}

#[tokio::test]
async fn rf_7_what_the_key_store_does_not_take_stays_in_memory_until_it_does() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.provider.forget_requests();
    let profile = world.profile();
    world.key_store.set(Behavior::ReadOnly);
    let summary = world.engine.refresh(&profile).await.unwrap();
    assert!(summary.unsaved && summary.has_refresh_token);
    assert!(world.engine.session_summary(&profile).await.unwrap().unwrap().unsaved);
    let token = world.engine.token(&profile, TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap().secret;
    assert!(!world.engine.store_pending(&profile).await, "it still takes nothing");
    world.key_store.set(Behavior::Works);
    assert!(world.engine.store_pending(&profile).await);
    assert!(!world.engine.session_summary(&profile).await.unwrap().unwrap().unsaved);
    let other = world.another_engine();
    let read = other.token(&profile, TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap().secret;
    assert!(read.matches(token.expose()), "the other process has what was held");
    assert_eq!(world.refreshes(), 1);
    other.refresh(&profile).await.expect("the rotated refresh token, not the spent one, was stored");
}

#[tokio::test]
async fn rf_7_a_key_store_that_does_not_keep_what_it_took_is_found_out() {
    let world = World::new();
    world.key_store.set(Behavior::DropsWrites);
    assert_eq!(world.refused_sign_in().await.code, Code::KeyStoreFailing, "by the trial before the sign-in");
    world.key_store.set(Behavior::Works);
    world.sign_in().await.unwrap();
    world.key_store.set(Behavior::DropsWrites);
    assert!(world.engine.refresh(&world.profile()).await.unwrap().unsaved, "by reading back");
    world.key_store.set(Behavior::Works);
    assert!(world.engine.store_pending(&world.profile()).await);
    world.another_engine().refresh(&world.profile()).await.expect("nothing was lost");
}

#[tokio::test]
async fn rf_7_a_second_refresh_while_nothing_can_be_stored_spends_the_newest_token() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.key_store.set(Behavior::ReadOnly);
    world.engine.refresh(&world.profile()).await.unwrap();
    let summary = world.engine.refresh(&world.profile()).await.unwrap();
    assert!(summary.unsaved);
    assert_eq!(world.provider.live_sessions(), 1, "no refresh token was used twice");
}

#[tokio::test]
async fn kc_3_a_session_of_many_groups_is_whole_again_in_another_process() {
    let world = World::new();
    world.browser.set_walker(HeadlessBrowser::new("mo"));
    world.sign_in().await.unwrap();
    let items = world.key_store.items().len();
    assert!(items > 1, "it takes several items");
    let (engine, profile) = (world.another_engine(), world.profile());
    let mine = world.engine.token(&profile, TokenKind::Id, Freshness::ValidFor(MINUTE)).await.unwrap().secret;
    let its = engine.token(&profile, TokenKind::Id, Freshness::ValidFor(MINUTE)).await.unwrap().secret;
    assert!(mine.matches(its.expose()) && its.expose().len() > 100_000);
    engine.refresh(&profile).await.unwrap();
    assert!(world.key_store.items().len() <= items + 1, "the parts of the one before are gone");
    engine.sign_out(&profile, false).await.unwrap();
    assert_eq!(world.key_store.items(), [], "and all are at the end");
}

#[tokio::test]
async fn what_is_not_a_session_reads_as_nobody_and_is_written_over() {
    let world = World::new();
    for bytes in [&b""[..], b"\xff\xfe", b"rolecall1 0 0 AAAA AAAA", b"rolecall1 7 4096 AAAA "] {
        world.sign_in().await.unwrap();
        world.key_store.corrupt(bytes);
        assert!(world.another_engine().session_summary(&world.profile()).await.unwrap().is_none(), "{bytes:?}");
    }
    world.sign_in().await.unwrap();
    assert!(world.is_signed_in().await);
}

#[tokio::test]
async fn kc_5_profiles_that_differ_in_anything_share_nothing() {
    let world = World::new();
    world.sign_in().await.unwrap();
    let name = Profile { name: "other".parse().unwrap(), ..world.profile() };
    let client = Profile { client_id: "other".into(), ..world.profile() };
    for profile in [name, client] {
        assert!(world.engine.session_summary(&profile).await.unwrap().is_none());
        assert!(world.engine.last_known(&profile).is_none());
        assert!(!world.engine.sign_out(&profile, false).await.unwrap().was_signed_in);
    }
    assert!(world.is_signed_in().await);
}

#[tokio::test]
async fn kc_6_a_sign_out_that_can_not_delete_says_so_and_does_not_claim_to_have() {
    for (mood, code) in CLOSED {
        let world = World::new();
        world.sign_in().await.unwrap();
        world.key_store.set(mood);
        assert_eq!(world.another_engine().sign_out(&world.profile(), false).await.unwrap_err().code, code);
        assert!(world.engine.last_known(&world.profile()).unwrap().end.is_none());
        world.key_store.set(Behavior::Works);
        assert!(world.is_signed_in().await);
        world.engine.sign_out(&world.profile(), false).await.unwrap();
        assert!(matches!(world.engine.last_known(&world.profile()).unwrap().end, Some(End::SignedOut { .. })));
        assert_eq!(world.key_store.items(), []);
    }
}
