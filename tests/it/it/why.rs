//! `why`, `has-role` and `changes` on the command line, against a provider.

use rolecall_provider::{Endpoint, Fault};
use serde_json::Value;

use crate::cli::{json, rolecall, signed_in};

fn codes(value: &Value) -> Vec<&str> {
    value["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn has_role_answers_by_its_exit_status_alone() {
    let world = signed_in().await;
    for (arguments, status) in [
        (vec!["has-role", "Editor"], 0),
        (vec!["has-role", "editor"], 1),
        (vec!["has-role", "--group", "Samples"], 0),
        (vec!["has-role", "--role", "Samples"], 1),
        (vec!["has-role", "--permission", "Editor"], 1),
        (vec!["has-role", "Editor", "--context", "elsewhere"], 1),
        (vec!["has-role", "Editor", "--role", "--group"], 2),
        (vec!["has-role"], 2),
        (vec!["has-role", "Editor", "--profile", "nobody"], 2),
    ] {
        let ran = rolecall(&world, &arguments).await;
        assert_eq!((ran.status, ran.out.as_str()), (status, ""), "{arguments:?}: {}", ran.err);
    }
    world.provider.set_roles("ed", &["Publisher"]);
    assert_eq!(rolecall(&world, &["has-role", "Publisher"]).await.status, 1);
    let ran = rolecall(&world, &["has-role", "Publisher", "--refresh", "--json"]).await;
    assert_eq!((ran.status, json(&ran)["has"].as_bool()), (0, Some(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_the_person_wrote_themself_is_no_role() {
    let world = crate::cli::signed_in().await;
    world.provider.fault(Fault::Claim("user_metadata", r#"{"roles":["Boss"]}"#));
    assert_eq!(rolecall(&world, &["refresh"]).await.status, 0);
    assert_eq!(rolecall(&world, &["has-role", "Boss"]).await.status, 1);
    let roles = json(&rolecall(&world, &["roles", "--json"]).await);
    assert!(!roles["roles"].to_string().contains("Boss"));
    assert_eq!(roles["own_word"]["roles"][0]["value"], "Boss");
    let why = json(&rolecall(&world, &["why", "Boss", "--json"]).await);
    assert_eq!(codes(&why)[0], "own_word_only");
}

#[tokio::test(flavor = "multi_thread")]
async fn why_says_where_one_is_or_what_explains_that_it_is_not() {
    let world = signed_in().await;
    let here = json(&rolecall(&world, &["why", "Editor", "--json"]).await);
    assert_eq!((here["present"].as_bool(), here["found"][0]["kind"].as_str()), (Some(true), Some("role")));
    let ran = rolecall(&world, &["why", "EDITOR"]).await;
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("EDITOR is not here") && ran.out.contains("There is the role Editor"), "{}", ran.out);
    let report = rolecall(&world, &["why", "Publisher", "--report"]).await.out;
    assert!(report.contains("Publisher") && report.contains("Scopes asked for"), "{report}");
    assert!(!report.contains("Editor"), "a value that is not needed: {report}");
    for secret in world.provider.secrets() {
        assert!(!report.contains(&secret));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_profile_expects_is_said_by_status_and_roles() {
    let world = signed_in().await;
    let mut profile = rolecall_engine::config::Config::load(&world.ports().folders).unwrap().profiles.remove(0);
    profile.expect.roles = vec!["Editor".into(), "Publisher".into()];
    rolecall_engine::config::Config::save_profile(&world.ports().folders, &profile).unwrap();
    let status = rolecall(&world, &["status"]).await;
    assert!(status.status == 0 && status.err.contains("Publisher"), "{}", status.err);
    let status = json(&rolecall(&world, &["status", "--json"]).await);
    assert_eq!(status["missing"], serde_json::json!([{"kind": "role", "value": "Publisher"}]));
    assert_eq!(codes(&json(&rolecall(&world, &["roles", "--json"]).await)), ["expected_missing"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_survive_and_tell_a_role_from_a_claim_and_from_a_document() {
    let world = signed_in().await;
    assert_eq!(json(&rolecall(&world, &["changes", "--json"]).await), serde_json::json!([]));
    world.provider.set_roles("ed", &["Publisher"]);
    rolecall(&world, &["refresh"]).await;
    let changes = json(&rolecall(&world, &["changes", "--json"]).await);
    let told: Vec<(&str, &str)> = changes
        .as_array()
        .unwrap()
        .iter()
        .map(|change| (change["value"].as_str().unwrap(), change["change"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("Publisher", "added"), ("Editor", "removed")]);

    world.provider.fault(Fault::Status(Endpoint::Userinfo, 500));
    rolecall(&world, &["refresh"]).await;
    world.provider.clear_faults();
    rolecall(&world, &["refresh"]).await;
    let after = json(&rolecall(&world, &["changes", "--json"]).await);
    assert_eq!(after.as_array().unwrap().len(), 2, "a document that could not be read is no change: {after}");
    let words = rolecall(&world, &["changes"]).await.out;
    assert!(words.contains("+ role Publisher") && words.contains("userinfo could not be read"), "{words}");

    let folders = world.ports().folders;
    let kept: String = std::fs::read_dir(&folders.state)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default())
        .collect();
    for secret in world.provider.secrets() {
        assert!(!kept.contains(&secret), "a secret stands in the state folder");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_was_refused_is_explained_afterwards() {
    let world = rolecall_it::World::new();
    world.save_profile();
    world.provider.fault(Fault::CallbackError("invalid_scope", "scope groups is not allowed"));
    assert_ne!(rolecall(&world, &["login"]).await.status, 0);
    let ran = rolecall(&world, &["why", "--json"]).await;
    assert_eq!((ran.status, codes(&json(&ran))[0]), (3, "scope_refused"), "{}", ran.out);
    world.provider.clear_faults();
    assert_eq!(rolecall(&world, &["login"]).await.status, 0);
    assert_ne!(codes(&json(&rolecall(&world, &["why", "--json"]).await)).first(), Some(&"scope_refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signed_in_is_said_as_that() {
    let world = rolecall_it::World::new();
    world.save_profile();
    for arguments in [vec!["why"], vec!["has-role", "Editor"]] {
        assert_eq!(rolecall(&world, &arguments).await.status, 3, "{arguments:?}");
    }
    let ran = rolecall(&world, &["changes", "--json"]).await;
    assert_eq!((ran.status, ran.out.as_str()), (0, "[]\n"));
}
