//! Settings from the window and from a person's editor, into the same file.

use std::fs;

use rolecall_engine::config::{AccentColor, Config, Expectation, Setting, Theme};
use rolecall_engine::engine::Live;
use rolecall_engine::history::Kind;
use rolecall_engine::problem::Code;
use rolecall_engine::view::{Screen, View};
use rolecall_it::{World, until};

fn role(name: &str) -> Expectation {
    Expectation { kind: Kind::Role, value: name.into() }
}

async fn see(live: &Live, what: &str, so: impl Fn(&View) -> bool) {
    until(what, || so(&live.view().borrow())).await;
}

fn misses(view: &View, name: &str) -> bool {
    matches!(&view.screen, Screen::SignedIn(me) if me.missing.iter().any(|missing| missing.value == name))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_in_the_window_is_in_the_file_and_holds_at_once() {
    let world = World::new();
    world.save_profile();
    world.sign_in().await.unwrap();
    let live = world.engine.live();
    see(&live, "signed in", |view| matches!(&view.screen, Screen::SignedIn(me) if me.refresh_at.is_some())).await;
    for setting in [
        Setting::AutoRefresh(false),
        Setting::ClearClipboardAfter(10),
        Setting::Theme(Theme::Dark),
        Setting::AccentColor(AccentColor::Slate),
        Setting::Expect(role("Publisher")),
    ] {
        live.set(&setting).await.unwrap();
    }
    let view = live.view().borrow().clone();
    assert_eq!((view.settings.theme, view.profiles[0].accent_color), (Theme::Dark, AccentColor::Slate));
    assert_eq!((live.clear_clipboard_after(), view.expect.roles.as_slice()), (10, ["Publisher".to_owned()].as_slice()));
    assert!(misses(&view, "Publisher"));
    assert!(matches!(&view.screen, Screen::SignedIn(me) if me.refresh_at.is_none() && me.tokens_ready));
    let text = fs::read_to_string(Config::path(&world.ports().folders)).unwrap();
    for line in
        ["refresh_by_itself = false", "look = \"dark\"", "lanyard = \"slate\"", "expect.roles = [\"Publisher\"]"]
    {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    live.set(&Setting::StopExpecting(role("Publisher"))).await.unwrap();
    assert!(!misses(&live.view().borrow(), "Publisher"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_by_hand_shows_at_once() {
    let world = World::new();
    world.save_profile();
    let live = world.engine.live();
    let path = Config::path(&world.ports().folders);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}expect.roles = [\"By hand\"]\n\n[settings]\nclear_clipboard_after = 45\n"))
        .unwrap();
    see(&live, "the hand-written settings", |view| {
        view.settings.clear_clipboard_after == 45 && view.expect.roles == ["By hand"]
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_can_not_be_written_is_told_and_nothing_else_changes() {
    let world = World::new();
    world.save_profile();
    let live = world.engine.live();
    let path = Config::path(&world.ports().folders);
    let aside = path.with_extension("aside");
    fs::rename(&path, &aside).unwrap();
    fs::create_dir(&path).unwrap();
    let problem = live.set(&Setting::Theme(Theme::Dark)).await.unwrap_err();
    assert!(problem.code == Code::FilesFailing && problem.detail.contains("rolecall.toml"), "{problem}");
    assert_eq!(live.view().borrow().settings.theme, Theme::System);

    fs::remove_dir(&path).unwrap();
    fs::write(&path, "[profiles.acme\n").unwrap();
    assert_eq!(live.set(&Setting::Theme(Theme::Dark)).await.unwrap_err().code, Code::ConfigBroken);
    assert_eq!(fs::read_to_string(&path).unwrap(), "[profiles.acme\n");
}
