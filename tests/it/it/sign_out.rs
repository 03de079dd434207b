//! Signing out: at the provider, here, and honestly.

use rolecall_engine::Code;
use rolecall_engine::session::End;
use rolecall_it::World;
use rolecall_provider::{Endpoint, Fault};

#[tokio::test]
async fn kc_6_signing_out_revokes_deletes_and_leaves_nothing() {
    let world = World::new();
    world.sign_in().await.unwrap();
    assert_eq!(world.provider.live_sessions(), 1);
    let signed_out = world.engine.sign_out(&world.profile(), false).await.unwrap();
    assert!(signed_out.was_signed_in && signed_out.revoked.is_some_and(|revoked| revoked.is_ok()));
    assert_eq!(world.provider.live_sessions(), 0);
    assert!(world.another_engine().standing(&world.profile()).await.unwrap().is_none());
    assert!(matches!(world.engine.last(&world.profile()).unwrap().end, Some(End::SignedOut { .. })));
}

#[tokio::test]
async fn kc_6_a_provider_that_can_not_be_told_does_not_keep_anybody_signed_in_here() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.provider.fault(Fault::Status(Endpoint::Revocation, 503));
    let signed_out = world.engine.sign_out(&world.profile(), false).await.unwrap();
    assert_eq!(signed_out.revoked.unwrap().unwrap_err().code, Code::ProviderFailing);
    assert!(world.engine.standing(&world.profile()).await.unwrap().is_none());
}

#[tokio::test]
async fn signing_out_twice_is_fine() {
    let world = World::new();
    let signed_out = world.engine.sign_out(&world.profile(), false).await.unwrap();
    assert!(!signed_out.was_signed_in && signed_out.revoked.is_none());
}
