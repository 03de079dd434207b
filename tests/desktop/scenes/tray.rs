use std::collections::BTreeSet;

use rolecall_desktop_tests::{App, Display, Panel, Sandbox, Window, clipboard_text, until};

use super::{provider, signed_in, single_instance, walk};

/// The colour most of an icon has, as red, green, blue.
async fn colour(panel: &Panel) -> [u8; 3] {
    let pictures = panel.pictures().await;
    let (width, height, pixels) = pictures.iter().max_by_key(|picture| picture.0).expect("at least one size");
    assert_eq!(pixels.len(), usize::try_from(width * height * 4).expect("a size"));
    let middle = pixels.chunks_exact(4).find(|pixel| pixel[0] == 255).expect("something is drawn");
    [middle[1], middle[2], middle[3]]
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh_in_the_tray_shows_a_role_that_was_given_meanwhile() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    let window = signed_in(&sandbox, &provider, "ed").await;
    let words = until("the menu names the person", async || {
        let words = panel.words().await;
        words.iter().any(|line| line.contains("Ed Itor")).then_some(words)
    })
    .await;
    for line in ["Refresh now", "Copy access token", "Copy ID token", "Open Rolecall", "Sign out of", "Quit Rolecall"] {
        assert!(words.iter().any(|word| word.starts_with(line)), "{line} is missing: {words:#?}");
    }

    provider.set_roles("ed", &["Editor", "Publisher"]);
    panel.choose("Refresh now").await;
    window.wait_for_text("Publisher").await;
    window.wait_for_text("Publisher added").await;
    window.save_screenshot("refreshed");
    until("the menu has both roles", async || {
        panel.words().await.iter().any(|line| line.contains("Publisher")).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_icon_tells_signed_in_from_signed_out_from_ended() {
    const GREEN: [u8; 3] = [0x1f, 0x92, 0x68];
    const GREY: [u8; 3] = [0x85, 0x8c, 0x88];
    const RED: [u8; 3] = [0xd6, 0x48, 0x3b];
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    let window = signed_in(&sandbox, &provider, "ed").await;
    until("green", async || (colour(&panel).await == GREEN).then_some(())).await;

    panel.choose("Sign out of").await;
    window.wait_for_screen("signed_out").await;
    until("grey", async || (colour(&panel).await == GREY).then_some(())).await;

    panel.choose("Sign in to").await;
    walk(&sandbox, 2, "ed").await;
    window.wait_for_screen("signed_in").await;
    provider.revoke_all();
    panel.choose("Refresh now").await;
    window.wait_for_screen("inactive").await;
    window.save_screenshot("ended");
    until("red", async || (colour(&panel).await == RED).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_and_a_role_that_is_missing_have_icons_of_their_own() {
    let (sandbox, provider, panel) = (Sandbox::new().await, provider(), Panel::open().await);
    sandbox.configure(&format!(
        "[profiles.demo]\nissuer = \"{}\"\nclient_id = \"{}\"\nexpect.roles = [\"Publisher\"]\n",
        provider.issuer(),
        provider.client_id()
    ));
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_out").await;
    let signed_out = panel.pictures().await;
    window.click_by_pointer("#sign-in").await;
    walk(&sandbox, 1, "ed").await;
    window.wait_for(".row.missing").await;
    let changed_from = async |before: &Vec<(i32, i32, Vec<u8>)>| {
        until("the icon is another one", async || Some(panel.pictures().await).filter(|now| now != before)).await
    };
    let mut missing = changed_from(&signed_out).await;
    until("the icon has come to rest", async || {
        let now = panel.pictures().await;
        let rests = now == missing && panel.words().await.iter().any(|line| line.contains("Publisher"));
        missing = now;
        rests.then_some(())
    })
    .await;
    provider.revoke_all();
    window.click_by_pointer("#refresh").await;
    window.wait_for_screen("inactive").await;
    let ended = changed_from(&missing).await;
    assert_ne!(ended, signed_out);
    // The colours alone tell them apart where the shapes are too small to see.
    assert_ne!(colours(&ended), colours(&missing));
}

/// Every colour that is drawn, as red, green, blue.
fn colours(pictures: &[(i32, i32, Vec<u8>)]) -> BTreeSet<[u8; 3]> {
    let (_, _, pixels) = pictures.iter().max_by_key(|picture| picture.0).expect("at least one size");
    pixels.chunks_exact(4).filter(|pixel| pixel[0] == 255).map(|pixel| [pixel[1], pixel[2], pixel[3]]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_hides_in_the_tray_and_a_click_or_a_second_start_brings_the_window_back() {
    let (sandbox, panel, display) = (Sandbox::new().await, Panel::open().await, Display::open());
    let mut app = App::start(&sandbox);
    let window = display.window().await;
    let (width, height) = display.size(window);
    assert!((440..500).contains(&width) && (640..720).contains(&height), "{width} x {height}");
    panel.has_icon().await;

    display.close(window);
    display.no_window().await;
    until("the toolkit is shed", async || is_in_the_tray_alone(app.pid()).then_some(())).await;
    until("no process of the webview is left", async || children(app.pid()).is_empty().then_some(())).await;
    assert!(app.is_running(), "closing does not end the program");

    panel.has_icons(2).await;
    panel.click_icon().await;
    display.close(display.window().await);
    display.no_window().await;
    until("the toolkit is shed again", async || is_in_the_tray_alone(app.pid()).then_some(())).await;

    panel.has_icons(3).await;
    until("the place of the first is held", async || {
        (!single_instance::instance_bus_names().await.is_empty()).then_some(())
    })
    .await;
    let mut second = App::start(&sandbox);
    assert_eq!(second.wait_for_exit().await, Some(0), "si_1: a second start ends well");
    display.window().await;

    panel.choose("Quit Rolecall").await;
    assert_eq!(app.wait_for_exit().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_no_tray_closing_quits() {
    let (sandbox, display) = (Sandbox::new().await, Display::open());
    let mut app = App::start(&sandbox);
    display.close(display.window().await);
    assert_eq!(app.wait_for_exit().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_that_comes_later_gets_the_icon_and_one_that_goes_is_missed() {
    let (sandbox, display) = (Sandbox::new().await, Display::open());
    let mut app = App::start(&sandbox);
    display.window().await;
    let panel = Panel::open().await;
    panel.has_icon().await;
    display.close(display.window().await);
    display.no_window().await;
    until("the toolkit is shed", async || is_in_the_tray_alone(app.pid()).then_some(())).await;
    panel.has_icons(2).await;
    assert!(app.is_running());
    panel.click_icon().await;
    display.window().await;
    drop(panel);
    display.close(display.window().await);
    assert_eq!(app.wait_for_exit().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_token_outlives_the_closing_of_the_window_until_it_is_taken_back() {
    let (sandbox, provider, panel, display) = (Sandbox::new().await, provider(), Panel::open().await, Display::open());
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let mut login = sandbox.rolecall().arg("login").spawn().expect("the command line is built");
    walk(&sandbox, 1, "ed").await;
    assert!(login.wait().expect("it ends").success(), "{}", sandbox.log());

    let mut app = App::start(&sandbox);
    let window = display.window().await;
    panel.choose("Copy access token").await;
    let token = until("the token is there", async || clipboard_text().filter(|text| text.len() > 20)).await;
    display.close(window);
    display.no_window().await;
    assert_eq!(clipboard_text(), Some(token), "cb_2: it stays for its time, whether there is a window or not");
    until("the token is taken back", async || clipboard_text().is_none().then_some(())).await;
    until("then the toolkit is shed", async || is_in_the_tray_alone(app.pid()).then_some(())).await;
    panel.has_icons(2).await;
    until("who is signed in is known still", async || {
        panel.words().await.iter().any(|line| line.contains("Ed Itor")).then_some(())
    })
    .await;
    panel.choose("Quit Rolecall").await;
    assert_eq!(app.wait_for_exit().await, Some(0));
}

/// Whether the program has taken its own place, without the toolkit.
fn is_in_the_tray_alone(pid: u32) -> bool {
    let words = std::fs::read(format!("/proc/{pid}/cmdline")).expect("the program runs");
    words.split(|byte| *byte == 0).any(|word| word == b"--in-tray")
}

/// The processes a process has started.
fn children(pid: u32) -> Vec<String> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).expect("the program runs");
    let lists = tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok());
    let all: Vec<u32> =
        lists.flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>()).collect();
    let name = |pid: u32| std::fs::read_to_string(format!("/proc/{pid}/comm")).ok();
    all.into_iter().filter_map(name).collect()
}
