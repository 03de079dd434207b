//! The provider's answers claim by claim, without any token in them.

use rolecall_engine::documents::{ClaimUse, Document, Documents, Form};
use rolecall_engine::engine::Live;
use rolecall_engine::identity::{DocumentKind, DocumentState, Verified};
use rolecall_engine::problem::Code;
use rolecall_engine::view::KeyStoreState;
use rolecall_it::{Behavior, World, until};
use rolecall_provider::Fault;

fn of(documents: &Documents, kind: DocumentKind) -> &Document {
    documents.documents.iter().find(|document| document.document == kind).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_says_how_it_was_checked_and_what_its_claims_mean() {
    let world = World::new();
    world.sign_in().await.unwrap();
    let documents = world.engine.documents(&world.profile()).await.unwrap();
    let [id, access, userinfo] = documents.documents.as_slice() else { panic!("three documents") };
    assert_eq!((id.verified, id.available, id.state), (Verified::Signature, true, DocumentState::Read));
    let signature = id.signature.as_ref().unwrap();
    assert!(signature.alg == "RS256" && signature.key.is_some(), "{signature:?}");
    let auth = &id.claims[0];
    assert_eq!(
        (auth.name.as_str(), auth.usage, auth.form),
        ("https://example.com/auth", ClaimUse::Read, Form::Structure)
    );
    assert_eq!(auth.value, r#"{ "groups": ["Samples"], "roles": ["Editor"] }"#);
    let exp = id.claims.iter().find(|claim| claim.name == "exp").unwrap();
    assert_eq!((exp.form, exp.time.map(|time| time.to_string())), (Form::Time, Some(exp.value.clone())));
    assert_eq!(access.verified, Verified::Signature, "one of the published keys signed it");
    assert_eq!(access.claims[0].name, "permissions");
    assert_eq!((userinfo.verified, userinfo.signature.is_some()), (Verified::Tls, false));
    assert_eq!(documents.provider, world.profile().issuer.host(), "of a make nobody knows the host is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn ui_1_no_token_is_among_the_claims_even_where_the_provider_puts_one_into_them() {
    let world = World::new();
    for fault in [Fault::AggregatedClaims, Fault::UserinfoClaim("note", "\"Bearer eyJhbGciOiJub25lIn0.eyJhIjoxfQ.x\"")]
    {
        world.provider.fault(fault);
    }
    world.sign_in().await.unwrap();
    let profile = world.profile();
    let documents = world.engine.documents(&profile).await.unwrap();
    let mut text = serde_json::to_string(&documents).unwrap();
    for (document, name) in documents
        .documents
        .iter()
        .flat_map(|document| document.claims.iter().map(move |claim| (document.document, claim.name.as_str())))
    {
        text += &world.engine.claim(&profile, document, name).await.unwrap().unwrap();
    }
    assert!(text.contains("_claim_sources") && text.contains("not shown"), "userinfo is among it: {text}");
    assert!(!text.contains("eyJ"), "{text}");
    for secret in world.provider.secrets() {
        let signature = secret.rsplit('.').next().unwrap();
        assert!(!text.contains(&secret) && (signature.len() < 20 || !text.contains(signature)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_read_without_the_network_and_userinfo_is_written_nowhere() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.provider.stop();
    let other = world.another_engine();
    let documents = other.documents(&world.profile()).await.unwrap();
    assert!(of(&documents, DocumentKind::IdToken).available && of(&documents, DocumentKind::AccessToken).available);
    let userinfo = of(&documents, DocumentKind::Userinfo);
    assert!(!userinfo.available && userinfo.claims.is_empty() && userinfo.state == DocumentState::Read);
    assert!(userinfo.names.iter().any(|name| name == "email"), "what it held is known by name: {:?}", userinfo.names);

    world.provider.resume().unwrap();
    other.refresh(&world.profile()).await.unwrap();
    let documents = other.documents(&world.profile()).await.unwrap();
    assert!(of(&documents, DocumentKind::Userinfo).claims.iter().any(|claim| claim.value == "ed@example.com"));
    other.sign_out(&world.profile(), false).await.unwrap();
    assert_eq!(other.documents(&world.profile()).await.unwrap_err().code, Code::SignInNeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_is_never_told_as_checked_when_nobody_checked_it() {
    let world = World::new();
    world.sign_in().await.unwrap();
    let mut profile = world.profile();
    let state = world.ports().folders.state;
    let noted = std::fs::read_dir(state).unwrap().flatten().map(|file| file.path());
    let noted: Vec<_> = noted.filter(|path| path.to_string_lossy().ends_with("last.json")).collect();
    for path in &noted {
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(noted.len(), 1);
    let documents = world.another_engine().documents(&profile).await.unwrap();
    assert_eq!(of(&documents, DocumentKind::AccessToken).verified, Verified::None, "what was noted of it is gone");

    profile.name = "opaque".parse().unwrap();
    world.provider.fault(Fault::OpaqueAccessToken);
    world.engine.sign_in(&profile, &rolecall_it::quick(), |_| {}).await.unwrap();
    let documents = world.engine.documents(&profile).await.unwrap();
    let access = of(&documents, DocumentKind::AccessToken);
    assert_eq!((access.state, access.available, access.claims.len()), (DocumentState::Opaque, false, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_locked_key_store_there_is_nothing_to_read_and_the_view_says_so() {
    let world = World::new();
    world.save_profile();
    world.sign_in().await.unwrap();
    let live = world.engine.live();
    works(&live).await;
    world.key_store.set(Behavior::Locked);
    assert_eq!(live.documents().await.unwrap_err().code, Code::KeyStoreLocked);
    assert_eq!(live.view().borrow().key_store.state, KeyStoreState::Locked);
    assert_eq!(live.check_key_store().await.unwrap_err().code, Code::KeyStoreLocked);
    world.key_store.set(Behavior::Works);
    live.check_key_store().await.unwrap();
    works(&live).await;
    assert_eq!(live.documents().await.unwrap().documents.len(), 3);
    assert!(live.claim(DocumentKind::IdToken, "sub").await.unwrap().is_some_and(|sub| sub.contains("ed")));
    assert_eq!(live.claim(DocumentKind::IdToken, "no such claim").await.unwrap(), None);
}

async fn works(live: &Live) {
    until("the key store works", || live.view().borrow().key_store.state == KeyStoreState::Works).await;
}
