//! Profiles made, named, coloured and removed in the window, by the pointer and the keyboard.

use std::fs;

use rolecall_desktop_tests::{Input, OpenedLink, Sandbox, Window, keys, until};
use serde_json::json;

use super::{provider, signed_in, walk};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_profile_takes_a_name_with_blanks_and_the_next_colour_and_removing_says_what_becomes_of_the_session() {
    let (sandbox, one, two, input) = (Sandbox::new().await, provider(), provider(), Input::open());
    let window = signed_in(&sandbox, &one, "ed").await;
    window.click_by_pointer("#profile-button").await;
    window.click_words("Add a profile…").await;
    window.retype("#paste", &two.issuer()).await;
    input.press(&[], keys::RETURN);
    window.wait_for("ul.checks").await;
    let shown = window.run("return document.querySelector('pre.code')?.textContent", &[]);
    assert_eq!(shown, json!("http://127.0.0.1/callback"), "what is to be registered");
    window.retype("#client-id", two.client_id()).await;
    window.click_words("More").await;
    window.retype("#name", "My second work").await;
    window.click_words("Sign in with your browser").await;
    let opened = OpenedLink::nth(&sandbox, 2).await;
    walk(&sandbox, 2, "ada").await;
    window.wait_for_text("Ada Admin").await;
    assert!(opened.link.to_string().contains("127.0.0.1"), "{}", opened.link);
    let text = fs::read_to_string(sandbox.path().join("config/rolecall.toml")).expect("the file");
    assert!(text.contains("[profiles.\"My second work\"]") && text.contains("lanyard = \"slate\""), "{text}");
    let accent = window.run("return document.documentElement.dataset.accent", &[]);
    assert_eq!(accent, json!("slate"));

    window.click_by_pointer("#profile-button").await;
    window.wait_for_text("My second work").await;
    window.save_screenshot("profiles-two");
    window.click_words("Remove My second work…").await;
    window.wait_for_text("You are signed out, and the session is revoked at 127.0.0.1").await;
    window.click_by_pointer("#really").await;
    window.wait_for_text("Ed Itor").await;
    until("it was revoked", async || (two.live_sessions() == 0).then_some(())).await;
    assert_eq!(one.live_sessions(), 1);
    let file = sandbox.path().join("config/rolecall.toml");
    until("the one that is left is the active one", async || {
        let text = fs::read_to_string(&file).ok()?;
        (text.contains("active = \"demo\"") && !text.contains("My second")).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_issuer_of_a_product_that_has_one_is_filled_in() {
    let sandbox = Sandbox::new().await;
    let window = Window::open(&sandbox).await;
    window.wait_for(".tile").await;
    window.click_words("Google").await;
    window.wait_for("#issuer").await;
    let issuer = window.run("return document.querySelector('#issuer').value", &[]);
    assert!(issuer.as_str().is_some_and(|text| text.ends_with("accounts.google.com")), "{issuer}");
    assert!(!window.has("pre.code"), "a desktop client of Google registers no address");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_in_the_file_is_told_in_the_window() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    sandbox.configure(&format!(
        "[profiles.acme]\nissuer = \"{}\"\nclient_id = \"{}\"\nscops = \"openid\"\n",
        provider.issuer(),
        provider.client_id()
    ));
    let window = Window::open(&sandbox).await;
    window.wait_for_text("Something in rolecall.toml is not used.").await;
    assert!(window.text().contains("scops"), "{}", window.text());
    window.save_screenshot("unknown-key");
    window.click_words("Settings").await;
    window.wait_for(".warning").await;
}
