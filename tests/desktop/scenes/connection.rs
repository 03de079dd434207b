//! The connection of a profile corrected in the window, by real clicks and keys.

use rolecall_desktop_tests::{Display, OpenedLink, Sandbox, Window, until};
use serde_json::json;

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

/// What is cut or reaches over the edge of the window.
const FAULTS: &str = "
    const edge = document.documentElement.clientWidth;
    const found = [];
    if (document.documentElement.scrollWidth > edge) found.push('sideways');
    for (const one of document.querySelectorAll('#app *')) {
        const isText = [...one.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim() !== '');
        if (!isText || one.closest('.visually-hidden, .cut, pre')) continue;
        const box = one.getBoundingClientRect();
        if (box.width > 0 && (box.right > edge + 1 || box.left < -1)) found.push(one.textContent);
        if (getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1) found.push(one.textContent);
    }
    const name = document.querySelector('.badge .name');
    if (name && name.getBoundingClientRect().width < 4 * parseFloat(getComputedStyle(name).fontSize)) found.push('a letter a line');
    return found;";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_cut_at_larger_text_and_smaller_windows() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    window.wait_for_text("Ed Itor").await;
    let display = Display::open();
    let id = display.window().await;
    let width = || window.run("return innerWidth * devicePixelRatio", &[]).as_f64().map(|width| format!("{width:.0}"));
    for wanted in [800_u32, 480, 440, 360, 320] {
        display.place(id, (100, 100), (wanted, 640));
        until(&format!("the window is {wanted} wide"), async || (width() == Some(wanted.to_string())).then_some(()))
            .await;
        for text in ["100%", "125%", "150%", "200%"] {
            let _ = window.run("document.documentElement.style.fontSize = arguments[0]", &[json!(text)]);
            assert_eq!(window.run(FAULTS, &[]), json!([]), "{wanted} pixels, text of {text}");
            if wanted == 440 && matches!(text, "100%" | "150%") {
                window.save_screenshot(&format!("signed-in-{}", text.trim_end_matches('%')));
            }
        }
    }
}
