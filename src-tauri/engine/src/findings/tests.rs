//! The rules, on evidence like that of real providers.

use serde_json::json;

use super::*;
use crate::config::{Issuer, Product, Profile, Scopes};
use crate::history::{Became, Change};
use crate::identity::{Answer, Answers, DocumentKind, DocumentState, Identity, Kind, Verified, identity_from};
use crate::ports::Timestamp;

fn profile(issuer: &str) -> Profile {
    Profile::new("work".parse().unwrap(), Issuer::parse(issuer).unwrap(), "desktop".into())
}

fn auth0() -> Profile {
    profile("https://acme.eu.auth0.com/")
}

fn identity(claims: serde_json::Value, access_token: DocumentState) -> Identity {
    let serde_json::Value::Object(claims) = claims else { panic!("claims are an object") };
    let answer = |document, claims| Answer { document, claims, verified: Verified::Signature };
    let mut answers = vec![answer(DocumentKind::IdToken, claims)];
    let mut unread = vec![(DocumentKind::Userinfo, DocumentState::Failed)];
    if access_token == DocumentState::Read {
        answers.push(answer(DocumentKind::AccessToken, serde_json::Map::new()));
    } else {
        unread.push((DocumentKind::AccessToken, access_token));
    }
    identity_from(&Answers { answers, unread, ..Answers::default() })
}

fn evidence<'a>(profile: &'a Profile, identity: &'a Identity) -> Evidence<'a> {
    Evidence::of_identity(profile, identity)
}

fn told(profile: &Profile, identity: &Identity, granted: Option<&str>, refresh_token_withheld: bool) -> Vec<Finding> {
    let found = findings(&Evidence { granted, refresh_token_withheld, ..evidence(profile, identity) });
    found.into_iter().filter(|finding| finding.code != "document_missing").collect()
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn where_all_is_well_nothing_is_said() {
    let identity = identity(json!({"sub": "1", "roles": ["Editor"]}), DocumentState::Read);
    assert_eq!(told(&auth0(), &identity, Some("openid profile email offline_access"), false), []);
    assert_eq!(told(&auth0(), &identity, None, false), []);
}

#[test]
fn without_evidence_there_is_no_finding() {
    let mut profile = profile("https://id.example.org");
    profile.expect.roles.push("Editor".into());
    let identity = identity_from(&Answers::default());
    assert_eq!(told(&profile, &identity, None, false), []);
}

#[test]
fn no_roles_at_auth0_is_explained_with_an_action_to_paste() {
    let identity = identity(json!({"sub": "1"}), DocumentState::Opaque);
    let findings = told(&auth0(), &identity, None, false);
    assert_eq!(codes(&findings), ["no_entitlements", "access_token_opaque"]);
    let [none, opaque] = findings.as_slice() else { unreachable!() };
    assert_eq!(
        none.evidence,
        [
            "ID token: read, 1 claim",
            "Access token: can’t be read, it is not a JWT",
            "Userinfo: asking for it failed",
            "No document has a claim named by a URL"
        ]
    );
    let snippet = none.snippet.as_ref().unwrap();
    assert!(snippet.language == "js" && snippet.text.contains("\"https://example.com/auth\""), "{}", snippet.text);
    assert_eq!(opaque.severity, Severity::Info);
    assert!(opaque.fix.as_ref().unwrap().contains("audience"));
}

#[test]
fn the_action_uses_the_persons_own_namespace_and_nothing_that_could_break_out_of_it() {
    for (audience, claim) in [
        ("https://api.acme.example/v1", "https://api.acme.example/auth"),
        ("https://acme.eu.auth0.com/api/v2/", "https://example.com/auth"),
        ("my api", "https://example.com/auth"),
        ("https://x.example/\";evil();\"", "https://x.example/auth"),
        ("foo://a\";evil()", "https://example.com/auth"),
    ] {
        let mut profile = auth0();
        profile.audience = Some(audience.into());
        let findings = told(&profile, &identity(json!({}), DocumentState::Read), None, false);
        let text = &findings[0].snippet.as_ref().unwrap().text;
        assert!(text.contains(&format!("const claim = \"{claim}\";")), "{text}");
        assert!(!text.contains("evil"));
    }
}

#[test]
fn every_product_has_a_fix_of_its_own() {
    for kind in Product::all() {
        let mut profile = profile("https://id.example.org");
        profile.provider = Some(kind);
        let findings = told(&profile, &identity(json!({}), DocumentState::Opaque), None, false);
        let findings: Vec<_> = findings.into_iter().filter(|one| one.code == "no_entitlements").collect();
        assert!(findings[0].fix.as_ref().unwrap().len() >= 60, "{kind:?}");
        assert_eq!(findings[0].snippet.is_some(), kind == Product::AUTH0);
    }
}

#[test]
fn an_opaque_access_token_elsewhere_is_only_told() {
    let identity = identity(json!({"roles": ["a"]}), DocumentState::Opaque);
    let findings = told(&profile("https://id.example.org"), &identity, None, false);
    assert_eq!(codes(&findings), ["access_token_opaque"]);
    assert_eq!(findings[0].fix, None);
}

#[test]
fn a_scope_that_was_asked_for_and_not_granted_is_named() {
    let identity = identity(json!({"roles": ["a"]}), DocumentState::Read);
    let mut profile = profile("https://id.example.org");
    profile.scopes = Scopes::parse("openid profile groups offline_access");
    let findings = told(&profile, &identity, Some("profile\u{1b}[0m profile"), false);
    assert_eq!(codes(&findings), ["scope_not_granted"]);
    assert_eq!(findings[0].title, "The provider did not grant the scope groups");
    assert_eq!(findings[0].evidence[1], "Granted: profile[0m profile");
    assert_eq!(told(&profile, &identity, Some(" "), false), []);

    let google = self::profile("https://accounts.google.com");
    let granted =
        "openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile";
    assert_eq!(told(&google, &identity, Some(granted), false), []);
    let mut keycloak = self::profile("https://id.example.org/realms/acme");
    keycloak.scopes = Scopes::parse("openid email roles");
    assert_eq!(told(&keycloak, &identity, Some("openid email"), false), []);
}

#[test]
fn a_refresh_token_that_was_withheld_leads_to_consent_and_the_providers_switches() {
    let identity = identity(json!({"roles": ["a"]}), DocumentState::Read);
    let mut profile = auth0();
    let findings = told(&profile, &identity, None, true);
    assert_eq!(codes(&findings), ["offline_access_without_refresh_token"]);
    let fix = findings[0].fix.as_ref().unwrap();
    for word in ["prompt=consent", "Allow Offline Access", "Refresh Token"] {
        assert!(fix.contains(word), "{word}: {fix}");
    }
    profile.ask_consent = true;
    let findings = told(&profile, &identity, None, true);
    assert!(!findings[0].fix.as_ref().unwrap().contains("prompt=consent"));
    assert!(findings[0].evidence.iter().any(|line| line.contains("prompt=consent")));
}

#[test]
fn each_expected_value_that_is_missing_is_told_with_what_comes_close() {
    let identity = identity(json!({"roles": ["editor", "Samples"], "groups": ["/staff/Writers"]}), DocumentState::Read);
    let mut profile = profile("https://id.example.org:8443");
    profile.expect.roles = vec!["editor".into(), "Editor".into(), "Publisher".into()];
    profile.expect.groups = vec!["Writers".into(), "Samples".into()];
    let findings = told(&profile, &identity, None, false);
    let titles: Vec<&str> = findings.iter().map(|finding| finding.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "The role Editor is not there",
            "The group Writers is not there",
            "The group Samples is not there",
            "The role Publisher is not there",
        ],
        "what comes close is told first"
    );
    let last = |index: usize| findings[index].evidence.last().unwrap().as_str();
    assert_eq!(last(0), "There is the role editor");
    assert_eq!(last(1), "There is the group /staff/Writers");
    assert_eq!(last(2), "There is the role Samples");
    assert!(findings[3].fix.as_ref().unwrap().contains("id.example.org:8443"));
}

#[test]
fn ui_6_groups_that_were_too_many_are_never_told_as_none() {
    for claims in [
        json!({"sub": "1", "_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://g.example"}}}),
        json!({"sub": "1", "hasgroups": true}),
    ] {
        let identity = identity(claims, DocumentState::Opaque);
        let findings = told(&profile("https://login.microsoftonline.com/t/v2.0"), &identity, None, false);
        assert_eq!(findings[0].code, "groups_overage");
        assert!(findings[0].title.contains("not included") && findings[0].evidence.len() == 2, "{:?}", findings[0]);
        assert!(!findings.iter().any(|finding| finding.code == "no_entitlements"), "{:?}", codes(&findings));
    }
}

/// A report is pasted into tickets and mails. Whatever came from the provider or the profile is in code there.
#[test]
fn cli_4_nothing_from_the_provider_is_markup_in_the_report() {
    for hostile in [
        "[EVIL](https://evil.example)",
        "![EVIL](https://evil.example/x.png)",
        "<a href='https://evil.example'>EVIL</a>",
        "<img src=x onerror=EVIL()>",
        "<script>EVIL()</script>",
        "<!-- EVIL -->",
        "`EVIL`",
        "``EVIL``",
        "```EVIL",
        "` [EVIL](https://evil.example) `",
        "~~~EVIL",
        "# EVIL",
        "- EVIL",
        "1. EVIL",
        "> EVIL",
        "| EVIL | x |",
        "***EVIL***",
        "~~EVIL~~",
        "$EVIL$",
        "https://evil.example/EVIL",
        "www.evil.example/EVIL",
        "EVIL@evil.example",
        "@EVIL",
        "#1EVIL",
        ":EVIL:",
        "[^EVIL]",
        "&#69;VIL EVIL",
        "\\EVIL",
        "EVIL\n\n# EVIL",
        "EVIL\n```\n<b>EVIL",
        "---EVIL",
    ] {
        let mut profile = auth0();
        profile.params.insert("organization".into(), hostile.into());
        profile.audience = Some(hostile.into());
        profile.expect.groups = vec![hostile.into()];
        profile.scopes = Scopes::parse(&format!("openid {hostile}"));
        let claims = json!({
            "sub": hostile, "org_id": hostile, "email": "a@e.org", "email_verified": false,
            "roles": [hostile, format!("x{hostile}")], "resource_access": {hostile: {"roles": ["reader"]}},
            "https://x.example/auth": {"roles": [hostile], "groups": ["a"]},
            format!("role{hostile}"): ["x"], "custom_claims": {format!("{hostile}roles"): [hostile]},
        });
        let mut identity = identity(claims, DocumentState::Opaque);
        for report in &mut identity.documents {
            report.reason = Some(hostile.into());
        }
        for wanted in [hostile, "Editor", "xEVIL"] {
            let wanted = Wanted { value: wanted.into(), kind: None };
            let evidence = Evidence { granted: Some(hostile), wanted: Some(&wanted), ..evidence(&profile, &identity) };
            let report = why(&evidence).report;
            assert!(report.contains("EVIL") && !outside_code(&report).contains("EVIL"), "{hostile}\n{report}");
        }
    }
}

/// The parts of a Markdown text outside code, by the rules of `CommonMark` for fences and code spans.
fn outside_code(text: &str) -> String {
    let mut outside = String::new();
    let mut fence: Option<usize> = None;
    for line in text.lines() {
        let ticks = line.chars().take_while(|c| *c == '`').count();
        match fence {
            Some(open) if ticks >= open && line[ticks..].trim().is_empty() => fence = None,
            Some(_) => {}
            None if ticks >= 3 && !line[ticks..].contains('`') => fence = Some(ticks),
            None => {
                for (at, part) in line.split('`').enumerate() {
                    if at % 2 == 0 {
                        outside.push_str(part);
                    }
                }
                outside.push('\n');
            }
        }
    }
    outside
}

/// Names that are nowhere else, each where another rule speaks of it.
#[test]
fn pd_4_a_report_names_no_role_unless_the_person_wants_that() {
    let odd = [
        "zq-admins",
        "zq-Editor",
        "zq-readers",
        "8a5b6c7d-1111-4222-8333-444455556666",
        "zq-own",
        "zq-gone",
        "zq-wish",
    ];
    let mut profile = auth0();
    profile.expect.roles = vec!["ZQ-ADMINS".into(), "zq-wish".into()];
    let claims = json!({
        "sub": "1", "groups": ["8a5b6c7d-1111-4222-8333-444455556666"], "user_metadata": {"roles": ["zq-own"]},
    });
    let access = json!({"roles": ["zq-admins", "zq-Editor"], "permissions": ["zq-readers"]});
    let answer = |document, claims: serde_json::Value| Answer {
        document,
        claims: claims.as_object().unwrap().clone(),
        verified: Verified::Signature,
    };
    let answers = vec![answer(DocumentKind::IdToken, claims), answer(DocumentKind::AccessToken, access)];
    let identity = identity_from(&Answers { answers, ..Answers::default() });
    let gone = Change { at: Timestamp(1), kind: Kind::Role, value: "zq-gone".into(), change: Became::ClaimVanished };
    let changes = [gone];
    let evidence = Evidence { changes: &changes, ..evidence(&profile, &identity) };
    let why = why(&evidence);
    assert!(codes(&why.findings).contains(&"lost_on_refresh"), "{:?}", codes(&why.findings));
    for name in odd {
        assert!(!why.report.to_lowercase().contains(&name.to_lowercase()), "{name}: {}", why.report);
    }
    assert!(why.report.contains("role 1") && why.report.contains("Names of roles and groups are left out"));
    let named = why_with(&evidence, Names::Listed).report;
    assert!(named.contains("- role `zq-Editor`, Access token `roles`"), "{named}");
    let wanted = Wanted { value: "zq-wish".into(), kind: None };
    let asked = why_with(&evidence.about(&wanted), Names::Counted).report;
    assert!(asked.contains("zq-wish") && !asked.contains("zq-Editor"), "the one asked about keeps its name: {asked}");
}
