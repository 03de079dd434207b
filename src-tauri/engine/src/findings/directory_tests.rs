//! What is said of each pair: a document has or lacks it, the directory has it, has it not, or could not be asked.

use serde_json::json;

use super::*;
use crate::config::{Issuer, Profile};
use crate::identity::{
    Answer, Answers, Asked, Assigned, ClientReach, Directory, DocumentKind, Entitlement, Identity, Kind, KindAnswer,
    SourcePath, Through, Verified, identity_from,
};
use crate::ports::Timestamp;

fn profile(issuer: &str) -> Profile {
    Profile::new("work".parse().unwrap(), Issuer::parse(issuer).unwrap(), "desktop".into())
}

fn keycloak() -> Profile {
    profile("https://id.example.org/realms/acme")
}

fn identity(claims: serde_json::Value) -> Identity {
    let serde_json::Value::Object(claims) = claims else { panic!("claims are an object") };
    let answer = |document| Answer { document, claims: claims.clone(), verified: Verified::Signature };
    identity_from(&Answers {
        answers: vec![answer(DocumentKind::IdToken), answer(DocumentKind::AccessToken)],
        ..Answers::default()
    })
}

fn assigned(kind: Kind, value: &str, through: Option<Through>) -> Assigned {
    Assigned {
        kind,
        value: value.into(),
        also_written: Vec::new(),
        context: None,
        path: SourcePath::from(vec!["roles".to_owned()]),
        through,
        eligible: false,
        class: None,
    }
}

fn directory(role: Asked, group: Asked, all: Vec<Assigned>) -> Directory {
    let answer = |kind, state| KindAnswer { kind, state, needs: Some("needs consent".into()), by_id: false };
    Directory {
        asked_at: Timestamp(1000),
        host: "id.example.org".into(),
        asked_as: "Ed".into(),
        requests: Vec::new(),
        kinds: vec![
            answer(Kind::Role, role),
            answer(Kind::Group, group),
            answer(Kind::Permission, Asked::CouldNotBeAsked),
        ],
        remarks: Vec::new(),
        assigned: all,
        client: None,
    }
}

/// The codes told of a role, with the directory asked so many seconds after the tokens were read.
fn told(
    profile: &Profile,
    identity: &Identity,
    directory: &Directory,
    wanted: (&str, Kind),
    later: i64,
) -> Vec<String> {
    let wanted = Wanted { value: wanted.0.into(), kind: Some(wanted.1) };
    let evidence = Evidence {
        refreshed_at: Timestamp(1000 - later),
        now: Timestamp(1000),
        wanted: Some(&wanted),
        directory: Some(directory),
        ..Evidence::of_identity(profile, identity)
    };
    findings(&evidence).into_iter().map(|finding| finding.code).collect()
}

const EDITOR: (&str, Kind) = ("Editor", Kind::Role);

#[test]
fn dr_1_only_an_answer_to_the_end_says_not_assigned() {
    let (profile, identity) = (profile("https://idp.example"), identity(json!({"sub": "1", "roles": ["Reader"]})));
    for (state, code) in [
        (Asked::Fully, "not_assigned"),
        (Asked::Partly, "directory_could_not_be_asked"),
        (Asked::CouldNotBeAsked, "directory_could_not_be_asked"),
    ] {
        let asked = directory(state, Asked::Fully, vec![assigned(Kind::Role, "Reader", None)]);
        let codes = told(&profile, &identity, &asked, EDITOR, 0);
        assert!(codes.contains(&code.to_owned()), "{state:?}: {codes:?}");
        assert_eq!(codes.contains(&"not_assigned".to_owned()), state == Asked::Fully, "{codes:?}");
    }
    let mut by_id = directory(Asked::Fully, Asked::Fully, Vec::new());
    by_id.kinds[0].by_id = true;
    assert!(
        !told(&profile, &identity, &by_id, EDITOR, 0).contains(&"not_assigned".to_owned()),
        "a name is not found by ID"
    );
    // Of what kind it is was not said, so every kind has to be asked.
    let asked = directory(Asked::Fully, Asked::CouldNotBeAsked, Vec::new());
    let wanted = Wanted { value: "Editor".into(), kind: None };
    let evidence =
        Evidence { wanted: Some(&wanted), directory: Some(&asked), ..Evidence::of_identity(&profile, &identity) };
    assert!(findings(&evidence).iter().all(|finding| finding.code != "not_assigned"));
}

#[test]
fn what_is_assigned_and_not_sent_is_told_with_the_age_of_the_tokens_first() {
    let (profile, identity) = (profile("https://idp.example"), identity(json!({"sub": "1", "roles": ["Reader"]})));
    let asked = directory(Asked::Fully, Asked::Fully, vec![assigned(Kind::Role, "Editor", None)]);
    assert_eq!(told(&profile, &identity, &asked, EDITOR, 5)[0], "assigned_not_sent");
    assert_eq!(told(&profile, &identity, &asked, EDITOR, 16)[0], "assigned_since", "a change may be seconds old");
    let codes = told(&profile, &identity, &asked, EDITOR, 600);
    assert_eq!(codes[0], "assigned_since");
    assert!(codes.contains(&"assigned_not_sent".to_owned()), "{codes:?}");
    assert!(
        !codes.contains(&"expected_missing".to_owned()),
        "nobody has to be asked whether it is assigned: {codes:?}"
    );
}

#[test]
fn assigned_after_the_refresh_is_ruled_out_only_by_an_answer_from_before_it() {
    let (profile, identity) = (profile("https://idp.example"), identity(json!({"sub": "1", "roles": ["Reader"]})));
    let asked = directory(Asked::Fully, Asked::Fully, vec![assigned(Kind::Role, "Editor", None)]);
    let wanted = Wanted { value: "Editor".into(), kind: Some(Kind::Role) };
    for (later, ruled_out) in [(-1, true), (0, false), (1, false), (5, false), (6, false), (600, false)] {
        let evidence = Evidence {
            refreshed_at: Timestamp(1000 - later),
            now: Timestamp(1000),
            wanted: Some(&wanted),
            directory: Some(&asked),
            ..Evidence::of_identity(&profile, &identity)
        };
        let out = why(&evidence).ruled_out;
        let said = out.iter().any(|line| line == "Assigned after the last refresh");
        assert_eq!(said, ruled_out, "asked {later} s after the refresh: {out:?}");
        assert!(out.contains(&"Not assigned".to_owned()), "{out:?}");
    }
}

#[test]
fn nested_and_eligible_are_causes_of_their_own() {
    let (profile, identity) = (profile("https://idp.example"), identity(json!({"sub": "1", "roles": ["Reader"]})));
    let nested = Through { kind: Kind::Group, name: "Staff".into(), nested: true };
    let asked = directory(Asked::Fully, Asked::Fully, vec![assigned(Kind::Role, "Editor", Some(nested))]);
    let codes = told(&profile, &identity, &asked, EDITOR, 0);
    assert_eq!(codes[0], "assigned_through_nested_group");
    assert!(!codes.contains(&"assigned_not_sent".to_owned()), "{codes:?}");
    let eligible = Assigned { eligible: true, ..assigned(Kind::Role, "Editor", None) };
    let asked = directory(Asked::Fully, Asked::Fully, vec![eligible]);
    assert_eq!(told(&profile, &identity, &asked, EDITOR, 0)[0], "eligible_only");
    assert!(!identity.entitlements.with_directory(&asked).has(Kind::Role, "Editor"), "it holds for nothing yet");
}

#[test]
fn what_the_tokens_have_and_the_directory_has_not_was_taken_away_unless_names_differ() {
    let profile = profile("https://idp.example");
    let identity = identity(json!({"sub": "1", "roles": ["Reader", "Editor"]}));
    let asked = directory(Asked::Fully, Asked::Fully, vec![assigned(Kind::Role, "Reader", None)]);
    assert!(told(&profile, &identity, &asked, EDITOR, 0).contains(&"no_longer_assigned".to_owned()));
    let none = directory(Asked::Fully, Asked::Fully, Vec::new());
    assert!(told(&profile, &identity, &none, EDITOR, 0).contains(&"no_longer_assigned".to_owned()));
    let other = directory(
        Asked::Fully,
        Asked::Fully,
        vec![assigned(Kind::Role, "rol_1", None), assigned(Kind::Role, "rol_2", None)],
    );
    assert!(!told(&profile, &identity, &other, EDITOR, 0).contains(&"no_longer_assigned".to_owned()), "other names");
    let partly = directory(Asked::Partly, Asked::Fully, vec![assigned(Kind::Role, "Reader", None)]);
    assert!(
        !told(&profile, &identity, &partly, EDITOR, 0).contains(&"no_longer_assigned".to_owned()),
        "not all was asked"
    );
}

#[test]
fn at_keycloak_the_cut_is_named_for_certain_and_a_guess_that_is_ruled_out_is_not_told() {
    let (profile, identity) = (keycloak(), identity(json!({"sub": "1", "azp": "x", "preferred_username": "ed"})));
    let mut asked = directory(
        Asked::Fully,
        Asked::Fully,
        vec![assigned(Kind::Role, "Editor", None), assigned(Kind::Role, "Other", None)],
    );
    asked.client = Some(ClientReach { client: "desktop".into(), full_scope: Some(false), ..ClientReach::default() });
    let wanted = Wanted { value: "Editor".into(), kind: None };
    let evidence = Evidence {
        wanted: Some(&wanted),
        directory: Some(&asked),
        refreshed_at: asked.asked_at,
        ..Evidence::of_identity(&profile, &identity)
    };
    let why = why(&evidence);
    assert_eq!(why.findings[0].code, "full_scope_off");
    assert!(why.findings[0].evidence.iter().any(|line| line == "Cut as well: Other"), "{:?}", why.findings[0]);
    assert!(why.findings.iter().all(|finding| finding.code != "assigned_not_sent"));
    assert!(why.ruled_out.contains(&"Not assigned".to_owned()));
    assert!(!why.report.contains("Other"), "a role that nobody asked about: {}", why.report);
    assert!(why.findings[0].snippet.as_ref().is_some_and(|snippet| snippet.text.contains("roles/'Editor'")));

    let none = directory(Asked::Fully, Asked::Fully, Vec::new());
    let codes = told(&profile, &identity, &none, EDITOR, 0);
    assert_eq!(codes[0], "not_assigned");
    assert!(!codes.contains(&"roles_scope_missing".to_owned()), "{codes:?}");
}

#[test]
fn an_expected_role_is_told_with_what_the_directory_says() {
    let mut profile = profile("https://idp.example");
    profile.expect.roles = vec!["Editor".into(), "Publisher".into()];
    let identity = identity(json!({"sub": "1", "roles": ["Reader"]}));
    let asked = directory(Asked::Fully, Asked::Fully, vec![assigned(Kind::Role, "Editor", None)]);
    let evidence = Evidence { directory: Some(&asked), ..Evidence::of_identity(&profile, &identity) };
    let about = |finding: &Finding| Some((finding.about.as_ref()?.value.clone(), finding.code.clone()));
    let told: Vec<(String, String)> = findings(&evidence).iter().filter_map(about).collect();
    assert!(told.contains(&("Publisher".into(), "not_assigned".into())), "{told:?}");
    assert!(told.iter().any(|(value, code)| value == "Editor" && code.starts_with("assigned")), "{told:?}");
}

#[test]
fn a_source_of_the_directory_is_never_one_of_a_document() {
    let identity = identity(json!({"sub": "1", "groups": ["writers"]}));
    let group = Assigned { also_written: vec!["writers".into()], ..assigned(Kind::Group, "/staff/writers", None) };
    let asked = directory(Asked::Fully, Asked::Fully, vec![group, assigned(Kind::Group, "Lone", None)]);
    let merged = identity.entitlements.with_directory(&asked);
    let of = |value: &str| merged.groups.iter().find(|group| group.value == value).unwrap();
    assert_eq!(merged.groups.len(), 2, "one group, however it is written");
    assert!(
        of("writers").is_in_a_document() && of("writers").sources.last().unwrap().document == DocumentKind::Directory
    );
    assert!(!of("Lone").is_in_a_document());
    assert!(!identity.entitlements.has(Kind::Group, "Lone"), "what the documents say stays as it is");
}

#[test]
fn av_1_ten_thousand_groups_are_held_against_ten_thousand_in_a_blink() {
    let many: Vec<String> = (0..10_000).map(|number| format!("/company/team-{number}")).collect();
    let identity = identity(json!({"sub": "1", "groups": many}));
    let all = many.iter().map(|group| assigned(Kind::Group, group, None)).collect();
    let asked = directory(Asked::Fully, Asked::Fully, all);
    let profile = keycloak();
    // Quadratic, this would take minutes in a build without optimisation.
    let merged = identity.entitlements.with_directory(&asked);
    assert!(merged.groups.len() == 10_000 && merged.groups.iter().all(Entitlement::is_in_a_document));
    let evidence = Evidence { directory: Some(&asked), ..Evidence::of_identity(&profile, &identity) };
    assert!(findings(&evidence).iter().all(|finding| finding.code != "no_longer_assigned"));
}
