//! What a person sees and does, with the real program on a real display.

mod auth0;
mod clipboard;
mod documents;
mod isolation;
mod key_store;
mod memory;
mod roles;
mod sessions;
mod settings;
mod sign_in;
mod single_instance;
mod tray;

use rolecall_desktop_tests::{OpenedLink, Sandbox, Window};
use rolecall_provider::{HeadlessBrowser, Options, Provider};

/// A provider of its own for each test.
fn provider() -> Provider {
    Provider::start(Options::default()).expect("the provider starts")
}

/// A window in which an account has just signed in. The browser is walked through by the test itself; `sign_in` shows it
/// with a real one.
async fn signed_in(sandbox: &Sandbox, provider: &Provider, account: &str) -> Window {
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let window = Window::open(sandbox).await;
    window.wait_for_screen("signed_out").await;
    window.click("#sign-in").await;
    walk(sandbox, 1, account).await;
    window.wait_for_screen("signed_in").await;
    window
}

/// Goes through the pages behind the `count`th link that was opened.
async fn walk(sandbox: &Sandbox, count: usize, account: &str) {
    let opened = OpenedLink::nth(sandbox, count).await;
    let walk = HeadlessBrowser::new(account).visit(&opened.link).await.expect("the pages can be walked");
    assert_eq!(walk.status, 200, "{}", walk.page);
}
