use serde_json::{Value, json};

use super::*;
use crate::identity::{Answer, Answers, DocumentKind, DocumentState, Verified, identity_from};

const NOW: Timestamp = Timestamp(1_700_000_000);

fn side(label: &str, documents: &[(DocumentKind, Value)]) -> Side {
    let answers = documents
        .iter()
        .map(|(document, claims)| Answer {
            document: *document,
            claims: claims.as_object().unwrap().clone(),
            verified: Verified::Signature,
        })
        .collect();
    let identity = identity_from(&Answers { answers, ..Answers::default() });
    Side {
        label: label.to_owned(),
        entitlements: Some(identity.entitlements),
        places_known: true,
        documents: identity.documents.iter().map(|one| (one.document, one.state, one.facts.names.clone())).collect(),
        ..Side::default()
    }
}

fn id(label: &str, claims: Value) -> Side {
    side(label, &[(DocumentKind::IdToken, claims)])
}

fn values(found: &[crate::findings::Found]) -> Vec<&str> {
    found.iter().map(|one| one.entitlement.value.as_str()).collect()
}

fn codes(compared: &Comparison) -> Vec<&str> {
    compared.findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn only_here_only_there_spelled_differently_and_elsewhere_are_four_things() {
    let a =
        id("a", json!({"roles": ["Editor", "read"], "groups": ["Samples", "Staff", "x"], "permissions": ["write"]}));
    let b = id(
        "b",
        json!({"roles": ["editor", "Publisher"], "groups": ["/acme/Samples", "Staff"], "x_groups": [], "permissions": ["write"]}),
    );
    let compared = compare(&a, &b, NOW);
    assert_eq!((values(&compared.only_a), values(&compared.only_b)), (vec!["read", "x"], vec!["Publisher"]));
    let spelled: Vec<(&str, &str)> =
        compared.spelled.iter().map(|pair| (pair.a.value.as_str(), pair.b.value.as_str())).collect();
    assert_eq!(spelled, [("Editor", "editor"), ("Samples", "/acme/Samples")]);
    assert_eq!((compared.same, compared.elsewhere.len()), (2, 0));
    assert!(!compared.is_same() && codes(&compared).contains(&"spelled_differently"));
    assert!(compared.text.contains("Only in a (2)\n  role read  (ID token: roles)"), "{}", compared.text);
}

#[test]
fn prefixes_of_every_kind_are_seen_through() {
    for (one, other) in [
        ("staff", "oidc:staff"),
        ("editor", "ROLE_EDITOR"),
        ("Domain Admins", "CN=Domain Admins,OU=Groups,DC=acme,DC=example"),
        ("staff", "staff@idm.example.org"),
        ("Finance", "ACME\\Finance"),
        ("/a/b/staff", "staff"),
    ] {
        let compared = compare(&id("a", json!({"groups": [one]})), &id("b", json!({"groups": [other]})), NOW);
        assert_eq!(compared.spelled.len(), 1, "{one} {other}: {compared:?}");
    }
    // Two that could be meant are none.
    let compared =
        compare(&id("a", json!({"groups": ["dev"]})), &id("b", json!({"groups": ["/x/dev", "/y/dev"]})), NOW);
    assert_eq!((compared.only_a.len(), compared.only_b.len(), compared.spelled.len()), (1, 2, 0));
}

#[test]
fn the_same_value_in_another_claim_or_document_is_the_same() {
    let a = id("a", json!({"roles": ["Editor"]}));
    let b = side("b", &[(DocumentKind::AccessToken, json!({"realm_access": {"roles": ["Editor"]}}))]);
    let compared = compare(&a, &b, NOW);
    assert!(compared.is_same() && compared.elsewhere.len() == 1, "{compared:?}");
    assert_eq!(compared.elsewhere[0].differs, "ID token roles; there Access token realm_access › roles");
    let other_kind = compare(&id("a", json!({"roles": ["x"]})), &id("b", json!({"groups": ["x"]})), NOW);
    assert_eq!(other_kind.elsewhere[0].differs, "a role, there a group");
}

#[test]
fn a_whole_claim_that_is_missing_is_told_from_single_roles() {
    let a = id("a", json!({"sub": "1", "groups": ["Staff", "IT"]}));
    let without_claim = compare(&a, &id("b", json!({"sub": "1"})), NOW);
    assert_eq!(codes(&without_claim)[0], "claim_missing_on_one_side");
    let without_one = compare(&a, &id("b", json!({"sub": "1", "groups": ["Staff"]})), NOW);
    assert!(!codes(&without_one).contains(&"claim_missing_on_one_side"));
    let mut unread = side("b", &[]);
    unread.documents = vec![(DocumentKind::IdToken, DocumentState::Encrypted, Vec::new())];
    assert_eq!(codes(&compare(&a, &unread, NOW))[0], "document_missing_on_one_side");
}

#[test]
fn the_settings_that_explain_it_are_told() {
    let with = |side: Side, scopes: &str, client: &str, audience: &str, org: &str, issued: i64| Side {
        issuer: Some("https://idp.example".into()),
        subject: Some("ada".into()),
        granted: Some(scopes.into()),
        client: Some(client.into()),
        audience: Some(audience.into()),
        organization: Some(org.into()),
        issued_at: Some(Timestamp(issued)),
        ..side
    };
    let a = with(
        id("a", json!({"sub": "ada", "roles": ["Editor", "x"]})),
        "openid roles",
        "one",
        "https://api",
        "org_1",
        NOW.0 - 60,
    );
    let b = with(id("b", json!({"sub": "ada", "roles": ["x"]})), "roles openid profile", "two", "", "", NOW.0 - 7200);
    let compared = compare(&a, &b, NOW);
    for code in
        ["different_clients", "different_scopes", "different_audiences", "different_organizations", "older_on_one_side"]
    {
        assert!(codes(&compared).contains(&code), "{code}: {:?}", codes(&compared));
    }
    let rows: Vec<(&str, bool)> = compared.settings.iter().map(|row| (row.name.as_str(), row.differs)).collect();
    assert!(rows.contains(&("Audience", true)) && rows.contains(&("Issuer", false)), "{rows:?}");
    let audience = compared.settings.iter().find(|row| row.name == "Audience").unwrap();
    assert_eq!((audience.a.as_deref(), audience.b.as_deref()), (Some("https://api"), Some("none asked")));
    let same = compare(&a, &a, NOW);
    assert!(same.is_same() && same.findings.is_empty(), "{:?}", same.findings);
}

#[test]
fn what_was_saved_is_read_back_and_a_report_without_names_says_so() {
    let json = json!({"profile": "acme", "issuer": "https://idp.example", "subject": "ada", "as_of": 5, "findings": [],
        "roles": [{"value": "Editor\u{202e}", "context": null, "sources": [{"document": "id_token", "path": ["roles"], "verified": "signature"}]}],
        "groups": [], "permissions": []});
    let side = read_saved("x.json", &json.to_string()).unwrap().unwrap();
    let role = &side.entitlements.as_ref().unwrap().roles[0];
    assert_eq!((role.value.as_str(), role.sources[0].verified), ("Editor\\u{202e}", Verified::None));
    let counted = "# Roles and groups: report from Rolecall\n\n- Issuer: `https://idp.example`\n\n## Claims that held something\n\n- ID token, `roles`: roles: 3\n- Userinfo, `groups`: groups: 2\n";
    let report = read_saved("r.md", counted).unwrap().unwrap();
    assert_eq!((report.counted, report.entitlements.is_none()), (Some(5), true));
    let compared = compare(&report, &side, NOW);
    assert!(!compared.is_same() && codes(&compared).contains(&"names_left_out"));
    assert!(read_saved("x", "eyJ").is_none() && read_saved("x", "{\"sub\":\"1\"}").is_none());
    for text in [
        "# Roles and groups: report from Rolecall",
        "{\"people\":[],\"left_out\":0}",
        "{\"people\":[1,2],\"left_out\":0}",
    ] {
        let _ = read_saved("x", text);
    }
}

#[test]
fn ten_thousand_values_are_compared_in_a_moment() {
    let many = |prefix: &str| {
        let names: Vec<String> = (0..10_000).map(|number| format!("{prefix}team-{number}")).collect();
        id("x", json!({"groups": names}))
    };
    let started = tokio::time::Instant::now();
    let compared = compare(&many(""), &many("/company/"), NOW);
    assert_eq!(compared.spelled.len(), 10_000);
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
