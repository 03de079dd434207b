//! Documents as providers send them, with what is to be read in them and what is to be said first. A person adds one by
//! adding a file; no code has to change.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rolecall_engine::config::{Expect, Issuer, Product, Profile, Scopes};
use rolecall_engine::findings::{Evidence, Wanted, findings};
use rolecall_engine::history::{History, Kind};
use rolecall_engine::identity::{
    Answer, Answers, ClaimPath, DocumentKind, DocumentState, Entitlement, Identity, Verified, identity_from,
};
use rolecall_engine::ports::Timestamp;
use serde::Deserialize;
use serde_json::Value;

type Sources = BTreeMap<String, Vec<String>>;

/// One file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    about: String,
    issuer: String,
    provider: Option<String>,
    scopes: Option<String>,
    audience: Option<String>,
    #[serde(default)]
    params: BTreeMap<String, String>,
    #[serde(default)]
    claims: Vec<Place>,
    #[serde(default)]
    expect: Expect,
    granted: Option<String>,
    #[serde(default)]
    scopes_supported: Vec<String>,
    wanted: Option<Asked>,
    /// How long ago the documents were read, in seconds.
    #[serde(default)]
    age: i64,
    /// What the documents were at the refresh before.
    before: Option<BTreeMap<DocumentKind, Value>>,
    documents: BTreeMap<DocumentKind, Value>,
    roles: Sources,
    groups: Sources,
    permissions: Sources,
    #[serde(default, rename = "own_word")]
    self_asserted: Sources,
    first: Option<String>,
}

#[derive(Deserialize)]
struct Place {
    path: Vec<String>,
    means: Kind,
}

#[derive(Deserialize)]
struct Asked {
    value: String,
    kind: Option<Kind>,
}

#[test]
fn every_provider_is_read_and_explained_as_its_fixture_says() {
    let mut wrong = String::new();
    let all = all();
    assert!(all.len() > 60, "the fixtures are missing");
    for (name, fixture) in &all {
        check(name, fixture, &mut wrong);
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// `fixtures/README.md` is made from the fixtures and compared with the committed file.
#[test]
fn a_table_lists_every_fixture() {
    let mut text = String::from(
        "# Fixtures\n\nDocuments as providers send them; see `../it/fixtures.rs` for the form. This table is made by `cargo xtask generate`.\n\n| file | what it shows | said first |\n|---|---|---|\n",
    );
    for (name, fixture) in all() {
        let first = fixture.first.map_or_else(|| "nothing".to_owned(), |code| format!("`{code}`"));
        writeln!(text, "| `{name}` | {} | {first} |", fixture.about).unwrap();
    }
    rolecall_it::generated::assert_current(&folder().join("README.md"), &text);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn all() -> Vec<(String, Fixture)> {
    let mut all = Vec::new();
    for provider in fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in fs::read_dir(provider).unwrap().map(|entry| entry.unwrap().path()) {
            let name = file.strip_prefix(folder()).unwrap().to_string_lossy().replace('\\', "/");
            let fixture = serde_json::from_slice(&fs::read(&file).unwrap());
            all.push((name.clone(), fixture.unwrap_or_else(|error| panic!("{name}: {error}"))));
        }
    }
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all
}

fn check(name: &str, fixture: &Fixture, wrong: &mut String) {
    let profile = profile(fixture);
    let identity = identity(&profile, &fixture.documents);
    let own: Vec<Entitlement> = identity.self_asserted.iter().map(|(_, found)| found.clone()).collect();
    for (what, list, expected) in [
        ("roles", &identity.entitlements.roles, &fixture.roles),
        ("groups", &identity.entitlements.groups, &fixture.groups),
        ("permissions", &identity.entitlements.permissions, &fixture.permissions),
        ("self-asserted", &own, &fixture.self_asserted),
    ] {
        let read = sources(list);
        if read != *expected {
            writeln!(wrong, "{name}: {what}\n  read      {read:?}\n  expected  {expected:?}").unwrap();
        }
    }
    let mut history = History::default();
    if let Some(before) = &fixture.before {
        history.record(&self::identity(&profile, before), Timestamp(0), true);
    }
    let changes = history.record(&identity, Timestamp(1), false);
    let wanted = fixture.wanted.as_ref().map(|asked| Wanted { value: asked.value.clone(), kind: asked.kind });
    let evidence = Evidence {
        granted: fixture.granted.as_deref(),
        scopes_supported: &fixture.scopes_supported,
        changes: &changes,
        refreshed_at: Timestamp(1),
        now: Timestamp(1 + fixture.age),
        wanted: wanted.as_ref(),
        ..Evidence::of_identity(&profile, &identity)
    };
    let found = findings(&evidence);
    let codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
    if codes.first().copied() != fixture.first.as_deref() {
        writeln!(wrong, "{name}: said {codes:?}, expected {:?} first", fixture.first).unwrap();
    }
    for finding in found {
        if finding.evidence.is_empty() {
            writeln!(wrong, "{name}: {} has no evidence", finding.code).unwrap();
        }
    }
}

fn profile(fixture: &Fixture) -> Profile {
    let provider = fixture.provider.as_deref().map(|word| Product::of_word(word).expect("a known provider"));
    let issuer = Issuer::parse(&fixture.issuer).unwrap();
    let mut profile = Profile::at("fixture".parse().unwrap(), issuer, "desktop".into(), provider);
    if let Some(scopes) = &fixture.scopes {
        profile.scopes = Scopes::parse(scopes);
    }
    profile.audience.clone_from(&fixture.audience);
    profile.params.clone_from(&fixture.params);
    profile.expect = fixture.expect.clone();
    profile.claims =
        fixture.claims.iter().map(|place| ClaimPath { path: place.path.clone(), means: place.means }).collect();
    profile
}

fn identity(profile: &Profile, documents: &BTreeMap<DocumentKind, Value>) -> Identity {
    let mut answers = Answers {
        issuer: profile.issuer.as_str().into(),
        paths: profile.claims.clone(),
        conventions: profile.product().conventions(),
        ..Answers::default()
    };
    for (document, content) in documents {
        match content {
            Value::Object(claims) => {
                let verified = if *document == DocumentKind::Userinfo { Verified::Tls } else { Verified::Signature };
                answers.answers.push(Answer { document: *document, claims: claims.clone(), verified });
            }
            word => {
                let state: DocumentState = serde_json::from_value(word.clone()).expect("claims or a state");
                answers.unread.push((*document, state));
            }
        }
    }
    identity_from(&answers)
}

fn sources(list: &[Entitlement]) -> Sources {
    let name = |found: &Entitlement| match &found.context {
        Some(context) => format!("{} ({context})", found.value),
        None => found.value.clone(),
    };
    let word = |document: DocumentKind| match serde_json::to_value(document) {
        Ok(Value::String(word)) => word,
        other => panic!("{other:?}"),
    };
    let one = |found: &Entitlement| {
        found.sources.iter().map(|source| format!("{}: {}", word(source.document), source.path.join(" › "))).collect()
    };
    list.iter().map(|found| (name(found), one(found))).collect()
}
