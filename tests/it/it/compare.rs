//! Two profiles, documents, reports and the past, compared by the command line.

use rolecall_engine::config::Config;
use rolecall_it::World;
use serde_json::{Value, json};

use crate::cli::{json, rolecall, signed_in};

fn file(world: &World, name: &str, text: &str) -> String {
    let path = world.ports().folders.state.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Makes what was recorded so many days older than it is.
fn age(world: &World, days: i64) {
    let files = std::fs::read_dir(world.ports().folders.state).unwrap().flatten().map(|entry| entry.path());
    let file = files.into_iter().find(|path| path.to_str().unwrap().ends_with("history.json")).unwrap();
    let mut history: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let earlier = |value: &mut Value, by: i64| *value = json!(value.as_i64().unwrap() - by);
    for moment in history["moments"].as_array_mut().unwrap() {
        earlier(&mut moment["from"], days * 86_400);
        earlier(&mut moment["at"], days * 86_400);
        for change in moment["changes"].as_array_mut().unwrap() {
            earlier(&mut change["at"], days * 86_400);
        }
    }
    for day in history["days"].as_array_mut().unwrap() {
        earlier(day, days);
    }
    std::fs::write(&file, history.to_string()).unwrap();
}

fn values(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_and_a_pasted_document_are_compared_with_what_explains_it() {
    let world = signed_in().await;
    let other = json!({"iss": world.provider.issuer(), "sub": "demo|ada", "aud": "rolecall-demo", "exp": 4_000_000_000_u64,
        "https://example.com/auth": {"roles": ["editor", "Admin"], "groups": ["/acme/Samples"]}});
    let path = file(&world, "ada.json", &other.to_string());
    let ran = rolecall(&world, &["compare", "acme", &path, "--json"]).await;
    let told = json(&ran);
    assert_eq!((ran.status, &told["same"], values(&told["only_b"])), (1, &json!(false), vec!["Admin"]), "{}", ran.out);
    let spelled: Vec<(&str, &str)> = told["spelled"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair["a"]["value"].as_str().unwrap(), pair["b"]["value"].as_str().unwrap()))
        .collect();
    assert_eq!(spelled, [("Editor", "editor"), ("Samples", "/acme/Samples")]);
    let codes: Vec<&str> =
        told["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"different_people") && codes.contains(&"spelled_differently"), "{codes:?}");
    let text = rolecall(&world, &["compare", "acme", &path]).await;
    assert!(
        text.out.contains("Only in ada.json (1)\n  role Admin") && text.out.contains("Same but for case"),
        "{}",
        text.out
    );
    assert_eq!(rolecall(&world, &["compare", "acme", "acme"]).await.status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pd_4_reports_are_compared_where_they_name_roles_and_said_not_to_where_they_do_not() {
    let world = signed_in().await;
    let silent = rolecall(&world, &["why", "--report"]).await.out;
    assert!(!silent.contains("Editor") && !silent.contains("Samples"), "{silent}");
    let named = rolecall(&world, &["why", "--report", "--names"]).await.out;
    assert!(named.contains("- role `Editor`"), "{named}");
    let (silent, named) = (file(&world, "silent.md", &silent), file(&world, "named.md", &named));
    let roles = file(&world, "roles.json", &rolecall(&world, &["roles", "--json"]).await.out);
    assert_eq!(rolecall(&world, &["compare", &named, &roles]).await.status, 0);
    assert_eq!(rolecall(&world, &["compare", &named, "acme"]).await.status, 0);
    let ran = rolecall(&world, &["compare", &silent, &roles, "--json"]).await;
    let told = json(&ran);
    assert_eq!(
        (ran.status, &told["names_known"], &told["findings"][0]["code"]),
        (1, &json!(false), &json!("names_left_out"))
    );
    world.provider.set_roles("ed", &["Publisher"]);
    rolecall(&world, &["refresh"]).await;
    let ran = rolecall(&world, &["compare", &named, "acme", "--json"]).await;
    let told = json(&ran);
    assert_eq!((ran.status, values(&told["only_a"]), values(&told["only_b"])), (1, vec!["Editor"], vec!["Publisher"]));
    let inspected = file(
        &world,
        "question.json",
        r#"{"iss":"https://tenant.us.auth0.com/","sub":"1","aud":"c","exp":9,"groups":["Samples"]}"#,
    );
    let saved = file(&world, "inspected.json", &rolecall(&world, &["inspect", &inspected, "--json"]).await.out);
    assert_eq!(rolecall(&world, &["compare", &saved, &inspected]).await.status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_compared_with_itself_as_it_stood() {
    let world = signed_in().await;
    age(&world, 40);
    world.provider.set_roles("ed", &["Publisher"]);
    assert_eq!(rolecall(&world, &["refresh"]).await.status, 0);
    let ran = rolecall(&world, &["compare", "acme@30d", "acme", "--json"]).await;
    let told = json(&ran);
    assert_eq!((values(&told["only_a"]), values(&told["only_b"])), (vec!["Editor"], vec!["Publisher"]), "{}", ran.out);
    let early = rolecall(&world, &["compare", "acme@80d", "acme"]).await;
    assert!(early.status == 2 && early.err.contains("its history begins at"), "{}", early.err);
    for (a, b) in [("acme@never", "acme"), ("nobody", "acme"), ("-", "-"), ("acme", "/nonexistent")] {
        let ran = rolecall(&world, &["compare", a, b]).await;
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{a} {b}: {}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_nobody_signed_in_at_has_nothing_to_compare() {
    let world = World::new();
    let profile = world.profile();
    Config::save_profile(&world.ports().folders, &profile).unwrap();
    assert_eq!(rolecall(&world, &["compare", "acme", "acme"]).await.status, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn cli_5_changes_are_told_from_a_moment_on_and_as_a_table() {
    let world = signed_in().await;
    world.provider.set_roles("ed", &["=cmd()", "Editor"]);
    rolecall(&world, &["refresh"]).await;
    age(&world, 10);
    world.provider.set_roles("ed", &["Editor"]);
    assert_eq!(rolecall(&world, &["refresh"]).await.status, 0);
    let recent = json(&rolecall(&world, &["changes", "--since", "7d", "--json"]).await);
    assert_eq!(recent.as_array().unwrap().len(), 1, "{recent}");
    let csv = rolecall(&world, &["changes", "--csv"]).await.out;
    let rows: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!((rows.len(), rows[0], rows[3]), (4, "at,kind,value,change", ""), "{csv}");
    assert!(rows[1].ends_with(",role,\"'=cmd()\",removed") && rows[1].contains('T'), "{csv}");
    let text = rolecall(&world, &["changes", "--since", "7d"]).await.out;
    assert!(text.contains("- role =cmd()") && !text.contains("+ role"), "{text}");
    assert_eq!(rolecall(&world, &["changes", "--since", "soon"]).await.status, 2);
}
