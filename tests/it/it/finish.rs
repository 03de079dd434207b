//! The end of a program: nothing that was sent is cut off, and nothing is left alive that nobody holds any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use rolecall_engine::engine::{Progress, SignIn};
use rolecall_engine::ports::{Clock, SystemClock, Timestamp};
use rolecall_engine::session::Step;
use rolecall_engine::{Code, Engine};
use rolecall_it::{Behavior, NeverReturns, World, quick, signed_in, until};
use rolecall_provider::{Endpoint, Fault};

const BOUND: Duration = Duration::from_secs(10);

#[tokio::test]
async fn rf_2_the_end_waits_for_a_refresh_that_was_sent_and_stores_its_answer() {
    let world = signed_in().await;
    world.provider.fault(Fault::AnswerHeld(700));
    let (engine, profile) = (world.engine.clone(), world.profile());
    // Nobody waits for it any more, as when a window is closed.
    drop(tokio::spawn(async move { engine.refresh(&profile).await }));
    until("it was sent", || world.refreshes() == 1).await;
    let finished = world.engine.finish(BOUND).await;
    assert!(finished.is_complete(), "{finished:?}");
    world.provider.clear_faults();
    world.another_engine().refresh(&world.profile()).await.expect("the newest refresh token was stored");
    assert_eq!(
        world.engine.refresh(&world.profile()).await.unwrap_err().code,
        Code::Cancelled,
        "nothing begins any more"
    );
}

#[tokio::test]
async fn rf_2_the_end_is_bounded_and_says_what_it_left() {
    let world = signed_in().await;
    world.provider.fault(Fault::Slow(Endpoint::Token, 8000));
    let (engine, profile) = (world.engine.clone(), world.profile());
    let refreshing = tokio::spawn(async move { engine.refresh(&profile).await });
    until("it was sent", || world.refreshes() == 1).await;
    let ending = world.engine.finish(Duration::from_millis(100));
    let finished = tokio::time::timeout(Duration::from_secs(4), ending).await.expect("in time");
    assert_eq!(finished.in_flight, 1);
    refreshing.abort();
}

#[tokio::test]
async fn rf_2_the_end_waits_for_a_sign_in_that_came_back_from_the_browser() {
    let world = World::new();
    world.provider.fault(Fault::Slow(Endpoint::Token, 700));
    let (engine, profile) = (world.engine.clone(), world.profile());
    let checking = Arc::new(AtomicBool::new(false));
    let told = checking.clone();
    let signing_in = tokio::spawn(async move {
        let progress = move |progress| {
            told.fetch_or(matches!(progress, Progress::Step(Step::Checking)), Ordering::SeqCst);
        };
        engine.sign_in(&profile, &quick(), progress).await
    });
    until("the browser came back", || checking.load(Ordering::SeqCst)).await;
    signing_in.abort();
    assert!(world.engine.finish(BOUND).await.is_complete());
    assert!(world.is_signed_in().await, "what the code bought is stored");
}

#[tokio::test]
async fn rf_2_the_end_cancels_a_sign_in_that_still_waits_for_the_person() {
    let world = World::new();
    let engine = world.engine_with(Arc::new(NeverReturns));
    let (waiting, profile) = (engine.clone(), world.profile());
    let signing_in = tokio::spawn(async move { waiting.sign_in(&profile, &quick(), |_| {}).await });
    until("the key store was tried", || world.key_store.calls() > 0).await;
    assert!(engine.finish(BOUND).await.is_complete());
    assert_eq!(signing_in.await.unwrap().unwrap_err().code, Code::Cancelled);
}

#[tokio::test]
async fn kc_6_a_session_in_memory_only_is_revoked_at_the_end() {
    let world = World::new();
    let how = SignIn { memory_only: true, ..quick() };
    world.engine.sign_in(&world.profile(), &how, |_| {}).await.unwrap();
    assert_eq!(world.provider.live_sessions(), 1);
    assert!(world.engine.finish(BOUND).await.is_complete());
    assert_eq!(world.provider.live_sessions(), 0);
    assert!(world.another_engine().last_known(&world.profile()).unwrap().end.is_some(), "and remembered as over");
}

#[tokio::test]
async fn kc_6_a_provider_that_is_gone_does_not_keep_the_program_from_ending() {
    let world = World::new();
    let how = SignIn { memory_only: true, ..quick() };
    world.engine.sign_in(&world.profile(), &how, |_| {}).await.unwrap();
    world.provider.fault(Fault::Slow(Endpoint::Revocation, 60_000));
    let ending = world.engine.finish(Duration::from_secs(1));
    let finished = tokio::time::timeout(Duration::from_secs(6), ending).await.expect("in time");
    assert_eq!(finished.not_revoked, [world.profile().name]);
}

#[tokio::test]
async fn rf_7_what_the_key_store_did_not_take_is_written_at_the_end_or_named() {
    let world = signed_in().await;
    world.key_store.set(Behavior::ReadOnly);
    assert!(world.engine.refresh(&world.profile()).await.unwrap().unsaved);
    assert!(world.engine.pause_if_idle().is_none(), "something would be lost");
    let engine = world.engine.clone();
    assert_eq!(engine.finish(BOUND).await.not_stored, [world.profile().name]);
    world.key_store.set(Behavior::Works);
    assert!(engine.finish(BOUND).await.is_complete());
    world.another_engine().refresh(&world.profile()).await.expect("the newest refresh token was stored");
}

/// A clock that panics when it is asked, as a mistake of ours would.
struct Faulty(AtomicBool);

impl Clock for Faulty {
    fn now(&self) -> Timestamp {
        assert!(!self.0.load(Ordering::SeqCst), "a mistake, as ordered");
        SystemClock.now()
    }

    fn boot(&self) -> Duration {
        SystemClock.boot()
    }

    fn alarm(&self, until: Duration) -> BoxFuture<'static, ()> {
        SystemClock.alarm(until)
    }
}

#[tokio::test]
async fn rf_1_a_panic_in_a_refresh_is_told_to_whoever_waits_and_the_next_one_runs() {
    let world = signed_in().await;
    let clock = Arc::new(Faulty(AtomicBool::new(false)));
    let mut ports = world.ports();
    ports.clock = clock.clone();
    let (engine, profile) = (Engine::new(ports), world.profile());
    clock.0.store(true, Ordering::SeqCst);
    let both = tokio::join!(engine.refresh(&profile), engine.refresh(&profile));
    assert_eq!((both.0.unwrap_err().code, both.1.unwrap_err().code), (Code::AnswerBroken, Code::AnswerBroken));
    clock.0.store(false, Ordering::SeqCst);
    engine.refresh(&profile).await.expect("nothing of it is left");
    assert!(engine.pause_if_idle().is_some());
}
