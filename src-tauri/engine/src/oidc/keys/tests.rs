use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreRsaPrivateSigningKey};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use serde_json::json;

use super::super::discovery::Provider;
use super::super::jwt::ParsedToken;
use super::super::metadata::Metadata;
use super::*;
use crate::config::{Issuer, Profile};

/// A key of this kind, from a seed; the PEM is the fixed DER of RFC 8410 section 7 around it.
pub(in super::super) fn ed25519(seed: u8, kid: Option<&str>) -> CoreEdDsaPrivateSigningKey {
    let mut der = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    der.extend([seed; 32]);
    let body = base64::prelude::BASE64_STANDARD.encode(der);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, kid.map(|kid| JsonWebKeyId::new(kid.into()))).unwrap()
}

fn rsa(bits: usize) -> CoreRsaPrivateSigningKey {
    let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, bits).unwrap();
    let pem = key.to_pkcs1_pem(rsa::pkcs1::LineEnding::LF).unwrap();
    CoreRsaPrivateSigningKey::from_pem(&pem, Some(JsonWebKeyId::new("r".into()))).unwrap()
}

/// Signs `claims` under `header`.
pub(in super::super) fn sign<K>(key: &K, alg: &Alg, header: &Value, claims: &Value) -> String
where
    K: PrivateSigningKey<VerificationKey = Key>,
{
    let input = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    let signature = key.sign(alg, input.as_bytes()).unwrap();
    format!("{input}.{}", BASE64.encode(signature))
}

pub(in super::super) fn published<K: PrivateSigningKey<VerificationKey = Key>>(keys: &[&K]) -> Keys {
    let keys: Vec<Value> = keys.iter().map(|key| serde_json::to_value(key.as_verification_key()).unwrap()).collect();
    Keys::read(json!({ "keys": keys }).as_object().unwrap()).unwrap()
}

/// A provider with the key `ed25519(1, "k")`, and a profile for it.
pub(in super::super) fn provider() -> (Provider, Profile) {
    let profile = profile();
    (provider_listing(&[]), profile)
}

fn profile() -> Profile {
    let issuer = "https://idp.example";
    Profile::new("test".parse().unwrap(), Issuer::parse(issuer).unwrap(), "client".into())
}

/// The same provider, whose metadata lists these scopes.
pub(in super::super) fn provider_listing(scopes: &[&str]) -> Provider {
    let issuer = "https://idp.example";
    let profile = profile();
    let document = json!({
        "authorization_endpoint": "https://idp.example/authorize?tenant=kept",
        "token_endpoint": "https://idp.example/token",
        "jwks_uri": "https://idp.example/keys",
        "end_session_endpoint": "https://idp.example/end",
        "scopes_supported": scopes,
    });
    let metadata = Metadata::read(document.as_object().unwrap(), &profile).unwrap();
    Provider::for_test(issuer, metadata, published(&[&ed25519(1, Some("k"))]))
}

fn check(keys: &Keys, token: &str) -> Result<Alg, SignatureError> {
    let ParsedToken::Signed(jwt) = ParsedToken::of(token) else { panic!("{token} is not a signed token") };
    keys.check(&jwt, &allowed_algs()).map(|(_, alg)| alg)
}

#[test]
fn id_2_rsa_signatures_of_every_kind_are_checked() {
    let key = rsa(2048);
    let keys = published(&[&key]);
    for (name, alg) in ALGS.iter().filter(|(name, _)| name.starts_with(['R', 'P'])) {
        let token = sign(&key, alg, &json!({ "alg": name, "kid": "r" }), &json!({ "sub": "x" }));
        assert_eq!(check(&keys, &token), Ok(alg.clone()), "{name}");
        let parts: Vec<&str> = token.split('.').collect();
        let forged = format!("{}.{}.{}", parts[0], BASE64.encode(r#"{"sub":"y"}"#), parts[2]);
        assert_eq!(check(&keys, &forged), Err(SignatureError::Signature), "{name}");
    }
    // Verified as another algorithm than it was made with.
    let token = sign(&key, &Alg::RsaSsaPssSha256, &json!({ "alg": "RS256", "kid": "r" }), &json!({}));
    assert_eq!(check(&keys, &token), Err(SignatureError::Signature));
}

#[test]
fn id_2_the_es256_example_of_rfc_7515_is_accepted_and_a_changed_one_is_not() {
    let key = json!({ "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" });
    let keys = Keys::read(json!({ "keys": [key] }).as_object().unwrap()).unwrap();
    let token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    assert_eq!(check(&keys, token), Ok(Alg::EcdsaP256Sha256));
    assert_eq!(check(&keys, &token.replace(".DtEh", ".DtEi")), Err(SignatureError::NoKey));
}

#[test]
fn id_1_none_and_shared_secrets_are_refused_whatever_the_key_set_says() {
    let keys = published(&[&ed25519(1, Some("k"))]);
    for alg in ["none", "None", "HS256", "HS512", "ES512", "rs256", ""] {
        let token = format!("{}.{}.", BASE64.encode(json!({ "alg": alg }).to_string()), BASE64.encode("{}"));
        assert_eq!(check(&keys, &token), Err(SignatureError::Algorithm), "{alg}");
    }
    let only_rsa = [Alg::RsaSsaPkcs1V15Sha256];
    let token = sign(&ed25519(1, None), &Alg::EdDsa, &json!({ "alg": "EdDSA", "kid": "k" }), &json!({}));
    let ParsedToken::Signed(jwt) = ParsedToken::of(&token) else { panic!() };
    assert!(keys.check(&jwt, &only_rsa).is_err_and(|error| error == SignatureError::Algorithm));
}

#[test]
fn the_key_id_chooses_the_key_and_without_one_every_key_is_tried() {
    let (one, two) = (ed25519(1, Some("one")), ed25519(2, Some("two")));
    let keys = published(&[&one, &two]);
    let token = |header: Value| sign(&two, &Alg::EdDsa, &header, &json!({}));
    assert_eq!(check(&keys, &token(json!({ "alg": "EdDSA", "kid": "two" }))), Ok(Alg::EdDsa));
    assert_eq!(check(&keys, &token(json!({ "alg": "EdDSA" }))), Ok(Alg::EdDsa));
    assert_eq!(check(&keys, &token(json!({ "alg": "EdDSA", "kid": "one" }))), Err(SignatureError::Signature));
    assert_eq!(check(&keys, &token(json!({ "alg": "EdDSA", "kid": "three" }))), Err(SignatureError::NoKey));
    assert_eq!(check(&keys, &token(json!({ "alg": "EdDSA", "crit": ["exp"] }))), Err(SignatureError::Header));
    assert_eq!(check(&published(&[&ed25519(2, None)]), &token(json!({ "alg": "EdDSA", "kid": "x" }))), Ok(Alg::EdDsa));
}

#[test]
fn a_key_the_token_carries_itself_is_never_used() {
    let (ours, theirs) = (ed25519(1, Some("k")), ed25519(9, None));
    let own = serde_json::to_value(theirs.as_verification_key()).unwrap();
    let header =
        json!({ "alg": "EdDSA", "jwk": own, "jku": "https://evil.example/keys", "x5u": "https://evil.example" });
    let token = sign(&theirs, &Alg::EdDsa, &header, &json!({}));
    assert_eq!(check(&published(&[&ours]), &token), Err(SignatureError::NoKey));
}

#[test]
fn keys_that_cannot_be_used_are_skipped_and_their_number_is_bounded() {
    let good = serde_json::to_value(ed25519(1, Some("k")).as_verification_key()).unwrap();
    let short = serde_json::to_value(rsa(1024).as_verification_key()).unwrap();
    let others = [json!(null), json!("x"), json!({}), json!({ "kty": "oct", "k": "c2VjcmV0" }), short];
    let odd = json!({ "kty": "RSA", "n": "!!", "e": "AQAB" });
    let mut list: Vec<Value> = others.into_iter().chain([odd, good.clone()]).collect();
    assert_eq!(Keys::read(json!({ "keys": list }).as_object().unwrap()).unwrap().len(), 1);
    list.extend(vec![good; 500]);
    assert_eq!(Keys::read(json!({ "keys": list }).as_object().unwrap()).unwrap().len(), MOST_KEYS);
    assert!(Keys::read(json!({ "keys": {} }).as_object().unwrap()).is_none());
}

#[test]
fn id_2_a_key_that_is_not_for_verifying_or_that_anybody_can_sign_for_is_not_used() {
    let good = serde_json::to_value(ed25519(1, Some("k")).as_verification_key()).unwrap();
    let with = |name: &str, value: Value| {
        let mut key = good.clone();
        key[name] = value;
        Keys::read(json!({ "keys": [key] }).as_object().unwrap()).unwrap().len()
    };
    for (operations, count) in [
        (json!(["verify"]), 1),
        (json!(["sign", "verify"]), 1),
        (json!(null), 1),
        (json!(["sign"]), 0),
        (json!([]), 0),
        (json!("verify"), 0),
        (json!(["encrypt"]), 0),
    ] {
        assert_eq!(with("key_ops", operations.clone()), count, "{operations}");
    }
    // Points of small order: the neutral element, the one of order two, one of order four, one of order eight, and the
    // neutral element in a form that is not the canonical one.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let mut order_two = [0xff; 32];
    (order_two[0], order_two[31]) = (0xec, 0x7f);
    let order_eight = [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ];
    let mut not_canonical = [0xff; 32];
    (not_canonical[0], not_canonical[31]) = (0xee, 0x7f);
    for point in [neutral, order_two, [0; 32], order_eight, not_canonical] {
        assert_eq!(with("x", json!(BASE64.encode(point))), 0, "{point:?}");
    }
    let mut rsa = serde_json::to_value(rsa(2048).as_verification_key()).unwrap();
    for (exponent, count) in [("AQAB", 1), ("Aw", 1), ("AQ", 0), ("AAAB", 0), ("Ag", 0)] {
        rsa["e"] = json!(exponent);
        assert_eq!(Keys::read(json!({ "keys": [rsa] }).as_object().unwrap()).unwrap().len(), count, "{exponent}");
    }
}
