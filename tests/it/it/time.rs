//! Sleep, and clocks that are set: what a window shows and does by itself then (RF-8). The clocks are a pair that a test
//! moves; provider, files and listener are real.

use std::sync::Arc;
use std::time::Duration;

use rolecall_engine::engine::{Freshness, Live, SignIn};
use rolecall_engine::ports::Clock as _;
use rolecall_engine::problem::Code;
use rolecall_engine::session::Step;
use rolecall_engine::tokens::TokenKind;
use rolecall_engine::view::{Copied, Screen, SignedIn, View};
use rolecall_it::{Behavior, NeverReturns, World, quick};
use rolecall_provider::Fault;

const HOUR: i64 = 3600;
const MINUTE: Duration = Duration::from_secs(60);

async fn until(live: &Live, what: &str, wish: impl Fn(&View) -> bool) -> View {
    let mut view = live.view();
    let found = tokio::time::timeout(Duration::from_secs(20), view.wait_for(|view| wish(view))).await;
    let Ok(found) = found else { panic!("never came: {what}; last was {:?}", *live.view().borrow()) };
    found.unwrap().clone()
}

fn me(view: &View) -> Option<&SignedIn> {
    match &view.screen {
        Screen::SignedIn(me) if me.tokens_ready && !me.refreshing => Some(me),
        _ => None,
    }
}

/// Waits until the clocks were looked at so often that whatever was to be done by itself has begun.
async fn nothing_more_happens(world: &World) {
    let looks = world.clock.polls();
    rolecall_it::until("the clocks are looked at", || world.clock.polls() > looks + 40).await;
}

/// A window that was there when the person signed in.
async fn signed_in() -> (World, Live) {
    let world = World::new();
    world.save_profile();
    let live = world.engine.live();
    live.sign_in(false, false);
    until(&live, "signed in", |view| me(view).is_some()).await;
    world.provider.forget_requests();
    (world, live)
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_8_a_session_that_ran_out_while_the_computer_slept_is_refreshed_once_when_it_wakes() {
    for asleep in [3590, 9 * 3600, 40 * 24 * 3600] {
        let (world, live) = signed_in().await;
        nothing_more_happens(&world).await;
        assert_eq!(world.refreshes(), 0);
        let before = live.view().borrow().now;
        // The provider's clock goes on too, which is this computer's own: the wall clock is put back for it.
        world.clock.advance(asleep);
        world.clock.set_wall(-i64::from(asleep));
        rolecall_it::until("it is refreshed", || world.refreshes() > 0).await;
        until(&live, "refreshed", |view| me(view).is_some_and(|me| me.issued_at == before)).await;
        nothing_more_happens(&world).await;
        assert_eq!((world.refreshes(), world.provider.live_sessions()), (1, 1), "{asleep}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_8_a_wall_clock_set_by_an_hour_makes_nothing_run_out_and_asks_nobody() {
    for set_by in [-HOUR, HOUR, -12 * HOUR, 100 * HOUR] {
        let (world, live) = signed_in().await;
        let token = live.token(TokenKind::Access).await.unwrap();
        let at = live.view().borrow().now;
        live.set_copied(Some(Copied { what: TokenKind::Access, at, until: at.plus(30) }));
        let shown = live.view().borrow().clone();
        let left = |view: &View| Some(me(view)?.expires_at?.0 - view.now.0);
        // While the wall clock of the test stands still the boot clock goes on, as far as the test is slow.
        let close = |one: i64, other: Option<i64>| other.is_some_and(|other| one.abs_diff(other) <= 20);
        world.clock.set_wall(set_by);
        let along = |view: &View| {
            let copied = view.copied.as_ref().is_some_and(|copied| close(copied.until.0 - view.now.0, Some(30)));
            let token = left(view).is_some_and(|now| close(now, left(&shown)));
            view.now.0 == shown.now.0 + set_by && copied && token
        };
        let view = until(&live, "the times move along", along).await;
        nothing_more_happens(&world).await;
        let same = live.token(TokenKind::Access).await.unwrap();
        assert!(same.matches(token.expose()) && live.token(TokenKind::Id).await.is_ok(), "{set_by}");
        assert_eq!((world.requested_paths(), view.notice.is_some()), (vec![], false), "{set_by}");
        // Set right again, all is as it was; and what has run out by then has run out.
        world.clock.set_wall(-set_by);
        until(&live, "back", |view| view.now == shown.now && left(view).is_some_and(|now| close(now, left(&shown))))
            .await;
        nothing_more_happens(&world).await;
        assert_eq!(world.refreshes(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_8_a_wall_clock_set_back_does_not_make_a_token_that_ran_out_look_fresh() {
    let world = World::new();
    world.sign_in().await.unwrap();
    let token =
        world.engine.token(&world.profile(), TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap().secret;
    world.clock.advance(7200);
    world.clock.set_wall(-7200);
    let next =
        world.engine.token(&world.profile(), TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap().secret;
    assert!(!next.matches(token.expose()));
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_8_a_session_that_another_process_got_in_what_is_the_future_now_is_refreshed_once() {
    let world = World::new();
    world.save_profile();
    world.clock.set_wall(290);
    world.sign_in().await.unwrap();
    world.clock.set_wall(-600);
    let live = world.another_engine().live();
    // The refreshed ID token is from the future as well, by 310 seconds.
    until(&live, "the clock is said to be wrong", |view| view.notice.is_some()).await;
    nothing_more_happens(&world).await;
    assert_eq!((world.refreshes(), world.provider.live_sessions()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_8_a_clock_that_is_wrong_from_the_start_makes_one_request_in_five_minutes_and_costs_no_session() {
    let world = World::new();
    world.save_profile();
    world.sign_in().await.unwrap();
    world.clock.set_wall(2 * HOUR);
    let live = world.another_engine().live();
    let view = until(&live, "the notice", |view| view.notice.is_some()).await;
    let notice = view.notice.unwrap();
    assert!(notice.code == Code::AnswerNotTrusted && notice.text.contains("clock"), "{notice:?}");
    nothing_more_happens(&world).await;
    assert_eq!(world.refreshes(), 1, "no storm");
    world.clock.set_wall(-2 * HOUR);
    world.clock.advance(301);
    world.clock.set_wall(-301);
    until(&live, "mended by itself", |view| view.notice.is_none() && me(view).is_some()).await;
    nothing_more_happens(&world).await;
    assert_eq!((world.refreshes(), world.provider.live_sessions()), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_5_an_answer_that_can_not_be_trusted_is_not_asked_for_in_a_storm() {
    let (world, live) = signed_in().await;
    world.provider.fault(Fault::Claim("iss", "\"https://evil.example\""));
    world.clock.advance(3300);
    until(&live, "the notice", |view| view.notice.is_some()).await;
    nothing_more_happens(&world).await;
    assert_eq!((world.refreshes(), world.provider.live_sessions()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn kc_1_a_key_store_that_was_locked_meanwhile_is_not_asked_again_by_itself() {
    let (world, live) = signed_in().await;
    world.key_store.set(Behavior::Locked);
    world.clock.advance(3300);
    let locked = |view: &View| view.notice.as_ref().is_some_and(|notice| notice.code == Code::KeyStoreLocked);
    until(&live, "the notice", locked).await;
    let asked = world.key_store.calls();
    nothing_more_happens(&world).await;
    assert_eq!((world.key_store.calls(), world.refreshes()), (asked, 0));
    world.key_store.set(Behavior::Works);
    live.unlock();
    until(&live, "refreshed", |view| view.notice.is_none() && me(view).is_some()).await;
    rolecall_it::until("what was due is done", || world.refreshes() == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_7_what_the_key_store_did_not_take_is_written_by_itself_and_at_the_end() {
    for at_the_end in [false, true] {
        let (world, live) = signed_in().await;
        world.key_store.set(Behavior::ReadOnly);
        live.refresh();
        let unsaved = |view: &View| view.notice.is_some() && me(view).is_some();
        until(&live, "the notice", unsaved).await;
        world.key_store.set(Behavior::Works);
        if at_the_end {
            assert!(live.finish(Duration::from_secs(3)).await.is_complete());
        } else {
            world.clock.advance(11);
            until(&live, "written", |view| view.notice.is_none() && me(view).is_some()).await;
        }
        world.another_engine().refresh(&world.profile()).await.expect("another process has the newest refresh token");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_8_a_sign_in_that_nobody_answers_ends_after_five_minutes_asleep_or_awake() {
    let world = World::new();
    world.save_profile();
    let engine = world.engine_with(Arc::new(NeverReturns));
    let live = engine.live();
    live.sign_in(false, false);
    let waiting = |view: &View| match &view.screen {
        Screen::Waiting(waiting) => Some(waiting.deadline.0 - view.now.0),
        _ => None,
    };
    let in_browser = |view: &View| matches!(&view.screen, Screen::Waiting(waiting) if waiting.step == Step::InBrowser);
    until(&live, "waiting for the browser", in_browser).await;
    world.clock.set_wall(HOUR);
    let now = live.view().borrow().now.0;
    let along = |view: &View| view.now.0 >= now + HOUR && waiting(view).is_some_and(|left| (280..=302).contains(&left));
    until(&live, "the times move along", along).await;
    nothing_more_happens(&world).await;
    assert!(waiting(&live.view().borrow()).is_some(), "a clock that is set ends no sign-in");
    world.clock.advance(301);
    let view = until(&live, "timed out", |view| view.notice.is_some()).await;
    assert_eq!(view.notice.unwrap().code, Code::TimedOut);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_8_a_short_deadline_is_kept_on_the_real_clocks() {
    let world = World::new();
    let mut ports = world.ports();
    ports.clock = Arc::new(rolecall_engine::ports::SystemClock);
    ports.browser = Arc::new(NeverReturns);
    let how = SignIn { timeout: Duration::from_millis(300), ..quick() };
    let (engine, profile) = (rolecall_engine::Engine::new(ports), world.profile());
    let signing_in = engine.sign_in(&profile, &how, |_| {});
    let problem = tokio::time::timeout(Duration::from_secs(10), signing_in).await.expect("in time").unwrap_err();
    assert_eq!(problem.code, Code::TimedOut);
}

/// 1970-01-01 and 2100-01-01, as a flat battery or a slip of the hand leaves them, in POSIX seconds.
const FAR_OFF: [i64; 2] = [0, 4_102_444_800];

#[tokio::test(flavor = "multi_thread")]
async fn rf_8_with_a_clock_at_1970_or_2100_no_session_is_lost_and_the_clock_is_named() {
    for year in FAR_OFF {
        let world = World::new();
        world.sign_in().await.unwrap();
        let profile = world.profile();
        let off = year - world.clock.now().0;
        world.clock.set_wall(off);
        // Another process: it has no boot clock of when the token came.
        let engine = world.another_engine();
        assert!(engine.session_summary(&profile).await.unwrap().is_some(), "{year}");
        let refused = engine.refresh(&profile).await.unwrap_err();
        assert!(refused.code == Code::AnswerNotTrusted && refused.detail.contains("clock"), "{year}: {refused}");
        assert_eq!(world.provider.live_sessions(), 1, "{year}");
        world.clock.set_wall(-off);
        world.another_engine().refresh(&profile).await.unwrap_or_else(|problem| panic!("{year}: {problem}"));
        assert_eq!(world.provider.live_sessions(), 1, "{year}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_8_with_a_clock_at_1970_or_2100_a_sign_in_is_refused_and_leaves_nothing() {
    for year in FAR_OFF {
        let world = World::new();
        world.clock.set_wall(year - world.clock.now().0);
        let refused = world.refused_sign_in().await;
        assert!(refused.detail.contains("clock"), "{year}: {refused}");
        assert_eq!((world.provider.live_sessions(), world.is_signed_in().await), (0, false), "{year}");
    }
}
