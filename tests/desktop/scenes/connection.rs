//! The connection of a profile corrected in the window, by real clicks and keys.

use rolecall_desktop_tests::{OpenedLink, Sandbox, Window, until};

use super::{provider, signed_in, walk};

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_client_id_is_corrected_while_the_browser_shows_an_error() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    sandbox.configure_for(&provider.issuer(), "not-this-one");
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_out").await;
    window.click_by_pointer("#sign-in").await;
    OpenedLink::nth(&sandbox, 1).await;
    window.click_by_pointer("#edit").await;
    window.wait_for("ul.checks").await;
    window.retype("#client-id", provider.client_id()).await;
    window.wait_for("#save-connection.main").await;
    window.save_screenshot("connection");
    window.click_by_pointer("#save-connection").await;
    walk(&sandbox, 2, "ed").await;
    window.wait_for_screen("signed_in").await;
    window.wait_for_text("Ed Itor").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_saving_does_to_the_session_is_said_before_it_is_done() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    window.click_by_pointer("#profile-button").await;
    window.press_button("Edit connection…").await;
    window.wait_for("ul.checks").await;
    window.retype("#client-id", "another-client").await;
    window.wait_for_text("Saving ends your session.").await;
    window.save_screenshot("connection-ends");
    assert_eq!(provider.live_sessions(), 1, "nothing is done yet");
    window.click_by_pointer("#save-connection").await;
    until("the session is revoked", async || (provider.live_sessions() == 0).then_some(())).await;
    window.wait_for_screen("waiting").await;
}
