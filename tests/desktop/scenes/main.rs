//! What a person sees and does, with the real program on a real display.

mod auth0;
mod clipboard;
mod documents;
mod knowing;
mod memory;
mod sessions;
mod settings;
mod sign_in;
mod single;
mod tray;
mod unlock;
mod walls;

use rolecall_desktop_tests::{Opened, Place, Window};
use rolecall_provider::{Options, Provider, Walker};

/// A provider of its own for each test.
fn provider() -> Provider {
    Provider::start(Options::default()).expect("the provider starts")
}

/// A window in which an account has just signed in. The browser is walked through by the test itself; `sign_in` shows it
/// with a real one.
async fn signed_in(place: &Place, provider: &Provider, account: &str) -> Window {
    place.configure_for(&provider.issuer(), provider.client_id());
    let window = Window::open(place).await;
    window.see_screen("signed_out").await;
    window.click("#sign-in").await;
    walk(place, 1, account).await;
    window.see_screen("signed_in").await;
    window
}

/// Goes through the pages behind the `count`th link that was opened.
async fn walk(place: &Place, count: usize, account: &str) {
    let opened = Opened::nth(place, count).await;
    let walk = Walker::new(account).walk(&opened.link).await.expect("the pages can be walked");
    assert_eq!(walk.status, 200, "{}", walk.page);
}
