use std::process::Command;

use rolecall_desktop_tests::{Sandbox, Window, until};
use rolecall_provider::{Endpoint, Fault};
use serde_json::json;

use super::{provider, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_needs_no_new_sign_in() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    window.wait_for_text("Editor").await;
    drop(window);
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_in").await;
    window.wait_for_text("Ed Itor").await;
    window.wait_for_text("Editor").await;
    assert_eq!(provider.token_requests("authorization_code"), 1);
    assert!(!sandbox.path().join("browsers").metadata().is_ok_and(|list| list.len() > 100), "no browser was opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_loses_nothing() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    let pid = window.pid();
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().expect("kill runs").success());
    until("it is gone", async || (!std::path::Path::new(&format!("/proc/{pid}/exe")).exists()).then_some(())).await;
    drop(window);
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_in").await;
    window.wait_for_text("Ed Itor").await;
    window.click("#refresh").await;
    until("the session still refreshes", async || (provider.token_requests("refresh_token") > 0).then_some(())).await;
    window.wait_for_screen("signed_in").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_provider_down_the_last_identity_stays_and_says_as_of_when() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    drop(window);
    provider.stop();
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_in").await;
    window.wait_for_text("Ed Itor").await;
    window.wait_for_text("Editor").await;
    window.click("#refresh").await;
    window.wait_for_text("As of").await;
    window.wait_for_text("You stay signed in").await;
    window.save_screenshot("offline");

    provider.resume().expect("the port is still free");
    window.click("#refresh").await;
    until("it is over", async || (!window.text().contains("As of")).then_some(())).await;
    window.wait_for_screen("signed_in").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_ended_says_so_and_offers_to_sign_in() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    provider.revoke_all();
    assert!(window.invoke("refresh", &json!({})).is_ok());
    window.wait_for_screen("inactive").await;
    window.wait_for_text("ended this session").await;
    window.wait_for_text("Ed Itor").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_1_window_and_command_line_at_once_make_one_token_request() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    provider.set_roles("ed", &["Editor", "Publisher"]);
    provider.fault(Fault::Slow(Endpoint::Token, 1500));
    let mut both = sandbox.rolecall();
    let mut command = both.arg("refresh").spawn().expect("the command line is built");
    window.click("#refresh").await;
    let status = until("the command line is done", async || command.try_wait().ok().flatten()).await;
    assert!(status.success());
    window.wait_for_text("Publisher").await;
    until("the window is done", async || (!window.has("#refresh[aria-disabled]")).then_some(())).await;
    assert_eq!(provider.token_requests("refresh_token"), 1);
    window.wait_for_screen("signed_in").await;
}
