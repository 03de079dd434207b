//! The system's own question for the key store's password, dismissed and answered by its own window, and a key store
//! that dies and comes back, all while the program runs.

use std::process::{Output, Stdio};
use std::time::Duration;

use rolecall_desktop_tests::{App, Display, Prompt, Sandbox, Window, until};
use rolecall_it::{Bus, PASSWORD};
use rolecall_provider::Provider;
use serde_json::json;
use tokio::time::Instant;

use super::{provider, sign_in_as};

const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

/// Less than the five seconds for which a key store is waited for.
const BEARABLE: Duration = Duration::from_millis(4500);

/// The text in the window while the key store does not answer.
const ASKS: &str = "may be asking for its password in a window of its own";

/// A window on a bus of its own, somebody signed in.
async fn signed_in(sandbox: &Sandbox, provider: &Provider, bus: &Bus) -> Window {
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let window = Window::open_with(sandbox, &[(BUS, bus.address())]).await;
    sign_in_as(sandbox, &window, 1, "ed").await;
    window
}

/// The command line, beside.
fn rolecall(sandbox: &Sandbox, bus: &Bus, arguments: &[&str]) -> tokio::task::JoinHandle<Output> {
    let mut command = sandbox.rolecall();
    command.args(arguments).env(BUS, bus.address()).stdout(Stdio::piped()).stderr(Stdio::piped());
    tokio::task::spawn_blocking(move || command.output().expect("the command line is built"))
}

/// Presses the button by which the window offers to unlock.
fn click_unlock(window: &Window) {
    let find = "const button = [...document.querySelectorAll('button')].find((one) => one.textContent === 'Unlock…');
        button?.click(); return button !== undefined;";
    assert_eq!(window.run(find, &[]), json!(true), "{}", window.text());
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn kc_1_a_question_for_the_password_that_is_dismissed_loses_nothing_and_one_that_is_answered_brings_all_back() {
    let (sandbox, provider, mut bus) = (Sandbox::new().await, provider(), Bus::with_prompts());
    let window = signed_in(&sandbox, &provider, &bus).await;
    bus.restart_keyring(false);

    // The command line asks, the person presses escape.
    let token = rolecall(&sandbox, &bus, &["token"]);
    Prompt::shown().await.dismiss().await;
    let token = token.await.expect("it ends");
    assert_eq!((token.status.code(), token.stdout.as_slice()), (Some(6), &b""[..]), "{}", said(&token));
    assert!(said(&token).contains("locked"), "{}", said(&token));

    // So does the window, and says so.
    assert!(window.invoke("refresh", &json!({})).is_ok());
    let prompt = Prompt::shown().await;
    window.wait_for_text(ASKS).await;
    window.save_screenshot("key-store-asks");
    prompt.dismiss().await;
    window.wait_for_text("locked").await;
    window.wait_for_text("Ed Itor").await;
    window.save_screenshot("unlock-dismissed");
    assert_eq!(provider.token_requests("refresh_token"), 0, "no token was spent that can't be kept");
    assert_eq!(provider.live_sessions(), 1);
    assert!(!Prompt::is_open(), "nobody is asked again unasked");

    // The same window, and the password.
    click_unlock(&window);
    Prompt::shown().await.answer(PASSWORD).await;
    until("all is back", async || (!window.text().contains("locked")).then_some(())).await;
    window.wait_for_screen("signed_in").await;
    assert!(window.invoke("refresh", &json!({})).is_ok());
    until("it is refreshed", async || (provider.token_requests("refresh_token") == 1).then_some(())).await;
    let token = rolecall(&sandbox, &bus, &["token"]).await.expect("it ends");
    assert!(token.status.success() && token.stdout.starts_with(b"eyJ"), "{}", said(&token));
    assert!(!Prompt::is_open());
}

#[tokio::test(flavor = "multi_thread")]
async fn kc_1_a_password_that_is_typed_slowly_at_the_start_brings_the_session_all_the_same() {
    let (sandbox, provider, mut bus) = (Sandbox::new().await, provider(), Bus::with_prompts());
    drop(signed_in(&sandbox, &provider, &bus).await);
    bus.restart_keyring(false);
    let window = Window::open_with(&sandbox, &[(BUS, bus.address())]).await;
    let prompt = Prompt::shown().await;
    window.wait_for_text(ASKS).await;
    // Nobody is waited for longer than is bearable; the question still stands, and the window goes on saying so.
    window.wait_for_text("did not answer within 5 seconds").await;
    window.wait_for_text(ASKS).await;
    prompt.answer(PASSWORD).await;
    window.wait_for_screen("signed_in").await;
    until("nothing is left of it", async || (!window.text().contains("key store")).then_some(())).await;
    assert!(!Prompt::is_open(), "nobody is asked twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn kc_4_a_key_store_that_dies_and_comes_back_while_the_window_is_open_costs_no_session() {
    let (sandbox, provider, mut bus) = (Sandbox::new().await, provider(), Bus::with_prompts());
    let window = signed_in(&sandbox, &provider, &bus).await;
    bus.stop_keyring();
    assert!(window.invoke("refresh", &json!({})).is_ok());
    window.wait_for_text("There is no key store").await;
    let text = window.text();
    assert!(!text.contains("Unlock") && !text.contains("os error") && !text.contains("The window also"), "{text}");
    assert!(!window.text().contains("freedesktop"), "in words for people: {}", window.text());
    window.wait_for_text("Ed Itor").await;
    window.save_screenshot("key-store-gone");
    let token = rolecall(&sandbox, &bus, &["token"]).await.expect("it ends");
    assert_eq!(token.status.code(), Some(6), "{}", said(&token));
    assert_eq!((provider.token_requests("refresh_token"), provider.live_sessions()), (0, 1));
    bus.restart_keyring(true);
    assert!(window.invoke("refresh", &json!({})).is_ok());
    until("it is refreshed", async || (provider.token_requests("refresh_token") == 1).then_some(())).await;
    until("all is well", async || (!window.text().contains("no key store")).then_some(())).await;
    window.wait_for_screen("signed_in").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kc_1_a_key_store_that_answers_nobody_delays_neither_the_start_nor_the_end_of_the_program() {
    let (sandbox, provider, bus) = (Sandbox::new().await, provider(), Bus::with_prompts());
    drop(signed_in(&sandbox, &provider, &bus).await);
    let display = Display::open();
    display.no_window().await;
    bus.freeze_keyring();
    let begun = Instant::now();
    let mut program = sandbox.program();
    program.env(BUS, bus.address());
    let mut app = App::start_as(program);
    let window = display.window().await;
    assert!(begun.elapsed() < BEARABLE, "shown after {:?}", begun.elapsed());
    // No tray stands on this bus, so closing the window ends the program, in the middle of its question.
    let begun = Instant::now();
    display.close(window);
    assert_eq!(app.wait_for_exit().await, Some(0));
    assert!(begun.elapsed() < BEARABLE, "ended after {:?}", begun.elapsed());

    let window = Window::open_with(&sandbox, &[(BUS, bus.address())]).await;
    window.wait_for_text("Ed Itor").await;
    window.wait_for_text("did not answer within 5 seconds").await;
    assert_eq!(provider.live_sessions(), 1);
}
