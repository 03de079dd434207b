//! A key store that misbehaves: silent, gone and back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rolecall_engine::{Code, Engine};
use rolecall_it::World;

#[tokio::test]
async fn kc_1_a_silent_key_store_is_waited_for_no_longer_than_five_seconds_and_keeps_nobody() {
    let world = World::new();
    world.sign_in().await.unwrap();
    let mut ports = world.ports();
    ports.key_store = Arc::new(|| {
        std::thread::sleep(Duration::from_secs(600));
        Err(keyring_core::Error::NoDefaultStore)
    });
    let engine = Engine::new(ports);
    let asked = tokio::time::timeout(Duration::from_secs(8), engine.standing(&world.profile())).await;
    let problem = asked.expect("an answer in time").unwrap_err();
    assert!(problem.code == Code::KeyStoreLocked && problem.detail.contains("5 seconds"), "{problem}");
    assert!(engine.last(&world.profile()).is_some(), "who was here is known all the same");
}

#[tokio::test]
async fn kc_4_a_key_store_that_comes_later_is_picked_up() {
    let world = World::new();
    world.sign_in().await.unwrap();
    let (mut ports, opened) = (world.ports(), Arc::new(AtomicUsize::new(0)));
    let (store, count) = (world.store.clone(), opened.clone());
    ports.key_store = Arc::new(move || match count.fetch_add(1, Ordering::SeqCst) {
        0 => Err(keyring_core::Error::NoDefaultStore),
        _ => Ok(store.clone()),
    });
    let engine = Engine::new(ports);
    assert_eq!(engine.standing(&world.profile()).await.unwrap_err().code, Code::KeyStoreMissing);
    assert!(engine.standing(&world.profile()).await.unwrap().is_some());
    assert!(engine.standing(&world.profile()).await.unwrap().is_some());
    assert_eq!(opened.load(Ordering::SeqCst), 2, "an open key store is kept");
}
