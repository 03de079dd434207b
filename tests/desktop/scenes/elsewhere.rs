//! Signing in on another device: the code in the real window, and a real browser that stands for the other device.

use rolecall_desktop_tests::{Browser, Sandbox, Window, clipboard_text, until};
use rolecall_provider::{Options, Provider};
use serde_json::json;

use super::{provider, signed_in};

/// What stands in the window as the code.
async fn code(window: &Window) -> String {
    window.wait_for(".device-code").await;
    let code = window.run("return document.querySelector('.device-code').textContent", &[]);
    code.as_str().expect("a text").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_used_on_another_device_and_another_made_in_its_place() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_out").await;
    window.click_by_pointer("#elsewhere").await;
    let first = code(&window).await;
    window.wait_for(".qr").await;
    window.save_screenshot("device");

    window.click_by_pointer("#new-code").await;
    let second = until("another code stands there", async || {
        let now = window.run("return document.querySelector('.device-code')?.textContent", &[]);
        now.as_str().filter(|now| *now != first).map(str::to_owned)
    })
    .await;
    window.click_words("Copy link").await;
    let link =
        until("the link is in the clipboard", async || clipboard_text().filter(|text| text.contains("/device"))).await;
    assert!(link.contains(&second), "{link} has the code {second} in it");

    let browser = Browser::elsewhere(&sandbox, &link).await;
    browser.sign_in_with_code("ed").await;
    window.wait_for_screen("signed_in").await;
    window.wait_for_text("Ed Itor").await;
    assert_eq!(provider.honoured_refresh_tokens().len(), 1, "nothing came of the first code");
}

#[tokio::test(flavor = "multi_thread")]
async fn df_1_somebody_else_with_the_code_is_asked_about_in_the_window() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    assert!(window.invoke("sign_in_elsewhere", &json!({})).is_ok());
    code(&window).await;
    window.click_words("Copy link").await;
    let link =
        until("the link is in the clipboard", async || clipboard_text().filter(|text| text.contains("/device"))).await;
    let browser = Browser::elsewhere(&sandbox, &link).await;
    browser.sign_in_with_code("ada").await;
    window.wait_for_text("Is this you?").await;
    window.wait_for_text("Ada Admin").await;
    window.save_screenshot("device-who");
    window.click_by_pointer("#no").await;
    window.wait_for_screen("signed_in").await;
    window.wait_for_text("Ed Itor").await;
    until("the other session is revoked", async || (provider.honoured_refresh_tokens().len() == 1).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_ran_out_is_told_with_a_button_for_a_new_one() {
    let sandbox = Sandbox::new().await;
    let provider = Provider::start(Options { device_lifetime: 4, ..Options::default() }).expect("it starts");
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_out").await;
    window.click("#elsewhere").await;
    let first = code(&window).await;
    window.wait_for_text("The code has run out").await;
    window.save_screenshot("device-expired");
    window.click_words("New code").await;
    assert_ne!(code(&window).await, first);
}
