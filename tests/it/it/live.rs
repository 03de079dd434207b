//! The live state: what a window and a tray are told, and when.

use std::time::Duration;

use rolecall_engine::config::Config;
use rolecall_engine::engine::Live;
use rolecall_engine::problem::{Code, Remedy};
use rolecall_engine::session::Step;
use rolecall_engine::tokens::TokenKind;
use rolecall_engine::view::{Action, Draft, InactiveReason, MenuItem, Screen, TrayIcon, View};
use rolecall_it::{Behavior, World};
use rolecall_provider::{Endpoint, Fault, HeadlessBrowser};

/// Waits until the view is as wished.
async fn until(live: &Live, what: &str, wish: impl Fn(&View) -> bool) -> View {
    let mut view = live.view();
    let found = tokio::time::timeout(Duration::from_secs(20), view.wait_for(|view| wish(view))).await;
    let Ok(found) = found else { panic!("never came: {what}; last was {:?}", *live.view().borrow()) };
    found.unwrap().clone()
}

fn is_signed_in(view: &View) -> bool {
    matches!(&view.screen, Screen::SignedIn(signed_in) if signed_in.tokens_ready && !signed_in.refreshing)
}

fn roles(view: &View) -> Vec<String> {
    match &view.screen {
        Screen::SignedIn(signed_in) => signed_in.entitlements.roles.iter().map(|role| role.value.clone()).collect(),
        _ => Vec::new(),
    }
}

async fn signed_in() -> (World, Live) {
    let world = World::new();
    world.save_profile();
    world.sign_in().await.unwrap();
    let live = world.engine.live();
    until(&live, "signed in", is_signed_in).await;
    (world, live)
}

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_signed_in() {
    let world = World::new();
    let live = world.engine.live();
    assert!(matches!(live.view().borrow().screen, Screen::SetUp));
    let draft = Draft { issuer: world.provider.issuer(), client_id: "rolecall-demo".into(), ..Draft::default() };
    let name = live.save_profile(&draft).await.unwrap();
    let view = until(&live, "signed out", |view| matches!(view.screen, Screen::SignedOut { .. })).await;
    assert_eq!(view.profile.as_ref(), Some(&name));
    live.sign_in(false, false);
    let view = until(&live, "signed in", is_signed_in).await;
    assert_eq!(roles(&view), ["Editor"]);
    assert_eq!(live.menu().icon, TrayIcon::SignedIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_replaced_is_told_and_a_restart_offered() {
    let (world, live) = signed_in().await;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("rolecall-desktop");
    std::fs::write(&program, "as it runs").unwrap();
    live.watch_program(&program);
    // A package manager writes beside it and renames.
    let newer = folder.path().join("rolecall-desktop.dpkg-new");
    std::fs::write(&newer, "as it runs").unwrap();
    assert!(!live.view().borrow().updated);
    std::fs::rename(newer, &program).unwrap();
    until(&live, "told", |view| view.updated).await;
    let offered = |item: &MenuItem| matches!(item, MenuItem::Command { action: Action::Restart, enabled: true, .. });
    assert!(live.menu().items.iter().any(offered));
    std::fs::remove_file(&program).unwrap();
    until(&live, "nothing to restart into", |view| !view.updated).await;
    drop(world);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_draft_changes_nothing() {
    let world = World::new();
    let live = world.engine.live();
    let secret = "x".repeat(64);
    for (issuer, client_id, code) in [
        ("http://idp.example", "id", Code::InsecureIssuer),
        ("", "id", Code::BadIssuer),
        ("https://idp.example", "", Code::BadSetting),
        ("https://acme.eu.auth0.com/", secret.as_str(), Code::BadSetting),
    ] {
        let draft = Draft { issuer: issuer.into(), client_id: client_id.into(), ..Draft::default() };
        assert_eq!(live.save_profile(&draft).await.unwrap_err().code, code, "{issuer} {client_id}");
    }
    assert!(world.engine.config().unwrap().profiles.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh_shows_the_role_that_came_and_tells_it_outside_the_window() {
    let (world, live) = signed_in().await;
    let mut notifications = live.notifications().unwrap();
    world.provider.set_roles("ed", &["Editor", "Publisher"]);
    live.refresh();
    let view = until(&live, "Publisher", |view| roles(view).len() == 2 && is_signed_in(view)).await;
    let Screen::SignedIn(signed_in) = &view.screen else { panic!("signed in") };
    assert_eq!(signed_in.changes[0].value, "Publisher");
    let notification = notifications.recv().await.unwrap();
    assert!(notification.title.contains("Publisher came"), "{notification:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_signing_out_and_in_shows_at_once() {
    let (world, live) = signed_in().await;
    world.another_engine().sign_out(&world.profile(), false).await.unwrap();
    until(&live, "signed out", |view| matches!(view.screen, Screen::SignedOut { .. })).await;
    world.browser.set_walker(HeadlessBrowser::new("ada"));
    world.another_engine().sign_in(&world.profile(), &rolecall_it::quick(), |_| {}).await.unwrap();
    let view = until(&live, "Ada", is_signed_in).await;
    assert_eq!(roles(&view), ["Admin", "Editor"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_written_by_hand_shows_at_once() {
    let world = World::new();
    let live = world.engine.live();
    Config::save_profile(&world.ports().folders, &world.profile()).unwrap();
    until(&live, "the profile", |view| view.profile.as_deref() == Some("acme")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_start_shows_who_and_says_as_of_when() {
    let (world, first) = signed_in().await;
    first.stop();
    world.provider.stop();
    let live = world.another_engine().live();
    let view = until(&live, "the last identity", is_signed_in).await;
    assert_eq!(roles(&view), ["Editor"]);
    live.refresh();
    let view = until(&live, "offline", |view| view.notice.is_some()).await;
    let notice = view.notice.unwrap();
    assert_eq!((notice.code, notice.remedies.first()), (Code::Unreachable, Some(&Remedy::Refresh)));
    assert!(notice.text.contains("You stay signed in") && notice.text.contains("Next try in"), "{}", notice.text);
    assert!(is_signed_in(&live.view().borrow()), "a dead network ends no session");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_the_provider_ended_shows_who_it_was_and_why() {
    let (world, live) = signed_in().await;
    world.provider.revoke_all();
    live.refresh();
    let view = until(&live, "ended", |view| matches!(view.screen, Screen::Inactive(_))).await;
    let Screen::Inactive(inactive) = &view.screen else { panic!("inactive") };
    assert_eq!((inactive.why, inactive.badge.name.as_str()), (InactiveReason::Ended, "Ed Itor"));
    let notice = view.notice.unwrap();
    assert!(notice.text.contains("Unknown or invalid refresh token"), "{}", notice.text);
    assert_eq!((notice.remedies.as_slice(), live.menu().icon), (&[Remedy::SignIn][..], TrayIcon::Ended));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_key_store_still_shows_who_and_unlocking_brings_all_back() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let (world, first) = signed_in().await;
    first.stop();
    let locked = Arc::new(AtomicBool::new(true));
    let (lock, store) = (locked.clone(), world.store.clone());
    let mut ports = world.ports();
    ports.key_store = Arc::new(move || {
        if lock.load(Ordering::SeqCst) {
            Err(keyring_core::Error::NoStorageAccess("x".into()))
        } else {
            Ok(store.clone())
        }
    });
    let live = rolecall_engine::Engine::new(ports).live();
    let view = until(&live, "locked", |view| matches!(view.screen, Screen::Inactive(_))).await;
    let Screen::Inactive(inactive) = &view.screen else { panic!("inactive") };
    assert_eq!((inactive.why, inactive.badge.name.as_str()), (InactiveReason::Locked, "Ed Itor"));
    assert_eq!(view.notice.unwrap().remedies.first(), Some(&Remedy::Unlock));
    locked.store(false, Ordering::SeqCst);
    live.unlock();
    until(&live, "unlocked", is_signed_in).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withheld_refresh_token_is_told_asking_with_consent_mends_it_and_is_remembered() {
    let world = World::new();
    world.save_profile();
    world.provider.fault(Fault::ConsentForRefreshToken);
    let live = world.engine.live();
    live.sign_in(false, false);
    let view = until(&live, "the note", |view| view.notice.is_some()).await;
    let notice = view.notice.unwrap();
    assert_eq!((notice.code, notice.remedies.first()), (Code::RefreshTokenWithheld, Some(&Remedy::SignInWithConsent)));
    live.sign_in(true, false);
    until(&live, "no note", |view| view.notice.is_none() && is_signed_in(view)).await;
    assert!(world.engine.config().unwrap().profiles[0].ask_consent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_can_be_cancelled_and_begun_again() {
    let world = World::new();
    world.save_profile();
    let live = world.engine_with(std::sync::Arc::new(rolecall_it::NeverReturns)).live();
    live.sign_in(false, false);
    until(&live, "waiting", |view| matches!(view.screen, Screen::Waiting(_))).await;
    let made = |view: &View| matches!(&view.screen, Screen::Waiting(waiting) if waiting.step == Step::InBrowser);
    until(&live, "the link", made).await;
    assert!(live.link().await.unwrap().is_some());
    live.cancel_sign_in();
    let view = until(&live, "signed out", |view| matches!(view.screen, Screen::SignedOut { .. })).await;
    assert!(view.notice.is_none(), "cancelling is no problem");
    live.sign_in(false, false);
    until(&live, "waiting again", |view| matches!(view.screen, Screen::Waiting(_))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_already_and_signs_in_again_can_be_somebody_else() {
    let (world, live) = signed_in().await;
    world.browser.set_walker(HeadlessBrowser::new("ada"));
    live.sign_in(false, false);
    let view = until(&live, "Ada", |view| is_signed_in(view) && roles(view) == ["Admin", "Editor"]).await;
    assert!(view.notice.is_none());
    let link = world.browser.last_walk().await.authorization_link().clone();
    assert!(link.query_pairs().any(|(name, value)| name == "prompt" && value == "login"), "{link}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_says_who_and_offers_what_can_be_done() {
    let (_world, live) = signed_in().await;
    let menu = live.menu();
    let labels: Vec<String> = menu
        .items
        .iter()
        .filter_map(|item| match item {
            MenuItem::Label { label } | MenuItem::Command { label, .. } | MenuItem::Submenu { label, .. } => {
                Some(label.clone())
            }
            MenuItem::Separator => None,
        })
        .collect();
    assert!(labels[0].starts_with("Ed Itor · until "), "{labels:?}");
    assert_eq!(labels[1], "Editor · group Samples · 2 permissions");
    assert_eq!(
        labels[2..],
        ["Refresh now", "Copy access token", "Copy ID token", "Open Rolecall", "Sign out of acme", "Quit Rolecall"]
    );
    live.sign_out(None);
    until(&live, "signed out", |view| matches!(view.screen, Screen::SignedOut { .. })).await;
    let menu = live.menu();
    assert_eq!(menu.icon, TrayIcon::SignedOut);
    assert!(menu.items.iter().any(|item| matches!(item, MenuItem::Command { action: Action::SignIn, .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn declining_is_told_in_line_with_a_way_on() {
    let world = World::new();
    world.save_profile();
    world.browser.set_walker(HeadlessBrowser::new("ed").declining());
    let live = world.engine.live();
    live.sign_in(false, false);
    let view = until(&live, "declined", |view| view.notice.is_some()).await;
    let notice = view.notice.unwrap();
    assert_eq!((notice.code, notice.remedies.first()), (Code::Declined, Some(&Remedy::SignIn)));
    assert!(matches!(view.screen, Screen::SignedOut { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_refreshing_shows_at_once() {
    let (world, live) = signed_in().await;
    world.provider.set_roles("ed", &["Reviewer"]);
    world.another_engine().refresh(&world.profile()).await.unwrap();
    until(&live, "the role that came", |view| roles(view) == ["Reviewer"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_8_a_session_that_came_due_while_nobody_looked_is_refreshed_by_itself_once() {
    let world = World::new();
    world.save_profile();
    world.sign_in().await.unwrap();
    // Later than four fifths of its life and a tenth of that.
    world.clock.advance(3300);
    let live = world.engine.live();
    let refreshed =
        |view: &View| matches!(&view.screen, Screen::SignedIn(s) if s.issued_at == view.now && s.tokens_ready);
    until(&live, "refreshed", refreshed).await;
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_can_not_be_had_for_copying_is_told_in_line() {
    let (world, live) = signed_in().await;
    let token = live.token(TokenKind::Access).await.unwrap();
    assert!(world.provider.secrets().iter().any(|secret| token.matches(secret)));
    world.clock.advance(3590);
    world.provider.fault(Fault::Status(Endpoint::Token, 503));
    assert_eq!(live.token(TokenKind::Access).await.unwrap_err().code, Code::ProviderFailing);
    let told = |view: &View| view.notice.as_ref().is_some_and(|notice| notice.code == Code::ProviderFailing);
    until(&live, "the notice", told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_expected_and_missing_is_said_by_icon_menu_and_view_until_it_comes() {
    let world = World::new();
    let mut profile = world.save_profile();
    profile.expect.roles = vec!["Editor".into(), "Publisher".into()];
    Config::save_profile(&world.ports().folders, &profile).unwrap();
    world.sign_in().await.unwrap();
    let live = world.engine.live();
    let view = until(&live, "signed in", is_signed_in).await;
    let Screen::SignedIn(me) = &view.screen else { unreachable!() };
    assert_eq!(me.missing.iter().map(|missing| missing.value.as_str()).collect::<Vec<_>>(), ["Publisher"]);
    let menu = live.menu();
    assert_eq!(menu.icon, TrayIcon::Attention);
    let says = |item: &MenuItem| matches!(item, MenuItem::Command { label, .. } if label == "Missing: Publisher");
    assert!(menu.items.iter().any(says), "{:?}", menu.items);
    assert!(!live.why(Some("Publisher".into()), None).unwrap().present);

    world.provider.set_roles("ed", &["Editor", "Publisher"]);
    live.refresh();
    until(&live, "Publisher", |view| roles(view).contains(&"Publisher".to_owned())).await;
    assert_eq!(live.menu().icon, TrayIcon::SignedIn);
    assert!(live.why(Some("Publisher".into()), None).unwrap().present);
    assert_eq!(live.history()[0].changes[0].value, "Publisher");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_draws_the_same_is_not_sent_again() {
    let (_world, live) = signed_in().await;
    until(&live, "signed in", is_signed_in).await;
    live.idle().await;
    let mut views = live.view();
    views.mark_unchanged();
    live.set_copied(None);
    live.dismiss();
    assert!(!views.has_changed().unwrap(), "nothing that is drawn changed");
    live.refresh();
    until(&live, "refreshing", |view| matches!(&view.screen, Screen::SignedIn(me) if me.refreshing)).await;
    assert!(!live.is_idle() && live.pause_if_idle().is_none());
    live.idle().await;
    let pause = live.pause_if_idle().expect("nothing is under way");
    live.refresh();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(matches!(&live.view().borrow().screen, Screen::SignedIn(me) if me.refreshing), "it waits");
    drop(pause);
    live.idle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_store_that_asks_the_person_is_told_of_and_its_late_answer_counts() {
    let (world, live) = signed_in().await;
    live.stop();
    world.key_store.set(Behavior::Hangs);
    let live = world.another_engine().live();
    until(&live, "it is being waited for", |view| view.key_store.asking && view.notice.is_none()).await;
    let waits = |item: &MenuItem| matches!(item, MenuItem::Label { label } if label.contains("key store"));
    assert!(live.menu().items.iter().any(waits), "the tray says so too");
    let given_up = until(&live, "it is given up", |view| view.notice.is_some()).await;
    assert!(given_up.key_store.asking, "the question still stands");
    assert!(matches!(&given_up.screen, Screen::Inactive(inactive) if inactive.why == InactiveReason::Locked));
    // The person answers now.
    world.key_store.set(Behavior::Works);
    let view = until(&live, "all is back", is_signed_in).await;
    assert!(view.notice.is_none() && !view.key_store.asking, "{:?}", view.notice);
}
