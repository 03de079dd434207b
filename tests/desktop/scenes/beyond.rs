//! Past the token, in the real window: the provider's directory, and a cluster that receives the token.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use rolecall_desktop_tests::{Panel, Sandbox, Window, until};
use serde_json::json;

use super::{provider, sign_in_as};

/// Answers as kubectl does: the clusters it knows, then what a cluster says.
const KUBECTL: &str = r#"#!/bin/sh
here=$(dirname "$0")
echo "$*" >> "$here/arguments"
case "$*" in
*--minify*) cat "$here/token" ;;
*"config view"*) cat "$here/kubeconfig" ;;
*) cat "$here/review" ;;
esac
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_the_directory_alone_has_stands_in_a_column_of_its_own_after_a_click() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    // A product whose userinfo is generated for each request: it is the directory there.
    sandbox.configure(&format!(
        "[profiles.acme]\nissuer = \"{}\"\nclient_id = \"{}\"\nprovider = \"canaille\"\n",
        provider.issuer(),
        provider.client_id()
    ));
    let window = Window::open(&sandbox).await;
    sign_in_as(&sandbox, &window, 1, "ed").await;
    let asked = || provider.requests().iter().filter(|request| request.path == "/userinfo").count();
    let before = asked();
    window.wait_for("#ask-directory").await;
    window.wait_for_text("Asks ").await;
    assert!(!window.has(".cols small"), "no column before it was asked");
    assert!(!panel.words().await.iter().any(|line| line.starts_with("Assigned")), "nor a line in the tray");
    window.save_screenshot("directory-before");

    provider.set_roles("ed", &["Editor", "Publisher"]);
    assert_eq!(asked(), before, "nobody is asked unasked");
    window.click_by_pointer("#ask-directory").await;
    window.wait_for(".row.lone .m.lone").await;
    window.wait_for_text("assigned, in no document").await;
    assert_eq!(asked(), before + 1);
    window.save_screenshot("directory");
    until("the tray says the same", async || {
        panel.words().await.contains(&"Assigned, in no document: Publisher".to_owned()).then_some(())
    })
    .await;

    window.click_by_pointer(".row.lone").await;
    window.wait_for("#copy-report").await;
    window.wait_for_text("The directory was asked at").await;
    window.wait_for(".find dd.seen .m.lone").await;
    window.save_screenshot("why-directory");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_asked_after_two_clicks_and_says_what_it_makes_of_the_token() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    sandbox.configure(&format!(
        "[profiles.acme]\nissuer = \"{}\"\nclient_id = \"{}\"\nexpect.roles = [\"Publisher\"]\n",
        provider.issuer(),
        provider.client_id()
    ));
    let folder = sandbox.path().join("kubectl");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("the folder can be written");
    fs::create_dir_all(&folder).expect("a folder");
    write("kubectl", KUBECTL);
    fs::set_permissions(folder.join("kubectl"), fs::Permissions::from_mode(0o755)).expect("it can be started");
    let context = |name: &str| json!({"name": name, "context": {"cluster": "acme", "user": "ed"}});
    let kubeconfig = json!({
        "kind": "Config", "current-context": "dev", "contexts": [context("dev"), context("production")],
        "clusters": [{"name": "acme", "cluster": {"server": "https://api.acme.example:6443"}}],
        "users": [{"name": "ed", "user": {"token": "REDACTED"}}],
    });
    write("kubeconfig", &kubeconfig.to_string());
    let user = json!({"username": "oidc:demo|ed", "groups": ["oidc:Samples", "system:authenticated"]});
    write("review", &json!({"kind": "SelfSubjectReview", "status": {"userInfo": user}}).to_string());
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let file = folder.join("kubeconfig").display().to_string();
    let window = Window::open_with(&sandbox, &[("PATH", &path), ("KUBECONFIG", &file)]).await;
    sign_in_as(&sandbox, &window, 1, "ed").await;
    let token = sandbox.rolecall().args(["token", "--id"]).stdout(std::process::Stdio::piped()).output();
    write("token", String::from_utf8_lossy(&token.expect("it starts").stdout).trim());

    window.click(".row.missing").await;
    window.wait_for("#cluster-open").await;
    let arguments = || fs::read_to_string(folder.join("arguments")).unwrap_or_default();
    assert_eq!(arguments(), "", "nobody is asked unasked");
    window.click_by_pointer("#cluster-open").await;
    window.wait_for("#cluster-context").await;
    window.wait_for_text("no token of Rolecall’s is sent").await;
    assert!(!arguments().contains("create"), "the clusters are named, none is asked: {}", arguments());
    window.save_screenshot("cluster-before");
    window.click_by_pointer("#ask-cluster").await;
    window.wait_for_text("oidc:demo|ed").await;
    window.wait_for_text("Not read").await;
    assert!(arguments().contains("--context=dev") && arguments().contains("create --raw"), "{}", arguments());
    window.save_screenshot("cluster");
}
