//! Every way the program can end while something is in flight. The provider here ends a session when a refresh token that
//! was spent comes again, so an answer that nobody stores costs the session.

use std::process::Command;
use std::time::Duration;

use rolecall_desktop_tests::{App, Display, Input, OpenedLink, Panel, PrivateDisplay, Sandbox, Window, until};
use rolecall_provider::{Endpoint, Fault, HeadlessBrowser, Provider};
use serde_json::json;
use tokio::time::Instant;

use super::{log_in, provider, start_in_tray, walk};

/// How long the provider holds its answers back, in milliseconds: time enough to end the program in the meantime.
const HELD: u64 = 2500;

/// Within this the program must have ended, whatever the provider does.
const BOUND: Duration = Duration::from_secs(20);

const CONTROL: u32 = rolecall_desktop_tests::keys::CONTROL;

/// Begins a refresh whose answer is held back, by the menu of the tray.
async fn refresh_from_tray(provider: &Provider, panel: &Panel) {
    provider.fault(Fault::AnswerHeld(HELD));
    panel.choose("Refresh now").await;
    sent(provider, "refresh_token").await;
}

/// The program, in the tray or with its window, in the middle of a refresh.
async fn refreshing(sandbox: &Sandbox, provider: &Provider, panel: &Panel, in_tray: bool) -> App {
    log_in(sandbox, provider).await;
    let app = if in_tray { start_in_tray(sandbox) } else { App::start(sandbox) };
    if !in_tray {
        Display::open().window().await;
    }
    refresh_from_tray(provider, panel).await;
    app
}

/// Waits until a token request of this grant type has reached the provider.
async fn sent(provider: &Provider, grant: &str) {
    until(&format!("a {grant} request is sent"), async || (provider.token_requests(grant) == 1).then_some(())).await;
}

/// The session is stored and good: another refresh takes place with what the first one brought.
fn session_is_kept(sandbox: &Sandbox, provider: &Provider) {
    provider.clear_faults();
    let status = sandbox.rolecall().arg("refresh").status().expect("the command line is built");
    assert!(status.success(), "{status}: {}", sandbox.log());
    assert_eq!((provider.token_requests("refresh_token"), provider.live_sessions()), (2, 1));
}

fn signal(name: &str, app: &App) {
    let status = Command::new("kill").args([name, &app.pid().to_string()]).status();
    assert!(status.expect("kill runs").success());
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_quit_in_the_tray_waits_for_a_refresh() {
    for in_tray in [false, true] {
        let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
        let mut app = refreshing(&sandbox, &provider, &panel, in_tray).await;
        panel.choose("Quit Rolecall").await;
        assert_eq!(app.wait_for_exit().await, Some(0));
        session_is_kept(&sandbox, &provider);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_a_signal_waits_for_a_refresh_in_window_and_tray() {
    for (name, in_tray) in [("-TERM", false), ("-INT", false), ("-HUP", false), ("-TERM", true), ("-INT", true)] {
        let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
        let mut app = refreshing(&sandbox, &provider, &panel, in_tray).await;
        signal(name, &app);
        assert_eq!(app.wait_for_exit().await, Some(0), "{name}");
        session_is_kept(&sandbox, &provider);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_closing_the_window_where_there_is_no_tray_waits_for_a_refresh() {
    let (sandbox, provider, display, input) = (Sandbox::new().await, provider(), Display::open(), Input::open());
    log_in(&sandbox, &provider).await;
    let mut app = App::start(&sandbox);
    let window = display.window().await;
    provider.fault(Fault::AnswerHeld(HELD));
    until("the page takes keys", async || {
        input.press(&[CONTROL], u32::from('r'));
        (provider.token_requests("refresh_token") == 1).then_some(())
    })
    .await;
    display.close(window);
    assert_eq!(app.wait_for_exit().await, Some(0));
    session_is_kept(&sandbox, &provider);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_a_display_that_goes_away_at_log_out_waits_for_a_refresh() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    log_in(&sandbox, &provider).await;
    let display = PrivateDisplay::start();
    let mut command = sandbox.program();
    command.env("DISPLAY", display.name());
    let mut app = App::start_as(command);
    display.open().window().await;
    refresh_from_tray(&provider, &panel).await;
    drop(display);
    app.wait_for_exit().await;
    session_is_kept(&sandbox, &provider);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_a_window_closed_into_the_tray_in_the_middle_of_a_refresh_costs_no_session() {
    let (sandbox, provider, panel, display) = (Sandbox::new().await, provider(), Panel::open().await, Display::open());
    log_in(&sandbox, &provider).await;
    let mut app = App::start(&sandbox);
    let window = display.window().await;
    refresh_from_tray(&provider, &panel).await;
    display.close(window);
    display.no_window().await;
    // Once it is in the tray alone it has put its icon up again.
    panel.has_icons(2).await;
    panel.choose("Quit Rolecall").await;
    assert_eq!(app.wait_for_exit().await, Some(0));
    session_is_kept(&sandbox, &provider);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_a_provider_that_never_answers_keeps_the_program_only_for_a_bounded_time() {
    let (sandbox, provider, panel, display) = (Sandbox::new().await, provider(), Panel::open().await, Display::open());
    log_in(&sandbox, &provider).await;
    let mut app = App::start(&sandbox);
    display.window().await;
    provider.fault(Fault::AnswerHeld(600_000));
    panel.choose("Refresh now").await;
    sent(&provider, "refresh_token").await;
    let begun = Instant::now();
    signal("-TERM", &app);
    assert_eq!(app.wait_for_exit().await, Some(0));
    assert!(begun.elapsed() < BOUND, "ended after {:?}", begun.elapsed());
    assert!(sandbox.log().contains("before everything was done"), "it says what it left behind: {}", sandbox.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_a_signal_waits_for_a_sign_in_that_came_back_from_the_browser() {
    let (sandbox, provider, panel, display) = (Sandbox::new().await, provider(), Panel::open().await, Display::open());
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let mut app = App::start(&sandbox);
    display.window().await;
    provider.fault(Fault::Slow(Endpoint::Token, HELD));
    panel.choose("Sign in to").await;
    let opened = OpenedLink::nth(&sandbox, 1).await;
    let walk = tokio::spawn(async move { HeadlessBrowser::new("ed").visit(&opened.link).await });
    sent(&provider, "authorization_code").await;
    signal("-TERM", &app);
    assert_eq!(app.wait_for_exit().await, Some(0));
    // What the browser was shown is another test's.
    let _ = walk.await;
    provider.clear_faults();
    let status = sandbox.rolecall().arg("status").status().expect("the command line is built");
    assert!(status.success() && provider.live_sessions() == 1, "{status}: {}", sandbox.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_a_signal_waits_for_a_revocation() {
    let (sandbox, provider, panel, display) = (Sandbox::new().await, provider(), Panel::open().await, Display::open());
    log_in(&sandbox, &provider).await;
    let mut app = App::start(&sandbox);
    display.window().await;
    provider.fault(Fault::Slow(Endpoint::Revocation, HELD));
    panel.choose("Sign out of").await;
    until("the revocation is sent", async || {
        provider.requests().iter().any(|request| request.path.contains("revo")).then_some(())
    })
    .await;
    signal("-TERM", &app);
    assert_eq!(app.wait_for_exit().await, Some(0));
    assert_eq!(provider.live_sessions(), 0);
    let status = sandbox.rolecall().arg("status").status().expect("the command line is built");
    assert_eq!(status.code(), Some(3), "nobody is signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_a_session_in_memory_only_is_revoked_when_the_program_ends() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_out").await;
    window.invoke("sign_in", &json!({ "ask_consent": false, "memory_only": true })).expect("it begins");
    walk(&sandbox, 1, "ed").await;
    window.wait_for_screen("signed_in").await;
    assert_eq!(provider.live_sessions(), 1);
    let pid = window.pid();
    assert!(Command::new("kill").arg(pid.to_string()).status().expect("kill runs").success());
    until("the provider was told", async || (provider.live_sessions() == 0).then_some(())).await;
    drop(window);
}

#[tokio::test(flavor = "multi_thread")]
async fn rf_9_a_log_that_can_not_be_written_keeps_the_program_neither_from_working_nor_from_ending() {
    for name in ["-TERM", "-INT"] {
        let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
        log_in(&sandbox, &provider).await;
        let mut command = sandbox.program();
        // As on a full disk, or once the terminal was closed.
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device of Linux");
        command.env("ROLECALL_LOG", "trace").stderr(full);
        let mut app = App::start_as(command);
        Display::open().window().await;
        refresh_from_tray(&provider, &panel).await;
        signal(name, &app);
        assert_eq!(app.wait_for_exit().await, Some(0), "{name}");
        session_is_kept(&sandbox, &provider);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kc_7_a_window_killed_while_its_code_is_exchanged_leaves_nothing_that_is_not_told() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_out").await;
    provider.fault(Fault::Slow(Endpoint::Token, HELD));
    window.click("#sign-in").await;
    let opened = OpenedLink::nth(&sandbox, 1).await;
    let browser = tokio::spawn(async move { HeadlessBrowser::new("ed").visit(&opened.link).await.is_ok() });
    sent(&provider, "authorization_code").await;
    let killed = Command::new("kill").args(["-KILL", &window.pid().to_string()]).status();
    assert!(killed.expect("kill runs").success());
    drop(window);
    let _ = browser.await;
    provider.clear_faults();
    let output = sandbox.rolecall().arg("status").stderr(std::process::Stdio::piped()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("cut off") && said.contains("at the provider"), "{said}");
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_out").await;
    window.click("#sign-in").await;
    walk(&sandbox, 2, "ed").await;
    window.wait_for_screen("signed_in").await;
}
