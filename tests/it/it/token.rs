//! Tokens for programs: how fresh, which one, and when it ends.

use std::time::Duration;

use rolecall_engine::engine::Freshness;
use rolecall_engine::tokens::TokenKind;
use rolecall_it::signed_in;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_token_comes_with_its_kind_and_its_end_and_a_new_one_is_had_by_asking_for_it() {
    let world = signed_in().await;
    let profile = world.profile();
    let ends = world.engine.session_summary(&profile).await.unwrap().unwrap().expires_at;
    let known = world.engine.token(&profile, TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap();
    assert_eq!((known.kind, known.expires_at, known.refreshed), (TokenKind::Access, ends, false));
    let id = world.engine.token(&profile, TokenKind::Id, Freshness::ValidFor(MINUTE)).await.unwrap();
    assert_eq!((id.kind, id.expires_at.is_some(), world.refreshes()), (TokenKind::Id, true, 0));
    let new = world.engine.token(&profile, TokenKind::Access, Freshness::New).await.unwrap();
    assert!(new.refreshed && !new.secret.matches(known.secret.expose()));
    // The clock is set by an hour: the end is told in its terms.
    world.clock.set_wall(3600);
    let moved = world.engine.token(&profile, TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap();
    assert!(!moved.refreshed && moved.secret.matches(new.secret.expose()));
    let moved_by = moved.expires_at.unwrap().0 - new.expires_at.unwrap().0;
    assert!((3599..=3601).contains(&moved_by), "{moved_by}");
}
