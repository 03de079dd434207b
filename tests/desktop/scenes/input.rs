//! Pointer, wheel and keys as they come from the X server, on the main paths.

use rolecall_desktop_tests::{Display, Input, Sandbox, Window, keys, until};
use serde_json::json;

use super::{provider, signed_in};

/// How far anything on the page is scrolled down, in CSS pixels.
fn scrolled(window: &Window) -> f64 {
    let script = "return Math.max(...[...document.querySelectorAll('*')].map((one) => one.scrollTop));";
    window.run(script, &[]).as_f64().unwrap_or_default()
}

/// Turns the wheel over an element until the page has moved.
async fn wheel_scrolls(window: &Window, over: &str) {
    let input = Input::open();
    assert!(scrolled(window) < 1.0, "it begins at the top");
    window.point_at(over).await;
    until(&format!("the wheel scrolls over {over}"), async || {
        input.wheel(1);
        (scrolled(window) > 1.0).then_some(())
    })
    .await;
    until("and back", async || {
        input.wheel(-1);
        (scrolled(window) < 1.0).then_some(())
    })
    .await;
}

/// Makes the window so low that not everything fits.
async fn make_low() {
    let display = Display::open();
    let window = display.window().await;
    display.place(window, (100, 100), (440, 480));
    until("the window is low", async || (display.size(window).1 == 480).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wheel_scrolls_set_up_tokens_and_roles() {
    let sandbox = Sandbox::new().await;
    let provider = provider();
    {
        let window = Window::open(&sandbox).await;
        window.wait_for(".tile").await;
        make_low().await;
        wheel_scrolls(&window, ".tile").await;
    }
    let window = signed_in(&sandbox, &provider, "mo").await;
    make_low().await;
    wheel_scrolls(&window, ".row").await;
    window.click_by_pointer("#tab-tokens").await;
    window.wait_for(".claim").await;
    wheel_scrolls(&window, ".claim").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_reach_the_page_through_the_window_manager() {
    let (sandbox, provider, input) = (Sandbox::new().await, provider(), Input::open());
    let window = signed_in(&sandbox, &provider, "mo").await;
    let display = Display::open();
    let shown = display.window().await;
    until("the window has the keyboard", async || (display.active() == Some(shown)).then_some(())).await;
    input.press(&[], u32::from('/'));
    let in_filter = "return document.activeElement.id === 'filter'";
    until("the filter has the focus", async || (window.run(in_filter, &[]) == json!(true)).then_some(())).await;
    input.type_text("Team 09999");
    window.wait_for_text("Team 09999").await;
    input.press(&[], keys::ESCAPE);
    input.press(&[keys::CONTROL], u32::from('r'));
    until("it is refreshed", async || (provider.token_requests("refresh_token") == 1).then_some(())).await;
    input.press(&[keys::CONTROL], u32::from('3'));
    window.wait_for_text("Signature checked").await;
}
