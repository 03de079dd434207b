//! Claims as they are displayed, from hostile documents too.

use serde_json::json;

use super::*;
use crate::tokens::{Secret, Tokens};

const CLIENT: &str = "kx1VhGm7TqEcL0sWzR4bPnYd83uJfAoI";
/// Header `{"alg":"RS256"}`, claims `{"sub":"x"}`.
const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA";

fn hidden() -> Redactor {
    Redactor::of(&Tokens {
        access: Secret::new("opaque-access-canary".into()),
        refresh: Some(Secret::new("opaque-refresh-canary".into())),
        id: Secret::new(JWT.into()),
        expires_at: None,
        obtained_at: Timestamp(0),
        obtained_at_boot: None,
        scope: None,
    })
}

fn raw(document: DocumentKind, claims: Value) -> RawDocument {
    let Value::Object(claims) = claims else { panic!("claims are an object") };
    RawDocument { document, claims, verified: Verified::Signature, signature: None, at: Timestamp(0) }
}

fn with<T>(raw: &RawDocument, look: impl Fn(&RawDocument, &DocumentContext<'_>) -> T) -> T {
    let (hidden, paths) = (hidden(), Vec::new());
    let about = DocumentContext {
        issuer: "https://acme.eu.auth0.com/",
        client_id: CLIENT,
        provider: "Auth0",
        paths: &paths,
        redactor: &hidden,
        pasted: false,
    };
    look(raw, &about)
}

fn read(claims: Value) -> Document {
    with(&raw(DocumentKind::IdToken, claims), RawDocument::read)
}

#[expect(clippy::needless_pass_by_value, reason = "a value written on the spot")]
fn claim(name: &str, value: Value) -> Claim {
    read(json!({ name: value })).claims.remove(0)
}

#[test]
fn claims_that_roles_are_read_from_come_first_then_times_then_the_person_then_what_programs_need() {
    let document = read(json!({
        "nonce": "n", "sub": "auth0|1", "exp": 1_795_462_920, "department": "Sales", "iss": "https://acme.eu.auth0.com/",
        "https://example.com/auth": { "groups": ["Samples"], "roles": ["Editor"] }, "groups": [], "my_role_names": ["x"],
        "user_metadata": { "roles": ["admin"] },
    }));
    let names: Vec<&str> = document.claims.iter().map(|claim| claim.name.as_str()).collect();
    let expected = [
        "https://example.com/auth",
        "groups",
        "my_role_names",
        "user_metadata",
        "exp",
        "sub",
        "iss",
        "department",
        "nonce",
    ];
    assert_eq!(names, expected);
    let uses: Vec<ClaimUse> = document.claims.iter().take(5).map(|claim| claim.usage).collect();
    assert_eq!(uses, [ClaimUse::Read, ClaimUse::Empty, ClaimUse::Offered, ClaimUse::SelfAsserted, ClaimUse::Other]);
    assert_eq!(document.claims[0].kinds, [Kind::Role, Kind::Group]);
    assert_eq!(document.claims[0].value, r#"{ "groups": ["Samples"], "roles": ["Editor"] }"#);
    assert_eq!(document.claims[0].meaning.as_deref(), Some("Added by your administrators at Auth0."));
}

#[test]
fn what_a_claim_means_depends_on_what_it_says() {
    let meaning = |name: &str, value: Value| claim(name, value).meaning.unwrap_or_default();
    assert!(meaning("iss", json!("https://acme.eu.auth0.com/")).contains("the issuer of this profile, to the last"));
    assert!(meaning("iss", json!("https://acme.eu.auth0.com")).contains("not the issuer"));
    assert!(meaning("aud", json!(CLIENT)).ends_with("this application."));
    assert!(meaning("aud", json!([CLIENT, "api"])).ends_with("among others."));
    assert_eq!(meaning("aud", json!("https://api.example.com")), "Whom it is for.");
    assert!(meaning("azp", json!(CLIENT)).ends_with("this one."));
    assert_eq!(meaning("sub", json!("x")), "You, as Auth0 knows you. Never changes.");
    assert_eq!(claim("department", json!("Sales")).meaning, None);
    assert_eq!(claim("exp", json!(1_795_462_920)).time, Some(Timestamp(1_795_462_920)));
    assert_eq!(claim("exp", json!(1_795_462_920)).form, Form::Time);
    assert_eq!(claim("picture", json!("https://s.gravatar.com/x")).form, Form::Link);
    assert_eq!(claim("email_verified", json!(true)).value, "true");
}

#[test]
fn ui_1_a_token_in_a_claim_is_not_shown_whatever_it_is_called_and_however_deep_it_stands() {
    for (name, value) in [
        ("harmless", json!(JWT)),
        ("harmless", json!(format!("see {}spoiled!", JWT.trim_end_matches("AAAA")))),
        ("harmless", json!("Bearer opaque-refresh-canary")),
        ("harmless", json!({ "a": [{ "b": "opaque-access-canary" }] })),
        ("harmless", json!([format!("{{\"inner\":\"{JWT}\"}}")])),
        ("idp_access_token", json!("sixteen-characters-or-more")),
        ("harmless", json!({ "client_secret": "sixteen-characters-or-more" })),
        ("harmless", json!({ (JWT): true })),
        ("src1", json!({ "access_token": "canary-12" })),
    ] {
        let raw = raw(DocumentKind::Userinfo, json!({ name: value }));
        let document = with(&raw, RawDocument::read);
        let whole = with(&raw, |raw, about| raw.whole(name, about)).unwrap();
        for text in [serde_json::to_string(&document).unwrap(), whole] {
            for secret in [JWT, "canary", "sixteen-characters-or-more"] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
            assert!(text.contains("not shown"), "{text}");
        }
    }
    for plain in ["eyeglasses.example.com/eye.test", "a.b.c.d.e.f.g.h.i.j.k"] {
        assert_eq!(claim("harmless", json!(plain)).value, plain);
    }
    assert_eq!(claim("token_use", json!("access")).value, "access");
    assert_eq!(claim("at_hash", json!("eyJhbGciOiJSUzI1NiJ9")).form, Form::Code);
}

#[test]
fn cli_1_what_acts_on_the_reading_order_is_written_out_in_names_and_values() {
    let document = read(json!({ "a\u{202e}b": "x\u{200b}y\n", "c": ["\u{1b}[31m\"\\"] }));
    assert_eq!(document.claims[0].name, "a\\u{202e}b");
    assert_eq!(document.claims[0].value, "x\\u{200b}y\\u{a}");
    assert_eq!(document.claims[1].value, r#"["\u{1b}[31m\"\\"]"#);
    let raw = raw(DocumentKind::IdToken, json!({ "a\u{202e}b": "found" }));
    assert_eq!(with(&raw, |raw, about| raw.whole("a\\u{202e}b", about)).as_deref(), Some("found"));
}

#[test]
fn long_values_are_cut_with_their_length_and_are_had_whole_when_asked_for() {
    let link = format!("https://s.gravatar.com/{}/default.png", "a".repeat(1200));
    let shown = claim("picture", json!(link));
    assert!(!shown.whole && shown.length == link.len() && shown.value.ends_with("aa/default.png"), "{}", shown.value);
    assert!(shown.value.chars().count() < 240);
    let groups: Vec<String> = (0..10_000).map(|number| format!("/company/department/team-{number}")).collect();
    let raw = raw(DocumentKind::IdToken, json!({ "groups": groups }));
    let shown = with(&raw, RawDocument::read).claims.remove(0);
    assert_eq!((shown.items, shown.whole, shown.usage), (Some(10_000), false, ClaimUse::Read));
    assert!(serde_json::to_string(&shown).unwrap().len() < 1000, "only the beginning goes to the page");
    let whole = with(&raw, |raw, about| raw.whole("groups", about)).unwrap();
    assert!(whole.ends_with("team-9999\"]") && whole.chars().count() == shown.length);
    assert_eq!(with(&raw, |raw, about| raw.whole("gone", about)), None);
}

#[test]
fn whatever_a_token_holds_the_answer_stays_bounded() {
    let mut deep = json!("x");
    for _ in 0..120 {
        deep = json!([deep, { "again": "y" }]);
    }
    let many: Map<String, Value> = (0..5000).map(|number| (format!("c{number:05}"), json!("z".repeat(200)))).collect();
    let mut claims = many;
    claims.insert("deep".into(), deep);
    claims.insert("huge".into(), json!("\u{202e}".repeat(400_000)));
    claims.insert("exp".into(), json!(1_795_462_920));
    let raw = raw(DocumentKind::AccessToken, Value::Object(claims));
    let document = with(&raw, RawDocument::read);
    assert_eq!((document.claims.len(), document.left_out), (300, 5003 - 300));
    assert_eq!(document.claims[0].name, "exp", "what is known is among those shown");
    assert!(serde_json::to_string(&document).unwrap().len() < 300 * 1000);
    let huge = with(&raw, |raw, about| raw.whole("huge", about)).unwrap();
    assert_eq!(huge.chars().count(), 1_000_000);
}

mod properties {
    use proptest::prelude::*;

    use super::*;
    use crate::text::is_unsafe;

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[a-z\u{202e}\u{7}\"\\\\ ]{0,300}".prop_map(Value::from),
            Just(Value::from(JWT)),
            Just(Value::from("opaque-refresh-canary")),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((".{0,12}", inner), 0..5)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn ui_1_cli_1_no_claims_whatever_bring_a_token_or_an_unsafe_character_to_the_page(
            claims in prop::collection::vec((".{0,12}", json()), 0..8)
        ) {
            let raw = raw(DocumentKind::IdToken, Value::Object(claims.into_iter().collect()));
            let document = with(&raw, RawDocument::read);
            for claim in &document.claims {
                let whole = with(&raw, |raw, about| raw.whole(&claim.name, about)).unwrap();
                for text in [&claim.name, &claim.value, &whole] {
                    prop_assert!(!text.chars().any(is_unsafe), "{text:?}");
                    prop_assert!(!text.contains("canary") && !text.contains(JWT), "{text:?}");
                }
                prop_assert!(claim.value.chars().count() <= 240 && claim.whole == (claim.length <= 240));
            }
        }
    }
}

#[test]
fn tk_2_a_token_that_is_the_name_of_a_claim_is_not_told_as_one() {
    let hidden = hidden();
    let token = "opaque-refresh-canary";
    assert!(hidden.is_secret(token));
    for name in [token.to_owned(), format!("https://{token}/roles"), format!("{token}{}", "n".repeat(5000))] {
        let claim = claim(&name, json!("x"));
        assert!(!claim.name.contains(token) && claim.name.contains("not shown"), "{}", claim.name);
        let whole = with(&raw(DocumentKind::IdToken, json!({ name: "x" })), |raw, about| raw.whole(&claim.name, about));
        assert_eq!(whole.as_deref(), Some("x"));
    }
}
