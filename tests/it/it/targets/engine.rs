//! The engine: which token comes, from where, and what it costs the session.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use rolecall_engine::Code;
use rolecall_engine::config::Profile;
use rolecall_engine::engine::{AskPerson, Freshness};
use rolecall_engine::targets::{self, Ask, Found};
use rolecall_engine::tokens::{Secret, TokenKind};
use rolecall_it::{World, quick};
use rolecall_provider::{Endpoint, Fault, Options};
use serde_json::Value;

use super::with_targets;

const TWO: &str = r#"
[profiles.acme.targets.orders]
kind = "api"
resource = "https://orders.example/"
[profiles.acme.targets.images]
kind = "docker"
registry = "registry.example"
resource = "https://images.example/"
scopes = "openid email"
[profiles.acme.targets.dev]
kind = "kubernetes"
cluster = "https://api.dev.example:6443"
"#;
const MINUTE: Freshness = Freshness::ValidFor(Duration::from_secs(60));

fn claims(token: &Secret) -> Value {
    let body = token.expose().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64.decode(body).unwrap()).unwrap()
}

fn named(profile: &Profile, name: &str) -> Found {
    let target = profile.targets.iter().find(|target| target.name.as_str() == name).unwrap();
    Found { profile: profile.clone(), target: target.clone() }
}

async fn signed_in() -> (World, Profile) {
    let world = World::new();
    let profile = with_targets(&world, TWO);
    world.engine.sign_in(&profile, &quick(), |_| {}).await.unwrap();
    world.provider.forget_requests();
    (world, profile)
}

#[tokio::test]
async fn one_session_gives_each_target_a_token_for_it_alone_and_keeps_it() {
    let (world, profile) = signed_in().await;
    let token = async |name: &str| world.engine.target_token(&named(&profile, name), MINUTE).await.unwrap();
    let own = world.engine.token(&profile, TokenKind::Access, MINUTE).await.unwrap();
    let orders = token("orders").await;
    assert_eq!(claims(&orders.secret)["aud"], "https://orders.example/");
    assert!(orders.refreshed && orders.expires_at.is_some());
    let images = token("images").await;
    assert_eq!(claims(&images.secret)["aud"], "https://images.example/");
    assert_eq!(claims(&images.secret)["scope"], "openid email");
    let id = token("dev").await;
    assert_eq!((id.kind, world.refreshes()), (TokenKind::Id, 2));
    // Another process finds them in the key store.
    let other = world.another_engine();
    let again = other.target_token(&named(&profile, "orders"), MINUTE).await.unwrap();
    assert!(again.secret.matches(orders.secret.expose()) && world.refreshes() == 2);
    // The session's own token is what it was, and an ordinary refresh takes the rotated refresh token.
    let still = world.engine.token(&profile, TokenKind::Access, MINUTE).await.unwrap();
    assert!(still.secret.matches(own.secret.expose()));
    world.engine.refresh(&profile).await.unwrap();
    assert!(world.provider.reused_refresh_tokens().is_empty() && world.provider.live_sessions() == 1);
    assert!(token("orders").await.secret.matches(orders.secret.expose()), "a refresh leaves it");
    let new = world.engine.target_token(&named(&profile, "orders"), Freshness::New).await.unwrap();
    assert!(new.refreshed && !new.secret.matches(orders.secret.expose()));
}

#[tokio::test]
async fn tg_2_a_wider_or_other_kept_token_is_not_handed_out_for_a_narrower_request() {
    let (world, profile) = signed_in().await;
    let ask = |scopes: &[&str]| Ask {
        resources: vec!["https://orders.example/".into()],
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..Ask::of_session(TokenKind::Access)
    };
    let wide = world.engine.token_for(&profile, &ask(&["openid", "profile", "email"]), MINUTE).await.unwrap();
    for (number, scopes) in [&["openid"][..], &["openid", "email"], &[]].into_iter().enumerate() {
        let token = world.engine.token_for(&profile, &ask(scopes), MINUTE).await.unwrap();
        assert!(token.refreshed && !token.secret.matches(wide.secret.expose()), "{scopes:?}");
        assert_eq!(world.refreshes(), number + 2);
    }
    let same = world.engine.token_for(&profile, &ask(&["email", "openid", "profile"]), MINUTE).await.unwrap();
    assert!(!same.refreshed && same.secret.matches(wide.secret.expose()), "the order says nothing");
}

#[tokio::test]
async fn tg_2_a_provider_that_answers_for_its_usual_audience_in_silence_is_told_and_costs_no_session() {
    let (world, profile) = signed_in().await;
    world.provider.fault(Fault::AudienceIgnored);
    let problem = world.engine.target_token(&named(&profile, "orders"), MINUTE).await.unwrap_err();
    assert_eq!(problem.code, Code::WrongToken);
    assert!(problem.detail.contains("https://orders.example/") && problem.detail.contains("/userinfo"), "{problem}");
    world.provider.clear_faults();
    assert!(world.provider.reused_refresh_tokens().is_empty() && world.provider.live_sessions() == 1);
    world.another_engine().refresh(&profile).await.unwrap();
    world.provider.fault(Fault::TokenMember("scope", "\"openid\""));
    let problem = world.engine.target_token(&named(&profile, "images"), MINUTE).await.unwrap_err();
    assert!(problem.code == Code::WrongToken && problem.detail.contains("lacks email"), "{problem}");
}

#[tokio::test]
async fn a_resource_that_the_sign_in_did_not_ask_for_is_refused_with_the_way_on_and_the_session_kept() {
    let (world, profile) = signed_in().await;
    let ask = Ask { resources: vec!["https://other.example/".into()], ..Ask::of_session(TokenKind::Access) };
    let problem = world.engine.token_for(&profile, &ask, MINUTE).await.unwrap_err();
    assert_eq!((problem.code, problem.code.row().command), (Code::TokenRefused, "rolecall login"));
    assert!(problem.detail.contains("other.example") && problem.detail.contains("invalid_target"), "{problem}");
    assert!(world.is_signed_in().await && world.provider.live_sessions() == 1);
    // One that is over says so.
    world.provider.revoke_all();
    let problem = world.engine.target_token(&named(&profile, "orders"), MINUTE).await.unwrap_err();
    assert_eq!(problem.code, Code::SessionEnded, "{problem}");
    assert!(!world.is_signed_in().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_1_many_callers_for_one_target_make_one_request() {
    let (world, profile) = signed_in().await;
    world.provider.fault(Fault::Slow(Endpoint::Token, 200));
    let engines: Vec<_> = (0..6).map(|_| world.another_engine()).collect();
    let found = named(&profile, "orders");
    let calls = engines.iter().chain([&world.engine]).map(|engine| engine.target_token(&found, MINUTE));
    let tokens = futures_util::future::join_all(calls).await;
    let first = tokens[0].as_ref().unwrap().secret.clone();
    assert!(tokens.iter().all(|token| token.as_ref().unwrap().secret.matches(first.expose())));
    assert_eq!(world.refreshes(), 1);
    let calls = engines.iter().map(|engine| engine.target_token(&found, Freshness::New));
    let tokens = futures_util::future::join_all(calls).await;
    let new = tokens[0].as_ref().unwrap().secret.clone();
    assert!(!new.matches(first.expose()) && world.refreshes() == 2);
    assert!(tokens.iter().all(|token| token.as_ref().unwrap().secret.matches(new.expose())));
    assert!(world.provider.reused_refresh_tokens().is_empty());
}

#[tokio::test]
async fn rf_5_a_provider_in_trouble_costs_nothing_and_an_answer_that_was_lost_is_asked_for_again() {
    let world = World::with(Options { grace: 60, ..Options::default() });
    let profile = with_targets(&world, TWO);
    world.engine.sign_in(&profile, &quick(), |_| {}).await.unwrap();
    world.provider.fault(Fault::Status(Endpoint::Token, 503));
    let problem = world.engine.target_token(&named(&profile, "orders"), MINUTE).await.unwrap_err();
    assert_eq!(problem.code, Code::ProviderFailing);
    world.provider.clear_faults();
    world.provider.fault(Fault::AnswerLost);
    let token = world.engine.target_token(&named(&profile, "orders"), MINUTE).await.unwrap();
    assert_eq!(claims(&token.secret)["aud"], "https://orders.example/");
    world.another_engine().refresh(&profile).await.unwrap();
}

#[tokio::test]
async fn a_token_ends_for_its_target_as_it_ends() {
    let (world, profile) = signed_in().await;
    let found = named(&profile, "orders");
    let first = world.engine.target_token(&found, MINUTE).await.unwrap();
    world.clock.set_wall(3600 - 30);
    let second = world.another_engine().target_token(&found, MINUTE).await.unwrap();
    assert!(second.refreshed && !second.secret.matches(first.secret.expose()));
    world.engine.sign_out(&profile, false).await.unwrap();
    let problem = world.engine.target_token(&found, MINUTE).await.unwrap_err();
    assert_eq!(problem.code, Code::SignInNeeded);
    assert!(world.key_store.items().is_empty(), "nothing of it stays in the key store");
}

#[tokio::test]
async fn a_token_that_was_refused_is_replaced_once() {
    let (world, profile) = signed_in().await;
    let found = named(&profile, "orders");
    let get = async |caller| {
        let token = world.engine.token_for_caller(&found, caller, Duration::from_secs(60)).await;
        token.unwrap().secret
    };
    let first = get(Some(7)).await;
    assert!(get(Some(8)).await.matches(first.expose()), "another caller was not refused");
    let second = get(Some(7)).await;
    assert!(!second.matches(first.expose()), "asking twice says that the first was refused");
    assert!(get(Some(7)).await.matches(second.expose()), "and that is all there is to try");
    world.engine.note_refused_token(&found, &second).unwrap();
    assert!(get(None).await.matches(second.expose()));
    world.clock.set_wall(400);
    world.engine.note_refused_token(&found, &second).unwrap();
    assert!(!get(None).await.matches(second.expose()), "a while later it is tried again");
}

#[tokio::test(flavor = "multi_thread")]
async fn tg_3_one_program_asks_the_person_the_others_wait_and_nobody_asks_after_a_failure() {
    let world = World::new();
    let profile = with_targets(&world, TWO);
    let short = Duration::from_millis(100);
    let AskPerson::Yes(leave) = world.engine.may_ask_person(&profile, short).await.unwrap() else { panic!() };
    let problem = world.another_engine().may_ask_person(&profile, short).await.unwrap_err();
    assert_eq!(problem.code, Code::SignInNeeded);
    assert!(problem.detail.contains("another program"), "{problem}");
    // The one that waits finds the session.
    let other = world.another_engine();
    let (waiting, profile_there) = (Duration::from_secs(20), profile.clone());
    let waits = tokio::spawn(async move { other.may_ask_person(&profile_there, waiting).await });
    world.engine.sign_in(&profile, &quick(), |_| {}).await.unwrap();
    drop(leave);
    assert!(matches!(waits.await.unwrap().unwrap(), AskPerson::SignedIn));
    world.engine.sign_out(&profile, false).await.unwrap();
    let AskPerson::Yes(leave) = world.engine.may_ask_person(&profile, short).await.unwrap() else { panic!() };
    leave.failed(&world.engine);
    let problem = world.another_engine().may_ask_person(&profile, short).await.unwrap_err();
    assert!(problem.code == Code::SignInNeeded && problem.detail.contains("five minutes"), "{problem}");
    world.clock.set_wall(301);
    assert!(matches!(world.engine.may_ask_person(&profile, short).await.unwrap(), AskPerson::Yes(_)));
}

#[tokio::test]
async fn tk_1_no_token_of_a_target_is_in_the_state_folder_or_the_configuration() {
    let (world, profile) = signed_in().await;
    let mut tokens = Vec::new();
    for name in ["orders", "images", "dev"] {
        let token = world.engine.token_for_caller(&named(&profile, name), Some(7), Duration::from_secs(60)).await;
        tokens.push(token.unwrap().secret);
    }
    let folders = world.ports().folders;
    for folder in [&folders.state, &folders.config] {
        for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
            assert!(!tokens.iter().any(|token| text.contains(token.expose())), "{}", file.display());
        }
    }
    assert!(targets::named(&world.engine.config().unwrap(), None, "orders").is_ok());
}
