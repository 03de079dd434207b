//! The window itself: when it comes to the front, how large it is, where it comes back, which profile it shows.

use rolecall_desktop_tests::{App, Display, Notifications, Panel, Sandbox, Window, until};
use serde_json::json;

use super::{log_in, provider, start_in_tray, walk};

#[tokio::test(flavor = "multi_thread")]
async fn after_a_sign_in_the_window_comes_back_to_the_front() {
    let (sandbox, provider, panel, display) = (Sandbox::new().await, provider(), Panel::open().await, Display::open());
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let _app = App::start(&sandbox);
    let window = display.window().await;
    display.minimize(window);
    display.no_window().await;
    panel.choose("Sign in to").await;
    walk(&sandbox, 1, "ed").await;
    let shown = display.window().await;
    until("it has the keyboard", async || (display.active() == Some(shown)).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_tray_a_sign_in_and_the_end_of_a_session_are_notified() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    let notifications = Notifications::serve().await;
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let _app = start_in_tray(&sandbox);
    panel.choose("Sign in to").await;
    walk(&sandbox, 1, "ed").await;
    notifications.titled("Signed in as Ed Itor").await;

    provider.revoke_all();
    panel.choose("Refresh now").await;
    let ended = notifications.titled("The session of demo has ended").await;
    assert!(ended.body.contains("127.0.0.1") && ended.body.contains("sign in again"), "{}", ended.body);
    assert!(Display::open().shown().is_none(), "no window came up by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn cli_4_words_of_the_provider_are_no_live_markup_in_a_notification() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    let notifications = Notifications::serve().await;
    log_in(&sandbox, &provider).await;
    let _app = start_in_tray(&sandbox);
    let link = "<a href=\"https://evil.example\">Prize</a><img src=\"https://evil.example/x.png\"/>";
    provider.set_roles("ed", &["Editor", link]);
    panel.choose("Refresh now").await;
    let news = until("the role is told", async || {
        notifications.all().into_iter().find(|one| format!("{one:?}").contains("Prize"))
    })
    .await;
    assert!(!news.title.contains('<') && !news.body.contains('<'), "{news:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn size_and_place_are_those_of_the_window_before() {
    let (sandbox, panel, display) = (Sandbox::new().await, Panel::open().await, Display::open());
    let mut app = App::start(&sandbox);
    let window = display.window().await;
    display.place(window, (200, 120), (520, 560));
    until("it has the size", async || (display.size(window) == (520, 560)).then_some(())).await;
    let before = display.position(window);
    display.close(window);
    display.no_window().await;
    panel.has_icons(2).await;
    panel.click_icon().await;
    let window = display.window().await;
    until("it has the size again", async || (display.size(window) == (520, 560)).then_some(())).await;
    let near = |one: i16, other: i16| (one - other).abs() <= 30;
    until("it is where it was", async || {
        let after = display.position(window);
        (near(after.0, before.0) && near(after.1, before.1)).then_some(())
    })
    .await;
    panel.choose("Quit Rolecall").await;
    assert_eq!(app.wait_for_exit().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_zoom_outlives_the_window() {
    let width = |window: &Window| window.run("return innerWidth", &[]).as_f64().expect("a number");
    let sandbox = Sandbox::new().await;
    let before = {
        let window = Window::open(&sandbox).await;
        let before = width(&window);
        for _ in 0..2 {
            assert!(window.invoke("zoom", &json!({ "direction": "in" })).is_ok());
        }
        until("the page is larger", async || (width(&window) < before * 0.9).then_some(())).await;
        before
    };
    let window = Window::open(&sandbox).await;
    until("it still is", async || (width(&window) < before * 0.9).then_some(())).await;
    assert!(window.invoke("zoom", &json!({ "direction": "reset" })).is_ok());
    until("it is as at first", async || (width(&window) > before * 0.99).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_window_is_as_large_as_the_text_asks_for() {
    let (sandbox, display) = (Sandbox::new().await, Display::open());
    let mut command = sandbox.program();
    command.env("GDK_DPI_SCALE", "1.5");
    let _app = App::start_as(command);
    let (width, height) = display.size(display.window().await);
    assert_eq!(width, 660);
    assert!((780..=900).contains(&height), "as high as the screen leaves room for: {height}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_follows_the_profile_that_is_chosen_in_the_shell() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let profile = format!("issuer = \"{}\"\nclient_id = \"{}\"\n", provider.issuer(), provider.client_id());
    sandbox.configure(&format!("active = \"one\"\n\n[profiles.one]\n{profile}\n[profiles.two]\n{profile}"));
    let window = Window::open(&sandbox).await;
    let active = || window.invoke("snapshot", &json!({})).expect("the view")["profile"].clone();
    assert_eq!(active(), json!("one"));
    let select = sandbox.rolecall().args(["profiles", "select", "two"]).status().expect("the command line is built");
    assert!(select.success(), "{}", sandbox.log());
    until("the window follows", async || (active() == json!("two")).then_some(())).await;
}
