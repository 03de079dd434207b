//! When nothing is sent: another process is at it, or the provider has said no.

use std::time::Duration;

use rolecall_engine::Code;
use rolecall_engine::state::Coordination;
use rolecall_it::{World, signed_in};
use rolecall_provider::{Endpoint, Fault};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn rf_3_while_another_process_holds_the_lock_for_ten_seconds_nothing_is_sent_and_nothing_is_lost() {
    let world = signed_in().await;
    let held = Coordination::new(&world.ports().folders, &world.profile()).lock(MINUTE).await.unwrap();
    let profile = world.profile();
    let refreshing = tokio::time::timeout(Duration::from_secs(12), world.engine.refresh(&profile));
    assert_eq!(refreshing.await.expect("in time").unwrap_err().code, Code::Busy);
    assert_eq!((world.requested_paths(), world.provider.live_sessions()), (vec![], 1));
    drop(held);
    world.engine.refresh(&profile).await.unwrap();
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test]
async fn rf_5_userinfo_that_refuses_the_token_makes_no_further_request() {
    for status in [401, 403, 429, 503] {
        let world = signed_in().await;
        world.provider.fault(Fault::Status(Endpoint::Userinfo, status));
        let summary = world.engine.refresh(&world.profile()).await.unwrap();
        assert!(summary.has_refresh_token, "{status}");
        assert_eq!(world.requested_paths(), ["/token", "/userinfo"], "{status}");
    }
}

#[tokio::test]
async fn rf_3_a_sign_in_that_can_not_have_the_lock_hands_back_what_it_was_given() {
    let world = World::new();
    let held = Coordination::new(&world.ports().folders, &world.profile()).lock(MINUTE).await.unwrap();
    assert_eq!(world.refused_sign_in().await.code, Code::Busy);
    drop(held);
    assert_eq!((world.provider.live_sessions(), world.key_store.items()), (0, vec![]));
}
