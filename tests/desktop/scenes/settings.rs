//! The settings, in the real window and in the real file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use rolecall_desktop_tests::{App, Display, Panel, Place, Window, until};
use serde_json::json;

use super::{provider, signed_in};

fn file(place: &Place) -> PathBuf {
    place.path().join("config/rolecall.toml")
}

async fn see_in_file(place: &Place, words: &str) {
    until(&format!("'{words}' is in the file"), async || {
        fs::read_to_string(file(place)).is_ok_and(|text| text.contains(words)).then_some(())
    })
    .await;
}

fn background(window: &Window) -> String {
    let colour = window.run("return getComputedStyle(document.body).backgroundColor", &[]);
    colour.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_is_in_the_file_and_what_is_written_there_by_hand_shows_at_once() {
    let (place, provider) = (Place::new().await, provider());
    let window = signed_in(&place, &provider, "ed").await;
    fs::write(file(&place), format!("# by hand\n{}", fs::read_to_string(file(&place)).unwrap())).unwrap();
    window.press_with_control(",");
    window.read("Start when I log in").await;

    window.click("#expect").await;
    window.type_into("#expect-name", "Publisher\u{e007}").await;
    window.see(".chips .tag.missing").await;
    see_in_file(&place, "expect.roles = [\"Publisher\"]").await;
    window.click("#lanyard-brick").await;
    see_in_file(&place, "lanyard = \"brick\"").await;
    window.click("#switch-refresh").await;
    see_in_file(&place, "refresh_by_itself = false").await;
    window.click("#clear-120").await;
    see_in_file(&place, "clear_clipboard_after = 120").await;
    window.click("#check").await;
    window.read("Checked just now.").await;
    window.keep_picture("settings");
    // From demo to demo2, the session with it.
    window.type_into("#profile-name", "2\u{e007}").await;
    see_in_file(&place, "[profiles.demo2]").await;
    window.read("This profile: demo2").await;

    let text = fs::read_to_string(file(&place)).unwrap();
    assert!(text.starts_with("# by hand\n"), "{text}");
    let changed = text.replace("[\"Publisher\"]", "[\"Editor\", \"By hand\"]").replace("= 120", "= 45");
    fs::write(file(&place), changed).unwrap();
    window.read("By hand").await;
    window.see("#clear-45[aria-pressed='true']").await;
    window.click("#back").await;
    window.see(".row.missing").await;
    window.see("#copy-access:not([aria-disabled])").await;
    provider.set_roles("ed", &["Reviewer"]);
    window.click("#refresh").await;
    window.read("Reviewer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_look_is_the_persons_from_the_first_moment_on() {
    const LIGHT: &str = "rgb(231, 236, 231)";
    const DARK: &str = "rgb(13, 17, 15)";
    let place = Place::new().await;
    let prefers_dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    let window = Window::open(&place).await;
    assert_eq!(background(&window), LIGHT);
    window.press_with_control(",");
    window.click("#look-dark").await;
    until("the page is dark", async || (background(&window) == DARK).then_some(())).await;
    until("the toolkit is dark", async || (window.run(prefers_dark, &[]) == json!(true)).then_some(())).await;
    see_in_file(&place, "look = \"dark\"").await;
    drop(window);

    let window = Window::open(&place).await;
    assert_eq!(background(&window), DARK);
    until("the toolkit is dark", async || (window.run(prefers_dark, &[]) == json!(true)).then_some(())).await;
    window.press_with_control(",");
    window.click("#look-light").await;
    until("the page is light", async || (background(&window) == LIGHT).then_some(())).await;
    window.click("#look-system").await;
    see_in_file(&place, "look = \"system\"").await;
    until("the page is as the system is", async || {
        (window.run(prefers_dark, &[]) == json!(false) && background(&window) == LIGHT).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_can_not_be_written_is_told_where_it_was_asked_for() {
    let (place, provider) = (Place::new().await, provider());
    let window = signed_in(&place, &provider, "ed").await;
    window.press_with_control(",");
    window.see("#switch-notify").await;
    // Held by root, a folder can be written whatever its rights say; what stands in the way here is one in place of the lock.
    let lock = place.path().join("state/config.lock");
    fs::remove_file(&lock).ok();
    fs::create_dir(&lock).unwrap();
    window.click("#switch-notify").await;
    window.see("[role='alert']").await;
    window.read("The session is kept.").await;
    window.keep_picture("settings-refused");
    assert!(window.has("#switch-notify[aria-checked='true']"), "it stays as it was");
    fs::remove_dir(&lock).unwrap();
    window.click("#switch-notify").await;
    see_in_file(&place, "notify_changes = false").await;
    until("the words are gone", async || (!window.has("[role='alert']")).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn op_2_the_file_is_shown_by_the_systems_opener_with_its_folder_as_the_one_argument() {
    let place = Place::new().await;
    let bin = place.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let opener = bin.join("xdg-open");
    fs::write(&opener, "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" > \"$ROLECALL_TEST_PLACE/opened\"\n").unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let window = Window::open_with(&place, &[("PATH", &path)]).await;
    window.press_with_control(",");
    window.click("#show-file").await;
    let folder = place.path().join("config");
    let told = until("the folder is opened", async || {
        fs::read_to_string(place.path().join("opened")).ok().filter(|text| text.lines().count() > 1)
    })
    .await;
    assert_eq!(told, format!("1\n{}\n", folder.display()));
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_at_log_in_is_an_entry_in_the_systems_list_that_comes_and_goes() {
    let place = Place::new().await;
    let home = place.path().join("own home");
    fs::create_dir(&home).unwrap();
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let (home_text, config) = (text(home.clone()), text(home.join(".config")));
    let usual = [
        ("HOME", home_text.as_str()),
        ("XDG_CONFIG_HOME", config.as_str()),
        ("XDG_STATE_HOME", config.as_str()),
        ("ROLECALL_CONFIG_DIR", ""),
        ("ROLECALL_STATE_DIR", ""),
    ];
    let entry = home.join(".config/autostart/Rolecall.desktop");
    {
        let window = Window::open_with(&place, &usual).await;
        window.press_with_control(",");
        window.see("#switch-login[aria-checked='false']:not([aria-disabled])").await;
        window.click("#switch-login").await;
        window.see("#switch-login[aria-checked='true']").await;
        let text = fs::read_to_string(&entry).unwrap();
        let program = place.program().get_program().to_string_lossy().into_owned();
        assert!(text.contains(&format!("\nExec={program} --in-tray\n")), "{text}");
        // Gone by another's hand, it is off the next time the settings are opened.
        fs::remove_file(&entry).unwrap();
        window.click("#back").await;
        window.press_with_control(",");
        window.see("#switch-login[aria-checked='false']").await;
        window.click("#switch-login").await;
        window.see("#switch-login[aria-checked='true']").await;
        window.click("#switch-login").await;
        window.see("#switch-login[aria-checked='false']").await;
        assert!(!entry.exists());
    }
    // One whose files are elsewhere, such as a demo, leaves the list alone.
    let window = Window::open_with(&place, &[("HOME", &home_text)]).await;
    window.press_with_control(",");
    window.read("Not for a Rolecall whose files are elsewhere").await;
    window.see("#switch-login[aria-disabled='true']").await;
    assert!(window.invoke("start_at_login", &json!({ "on": true })).is_err() && !entry.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn started_by_the_system_it_stays_in_the_tray_until_it_is_opened() {
    let (place, display, panel) = (Place::new().await, Display::open(), Panel::open().await);
    let mut command = place.program();
    command.arg("--in-tray");
    let _app = App::start_as(command);
    until("the icon is up", async || panel.words().await.iter().any(|line| line == "Open Rolecall").then_some(()))
        .await;
    assert!(display.shown().is_none(), "no window came up by itself");
    panel.choose("Open Rolecall").await;
    display.window().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn started_by_the_system_where_no_tray_comes_up_it_shows_its_window_after_all() {
    let (place, display) = (Place::new().await, Display::open());
    let mut command = place.program();
    command.arg("--in-tray");
    let _app = App::start_as(command);
    display.window().await;
}
