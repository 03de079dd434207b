//! The ID token: what must be right with it before anything of a sign-in is believed.

use rolecall_engine::Code;
use rolecall_it::World;
use rolecall_provider::{Fault, Options};

/// A token that must not be believed: the problem is typed, userinfo is never asked, nothing is stored.
async fn distrusted(fault: Fault) {
    let world = World::new();
    world.provider.fault(fault.clone());
    let problem = world.refused_sign_in().await;
    assert!(matches!(problem.code, Code::AnswerNotTrusted | Code::AnswerBroken), "{fault:?}: {problem}");
    assert!(!world.requested_paths().contains(&"/userinfo".to_owned()), "{fault:?}: userinfo was asked");
    assert!(world.engine.session_summary(&world.profile()).await.unwrap().is_none(), "{fault:?}: something was stored");
}

#[tokio::test]
async fn id_1_unsigned_and_shared_secret_tokens_are_refused() {
    distrusted(Fault::AlgNone).await;
    distrusted(Fault::AlgHs256).await;
}

#[tokio::test]
async fn id_2_the_signature_is_always_checked() {
    distrusted(Fault::WrongKey).await;
    distrusted(Fault::UnknownKey).await;
}

#[tokio::test]
async fn id_3_claims_of_the_wrong_type_are_refused() {
    for (name, value) in
        [("exp", "\"1999999999\""), ("iat", "\"1\""), ("nbf", "\"1\""), ("aud", "7"), ("iss", "[]"), ("sub", "1")]
    {
        distrusted(Fault::Claim(name, value)).await;
    }
}

#[tokio::test]
async fn id_4_wrong_or_missing_claims_are_refused() {
    for (name, value) in [
        ("iss", "\"https://evil.example\""),
        ("aud", "\"another\""),
        ("aud", "[\"rolecall-demo\",\"another\"]"),
        ("azp", "\"another\""),
        ("exp", "1000000000"),
        ("iat", "99999999999"),
        ("iat", "1000000000"),
        ("nonce", "\"another\""),
        ("at_hash", "\"another\""),
        ("nbf", "99999999999"),
    ] {
        distrusted(Fault::Claim(name, value)).await;
    }
    for name in ["iss", "aud", "exp", "iat", "nonce", "sub"] {
        distrusted(Fault::LacksClaim(name)).await;
    }
}

#[tokio::test]
async fn id_4_an_audience_in_a_list_is_fine() {
    let world = World::new();
    world.provider.fault(Fault::Claim("aud", "[\"rolecall-demo\"]"));
    assert!(world.sign_in().await.is_ok());
    world.provider.fault(Fault::Claim("azp", "\"rolecall-demo\""));
    world.provider.fault(Fault::Claim("aud", "[\"rolecall-demo\",\"project\"]"));
    assert!(world.sign_in().await.is_ok(), "further audiences are no danger when the authorised party is named");
}

#[tokio::test]
async fn keys_that_change_right_before_signing_are_fetched_again() {
    let world = World::new();
    world.provider.fault(Fault::RotateKeys);
    assert!(world.sign_in().await.is_ok());
    assert_eq!(world.requested_paths().iter().filter(|path| *path == "/keys").count(), 2);
}

#[tokio::test]
async fn both_usual_signatures_are_taken_also_where_the_key_is_not_named() {
    for elliptic in [false, true] {
        let world = World::with(Options { elliptic, ..Options::default() });
        assert!(world.sign_in().await.is_ok());
        world.provider.fault(Fault::LacksKeyId);
        assert!(world.sign_in().await.is_ok());
    }
}
