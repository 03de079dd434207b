//! How often a window is told something: once for each thing that changed, and never while nothing does.

use std::time::Duration;

use rolecall_engine::config::Config;
use rolecall_engine::engine::Live;
use rolecall_engine::view::{Screen, SignedIn, View};
use rolecall_it::World;
use rolecall_provider::{Endpoint, Fault};
use tokio::sync::watch;

/// How long nothing must be told for it to count as nothing: longer than the files are watched for changes that belong
/// together.
const QUIET: Duration = Duration::from_millis(1500);

fn shown(view: &View) -> Option<&SignedIn> {
    match &view.screen {
        Screen::SignedIn(signed_in) => Some(signed_in),
        _ => None,
    }
}

/// Every view since `receiver` was made, until none comes any more.
async fn views_until_quiet(mut receiver: watch::Receiver<View>) -> Vec<View> {
    let mut views = Vec::new();
    while let Ok(changed) = tokio::time::timeout(QUIET, receiver.changed()).await {
        changed.expect("the engine lives");
        views.push(receiver.borrow_and_update().clone());
    }
    views
}

/// A window on a session, about which everything has been told.
async fn settled() -> (World, Live) {
    let world = World::new();
    world.save_profile();
    world.sign_in().await.expect("the sign-in works");
    let live = world.engine.live();
    let mut view = live.view();
    view.wait_for(|view| shown(view).is_some_and(|signed_in| signed_in.tokens_ready)).await.expect("signed in");
    views_until_quiet(live.view()).await;
    (world, live)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_is_told_when_it_begins_and_when_it_ends_and_at_no_other_time() {
    let (world, live) = settled().await;
    world.provider.set_roles("ed", &["Editor", "Publisher"]);
    // Long enough that the first of the two views is seen before the second.
    world.provider.fault(Fault::Slow(Endpoint::Token, 200));
    let receiver = live.view();
    live.refresh();
    let views = views_until_quiet(receiver).await;
    let drawn: Vec<(bool, usize)> =
        views.iter().filter_map(shown).map(|view| (view.refreshing, view.entitlements.roles.len())).collect();
    assert_eq!(drawn, [(true, 1), (false, 2)]);
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_nothing_that_is_drawn_is_not_told() {
    let (world, live) = settled().await;
    let receiver = live.view();
    live.set_copied(None);
    live.dismiss();
    // Another process writes to the folders without changing the session.
    std::fs::write(world.ports().folders.state.join("another.json"), b"{}").expect("a file");
    let config = Config::path(&world.ports().folders);
    let text = std::fs::read(&config).expect("the configuration");
    std::fs::write(&config, text).expect("the same configuration");
    let views = views_until_quiet(receiver).await;
    assert!(views.is_empty(), "{} views, the first: {:?}", views.len(), views[0]);
}
