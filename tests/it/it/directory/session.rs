//! Asking the directory does not change the session.

use rolecall_engine::config::Product;
use rolecall_engine::engine::Freshness;
use rolecall_engine::tokens::TokenKind;
use rolecall_engine::view::Screen;
use rolecall_provider::{Fault, Scripted};
use serde_json::json;
use std::time::Duration;

use super::{asked, at, codes, graph_for_an_ordinary_person, groups, kind, ok, the_profile};
use crate::cli::rolecall;

const STAFF: &str = "9c858901-8a57-4791-81fe-4c455b099bc9";

#[tokio::test(flavor = "multi_thread")]
async fn dr_1_nothing_but_the_flag_asks_the_directory() {
    let world = at(Product::ENTRA).await;
    graph_for_an_ordinary_person(&world, &[STAFF]);
    for arguments in [
        &["login"][..],
        &["status"],
        &["roles"],
        &["roles", "--json"],
        &["why"],
        &["why", "Publisher"],
        &["why", "--report"],
        &["has-role", "Editor", "--refresh"],
        &["refresh"],
        &["changes"],
        &["token", "--refresh"],
    ] {
        assert_ne!(rolecall(&world, arguments).await.status, 2, "{arguments:?}");
        assert!(world.provider.api_calls().is_empty(), "{arguments:?} asked {:?}", world.provider.api_calls());
    }
    let ran = rolecall(&world, &["roles", "--directory"]).await;
    assert!(ran.status == 0 && !world.provider.api_calls().is_empty(), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_1_the_window_asks_on_a_click_alone_and_forgets_with_the_session() {
    let world = at(Product::ENTRA).await;
    graph_for_an_ordinary_person(&world, &[STAFF]);
    let live = world.engine.live();
    let signed_in = |view: &rolecall_engine::view::View| match &view.screen {
        Screen::SignedIn(shown) if shown.tokens_ready && !shown.refreshing => Some(shown.as_ref().clone()),
        _ => None,
    };
    let mut views = live.view();
    views.wait_for(|view| signed_in(view).is_some()).await.unwrap();
    live.refresh();
    rolecall_it::until("refreshed", || world.refreshes() > 0).await;
    let shown = signed_in(&views.wait_for(|view| signed_in(view).is_some()).await.unwrap().clone()).unwrap();
    assert!(world.provider.api_calls().is_empty(), "{:?}", world.provider.api_calls());
    assert!(shown.directory.would_ask.is_some() && shown.directory.answer.is_none() && !shown.directory.asking);
    live.ask_directory();
    live.ask_directory();
    let answered = |view: &rolecall_engine::view::View| {
        signed_in(view).is_some_and(|shown| shown.directory.answer.is_some() && !shown.directory.asking)
    };
    let view = tokio::time::timeout(Duration::from_secs(20), views.wait_for(answered)).await.unwrap().unwrap().clone();
    let shown = signed_in(&view).unwrap();
    assert!(shown.entitlements.groups.iter().any(|group| group.value == STAFF && !group.is_in_a_document()));
    let asked = world.provider.api_calls().iter().filter(|call| call.path.contains("transitiveMemberOf")).count();
    assert_eq!(asked, 1, "a second click while it is asked does nothing");
    assert!(world.engine.directory(&the_profile(&world), &shown.badge.subject).is_some());
    world.engine.sign_out(&the_profile(&world), false).await.unwrap();
    assert!(world.engine.directory(&the_profile(&world), &shown.badge.subject).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_3_the_session_keeps_its_token_and_scopes_and_gets_the_rotated_refresh_token() {
    let world = at(Product::ENTRA).await;
    graph_for_an_ordinary_person(&world, &[STAFF]);
    let profile = the_profile(&world);
    let access = || async {
        let fresh = Freshness::ValidFor(Duration::from_secs(30));
        world.another_engine().token(&profile, TokenKind::Access, fresh).await.unwrap().secret.expose().to_owned()
    };
    let (before, scopes) = (access().await, profile.scopes.to_string());
    let granted = world.engine.session_summary(&profile).await.unwrap().unwrap().granted;
    for _ in 0..3 {
        assert_eq!(rolecall(&world, &["roles", "--directory"]).await.status, 0);
    }
    assert_eq!(world.refreshes(), 3, "one token for each conversation");
    assert!(access().await == before, "the session's access token is the one there was");
    assert_eq!(the_profile(&world).scopes.to_string(), scopes);
    assert_eq!(world.engine.session_summary(&profile).await.unwrap().unwrap().granted, granted);
    assert!(world.provider.reused_refresh_tokens().is_empty());
    assert_eq!(rolecall(&world, &["refresh"]).await.status, 0, "the rotated refresh token was stored");
    assert_eq!(world.provider.live_sessions(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_3_consent_that_is_lacking_is_said_and_ends_no_session() {
    let world = at(Product::ENTRA).await;
    graph_for_an_ordinary_person(&world, &[STAFF]);
    let words = "AADSTS65001: The user or administrator has not consented to use the application.";
    world.provider.fault(Fault::AnotherTokenError("invalid_grant", words));
    let ran = rolecall(&world, &["why", STAFF, "--group", "--directory", "--json"]).await;
    let why = asked(&ran);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let (state, needs) = kind(&why, "group");
    assert!(state == "could_not_be_asked" && needs.contains("needs consent") && needs.contains("User.Read"), "{needs}");
    assert!(codes(&why).contains(&"directory_could_not_be_asked") && !codes(&why).contains(&"not_assigned"));
    assert!(world.provider.api_calls().is_empty());
    assert_eq!(rolecall(&world, &["status"]).await.status, 0);
    assert_eq!(rolecall(&world, &["refresh"]).await.status, 0, "the refresh token was not spent");
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_3_a_token_for_another_audience_than_asked_for_is_not_used() {
    let world = at(Product::AUTH0).await;
    world.provider.fault(Fault::AudienceIgnored);
    world.provider.script("/api/v2/users/", ok(&json!({})));
    let roles = asked(&rolecall(&world, &["roles", "--directory", "--json"]).await);
    let (state, needs) = kind(&roles, "role");
    assert!(state == "could_not_be_asked" && needs.contains("another audience"), "{needs}");
    assert!(world.provider.api_calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_3_a_directory_that_is_not_reachable_ends_with_4_and_keeps_all_else() {
    let world = at(Product::ENTRA).await;
    world.provider.script("/v1.0/me/", vec![Scripted::json(503, &json!({}))]);
    let ran = rolecall(&world, &["roles", "--directory", "--json"]).await;
    assert_eq!(ran.status, 4, "{}", ran.err);
    let roles = asked(&ran);
    assert!(roles["roles"].to_string().contains("Editor") && roles.get("directory").is_none(), "{roles}");
    assert_eq!(rolecall(&world, &["refresh"]).await.status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_4_a_directory_that_asks_to_wait_is_given_the_time() {
    let world = at(Product::ENTRA).await;
    graph_for_an_ordinary_person(&world, &[STAFF]);
    let wait = |seconds| Scripted { retry_after: Some(seconds), ..Scripted::json(429, &json!({})) };
    let then = Scripted::json(200, &groups(&[STAFF]));
    world.provider.script("/v1.0/me/transitiveMemberOf", vec![wait(1), then]);
    let ran = rolecall(&world, &["roles", "--directory", "--json"]).await;
    assert_eq!((ran.status, kind(&asked(&ran), "group").0), (0, "fully"), "{}", ran.err);

    world.provider.script("/v1.0/me/transitiveMemberOf", vec![wait(900)]);
    let profile = the_profile(&world);
    let problem = world.engine.ask_directory(&profile).await.unwrap_err();
    assert_eq!((problem.code.row().exit, problem.wait), (4, Some(900)));
    let (calls, refreshes) = (world.provider.api_calls().len(), world.refreshes());
    let again = world.engine.ask_directory(&profile).await.unwrap_err();
    assert!(again.wait.is_some_and(|wait| wait > 890), "{again}");
    assert_eq!((world.provider.api_calls().len(), world.refreshes()), (calls, refreshes), "nothing was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_signed_in_is_told_so() {
    let world = at(Product::ENTRA).await;
    assert_eq!(rolecall(&world, &["logout"]).await.status, 0);
    for arguments in [&["roles", "--directory"][..], &["why", "X", "--user", "rita"]] {
        let ran = rolecall(&world, arguments).await;
        assert_eq!((ran.status, ran.out.as_str()), (3, ""), "{arguments:?}: {}", ran.err);
    }
    let ran = rolecall(&world, &["why", "X", "--client", "invoices"]).await;
    assert_eq!(ran.status, 2, "a client goes with a person");
}
