//! The Tokens tab in the real window.

use rolecall_desktop_tests::{Sandbox, Window, clipboard_text, until};
use serde_json::json;

use super::{provider, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn the_tokens_tab_tells_how_each_document_was_checked_and_what_it_says() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    window.press_ctrl("3");
    window.wait_for_text("Signature checked").await;
    window.wait_for_text("It is for this application and for this sign-in.").await;
    let first = window.run("return document.querySelector('.claim dt').textContent", &[]);
    assert_eq!(first, json!("https://example.com/auth"), "what roles are read from comes first");
    window.wait_for_text("Your roles and groups are read here.").await;
    window.wait_for_text("After that it proves nothing.").await;
    window.save_screenshot("tokens");

    window.click("#document-access_token").await;
    window.wait_for_text("nothing here relies on it").await;
    window.save_screenshot("tokens-access");
    window.click("#document-userinfo").await;
    window.wait_for_text("Fetched over plain HTTP").await;
    window.save_screenshot("tokens-userinfo");
    let name = "document.querySelector('[aria-label=\"Copy email\"]')";
    let _ = window.run(&format!("{name}.click()"), &[]);
    until("the value is on the clipboard", async || {
        (clipboard_text().as_deref() == Some("ed@example.com")).then_some(())
    })
    .await;

    drop(window);
    provider.stop();
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_in").await;
    window.wait_for("#copy-access:not([aria-disabled])").await;
    window.click("#tab-tokens").await;
    window.wait_for_text("Signature checked").await;
    window.click("#document-userinfo").await;
    window.wait_for_text("Userinfo is not stored").await;
    window.wait_for_text("email_verified").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_groups_are_sent_to_the_page_only_when_asked_for() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let names: Vec<String> = (0..10_000).map(|number| format!("/company/department/team-{number}")).collect();
    provider.set_groups("ed", &names.iter().map(String::as_str).collect::<Vec<_>>());
    let window = signed_in(&sandbox, &provider, "ed").await;
    let answer = window.invoke("documents", &json!({})).expect("the documents").to_string();
    assert!(answer.len() < 40_000 && answer.contains("team-0"), "{} bytes", answer.len());
    window.click("#tab-tokens").await;
    window.wait_for(".claim .link").await;
    window.click(".claim .link").await;
    window.wait_for(".raw.whole").await;
    let length = "return document.querySelector('.raw.whole').textContent.length";
    assert!(window.run(length, &[]).as_u64().is_some_and(|length| length > 300_000));
    // Typing and tabbing must not wait for it.
    let redraw = "const before = performance.now(); document.querySelector('#document-access_token').click();
        await Promise.resolve(); await Promise.resolve(); document.body.getBoundingClientRect();
        return performance.now() - before;";
    let took = window.run(&format!("return (async () => {{ {redraw} }})()"), &[]);
    assert!(took.as_f64().is_some_and(|took| took < 100.0), "the other document came after {took} ms");
}
