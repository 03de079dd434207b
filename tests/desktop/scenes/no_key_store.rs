//! A session without a bus, so without a key store: what is said, and the one button that helps.

use rolecall_desktop_tests::{Sandbox, Window, until};
use serde_json::json;

use super::{provider, walk};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_store_one_sentence_is_said_and_one_button_helps() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let nowhere = format!("unix:path={}", sandbox.path().join("no-bus").display());
    let window = Window::open_with(&sandbox, &[("DBUS_SESSION_BUS_ADDRESS", &nowhere)]).await;
    window.wait_for_screen("signed_out").await;
    window.wait_for_text("There is no key store").await;
    let text = window.text();
    for wrong in ["os error", "Unlock", "The window also", "freedesktop", "Nothing was changed"] {
        assert!(!text.contains(wrong), "{wrong}: {text}");
    }
    let buttons = |which: &str| {
        let script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)";
        window.run(script, &[json!(which)])
    };
    assert_eq!(buttons(".btn.main"), json!(["Sign in without it…"]), "the button that helps is the main one");
    assert_eq!(buttons(".notice button"), json!([]), "and stands there once");
    window.save_screenshot("no-key-store");
    window.click_words("Sign in without it…").await;
    walk(&sandbox, 1, "ed").await;
    window.wait_for_screen("signed_in").await;
    window.wait_for_text("Kept in memory only.").await;
    until("nothing is left of it", async || (!window.text().contains("no key store")).then_some(())).await;

    // The shell says it in its own words.
    let mut status = sandbox.rolecall();
    status.args(["token"]).env("DBUS_SESSION_BUS_ADDRESS", &nowhere).stderr(std::process::Stdio::piped());
    let told = status.output().expect("the command line is built");
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(said.contains("There is no key store") && !said.contains("os error"), "{said}");
}
