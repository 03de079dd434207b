use std::sync::LazyLock;

use serde_json::json;

use super::super::keys::tests::{ed25519, provider, sign};
use super::*;

const NOW: i64 = 1_700_000_000;

/// Nothing is sent with it: building one reads all certificates of the system, which takes its time.
static HTTP: LazyLock<Http> = LazyLock::new(|| Http::for_issuer(&provider().1.issuer).unwrap());

fn claims() -> Value {
    json!({ "iss": "https://idp.example", "sub": "ada", "aud": "client", "exp": NOW + 300, "iat": NOW, "nonce": "n" })
}

fn with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        // The text "-" takes the claim away.
        if value == "-" {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

async fn verify_token(token: String, at_sign_in: bool) -> Result<IdClaims> {
    verify_for(None, token, at_sign_in).await
}

async fn verify_for(max_age: Option<&str>, token: String, at_sign_in: bool) -> Result<IdClaims> {
    let (provider, mut profile) = provider();
    profile.trusted_audiences = vec!["trusted".into()];
    profile.params.extend(max_age.map(|age| ("max_age".into(), age.into())));
    let (nonce, access) = (Secret::new("n".into()), Secret::new("at".into()));
    let nonce = at_sign_in.then_some(&nonce);
    let issuer = "https://idp.example";
    let expected = IdTokenExpectations {
        profile: &profile,
        issuer,
        at_sign_in,
        nonce,
        access: &access,
        now: Timestamp(NOW),
        server_date: None,
    };
    provider.verify(&HTTP, &Secret::new(token), &expected).await
}

fn signed(claims: &Value) -> String {
    sign(&ed25519(1, None), &Alg::EdDsa, &json!({ "alg": "EdDSA", "kid": "k", "typ": "JWT" }), claims)
}

async fn verify(changes: Value) -> Result<IdClaims> {
    verify_token(signed(&with(&changes)), true).await
}

async fn refused(changes: Value) {
    let problem = verify(changes.clone()).await.expect_err(&changes.to_string());
    assert_eq!(problem.code, Code::AnswerNotTrusted, "{changes}");
}

#[tokio::test]
async fn an_id_token_in_order_is_read() {
    let id =
        verify(json!({ "auth_time": NOW - 5, "email_verified": "true", "updated_at": "2024-01-01T00:00:00Z" })).await;
    let id = id.unwrap();
    assert_eq!((id.subject.as_str(), id.auth_time), ("ada", Some(Timestamp(NOW - 5))));
    assert_eq!(id.claims["email_verified"], "true");
}

#[tokio::test]
async fn id_3_a_claim_of_the_wrong_type_is_refused_and_never_counts_as_absent() {
    for name in ["exp", "iat", "nbf"] {
        for value in [json!("1700000300"), json!(null), json!(true), json!([NOW]), json!({})] {
            refused(json!({ name: value })).await;
        }
    }
    for name in ["iss", "sub", "aud"] {
        for value in [json!(1), json!(null), json!(true), json!({}), json!(["client", 1]), json!([])] {
            refused(json!({ name: value })).await;
        }
    }
    refused(json!({ "azp": ["client"] })).await;
    refused(json!({ "nonce": ["n"] })).await;
}

#[tokio::test]
async fn id_4_issuer_subject_audience_and_nonce_must_be_ours() {
    for name in ["iss", "sub", "aud", "exp", "iat", "nonce"] {
        refused(json!({ name: "-" })).await;
    }
    for (name, value) in [
        ("iss", json!("https://idp.example/")),
        ("iss", json!("https://idp.example1")),
        ("sub", json!("")),
        ("sub", json!("s".repeat(256))),
        ("aud", json!("client1")),
        ("aud", json!(["other"])),
        ("nonce", json!("n1")),
        ("nonce", json!("")),
        ("azp", json!("other")),
        ("azp", json!("")),
    ] {
        refused(json!({ name: value })).await;
    }
}

#[tokio::test]
async fn id_4_further_audiences_need_azp_or_the_profile() {
    assert!(verify(json!({ "aud": ["client"] })).await.is_ok());
    assert!(verify(json!({ "aud": ["client", "trusted"] })).await.is_ok());
    assert!(verify(json!({ "aud": ["other", "client"], "azp": "client" })).await.is_ok());
    refused(json!({ "aud": ["client", "other"] })).await;
    refused(json!({ "aud": ["client", "trusted", "other"] })).await;
    refused(json!({ "aud": ["client", "trusted"], "azp": "trusted" })).await;
}

#[tokio::test]
async fn id_4_times_hold_with_a_bounded_leeway() {
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    for changes in [
        json!({ "exp": NOW - 59 }),
        json!({ "exp": number("1.7000003E9") }),
        json!({ "exp": number("1700000300.75") }),
        json!({ "exp": u64::MAX }),
        json!({ "exp": number("1e300") }),
        json!({ "iat": NOW + 300 }),
        json!({ "iat": NOW - 86400 }),
        json!({ "nbf": NOW + 60 }),
    ] {
        assert!(verify(changes.clone()).await.is_ok(), "{changes}");
    }
    for changes in [
        json!({ "exp": NOW - 60 }),
        json!({ "exp": -1 }),
        json!({ "exp": 0 }),
        json!({ "exp": number("-1e300") }),
        json!({ "iat": NOW + 301 }),
        json!({ "iat": NOW - 86401 }),
        json!({ "iat": NOW - 7 * 86400 }),
        json!({ "nbf": NOW + 61 }),
    ] {
        refused(changes).await;
    }
}

#[tokio::test]
async fn id_4_a_sign_in_that_may_not_be_old_must_say_how_old_it_is() {
    let age = async |max_age, claims: Value, at_sign_in| {
        verify_for(max_age, signed(&with(&claims)), at_sign_in).await.map_err(|problem| problem.code)
    };
    let untrusted = Some(Code::AnswerNotTrusted);
    for (max_age, claims, refused) in [
        (Some("600"), json!({ "auth_time": NOW - 600 }), None),
        (Some("0"), json!({ "auth_time": NOW - 30 }), None),
        (Some("600"), json!({ "auth_time": NOW - 661 }), untrusted),
        (Some("600"), json!({}), untrusted),
        (Some("600"), json!({ "auth_time": "now" }), untrusted),
        (Some("soon"), json!({ "auth_time": NOW }), untrusted),
        (None, json!({ "auth_time": 5 }), None),
    ] {
        assert_eq!(age(max_age, claims.clone(), true).await.err(), refused, "{max_age:?} {claims}");
    }
    assert!(
        age(Some("600"), json!({ "auth_time": NOW - 9999 }), false).await.is_ok(),
        "a refreshed is of the same sign-in"
    );
}

#[tokio::test]
async fn the_hash_of_the_access_token_is_checked_when_it_is_there() {
    use sha2::{Digest as _, Sha512};
    let hash = BASE64.encode(&Sha512::digest("at")[..32]);
    assert!(verify(json!({ "at_hash": hash })).await.is_ok());
    refused(json!({ "at_hash": BASE64.encode(&Sha512::digest("other")[..32]) })).await;
    refused(json!({ "at_hash": "" })).await;
    refused(json!({ "at_hash": 7 })).await;
}

#[tokio::test]
async fn id_2_what_is_not_signed_by_the_provider_is_refused() {
    let header = json!({ "alg": "EdDSA", "kid": "k" });
    let forged = sign(&ed25519(2, None), &Alg::EdDsa, &header, &claims());
    let none = format!("{}.{}.", BASE64.encode(r#"{"alg":"none"}"#), BASE64.encode(claims().to_string()));
    let access =
        sign(&ed25519(1, None), &Alg::EdDsa, &json!({ "alg": "EdDSA", "kid": "k", "typ": "at+jwt" }), &claims());
    let huge = signed(&with(&json!({ "x": "y".repeat(LONGEST) })));
    for token in [forged, none, access, huge, "opaque".into(), "e30.a.b.c.d".into(), String::new()] {
        let problem = verify_token(token, true).await.unwrap_err();
        assert_eq!(problem.code, Code::AnswerNotTrusted, "{}", problem.detail);
    }
}

#[tokio::test]
async fn a_refreshed_token_may_lack_the_nonce_and_be_old() {
    let changes = json!({ "nonce": "-", "iat": NOW - 7 * 86400 });
    assert!(verify_token(signed(&with(&changes)), false).await.is_ok());
}

#[test]
fn id_5_a_refreshed_token_must_be_of_the_same_person_and_sign_in() {
    let id = |changes: &Value| IdClaims::read(with(changes).as_object().unwrap().clone()).unwrap();
    let first = id(&json!({ "auth_time": 5, "aud": ["client", "b"], "azp": "client" }));
    let refreshed = |changes: Value| {
        let mut all = json!({ "auth_time": 5, "aud": ["b", "client"], "azp": "client" });
        all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        id(&all).check_same_sign_in(&first).map_err(|problem| problem.code)
    };
    assert_eq!(refreshed(json!({})), Ok(()));
    assert_eq!(refreshed(json!({ "nonce": "-" })), Ok(()));
    assert_eq!(refreshed(json!({ "auth_time": "-" })), Ok(()));
    assert_eq!(refreshed(json!({ "sub": "eve" })), Err(Code::SubjectChanged));
    for changes in [
        json!({ "iss": "https://idp.example/" }),
        json!({ "aud": "client" }),
        json!({ "aud": ["client", "c"] }),
        json!({ "azp": "-" }),
        json!({ "auth_time": 6 }),
        json!({ "nonce": "other" }),
    ] {
        assert_eq!(refreshed(changes.clone()), Err(Code::AnswerNotTrusted), "{changes}");
    }
}

#[test]
fn a_stored_token_gives_its_claims_back() {
    let id = IdClaims::of_stored(&Secret::new(signed(&claims()))).unwrap();
    assert_eq!(id.subject, "ada");
    assert!(IdClaims::of_stored(&Secret::new("opaque".into())).is_none());
}

#[tokio::test]
async fn id_3_a_time_in_another_form_is_named_as_that_and_not_put_down_to_the_clock() {
    for (changes, said) in [
        (json!({ "iat": NOW * 1000 }), "milliseconds"),
        (json!({ "nbf": NOW * 1000 }), "milliseconds"),
        (json!({ "iat": NOW.to_string() }), "text, not a number"),
        (json!({ "exp": [NOW] }), "a list, not a number"),
        (json!({ "auth_time": "2026-01-01T00:00:00Z" }), "text, not a number"),
    ] {
        let problem = verify(changes.clone()).await.unwrap_err();
        assert!(problem.detail.contains(said) && !problem.detail.contains("clock"), "{changes}: {problem}");
        assert_eq!(problem.cause, Some(Cause::TimeFormat), "{changes}");
    }
}

#[tokio::test]
async fn what_decides_is_named_in_the_problem() {
    for (changes, said, cause) in [
        (json!({ "aud": ["client", "https://api.example"] }), "'https://api.example'", Some(Cause::UntrustedAudience)),
        (json!({ "aud": "somebody" }), "'somebody'", None),
        (json!({ "iss": "https://evil.example" }), "'https://evil.example'", None),
        (json!({ "sub": ["x"] }), "'sub' is a list", None),
    ] {
        let problem = verify(changes.clone()).await.unwrap_err();
        assert!(problem.detail.contains(said), "{changes}: {problem}");
        assert_eq!(problem.cause, cause, "{changes}");
    }
}

#[tokio::test]
async fn id_5_an_auth_time_of_another_form_is_compared_all_the_same() {
    let first = verify(json!({ "auth_time": NOW - 5 })).await.unwrap();
    for (value, same) in [(json!((NOW - 5).to_string()), true), (json!("1"), false), (json!(NOW), false)] {
        let other = verify(json!({ "auth_time": value })).await.unwrap();
        let result = other.check_same_sign_in(&first);
        assert_eq!(result.is_ok(), same, "{value}");
    }
    let moved = verify(json!({ "auth_time": NOW })).await.unwrap().check_same_sign_in(&first).unwrap_err();
    assert!(moved.cause == Some(Cause::AuthTimeMoved) && moved.detail.contains("auth_time"), "{moved}");
}
