//! Inspect and Compare in the real window: what is on the clipboard, by real clicks and keys.

use std::process::Stdio;

use rolecall_desktop_tests::{Input, Sandbox, Window, keys, set_clipboard, until};
use serde_json::json;

use super::{provider, signed_in};

/// Whether a text stands anywhere in the page, fields included.
const HOLDS: &str = "return document.documentElement.outerHTML.includes(arguments[0])
    || [...document.querySelectorAll('input, textarea')].some((field) => field.value.includes(arguments[0]))";

/// The ID token of the session, by the command line.
fn id_token(sandbox: &Sandbox) -> String {
    let token =
        sandbox.rolecall().args(["token", "--id"]).stdout(Stdio::piped()).output().expect("the command line is built");
    assert!(token.status.success(), "{}", String::from_utf8_lossy(&token.stderr));
    String::from_utf8(token.stdout).expect("a token is text").trim().to_owned()
}

async fn open(window: &Window, item: &str, then: &str) {
    window.click_by_pointer("#profile-button").await;
    window.press_button(item).await;
    window.wait_for(then).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ui_1_pd_2_a_pasted_token_is_read_checked_and_forgotten_and_never_on_the_page() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    let token = id_token(&sandbox);
    set_clipboard(&format!("Authorization: Bearer {token}"));
    open(&window, "Inspect a token or file…", "#paste-it").await;
    window.save_screenshot("inspect-empty");
    provider.forget_requests();
    window.click_by_pointer("#paste-it").await;
    window.wait_for_text("Not checked.").await;
    window.wait_for_text("Editor").await;
    window.save_screenshot("inspect");
    assert!(provider.requests().is_empty(), "nobody is asked unasked");
    assert_eq!(window.run(HOLDS, &[json!(token)]), json!(false));
    let answer = window.invoke("inspect_again", &json!({ "expected": [], "check": false })).expect("it is held");
    assert!(!answer.to_string().contains(&token), "a token comes back to the page");

    window.click_by_pointer("#check-now").await;
    window.wait_for_text("Signature checked").await;
    window.save_screenshot("inspect-checked");
    let asked: Vec<String> = provider.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(asked.len(), 2, "discovery and keys: {asked:?}");

    window.click_by_pointer("#expect").await;
    let input = Input::open();
    input.type_text("Publisher");
    input.press(&[], keys::RETURN);
    window.wait_for_text("In none of its").await;
    window.save_screenshot("inspect-expected");

    input.press(&[], keys::ESCAPE);
    window.wait_for("#copy-access").await;
    until("what was pasted is forgotten", async || {
        window.invoke("inspect_again", &json!({ "expected": [], "check": false })).is_err().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_compared_with_what_is_on_the_clipboard() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    set_clipboard(&format!(
        r#"{{"iss":"{}","sub":"demo|ada","aud":"x","exp":4000000000,"roles":["editor","Admin"]}}"#,
        provider.issuer()
    ));
    open(&window, "Inspect a token or file…", "#paste-it").await;
    Input::open().press(&[keys::CONTROL], u32::from('v'));
    window.wait_for("#compare-with").await;
    window.click_by_pointer("#compare-with").await;
    window.wait_for("#compare-now").await;
    window.click_by_pointer("#compare-now").await;
    window.wait_for_text("What explains it").await;
    window.wait_for_text("spelled differently").await;
    window.save_screenshot("compare");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_is_drawn_as_a_picture_above_its_list() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    provider.set_roles("ed", &["Editor", "Publisher"]);
    window.click("#refresh").await;
    window.wait_for_text("Publisher added").await;
    window.click_by_pointer("#tab-history").await;
    window.wait_for(".line-row").await;
    window.click_by_pointer("#line-0").await;
    window.wait_for_text("role: added today").await;
    window.save_screenshot("history-picture");
}
