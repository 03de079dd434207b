//! Refreshing: once for all who ask, nothing lost, nothing taken over from somebody else.

use std::time::Duration;

use rolecall_engine::Code;
use rolecall_engine::engine::Freshness;
use rolecall_engine::history::Became;
use rolecall_engine::tokens::Secret;
use rolecall_engine::tokens::TokenKind;
use rolecall_engine::vault::Vault;
use rolecall_it::{World, signed_in, until};
use rolecall_provider::{Endpoint, Fault, Options};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_fresh_token_asks_nobody() {
    let world = signed_in().await;
    world.engine.token(&world.profile(), TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap();
    assert!(world.requested_paths().is_empty());
}

#[tokio::test]
async fn a_token_near_its_end_is_refreshed_once() {
    let world = signed_in().await;
    let first =
        world.engine.token(&world.profile(), TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap().secret;
    world.clock.advance(3570);
    let second =
        world.engine.token(&world.profile(), TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap().secret;
    assert!(!second.matches(first.expose()));
    assert_eq!(world.refreshes(), 1);
    world.engine.token(&world.profile(), TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap();
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test]
async fn a_role_that_changed_at_the_provider_shows_after_a_refresh() {
    let world = signed_in().await;
    world.provider.set_roles("ed", &["Editor", "Publisher"]);
    world.provider.set_groups("ed", &[]);
    let summary = world.engine.refresh(&world.profile()).await.unwrap();
    let changes: Vec<_> = summary.changes.iter().map(|change| (change.value.as_str(), change.change)).collect();
    assert_eq!(changes, [("Publisher", Became::Added), ("Samples", Became::Removed)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_1_twenty_at_once_make_one_request() {
    let world = signed_in().await;
    world.provider.fault(Fault::Slow(Endpoint::Token, 100));
    let all: Vec<_> = (0..20)
        .map(|_| {
            let (engine, profile) = (world.engine.clone(), world.profile());
            tokio::spawn(async move { engine.refresh(&profile).await })
        })
        .collect();
    for one in all {
        one.await.unwrap().unwrap();
    }
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_1_ten_processes_make_one_request() {
    let world = signed_in().await;
    world.provider.fault(Fault::Slow(Endpoint::Token, 100));
    let all: Vec<_> = (0..10)
        .map(|_| {
            let (engine, profile) = (world.another_engine(), world.profile());
            tokio::spawn(async move { engine.refresh(&profile).await })
        })
        .collect();
    for one in all {
        one.await.unwrap().unwrap();
    }
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_2_whoever_stops_waiting_does_not_stop_the_refresh() {
    let world = signed_in().await;
    world.provider.fault(Fault::Slow(Endpoint::Token, 150));
    let impatient = tokio::time::timeout(Duration::from_millis(50), world.engine.refresh(&world.profile())).await;
    assert!(impatient.is_err());
    world.engine.refresh(&world.profile()).await.unwrap();
    assert_eq!(world.refreshes(), 1, "the second waited for the first");
    world.provider.clear_faults();
    world.another_engine().refresh(&world.profile()).await.unwrap();
}

#[tokio::test]
async fn rf_4_a_refused_refresh_token_ends_the_session_in_the_providers_words() {
    let world = signed_in().await;
    world.provider.revoke_all();
    let problem = world.engine.refresh(&world.profile()).await.unwrap_err();
    assert_eq!(
        (problem.code, problem.detail.as_str()),
        (Code::SessionEnded, "Unknown or invalid refresh token. (invalid_grant)")
    );
    assert!(world.engine.session_summary(&world.profile()).await.unwrap().is_none());
    let after = world.engine.token(&world.profile(), TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap_err();
    assert_eq!(after.code, Code::SessionEnded, "asked again, it still says why");
}

#[tokio::test]
async fn rf_5_a_dead_or_failing_provider_costs_no_session() {
    let world = signed_in().await;
    world.provider.stop();
    assert_eq!(world.engine.refresh(&world.profile()).await.unwrap_err().code, Code::Unreachable);
    world.provider.resume().unwrap();
    for status in [500, 503, 429] {
        world.provider.clear_faults();
        world.provider.fault(Fault::Status(Endpoint::Token, status));
        assert_eq!(world.engine.refresh(&world.profile()).await.unwrap_err().code, Code::ProviderFailing);
    }
    world.provider.clear_faults();
    world.engine.refresh(&world.profile()).await.unwrap();
}

#[tokio::test]
async fn rf_6_without_a_new_refresh_token_the_old_one_stays() {
    let world = signed_in().await;
    world.provider.fault(Fault::NoRotation);
    world.provider.fault(Fault::NoIdToken);
    world.provider.fault(Fault::LacksExpiresIn);
    world.provider.fault(Fault::TokenMember("token_type", "\"bEaReR\""));
    for _ in 0..2 {
        let summary = world.engine.refresh(&world.profile()).await.unwrap();
        assert!(summary.has_refresh_token && summary.expires_at.is_none());
        assert_eq!(summary.identity.entitlements.roles[0].value, "Editor");
    }
}

#[tokio::test]
async fn id_5_an_answer_about_somebody_else_or_from_somebody_else_replaces_nothing() {
    for (claim, value, code) in [
        ("sub", "\"demo|ada\"", Code::SubjectChanged),
        ("iss", "\"https://evil.example\"", Code::AnswerNotTrusted),
        ("aud", "[\"rolecall-demo\",\"x\"]", Code::AnswerNotTrusted),
        ("auth_time", "1", Code::AnswerNotTrusted),
    ] {
        let world = signed_in().await;
        let before =
            world.engine.token(&world.profile(), TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap().secret;
        world.provider.fault(Fault::Claim(claim, value));
        assert_eq!(world.engine.refresh(&world.profile()).await.unwrap_err().code, code, "{claim}");
        assert!(!world.requested_paths().contains(&"/userinfo".to_owned()), "{claim}: userinfo was asked");
        let kept =
            world.engine.token(&world.profile(), TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap().secret;
        assert!(kept.matches(before.expose()));
        world.provider.clear_faults();
        world.engine.refresh(&world.profile()).await.expect("the rotated refresh token was kept");
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_within_the_grace() {
    let world = World::with(Options { grace: 30, ..Options::default() });
    world.sign_in().await.unwrap();
    world.provider.fault(Fault::AnswerLost);
    world.engine.refresh(&world.profile()).await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_without_grace_ends_the_session_and_says_why() {
    let world = signed_in().await;
    world.provider.fault(Fault::AnswerLost);
    let problem = world.engine.refresh(&world.profile()).await.unwrap_err();
    assert_eq!(problem.code, Code::SessionEnded);
    assert!(problem.detail.contains("used twice"), "{problem}");
}

#[tokio::test]
async fn without_a_refresh_token_the_documents_are_read_again_while_the_access_token_lives() {
    let world = World::new();
    world.provider.fault(Fault::ConsentForRefreshToken);
    world.sign_in().await.unwrap();
    world.provider.set_roles("ed", &["Auditor"]);
    let summary = world.engine.refresh(&world.profile()).await.unwrap();
    assert!(summary.identity.entitlements.roles.iter().any(|role| role.value == "Auditor"), "userinfo tells");
    world.clock.advance(4000);
    assert_eq!(world.engine.refresh(&world.profile()).await.unwrap_err().code, Code::SignInNeeded);
}

#[tokio::test]
async fn a_session_is_there_after_a_restart_and_without_the_provider() {
    let world = signed_in().await;
    world.provider.stop();
    let summary = world.another_engine().session_summary(&world.profile()).await.unwrap().unwrap();
    assert_eq!(summary.identity.entitlements.roles[0].value, "Editor");
    world.another_engine().token(&world.profile(), TokenKind::Id, Freshness::ValidFor(MINUTE)).await.unwrap();
}

#[tokio::test]
async fn rf_2_a_process_killed_after_the_rotation_leaves_the_new_refresh_token_behind() {
    let world = signed_in().await;
    world.provider.fault(Fault::Slow(Endpoint::Userinfo, 60_000));
    let process = a_process_that_refreshes(&world);
    until("the tokens came", || world.requested_paths().contains(&"/userinfo".to_owned())).await;
    process.shutdown_background();
    world.provider.clear_faults();
    world.engine.refresh(&world.profile()).await.expect("the spent refresh token is not the one that is there");
    assert_eq!((world.refreshes(), world.provider.live_sessions()), (2, 1));
}

#[tokio::test]
async fn rf_2_a_process_killed_before_the_answer_is_named_when_the_session_has_ended_by_it() {
    let world = signed_in().await;
    world.provider.fault(Fault::AnswerHeld(60_000));
    let process = a_process_that_refreshes(&world);
    until("the provider rotated", || world.refreshes() == 1).await;
    until("the old token is spent", || world.provider.secrets().len() > SECRETS_OF_A_SIGN_IN).await;
    process.shutdown_background();
    world.provider.clear_faults();
    let problem = world.engine.refresh(&world.profile()).await.unwrap_err();
    assert_eq!(problem.code, Code::SessionEnded);
    assert!(problem.detail.contains("cut off") && problem.detail.contains("used twice"), "{problem}");
}

/// Code, state, nonce, verifier, access token, ID token, refresh token.
const SECRETS_OF_A_SIGN_IN: usize = 7;

/// A runtime that can be killed, with an engine of its own in it.
fn a_process_that_refreshes(world: &World) -> tokio::runtime::Runtime {
    let process = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (engine, profile) = (world.another_engine(), world.profile());
    process.spawn(async move { engine.refresh(&profile).await });
    process
}

#[tokio::test]
async fn rf_4_an_ended_session_leaves_nothing_in_the_key_store() {
    let world = signed_in().await;
    assert!(!world.key_store.items().is_empty());
    world.provider.fault(Fault::RefreshError("invalid_grant", "Grant\u{1b}[2J not found"));
    let problem = world.engine.refresh(&world.profile()).await.unwrap_err();
    assert_eq!((problem.code, problem.detail.as_str()), (Code::SessionEnded, "Grant[2J not found (invalid_grant)"));
    assert_eq!(world.key_store.items(), []);
    let engine = world.another_engine();
    let asked = engine.token(&world.profile(), TokenKind::Access, Freshness::ValidFor(MINUTE)).await.unwrap_err();
    assert_eq!((asked.code, asked.detail.as_str()), (Code::SessionEnded, "Grant[2J not found (invalid_grant)"));
    assert_eq!(engine.last_known(&world.profile()).unwrap().summary.identity.name, "Ed Itor");
}

#[tokio::test]
async fn rf_5_rf_10_any_other_refusal_or_nonsense_costs_no_session() {
    for (fault, code) in [
        (Fault::RefreshError("invalid_client", "no"), Code::RefreshRefused),
        (Fault::RefreshError("invalid_request", "no"), Code::RefreshRefused),
        (Fault::RefreshError("interaction_required", "no"), Code::RefreshRefused),
        (Fault::RefreshError("temporarily_unavailable", "no"), Code::ProviderFailing),
        (Fault::RefreshError("invalid_scope", "no"), Code::RefreshRefused),
        (Fault::UnknownClient, Code::RefreshRefused),
        (Fault::Html(Endpoint::Token), Code::RefreshRefused),
        (Fault::Redirect(Endpoint::Token), Code::AnswerBroken),
        (Fault::Status(Endpoint::Token, 400), Code::RefreshRefused),
        (Fault::Status(Endpoint::Token, 403), Code::RefreshRefused),
    ] {
        let world = signed_in().await;
        world.provider.fault(fault.clone());
        assert_eq!(world.engine.refresh(&world.profile()).await.unwrap_err().code, code, "{fault:?}");
        let refusal = world.another_engine().refusal(&world.profile());
        let is_told = refusal.is_some_and(|refusal| refusal.code == code);
        assert_eq!(is_told, code != Code::ProviderFailing, "{fault:?}: nobody is told that all is well");
        world.provider.clear_faults();
        world.engine.refresh(&world.profile()).await.expect("the session is kept");
        assert!(world.engine.refusal(&world.profile()).is_none(), "{fault:?}: it is over");
    }
}

#[tokio::test]
async fn rf_6_lifetimes_written_as_text_are_read_and_nonsense_is_no_lifetime() {
    let world = signed_in().await;
    for (written, lifetime) in [("\"1800\"", Some(1800)), ("1.8e3", Some(1800)), ("-5", None), ("\"soon\"", None)] {
        world.provider.clear_faults();
        world.provider.fault(Fault::TokenMember("expires_in", written));
        let summary = world.engine.refresh(&world.profile()).await.unwrap();
        assert_eq!(summary.expires_at.map(|end| end.0 - summary.issued_at.0), lifetime, "{written}");
    }
}

#[tokio::test]
async fn userinfo_about_somebody_else_shows_nothing_and_keeps_the_session() {
    let world = signed_in().await;
    world.provider.fault(Fault::UserinfoSubject);
    assert_eq!(world.engine.refresh(&world.profile()).await.unwrap_err().code, Code::SubjectChanged);
    assert_eq!(world.engine.last_known(&world.profile()).unwrap().summary.identity.subject, "demo|ed");
    world.provider.clear_faults();
    world.engine.refresh(&world.profile()).await.unwrap();
}

#[tokio::test]
async fn keys_changed_between_two_refreshes_are_fetched_again_once() {
    let world = signed_in().await;
    world.provider.rotate_keys();
    world.engine.refresh(&world.profile()).await.unwrap();
    world.engine.refresh(&world.profile()).await.unwrap();
    assert_eq!(world.requested_paths().iter().filter(|path| *path == "/keys").count(), 1);
}

#[tokio::test]
async fn a_refresh_sends_the_refresh_token_and_the_client_id_and_no_more() {
    let world = signed_in().await;
    world.engine.refresh(&world.profile()).await.unwrap();
    let request = world.provider.requests().into_iter().find(|request| request.path == "/token").unwrap();
    let mut fields = request.fields;
    fields.sort();
    assert_eq!(fields, ["client_id", "grant_type", "refresh_token"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_4_what_somebody_else_stored_while_the_provider_refused_is_adopted() {
    let world = signed_in().await;
    let vault = Vault::new(&world.ports());
    let mut newer = vault.load(&world.profile()).await.unwrap().unwrap();
    newer.tokens.refresh = Some(Secret::new("newer".into()));
    world.provider.fault(Fault::RefreshError("invalid_grant", "no"));
    world.provider.fault(Fault::Slow(Endpoint::Token, 200));
    let (engine, profile) = (world.engine.clone(), world.profile());
    let refreshing = tokio::spawn(async move { engine.refresh(&profile).await });
    until("the request was sent", || world.refreshes() == 1).await;
    vault.store(&world.profile(), &newer).await.unwrap();
    assert!(refreshing.await.unwrap().unwrap().has_refresh_token, "the session goes on");
    let kept = vault.load(&world.profile()).await.unwrap().unwrap();
    assert!(kept.tokens.refresh.unwrap().matches("newer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_that_races_a_refresh_wins_and_nothing_comes_back() {
    for holdup in [Endpoint::Token, Endpoint::Userinfo, Endpoint::Revocation] {
        let world = signed_in().await;
        world.provider.fault(Fault::Slow(holdup, 300));
        let both = [0, 1].map(|who| {
            let (engine, profile) = (world.another_engine(), world.profile());
            tokio::spawn(async move {
                match who {
                    0 => drop(engine.refresh(&profile).await),
                    _ => drop(engine.sign_out(&profile, false).await.unwrap()),
                }
            })
        });
        for one in both {
            one.await.unwrap();
        }
        assert_eq!((world.provider.live_sessions(), world.key_store.items()), (0, vec![]), "{holdup:?}");
        assert!(!world.is_signed_in().await);
    }
}

#[tokio::test]
async fn a_provider_that_answers_after_we_gave_up_costs_no_session_within_its_grace() {
    let world = World::with(Options { grace: 120, ..Options::default() });
    world.sign_in().await.unwrap();
    // Half a minute is how long an answer is waited for.
    world.provider.fault(Fault::AnswerHeldOnce(40_000));
    world.engine.refresh(&world.profile()).await.unwrap();
    assert_eq!(world.refreshes(), 2, "the one that was given up, and one more");
}

#[tokio::test]
async fn a_refresh_token_that_may_not_be_used_yet_is_not_sent_and_the_documents_are_read_again() {
    let world = World::new();
    world.provider.fault(Fault::RefreshNotBefore(1800));
    world.sign_in().await.unwrap();
    world.provider.forget_requests();
    world.provider.set_roles("ed", &["Auditor"]);
    let summary = world.engine.refresh(&world.profile()).await.unwrap();
    assert_eq!((world.refreshes(), world.requested_paths()), (0, vec!["/userinfo".to_owned()]));
    assert!(summary.identity.entitlements.roles.iter().any(|role| role.value == "Auditor"));
    world.clock.advance(1801);
    world.engine.refresh(&world.profile()).await.unwrap();
    assert_eq!(world.refreshes(), 1);
}

#[tokio::test]
async fn rf_8_a_clock_that_is_two_hours_off_is_named_and_costs_no_session() {
    for off in [-7300, 7300] {
        let world = signed_in().await;
        world.clock.set_wall(off);
        let problem = world.engine.refresh(&world.profile()).await.unwrap_err();
        assert_eq!(problem.code, Code::AnswerNotTrusted, "{off}: {problem}");
        let said = format!("clock is 2 hours {} the provider's", if off > 0 { "ahead of" } else { "behind" });
        assert!(problem.detail.contains(&said), "{off}: {problem}");
        world.clock.set_wall(-off);
        world.engine.refresh(&world.profile()).await.expect("the rotated refresh token was kept");
        assert_eq!(world.provider.live_sessions(), 1);
    }
}
