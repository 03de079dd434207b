//! A directory that does not mean well.

use std::fmt::Write as _;

use rolecall_engine::config::Product;
use rolecall_engine::view::Screen;
use rolecall_provider::Scripted;
use serde_json::{Value, json};

use super::{asked, at, codes, graph_for_an_ordinary_person, groups, kind, ok};
use crate::cli::rolecall;

const EDITORS: &str = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const LIST: &str = "/v1.0/me/transitiveMemberOf";

/// How far groups count as asked when the list has this answer.
async fn group_state(answers: Vec<Scripted>) -> (String, String, usize, Value) {
    let world = at(Product::ENTRA).await;
    graph_for_an_ordinary_person(&world, &[]);
    world.provider.script(LIST, answers);
    let ran = rolecall(&world, &["why", EDITORS, "--group", "--directory", "--json"]).await;
    assert_eq!(ran.status, 0, "{}", ran.err);
    let why = asked(&ran);
    let (state, needs) = kind(&why, "group");
    let calls = world.provider.api_calls().iter().filter(|call| call.path.starts_with(LIST)).count();
    (state.to_owned(), needs.to_owned(), calls, why)
}

fn with_next(next: &str) -> Scripted {
    let mut page = groups(&["00000000-0000-4000-8000-000000000001"]);
    page["@odata.nextLink"] = json!(next);
    Scripted::json(200, &page)
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_4_pages_that_lead_elsewhere_or_have_no_end_are_cut_and_that_is_said() {
    for (next, words) in [
        ("https://evil.example/v1.0/me/transitiveMemberOf?x=1", "another address"),
        ("http://127.0.0.1:1/v1.0/me/transitiveMemberOf", "another address"),
        ("ORIGIN/v1.0/users", "another address"),
        ("ORIGIN/token", "another address"),
        ("file:///etc/passwd", "another address"),
        ("nonsense", "is none"),
        ("ORIGIN/v1.0/me/transitiveMemberOf?$skiptoken=1", "in a circle"),
    ] {
        let (state, needs, calls, why) = group_state(vec![with_next(next)]).await;
        assert!(state == "partly" && needs.contains(words), "{next}: {state} {needs}");
        assert!(calls <= 2, "{next}: {calls}");
        assert!(!codes(&why).contains(&"not_assigned"), "{next}: what was cut is no not");
    }
    let endless = (0..60).map(|page| with_next(&format!("ORIGIN{LIST}?$skiptoken={page}"))).collect();
    let (state, needs, calls, _) = group_state(endless).await;
    assert!(state == "partly" && needs.contains("not read") && calls <= 25, "{state} {needs} {calls}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_4_answers_of_no_use_are_could_not_be_asked() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("{{\"value\":[{}0]}}", "{\"\":0},".repeat(100_000));
    let redirect = Scripted { location: Some("https://evil.example/".into()), ..Scripted::json(307, &json!({})) };
    for (name, answer) in [
        ("deep", Scripted::text(&deep)),
        ("wide", Scripted::text(&wide)),
        ("a page", Scripted::text("<!doctype html><title>Welcome</title>")),
        ("nothing", Scripted::text("")),
        ("a list of nothing", Scripted::json(200, &json!({"value": "x"}))),
        ("redirect", redirect),
        ("forbidden", Scripted::json(403, &json!({"error": {"code": "Authorization_RequestDenied"}}))),
        ("unauthorized", Scripted::json(401, &json!({}))),
    ] {
        let (state, needs, calls, why) = group_state(vec![answer]).await;
        assert!(state != "fully" && !needs.is_empty(), "{name}: {state}");
        assert!(calls == 1 && !codes(&why).contains(&"not_assigned"), "{name}: {calls}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_4_an_answer_too_long_to_read_is_a_failure_that_keeps_the_session() {
    let world = at(Product::ENTRA).await;
    graph_for_an_ordinary_person(&world, &[]);
    world.provider.script(LIST, vec![Scripted::text(&"x".repeat(3 * 1024 * 1024))]);
    let ran = rolecall(&world, &["roles", "--directory"]).await;
    assert!(ran.status == 5 && ran.err.contains("longer than"), "{} {}", ran.status, ran.err);
    assert_eq!(rolecall(&world, &["refresh"]).await.status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn dr_2_a_token_in_the_answer_reaches_no_output_no_file_and_no_view() {
    let world = at(Product::ENTRA).await;
    let hostile = json!({"value": [
        {"@odata.type": "#microsoft.graph.group", "id": "TOKEN", "displayName": "x TOKEN y"},
        {"@odata.type": "#microsoft.graph.group", "id": EDITORS, "displayName": "\u{1b}]0;x\u{7} <b>Editors</b>"},
    ]});
    world.provider.script(LIST, ok(&hostile));
    world.provider.script(
        "/v1.0/me/memberOf",
        vec![Scripted::json(400, &json!({"error": {"code": "TOKEN", "message": "TOKEN"}}))],
    );
    world.provider.script(
        "/v1.0/me/appRoleAssignments",
        vec![Scripted::json(403, &json!({"error": {"code": "x", "message": "bad token TOKEN"}}))],
    );
    let mut told = String::new();
    for arguments in [
        &["roles", "--directory"][..],
        &["roles", "--directory", "--json"],
        &["why", "x", "--directory"],
        &["why", "x", "--directory", "--json"],
        &["why", "x", "--directory", "--report"],
    ] {
        let ran = rolecall(&world, arguments).await;
        assert_eq!(ran.status, 0, "{}", ran.err);
        told += &ran.out;
        told += &ran.err;
    }
    assert!(!told.contains('\u{1b}') && told.contains(EDITORS), "{told}");
    let live = world.engine.live();
    let mut views = live.view();
    live.ask_directory();
    let answered = |view: &rolecall_engine::view::View| matches!(&view.screen, Screen::SignedIn(shown) if shown.directory.answer.is_some() && !shown.directory.asking);
    rolecall_it::until(
        "loaded",
        || matches!(&live.view().borrow().screen, Screen::SignedIn(shown) if shown.tokens_ready),
    )
    .await;
    live.ask_directory();
    let view = views.wait_for(answered).await.unwrap().clone();
    told += &serde_json::to_string(&view).unwrap();
    let answer = world.engine.ask_directory(&super::the_profile(&world)).await.unwrap();
    write!(told, "{answer:?}").unwrap();
    let folders = world.ports().folders;
    for folder in [&folders.state, &folders.config] {
        for file in std::fs::read_dir(folder).unwrap() {
            told += &String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap_or_default());
        }
    }
    for secret in world.provider.secrets() {
        assert!(!told.contains(&secret), "a token was told");
    }
    assert!(!folders_hold(&world, EDITORS), "an answer of the directory is written nowhere");
}

fn folders_hold(world: &rolecall_it::World, text: &str) -> bool {
    let folders = world.ports().folders;
    let all = [folders.state, folders.config].into_iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    all.filter_map(|file| std::fs::read_to_string(file.ok()?.path()).ok()).any(|content| content.contains(text))
}
