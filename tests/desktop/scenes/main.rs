//! Tests of the real program on a real display, with its window, tray and clipboard.

mod answers;
mod auth0;
mod beyond;
mod client_secret;
mod clipboard;
mod connection;
mod documents;
mod elsewhere;
mod exit;
mod full_disk;
mod input;
mod inspect;
mod isolation;
mod key_store;
mod keyboard;
mod locks;
mod memory;
mod no_key_store;
mod other_parties;
mod profiles;
mod repeated;
mod roles;
mod sessions;
mod settings;
mod sign_in;
mod single_instance;
mod start;
mod table;
mod tray;
mod wayland;
mod window;

use rolecall_desktop_tests::{App, OpenedLink, Sandbox, Window};
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
    sign_in_as(sandbox, &window, 1, account).await;
    window
}

/// Signs in with a window that is open and signed out; `count` is the number of links opened by then.
async fn sign_in_as(sandbox: &Sandbox, window: &Window, count: usize, account: &str) {
    window.wait_for_screen("signed_out").await;
    window.click("#sign-in").await;
    walk(sandbox, count, account).await;
    window.wait_for_screen("signed_in").await;
}

/// Goes through the pages behind the `count`th link that was opened.
async fn walk(sandbox: &Sandbox, count: usize, account: &str) {
    let opened = OpenedLink::nth(sandbox, count).await;
    let walk = HeadlessBrowser::new(account).visit(&opened.link).await.expect("the pages can be walked");
    assert_eq!(walk.status, 200, "{}", walk.page);
}

/// Signs in by the command line, which is the quickest way to a stored session.
async fn log_in(sandbox: &Sandbox, provider: &Provider) {
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let mut login = sandbox.rolecall().arg("login").spawn().expect("the command line is built");
    walk(sandbox, 1, "ed").await;
    assert!(login.wait().expect("it ends").success(), "{}", sandbox.log());
}

/// The window of somebody who is signed in by the command line, once it has read the session.
async fn window_of_session(sandbox: &Sandbox, provider: &Provider) -> Window {
    log_in(sandbox, provider).await;
    let window = Window::open(sandbox).await;
    session_is_read(&window).await;
    window
}

async fn session_is_read(window: &Window) {
    window.wait_for_screen("signed_in").await;
    window.wait_for("#copy-access:not([aria-disabled])").await;
}

/// Starts the program in the tray, without a window.
fn start_in_tray(sandbox: &Sandbox) -> App {
    let mut command = sandbox.program();
    command.arg("--in-tray");
    App::start_as(command)
}
