//! A key store that is gone and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rolecall_engine::{Code, Engine};
use rolecall_it::World;

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
    assert_eq!(engine.session_summary(&world.profile()).await.unwrap_err().code, Code::KeyStoreMissing);
    assert!(engine.session_summary(&world.profile()).await.unwrap().is_some());
    assert!(engine.session_summary(&world.profile()).await.unwrap().is_some());
    assert_eq!(opened.load(Ordering::SeqCst), 2, "an open key store is kept");
}
