//! The settings, in the real window and in the real file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use rolecall_desktop_tests::{App, Display, Panel, Sandbox, Window, until};
use serde_json::json;

use super::{provider, signed_in};

fn file(sandbox: &Sandbox) -> PathBuf {
    sandbox.path().join("config/rolecall.toml")
}

async fn see_in_file(sandbox: &Sandbox, words: &str) {
    until(&format!("'{words}' is in the file"), async || {
        fs::read_to_string(file(sandbox)).is_ok_and(|text| text.contains(words)).then_some(())
    })
    .await;
}

fn background(window: &Window) -> String {
    let colour = window.run("return getComputedStyle(document.body).backgroundColor", &[]);
    colour.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_is_in_the_file_and_what_is_written_there_by_hand_shows_at_once() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    fs::write(file(&sandbox), format!("# by hand\n{}", fs::read_to_string(file(&sandbox)).unwrap())).unwrap();
    window.press_ctrl(",");
    window.wait_for_text("Start when I log in").await;

    window.click("#expect").await;
    window.type_into("#expect-name", "Publisher\u{e007}").await;
    window.wait_for(".chips .tag.missing").await;
    see_in_file(&sandbox, "expect.roles = [\"Publisher\"]").await;
    window.click("#accent-brick").await;
    see_in_file(&sandbox, "lanyard = \"brick\"").await;
    window.click("#switch-refresh").await;
    see_in_file(&sandbox, "refresh_by_itself = false").await;
    window.click("#clear-120").await;
    see_in_file(&sandbox, "clear_clipboard_after = 120").await;
    window.click("#check").await;
    window.wait_for_text("Checked just now.").await;
    window.save_screenshot("settings");
    // From demo to demo2, the session with it.
    window.type_into("#profile-name", "2\u{e007}").await;
    see_in_file(&sandbox, "[profiles.demo2]").await;
    window.wait_for_text("This profile: demo2").await;

    let text = fs::read_to_string(file(&sandbox)).unwrap();
    assert!(text.starts_with("# by hand\n"), "{text}");
    let changed = text.replace("[\"Publisher\"]", "[\"Editor\", \"By hand\"]").replace("= 120", "= 45");
    fs::write(file(&sandbox), changed).unwrap();
    window.wait_for_text("By hand").await;
    window.wait_for("#clear-45[aria-pressed='true']").await;
    window.click("#back").await;
    window.wait_for(".row.missing").await;
    window.wait_for("#copy-access:not([aria-disabled])").await;
    provider.set_roles("ed", &["Reviewer"]);
    window.click("#refresh").await;
    window.wait_for_text("Reviewer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_look_is_the_persons_from_the_first_moment_on() {
    const LIGHT: &str = "rgb(231, 236, 231)";
    const DARK: &str = "rgb(13, 17, 15)";
    let sandbox = Sandbox::new().await;
    let prefers_dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    let window = Window::open(&sandbox).await;
    assert_eq!(background(&window), LIGHT);
    window.press_ctrl(",");
    window.click("#theme-dark").await;
    until("the page is dark", async || (background(&window) == DARK).then_some(())).await;
    until("the toolkit is dark", async || (window.run(prefers_dark, &[]) == json!(true)).then_some(())).await;
    see_in_file(&sandbox, "look = \"dark\"").await;
    drop(window);

    let window = Window::open(&sandbox).await;
    assert_eq!(background(&window), DARK);
    until("the toolkit is dark", async || (window.run(prefers_dark, &[]) == json!(true)).then_some(())).await;
    window.press_ctrl(",");
    window.click("#theme-light").await;
    until("the page is light", async || (background(&window) == LIGHT).then_some(())).await;
    window.click("#theme-system").await;
    see_in_file(&sandbox, "look = \"system\"").await;
    until("the page is as the system is", async || {
        (window.run(prefers_dark, &[]) == json!(false) && background(&window) == LIGHT).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_can_not_be_written_is_told_where_it_was_asked_for() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    window.press_ctrl(",");
    window.wait_for("#switch-notify").await;
    // Held by root, a folder can be written whatever its rights say; so here a folder is put where the lock file would be.
    let lock = sandbox.path().join("state/config.lock");
    fs::remove_file(&lock).ok();
    fs::create_dir(&lock).unwrap();
    window.click("#switch-notify").await;
    window.wait_for("[role='alert']").await;
    window.wait_for_text("Sessions stand in the key store").await;
    window.save_screenshot("settings-refused");
    assert!(window.has("#switch-notify[aria-checked='true']"), "it stays as it was");
    fs::remove_dir(&lock).unwrap();
    window.click("#switch-notify").await;
    see_in_file(&sandbox, "notify_changes = false").await;
    until("the words are gone", async || (!window.has("[role='alert']")).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn op_2_the_file_is_shown_by_the_systems_opener_with_its_folder_as_the_one_argument() {
    let sandbox = Sandbox::new().await;
    let bin = sandbox.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let opener = bin.join("xdg-open");
    fs::write(&opener, "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" > \"$ROLECALL_TEST_DIR/opened\"\n").unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let window = Window::open_with(&sandbox, &[("PATH", &path)]).await;
    window.press_ctrl(",");
    window.click("#show-file").await;
    let folder = sandbox.path().join("config");
    let told = until("the folder is opened", async || {
        fs::read_to_string(sandbox.path().join("opened")).ok().filter(|text| text.lines().count() > 1)
    })
    .await;
    assert_eq!(told, format!("1\n{}\n", folder.display()));
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_at_log_in_is_an_entry_in_the_systems_list_that_comes_and_goes() {
    let sandbox = Sandbox::new().await;
    let home = sandbox.path().join("own home");
    fs::create_dir(&home).unwrap();
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let (home_text, config) = (text(home.clone()), text(home.join("other config")));
    let usual = [
        ("HOME", home_text.as_str()),
        ("XDG_CONFIG_HOME", config.as_str()),
        ("XDG_STATE_HOME", config.as_str()),
        ("ROLECALL_CONFIG_DIR", ""),
        ("ROLECALL_STATE_DIR", ""),
    ];
    let entry = home.join("other config/autostart/Rolecall.desktop");
    {
        let window = Window::open_with(&sandbox, &usual).await;
        window.press_ctrl(",");
        window.wait_for("#switch-login[aria-checked='false']:not([aria-disabled])").await;
        window.click("#switch-login").await;
        window.wait_for("#switch-login[aria-checked='true']").await;
        let text = fs::read_to_string(&entry).unwrap();
        let program = sandbox.program().get_program().to_string_lossy().into_owned();
        assert!(text.contains(&format!("\nExec={program} --in-tray\n")), "{text}");
        // Gone by another's hand, it is off the next time the settings are opened.
        fs::remove_file(&entry).unwrap();
        window.click("#back").await;
        window.press_ctrl(",");
        window.wait_for("#switch-login[aria-checked='false']").await;
        window.click("#switch-login").await;
        window.wait_for("#switch-login[aria-checked='true']").await;
        window.click("#switch-login").await;
        window.wait_for("#switch-login[aria-checked='false']").await;
        assert!(!entry.exists());
    }
    // One whose files are elsewhere, such as a demo, leaves the list alone.
    let window = Window::open_with(&sandbox, &[("HOME", &home_text)]).await;
    window.press_ctrl(",");
    window.wait_for_text("files are in another folder").await;
    window.wait_for("#switch-login[aria-disabled='true']").await;
    assert!(window.invoke("start_at_login", &json!({ "on": true })).is_err() && !entry.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn started_by_the_system_it_stays_in_the_tray_until_it_is_opened() {
    let (sandbox, display, panel) = (Sandbox::new().await, Display::open(), Panel::open().await);
    let mut command = sandbox.program();
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
    let (sandbox, display) = (Sandbox::new().await, Display::open());
    let mut command = sandbox.program();
    command.arg("--in-tray");
    let _app = App::start_as(command);
    display.window().await;
}
