use rolecall_desktop_tests::{Notifications, Panel, Sandbox, clipboard_targets, clipboard_text, set_clipboard, until};
use rolecall_provider::Fault;
use serde_json::{Value, json};

use super::{provider, signed_in};

/// Every claim of every document, as document and name.
fn claims(documents: &Value) -> Vec<(Value, Value)> {
    let all = documents["documents"].as_array().into_iter().flatten();
    all.flat_map(|document| {
        let claims = document["claims"].as_array().into_iter().flatten();
        claims.map(|claim| (document["document"].clone(), claim["name"].clone()))
    })
    .collect()
}

async fn token_on_clipboard() -> String {
    until("a token is on the clipboard", async || clipboard_text().filter(|text| text.len() > 20)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn cb_1_cb_2_a_token_from_the_tray_is_marked_as_secret_and_taken_back() {
    set_clipboard("before");
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let (panel, notes) = (Panel::open().await, Notifications::serve().await);
    let window = signed_in(&sandbox, &provider, "ed").await;
    panel.choose("Copy access token").await;

    let token = token_on_clipboard().await;
    let (kinds, marker) = clipboard_targets();
    assert!(kinds.iter().any(|kind| kind == "x-kde-passwordManagerHint"), "{kinds:?}");
    assert_eq!(marker.as_deref(), Some("secret"));

    window.wait_for(".copied").await;
    window.save_screenshot("copied");
    let note = notes.titled("Access token copied").await;
    assert_eq!(note.body, "The clipboard is cleared in 3 seconds.");
    until("the clipboard is empty", async || clipboard_text().is_none().then_some(())).await;
    until("the window says so", async || (!window.has(".copied")).then_some(())).await;
    for note in notes.all() {
        assert!(!format!("{note:?}").contains(&token), "no notification holds the token");
    }
    assert!(!sandbox.log().contains(&token), "nothing was logged of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn cb_2_what_a_person_copied_meanwhile_is_left_alone() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    let window = signed_in(&sandbox, &provider, "ed").await;
    panel.choose("Copy ID token").await;
    let token = token_on_clipboard().await;
    assert_eq!(token.split('.').count(), 3, "an ID token is a JWT");
    window.wait_for(".copied").await;

    set_clipboard("a recipe for bread");
    until("the time is over", async || (!window.has(".copied")).then_some(())).await;
    assert_eq!(clipboard_text().as_deref(), Some("a recipe for bread"));
}

#[tokio::test(flavor = "multi_thread")]
async fn cb_2_signing_out_takes_a_token_back_at_once() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    let window = signed_in(&sandbox, &provider, "ed").await;
    let settings = sandbox.path().join("config/rolecall.toml");
    let longer = std::fs::read_to_string(&settings).unwrap().replace("after = 3", "after = 600");
    std::fs::write(&settings, longer).unwrap();
    until("the longer time is known", async || {
        window.invoke("copy_token", &json!({ "kind": "access" })).ok()?;
        let view = window.invoke("snapshot", &json!({})).ok()?;
        let stays = view["copied"]["until"].as_i64()? - view["copied"]["at"].as_i64()?;
        (stays == 600).then_some(())
    })
    .await;
    token_on_clipboard().await;
    panel.choose("Sign out of").await;
    window.wait_for_screen("signed_out").await;
    until("the clipboard is empty", async || clipboard_text().is_none().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ui_1_no_token_reaches_the_page() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    // A token of somebody else in the userinfo answer is one nonetheless.
    provider.fault(Fault::AggregatedClaims);
    let window = signed_in(&sandbox, &provider, "ed").await;
    let heard = "window.heard = []; const handler = window.__TAURI_INTERNALS__.transformCallback((event) => window.heard.push(event));
        window.__TAURI_INTERNALS__.invoke('plugin:event|listen', { event: 'view', target: { kind: 'Any' }, handler });";
    let _ = window.run(heard, &[]);
    let mut tokens = Vec::new();
    for kind in ["access", "id"] {
        let answer = window.invoke("copy_token", &json!({ "kind": kind }));
        assert_eq!(answer, Ok(json!(null)), "copying answers nothing");
        let token =
            until("the token is on the clipboard", async || clipboard_text().filter(|text| !tokens.contains(text)))
                .await;
        tokens.push(token);
    }
    window.wait_for(".copied").await;
    let mut said = window.invoke("snapshot", &json!({})).unwrap().to_string();
    let documents = window.invoke("documents", &json!({})).unwrap();
    for (document, claim) in claims(&documents) {
        said += &window.invoke("claim", &json!({ "document": document, "name": claim })).unwrap().to_string();
    }
    said += &documents.to_string();
    let mut pages = String::new();
    window.click("#tab-tokens").await;
    for document in ["id_token", "access_token", "userinfo"] {
        window.click(&format!("#document-{document}")).await;
        window.wait_for(".claim").await;
        pages += &window.text();
    }
    let everything = window.run(
        "return JSON.stringify([document.documentElement.outerHTML, document.title, document.cookie, location.href,
            { ...localStorage }, { ...sessionStorage }, window.heard, performance.getEntries()])",
        &[],
    );
    let everything = everything.as_str().expect("the page can be read").to_owned() + &said + &pages;
    assert!(everything.contains("Ed Itor") && everything.contains("\"payload\""), "the search sees the page");
    assert!(
        pages.contains("Your roles and groups are read here") && said.contains("not shown"),
        "the tokens were looked into"
    );
    tokens.extend(provider.refresh_tokens());
    assert!(!everything.contains("eyJ"), "nothing on the page begins as a token does");
    for token in &tokens {
        let signature = token.rsplit('.').next().expect("a part");
        assert!(!everything.contains(token.as_str()) && !everything.contains(signature));
    }
}
