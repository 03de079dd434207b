//! The window where no file can be written any more, and beside a command to which that happens.

use std::process::Command;

use rolecall_desktop_tests::{Sandbox, Window, until};
use rolecall_provider::Provider;
use serde_json::json;

use super::{log_in, provider, session_is_read, window_of_session};

/// Keeps a process from writing to files from now on. It must ignore SIGXFSZ, which would end it.
fn fill_disk(pid: u32) {
    let limit = Command::new("prlimit").args(["--pid", &pid.to_string(), "--fsize=0"]).status();
    assert!(limit.expect("prlimit is installed").success());
}

/// The window of somebody who is signed in, from which no file can be written any more.
async fn window_on_a_full_disk(sandbox: &Sandbox, provider: &Provider) -> Window {
    log_in(sandbox, provider).await;
    let window = Window::open_where_the_disk_may_fill(sandbox).await;
    session_is_read(&window).await;
    fill_disk(window.pid());
    window
}

#[tokio::test(flavor = "multi_thread")]
async fn kc_6_kc_8_signing_out_in_the_window_on_a_full_disk_revokes_deletes_and_says_what_was_not_noted() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = window_on_a_full_disk(&sandbox, &provider).await;
    window.invoke("sign_out", &json!({ "profile": null })).expect("signing out");
    window.wait_for_screen("signed_out").await;
    assert_eq!(provider.live_sessions(), 0);
    window.wait_for_text("igned out, but not everything could be written down").await;
    window.save_screenshot("full-disk");
    assert!(!window.text().contains("The session is kept"), "{}", window.text());
    let status = sandbox.rolecall().arg("status").status().expect("the command line is built");
    assert_eq!(status.code(), Some(3), "{}", sandbox.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn kc_8_the_window_follows_a_sign_out_in_the_shell_that_could_write_no_file() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = window_of_session(&sandbox, &provider).await;
    let mut logout = sandbox.rolecall_where(&["logout"], "trap '' XFSZ; ulimit -f 0;");
    let status = tokio::task::spawn_blocking(move || logout.status()).await;
    assert!(status.expect("it ends").expect("it runs").success(), "{}", sandbox.log());
    until("the window follows", async || window.has("#app[data-screen='signed_out']").then_some(())).await;
    assert_eq!(provider.live_sessions(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn kc_2_on_a_full_disk_the_window_sends_nobody_to_the_browser_and_keeps_the_session() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = window_on_a_full_disk(&sandbox, &provider).await;
    provider.forget_requests();
    window.invoke("sign_in", &json!({ "ask_consent": false, "memory_only": false })).expect("it begins");
    window.wait_for_text("A file of Rolecall").await;
    assert!(!provider.requests().iter().any(|request| request.path == "/authorize"));
    window.invoke("refresh", &json!({})).expect("it begins");
    window.wait_for_text("nothing was sent").await;
    assert_eq!((provider.token_requests("refresh_token"), provider.live_sessions()), (0, 1));
    let token = sandbox.rolecall().arg("token").status().expect("the command line is built");
    assert!(token.success(), "{}", sandbox.log());
}
