//! Any JSON object as an ID token's claims: read, explained and compared with itself, without a crash.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_engine::config::{Issuer, Profile};
use rolecall_engine::findings::{Evidence, Wanted, why};
use rolecall_engine::history::History;
use rolecall_engine::identity::{Answer, Answers, DocumentKind, Verified, identity_from};
use rolecall_engine::ports::Timestamp;

fuzz_target!(|bytes: &[u8]| {
    let Ok(serde_json::Value::Object(claims)) = serde_json::from_slice(bytes) else { return };
    let answer = |document, claims| Answer { document, claims, verified: Verified::Signature };
    let answers = vec![answer(DocumentKind::IdToken, claims.clone()), answer(DocumentKind::AccessToken, claims)];
    let identity = identity_from(&Answers { answers, ..Answers::default() });
    for (_, entitlement) in identity.entitlements.iter() {
        assert!(!entitlement.sources.is_empty() && !entitlement.value.trim().is_empty());
        assert!(entitlement.value.chars().all(|character| !character.is_control()));
    }
    let mut history = History::default();
    history.record(&identity, Timestamp(0), true);
    assert!(history.record(&identity, Timestamp(1), false).is_empty());
    for issuer in ["https://acme.eu.auth0.com/", "https://id.example.org/realms/a", "https://login.microsoftonline.com/t/v2.0"] {
        let profile = Profile::new("fuzz".parse().unwrap(), Issuer::parse(issuer).unwrap(), "c".into());
        let wanted = Wanted { value: "Editor".into(), kind: None };
        let evidence = Evidence { granted: Some("openid"), wanted: Some(&wanted), ..Evidence::of_identity(&profile, &identity) };
        for finding in why(&evidence).findings {
            assert!(!finding.evidence.is_empty(), "{}", finding.code);
        }
    }
});
