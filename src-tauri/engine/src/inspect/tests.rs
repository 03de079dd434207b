use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

use super::*;
use crate::ports::Timestamp;
use crate::redact::Redactor;
use crate::view::{CheckState, InspectedPerson};

const NOW: i64 = 1_700_000_000;
/// The payload of the question this program was made for.
const QUESTION: &str = r#"{"https://acme.example/roles":["Editor"],"groups":["Samples"],"nickname":"jane","name":"Jane Doe",
  "email":"jane@example.com","iss":"https://tenant.us.auth0.com/","sub":"auth0|626d4d2e","aud":"client",
  "iat":1699999000,"exp":1700003600}"#;

fn token_with(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), BASE64.encode([7; 64]))
}

fn token(claims: &Value) -> String {
    token_with(&json!({"alg": "RS256", "kid": "k1"}), claims)
}

fn ada(more: &Value) -> Value {
    let mut claims = json!({"iss": "https://idp.example", "sub": "ada", "aud": "app", "iat": NOW - 60, "exp": NOW + 600, "nonce": "n"});
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    claims
}

fn reading(text: &str) -> Reading {
    read(&[Pasted { label: "paste".into(), text: Secret::new(text.to_owned()) }])
}

fn inspected(text: &str) -> Vec<InspectedPerson> {
    inspected_with(text, &[])
}

fn inspected_with(text: &str, expected: &[String]) -> Vec<InspectedPerson> {
    let reading = reading(text);
    let redactor = Redactor::default().hiding(&reading.secrets);
    let context = Context { now: Timestamp(NOW), profiles: &[], expected, checks: &[], only_checked: false };
    let people = people(&reading.found);
    let all: Vec<InspectedPerson> = people.iter().map(|group| person(&reading, group, &redactor, &context)).collect();
    let shown = serde_json::to_string(&all).unwrap() + &reading.notes.join(" ");
    for secret in &reading.secrets {
        assert!(!shown.contains(secret.expose()), "a token is shown: {shown}");
    }
    all
}

/// Roles and groups of the only person.
fn roles(text: &str) -> Vec<String> {
    let people = inspected(text);
    assert_eq!(people.len(), 1, "{text}");
    people[0].entitlements.iter().map(|(_, found)| found.value.clone()).collect()
}

fn codes(person: &InspectedPerson) -> Vec<&str> {
    person.findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn the_payload_of_the_question_gives_editor_and_samples_with_their_paths() {
    let people = inspected(QUESTION);
    let [person] = people.as_slice() else { panic!("one person") };
    let [editor] = person.entitlements.roles.as_slice() else { panic!("one role") };
    assert_eq!(
        (editor.value.as_str(), editor.sources[0].path.join(" ")),
        ("Editor", "https://acme.example/roles".into())
    );
    let [samples] = person.entitlements.groups.as_slice() else { panic!("one group") };
    assert_eq!((samples.value.as_str(), samples.sources[0].path.join(" ")), ("Samples", "groups".into()));
    assert_eq!((person.provider.as_str(), person.badge.name.as_str()), ("Auth0", "Jane Doe"));
    assert_eq!(person.check.state, CheckState::Unsigned);
    assert_eq!(person.documents[0].what, "claims of an ID token");
}

#[test]
fn a_token_is_found_in_whatever_form_people_have_it() {
    let jwt = token(&ada(&json!({"roles": ["Editor"]})));
    let (head, tail) = jwt.split_at(jwt.len() / 2);
    let decoded = json!({"header": {"alg": "RS256"}, "payload": ada(&json!({"roles": ["Editor"]}))});
    for text in [
        jwt.clone(),
        format!("  {jwt}\n"),
        format!("\u{feff}{jwt}"),
        format!("\"{jwt}\""),
        format!("Authorization: Bearer {jwt}"),
        format!("authorization: bearer {jwt}"),
        format!("curl -H 'Authorization: Bearer {jwt}' https://api.example.com/invoices"),
        format!("curl https://api.example.com -H \"Authorization: Bearer {jwt}\" \\\n  -d x=1"),
        format!("2026-11-27T10:42:00Z INFO got id_token={jwt} for ada"),
        format!("[debug] {{\\\"access_token\\\":\\\"{jwt}\\\"}}"),
        format!("https://app.example/cb#id_token={jwt}&state=x"),
        format!("{head}\n{tail}"),
        format!("{head}\r\n    {tail}\r\n"),
        format!("The token is {jwt}. It does not work."),
        decoded.to_string(),
        ada(&json!({"roles": ["Editor"]})).to_string(),
        format!("claims: {}", ada(&json!({"roles": ["Editor"]}))),
        json!([jwt]).to_string(),
        json!({"tokens": {"idToken": jwt}}).to_string(),
    ] {
        assert_eq!(roles(&text), ["Editor"], "{text}");
    }
}

#[test]
fn all_tokens_of_a_token_response_are_read_as_one_person() {
    let id = token(&ada(&json!({"name": "Ada", "roles": ["Editor"]})));
    let access = token(&json!({"iss": "https://idp.example", "azp": "app", "exp": NOW + 60, "permissions": ["read"]}));
    let response = json!({"token_type": "Bearer", "access_token": access, "id_token": id, "refresh_token": "an-opaque-refresh-token", "scope": "openid read", "expires_in": 300});
    let people = inspected(&response.to_string());
    let [person] = people.as_slice() else { panic!("{} people", people.len()) };
    assert_eq!(person.badge.name, "Ada");
    let whats: Vec<&str> = person.documents.iter().map(|document| document.what.as_str()).collect();
    assert_eq!(whats, ["ID token", "access token"]);
    assert_eq!(person.entitlements.permissions[0].value, "read");
    assert_eq!(codes(person)[0], "refresh_token_pasted");
    assert!(codes(person).contains(&"token_still_valid"));
}

#[test]
fn what_cannot_be_read_is_said_as_that() {
    let encrypted = format!("{}.k.i.c.t", BASE64.encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#));
    let people = inspected(&json!({"access_token": encrypted, "id_token": token(&ada(&json!({})))}).to_string());
    assert_eq!(people[0].documents.len(), 2);
    assert!(people[0].findings.iter().any(|finding| finding.code == "access_token_encrypted"));
    let opaque = inspected("Authorization: Bearer 2YotnFZFEjr1zCsicMWpAA");
    assert!(opaque[0].check.words.contains("no JWT"), "{}", opaque[0].check.words);
    for (text, words) in [
        ("", "nothing in it"),
        ("hello", "no token and no claims"),
        ("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOi", "cut short"),
        ("eyJhbGciOiJSUzI1NiIsInR5cCI6", "cut short"),
        ("{\"a\": 1}", "whom it is about"),
        ("{\"sub\": \"1\",", "cut short"),
    ] {
        let reading = reading(text);
        assert!(reading.found.is_empty() && reading.notes[0].contains(words), "{text}: {:?}", reading.notes);
    }
}

#[test]
fn a_token_without_its_signature_is_read_and_said_not_to_be_whole() {
    let jwt = token(&ada(&json!({"roles": ["Editor"]})));
    let unsigned = jwt.rsplit_once('.').unwrap().0;
    for text in [unsigned.to_owned(), format!("{unsigned}."), format!("{unsigned}.A")] {
        let people = inspected(&text);
        assert_eq!(people[0].entitlements.roles[0].value, "Editor", "{text}");
    }
    let cut = inspected(&format!("{unsigned}.A"));
    assert!(codes(&cut[0]).contains(&"token_damaged"));
    assert_eq!(cut[0].check.state, CheckState::Unsigned);
}

#[test]
fn a_recording_gives_its_tokens_and_userinfo_and_nothing_of_its_cookies() {
    let (id, access) = (token(&ada(&json!({"roles": ["Editor"]}))), token(&ada(&json!({"scope": "read", "sid": "1"}))));
    let stranger = token(&json!({"sub": "mallory", "iss": "https://evil.example", "roles": ["Boss"]}));
    let entry = |url: &str, kind: &str, text: &str, header: &str| {
        json!({
            "request": {"url": url, "headers": [{"name": "Authorization", "value": header}, {"name": "Cookie", "value": stranger}]},
            "response": {"content": {"mimeType": kind, "text": text}},
        })
    };
    let response = json!({"access_token": access, "id_token": id}).to_string();
    let userinfo = json!({"sub": "ada", "groups": ["Staff"]}).to_string();
    let encoded = BASE64_STANDARD.encode(&userinfo);
    let mut third = entry("https://idp.example/userinfo", "application/json", &encoded, &format!("Bearer {access}"));
    third["response"]["content"]["encoding"] = json!("base64");
    let har = json!({"log": {"version": "1.2", "entries": [
        entry("https://app.example/main.js", "text/javascript", &stranger, ""),
        entry("https://idp.example/token", "application/json;charset=utf-8", &response, ""),
        third,
        entry("https://idp.example/.well-known/openid-configuration", "application/json", r#"{"issuer":"https://idp.example"}"#, ""),
    ]}});
    let people = inspected(&har.to_string());
    let [person] = people.as_slice() else { panic!("{people:?}") };
    let values: Vec<&str> = person.entitlements.iter().map(|(_, found)| found.value.as_str()).collect();
    assert_eq!(values, ["Editor", "Staff"]);
    assert!(person.documents.iter().any(|document| document.from.contains("idp.example/userinfo")));
}

#[test]
fn pd_3_documents_about_different_people_are_told_apart() {
    let (ada, bob) = (
        ada(&json!({"roles": ["Editor"]})),
        json!({"iss": "https://idp.example", "sub": "bob", "aud": "app", "exp": NOW + 5, "roles": ["Boss"]}),
    );
    let elsewhere =
        json!({"iss": "https://other.example", "sub": "ada", "aud": "app", "exp": NOW + 5, "groups": ["Staff"]});
    let text = format!("{}\n{}\n{}", token(&ada), token(&bob), token(&elsewhere));
    let people = inspected(&text);
    let told: Vec<Vec<&str>> = people
        .iter()
        .map(|person| person.entitlements.iter().map(|(_, found)| found.value.as_str()).collect())
        .collect();
    assert_eq!(told, [["Editor"], ["Boss"], ["Staff"]]);
    // One response with two subjects is no reason to believe that they are one.
    let mixed = json!({"id_token": token(&ada), "access_token": token(&bob)});
    assert_eq!(inspected(&mixed.to_string()).len(), 2);
    // Entra ID: another subject for each application, the same account.
    let entra = |sub: &str, kind: Value| {
        let mut claims = json!({"iss": "https://login.microsoftonline.com/t/v2.0", "sub": sub, "tid": "t", "oid": "o", "exp": NOW + 5});
        claims.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
        token(&claims)
    };
    let both = format!("{}\n{}", entra("1", json!({"nonce": "n"})), entra("2", json!({"scp": "x"})));
    assert_eq!(inspected(&both).len(), 1);
    // A userinfo answer joins the one person it can be about.
    let userinfo = format!("{}\n{}", token(&ada), json!({"sub": "ada", "groups": ["Staff"]}));
    assert_eq!(inspected(&userinfo).len(), 1);
    let ambiguous = format!("{}\n{}\n{}", token(&ada), token(&elsewhere), json!({"sub": "ada", "groups": ["Staff"]}));
    assert_eq!(inspected(&ambiguous).len(), 3);
}

#[test]
fn of_two_tokens_of_one_kind_the_newer_counts() {
    let (old, new) =
        (ada(&json!({"roles": ["Editor"], "iat": NOW - 900})), ada(&json!({"roles": ["Publisher"], "iat": NOW - 5})));
    for text in [format!("{}\n{}", token(&old), token(&new)), format!("{}\n{}", token(&new), token(&old))] {
        assert_eq!(roles(&text), ["Publisher"]);
        assert_eq!(inspected(&text)[0].documents.iter().filter(|document| document.superseded).count(), 1);
    }
}

#[test]
fn times_that_are_over_ahead_or_odd_are_named() {
    for (claims, code) in [
        (json!({"exp": NOW - 7200}), "token_ended"),
        (json!({"nbf": NOW + 7200}), "token_ahead"),
        (json!({"iat": NOW + 7200}), "token_ahead"),
        (json!({"iat": (NOW - 60) * 1000, "exp": (NOW + 600) * 1000}), "token_times_odd"),
        (json!({"exp": "1700003600"}), "token_times_odd"),
        (json!({"iat": NOW, "exp": NOW - 5}), "token_times_odd"),
        (json!({"iss": "http://idp.example"}), "issuer_unusable"),
    ] {
        let people = inspected(&token(&ada(&claims)));
        assert!(codes(&people[0]).contains(&code), "{claims}: {:?}", codes(&people[0]));
    }
    let right = inspected(&token(&ada(&json!({"roles": ["x"]}))));
    assert_eq!(codes(&right[0]), Vec::<&str>::new());
    let none = format!(
        "Bearer {}",
        token_with(&json!({"alg": "none"}), &ada(&json!({}))).rsplit_once('.').unwrap().0.to_owned() + "."
    );
    assert_eq!(inspected(&format!("curl -H 'Authorization: {none}' https://x"))[0].documents.len(), 1);
    let unsigned = inspected(&token_with(&json!({"alg": "none"}), &ada(&json!({}))));
    assert!(codes(&unsigned[0]).contains(&"token_unsigned"));
    let shared = inspected(&token_with(&json!({"alg": "HS256"}), &ada(&json!({}))));
    assert!(codes(&shared[0]).contains(&"signed_with_shared_secret"));
    let inactive = inspected(r#"{"active": false}"#);
    assert!(codes(&inactive[0]).contains(&"token_inactive"));
}

#[test]
fn what_is_expected_is_asked_and_explained() {
    let expected: Vec<String> = ["Editor", "Publisher"].map(str::to_owned).to_vec();
    let people = inspected_with(&token(&ada(&json!({"roles": ["Editor", "publisher"]}))), &expected);
    let told: Vec<(bool, bool)> = people[0].expected.iter().map(|one| (one.here, one.kind.is_some())).collect();
    assert_eq!(told, [(true, true), (false, false)]);
    let finding = people[0].findings.iter().find(|finding| finding.code == "expected_missing").unwrap();
    assert!(finding.evidence.iter().any(|line| line.contains("publisher")));
    assert!(!finding.fix.as_deref().unwrap().contains("profile"), "{:?}", finding.fix);
}

#[test]
fn the_product_is_told_from_the_claims_where_the_issuer_does_not_tell() {
    let shown = |claims: Value| {
        let people = inspected(&token(&ada(&claims)));
        people[0].provider.clone()
    };
    assert_eq!(
        shown(json!({"typ": "ID", "azp": "app", "acr": "1", "sid": "s", "realm_access": {"roles": ["x"]}})),
        "Keycloak"
    );
    assert_eq!(shown(json!({"tid": "t", "oid": "o", "ver": "2.0"})), "Entra ID");
    assert_eq!(shown(json!({"urn:zitadel:iam:org:project:roles": {}})), "ZITADEL");
    assert_eq!(shown(json!({"cognito:groups": ["a"], "token_use": "id"})), "Cognito");
    assert_eq!(shown(json!({"roles": ["a"]})), "idp.example");
}

#[test]
fn pd_2_tk_2_a_token_within_a_claim_is_neither_shown_nor_read_as_a_document() {
    let inner = token(&json!({"iss": "https://evil.example", "sub": "mallory", "roles": ["Boss"]}));
    let claims = ada(
        &json!({"idp_access_token": inner, "roles": ["Editor", inner], "note": format!("see {inner}"), inner.clone(): 1}),
    );
    for text in [token(&claims), claims.to_string(), format!("log: {claims} end")] {
        let people = inspected(&text);
        assert_eq!(people.len(), 1, "{text}");
        assert!(!serde_json::to_string(&people).unwrap().contains(&inner));
        assert!(!people[0].entitlements.has(crate::identity::Kind::Role, "Boss"));
    }
}

#[test]
fn doc_1_hostile_input_is_bounded_and_read_in_no_time() {
    let many: String = (0..500).map(|at| token(&ada(&json!({"n": at}))) + "\n").collect();
    let reading_of_many = reading(&many);
    assert_eq!((reading_of_many.found.len(), reading_of_many.left_out), (MAX_DOCUMENTS, 470));
    let deep = format!("{}1{}", "{\"a\":".repeat(5000), "}".repeat(5000));
    let started = tokio::time::Instant::now();
    for text in [
        deep,
        "{".repeat(1_000_000),
        "{\"a\":\"".repeat(200_000),
        "[".repeat(1_000_000),
        format!("{{\"sub\":\"{}\"}}", "\u{202e}x".repeat(100_000)),
        "eyJhbGciOiJSUzI1NiJ9.".repeat(50_000),
        format!("bearer {}", "a".repeat(1_000_000)),
        "\"".repeat(100_000),
    ] {
        let _ = inspected(&text);
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    let long = Pasted { label: "x".into(), text: Secret::new(" ".repeat(LONGEST + 1)) };
    assert!(read(&[long]).notes[0].contains("longer than"));
}

#[test]
fn cli_1_what_is_invisible_in_a_pasted_document_is_shown() {
    let people = inspected(&token(&ada(&json!({"name": "A\u{202e}da", "roles": ["ad\u{200b}min", "\u{1b}[31m"]}))));
    let roles: Vec<&str> = people[0].entitlements.roles.iter().map(|role| role.value.as_str()).collect();
    assert_eq!(roles, ["ad\\u{200b}min", "\\u{1b}[31m"]);
    assert_eq!(people[0].badge.name, "Ada");
}

#[test]
fn a_token_that_is_about_no_person_is_said_to_be_none() {
    for (header, claims, words) in [
        (json!({"alg": "RS256", "typ": "logout+jwt"}), json!({"sub": "ada"}), "a logout token"),
        (json!({"alg": "RS256"}), json!({"sub": "ada", "events": {}}), "logout token"),
        (json!({"alg": "ES256", "typ": "dpop+jwt"}), json!({"htm": "GET"}), "proof of possession"),
        (json!({"alg": "RS256"}), json!({"iss": "app", "sub": "app", "aud": "https://idp.example"}), "assertion"),
    ] {
        let reading = reading(&token_with(&header, &claims));
        assert!(reading.found.is_empty() && reading.notes[0].contains(words), "{:?}", reading.notes);
    }
    let refresh = reading(&token(&json!({"typ": "Refresh", "sub": "ada", "iss": "https://idp.example"})));
    assert_eq!((refresh.found.len(), refresh.refresh_tokens), (0, 1));
}

#[test]
fn a_file_of_windows_power_shell_is_read() {
    let text = format!("\u{feff}{}", token(&ada(&json!({"roles": ["Editor"]}))));
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big, text.into_bytes()] {
        assert_eq!(roles(&text_of_bytes(&bytes)), ["Editor"]);
    }
}
