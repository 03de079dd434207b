//! The clipboard of Wayland, under a compositor without a screen.

use rolecall_desktop_tests::{App, Notifications, Panel, Sandbox, Wayland, until};

use super::{log_in, provider};

/// The program in the tray of a Wayland desktop, somebody signed in.
async fn signed_in(sandbox: &Sandbox, provider: &rolecall_provider::Provider, wayland: &Wayland) -> App {
    log_in(sandbox, provider).await;
    let mut command = sandbox.program();
    command.arg("--in-tray");
    wayland.put(&mut command);
    App::start_as(command)
}

#[tokio::test(flavor = "multi_thread")]
async fn cb_1_cb_2_on_wayland_a_copied_token_is_marked_as_secret_and_taken_back() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    let (notes, wayland) = (Notifications::serve().await, Wayland::start().await);
    let _app = signed_in(&sandbox, &provider, &wayland).await;
    panel.choose("Copy access token").await;
    let token = until("a token can be pasted", async || wayland.paste().filter(|text| text.len() > 20)).await;
    assert_eq!(token.split('.').count(), 3, "it is the access token");
    let (kinds, marker) = wayland.targets();
    assert!(kinds.iter().any(|kind| kind == "x-kde-passwordManagerHint"), "{kinds:?}");
    assert_eq!(marker.as_deref(), Some("secret"), "clipboard histories are told to leave it out");
    notes.titled("Access token copied").await;
    until("it is taken back", async || wayland.paste().is_none().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cb_2_on_wayland_what_a_person_copied_meanwhile_is_left_alone_and_the_end_takes_a_token_back() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    let (notes, wayland) = (Notifications::serve().await, Wayland::start().await);
    let mut app = signed_in(&sandbox, &provider, &wayland).await;
    panel.choose("Copy ID token").await;
    until("a token can be pasted", async || wayland.paste().filter(|text| text.len() > 20)).await;
    wayland.copy("a recipe for bread");
    notes.titled("ID token copied").await;
    // The time is three seconds.
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    assert_eq!(wayland.paste().as_deref(), Some("a recipe for bread"));

    panel.choose("Copy access token").await;
    until("a token can be pasted", async || wayland.paste().filter(|text| text.len() > 20)).await;
    panel.choose("Quit Rolecall").await;
    assert_eq!(app.wait_for_exit().await, Some(0));
    assert_eq!(wayland.paste(), None);
}
