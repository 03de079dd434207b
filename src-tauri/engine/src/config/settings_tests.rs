//! Single settings in a file on a real disk, written beside what a person wrote.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::identity::Kind;
use crate::ports::Folders;
use crate::problem::{Code, Result};

struct Place {
    _root: TempDir,
    folders: Folders,
}

impl Place {
    fn with(text: &str) -> Self {
        let root = TempDir::new().unwrap();
        let folders = Folders { config: root.path().join("config"), state: root.path().join("state") };
        fs::create_dir_all(&folders.config).unwrap();
        fs::write(Config::path(&folders), text).unwrap();
        Self { _root: root, folders }
    }

    fn text(&self) -> String {
        fs::read_to_string(Config::path(&self.folders)).unwrap()
    }

    fn set(&self, setting: &Setting) -> Result<()> {
        Config::set(&self.folders, Some(&"work".parse().unwrap()), setting)
    }

    fn expect(&self) -> Expect {
        Config::load(&self.folders).unwrap().profiles[0].expect.clone()
    }
}

const HEAD: &str = "# mine\n[profiles.work] # the office\nissuer = \"https://id.example.org\"\nclient_id = \"x\"\n";

fn role(name: &str) -> Expectation {
    Expectation { kind: Kind::Role, value: name.into() }
}

fn group(name: &str) -> Expectation {
    Expectation { kind: Kind::Group, value: name.into() }
}

#[test]
fn each_switch_is_written_read_back_and_leaves_the_rest_as_it_stands() {
    let place = Place::with(&format!("{HEAD}\n[settings]\nnotify_changes = true # loud\nfuture = 1\n"));
    for setting in [
        Setting::ClearClipboardAfter(120),
        Setting::AutoRefresh(false),
        Setting::NotifyChanges(false),
        Setting::Theme(Theme::Dark),
        Setting::AccentColor(AccentColor::Brick),
    ] {
        place.set(&setting).unwrap();
    }
    let config = Config::load(&place.folders).unwrap();
    let expected =
        Settings { clear_clipboard_after: 120, auto_refresh: false, notify_changes: false, theme: Theme::Dark };
    assert_eq!((config.settings, config.profiles[0].accent_color), (expected, AccentColor::Brick));
    let text = place.text();
    for kept in ["# mine", "[profiles.work] # the office", "notify_changes = false # loud", "future = 1"] {
        assert!(text.contains(kept), "{kept} in\n{text}");
    }
    place.set(&Setting::AccentColor(AccentColor::Green)).unwrap();
    assert_eq!(Config::load(&place.folders).unwrap().profiles[0].accent_color, AccentColor::Green);
}

#[test]
fn a_switch_needs_no_profile_and_no_file() {
    let place = Place::with("");
    fs::remove_file(Config::path(&place.folders)).unwrap();
    Config::set(&place.folders, None, &Setting::Theme(Theme::Light)).unwrap();
    assert_eq!(place.text(), "[settings]\nlook = \"light\"\n");
    let no_profile = Config::set(&place.folders, None, &Setting::AccentColor(AccentColor::Brick));
    assert_eq!(no_profile.unwrap_err().code, Code::NoProfile);
    assert_eq!(place.set(&Setting::Expect(role("Editor"))).unwrap_err().code, Code::UnknownProfile);
}

#[test]
fn what_is_expected_is_written_as_a_person_would_and_taken_out_again() {
    let place = Place::with(HEAD);
    place.set(&Setting::Expect(role(" Editor "))).unwrap();
    place.set(&Setting::Expect(role("Editor"))).unwrap();
    place.set(&Setting::Expect(role("Publisher"))).unwrap();
    place.set(&Setting::Expect(group("Samples"))).unwrap();
    let lines = "expect.roles = [\"Editor\", \"Publisher\"]\nexpect.groups = [\"Samples\"]\n";
    assert_eq!(place.text(), format!("{HEAD}{lines}"));
    place.set(&Setting::StopExpecting(role("Editor"))).unwrap();
    assert_eq!(place.text(), format!("{HEAD}{}", lines.replace("\"Editor\", ", "")));
    place.set(&Setting::StopExpecting(role("Publisher"))).unwrap();
    place.set(&Setting::StopExpecting(group("Samples"))).unwrap();
    place.set(&Setting::StopExpecting(group("Samples"))).unwrap();
    assert_eq!(place.text(), HEAD);
}

#[test]
fn a_list_in_the_persons_own_form_keeps_its_form_and_comments() {
    let list = "expect.roles = [\n  \"Editor\", # since May\n  \"Reviewer\", # asked for\n]\n";
    let place = Place::with(&format!("{HEAD}{list}"));
    place.set(&Setting::Expect(role("Publisher"))).unwrap();
    let longer = list.replace("for\n]", "for\n  \"Publisher\",\n]");
    assert_eq!(place.text(), format!("{HEAD}{longer}"));
    place.set(&Setting::StopExpecting(role("Reviewer"))).unwrap();
    assert_eq!(place.text(), format!("{HEAD}{}", longer.replace("  \"Reviewer\", # asked for\n", "")));
    place.set(&Setting::StopExpecting(role("Publisher"))).unwrap();
    place.set(&Setting::StopExpecting(role("Editor"))).unwrap();
    assert_eq!(place.text(), HEAD);
    for odd in ["expect.roles = [ # none\n  \"Editor\" # last\n]\n", "expect.roles = [\"Editor\",\n]\n"] {
        let place = Place::with(&format!("{HEAD}{odd}"));
        place.set(&Setting::Expect(role("Publisher"))).unwrap();
        assert_eq!(place.expect().roles, ["Editor", "Publisher"], "{}", place.text());
        place.set(&Setting::StopExpecting(role("Editor"))).unwrap();
        assert_eq!(place.expect().roles, ["Publisher"], "{}", place.text());
    }
}

#[test]
fn tables_of_any_form_take_what_is_expected() {
    for text in [
        format!("{HEAD}\n[profiles.work.expect]\nroles = [\"Editor\"]\n"),
        format!("{HEAD}expect = {{ roles = [\"Editor\"] }}\n"),
        "[profiles]\nwork = { issuer = \"https://id.example.org\", client_id = \"x\", expect = { roles = [\"Editor\"] } }\n"
            .into(),
        "profiles.work = { issuer = \"https://id.example.org\", client_id = \"x\", expect.roles = [\"Editor\"] }\n".into(),
    ] {
        let place = Place::with(&text);
        place.set(&Setting::Expect(role("Publisher"))).unwrap();
        place.set(&Setting::Expect(group("Samples"))).unwrap();
        let expected = Expect { roles: vec!["Editor".into(), "Publisher".into()], groups: vec!["Samples".into()] };
        assert_eq!(place.expect(), expected, "{}", place.text());
    }
    let place = Place::with("[profiles]\nwork = { issuer = \"https://id.example.org\", client_id = \"x\" }\n");
    place.set(&Setting::Expect(role("Editor"))).unwrap();
    assert_eq!(place.expect().roles, ["Editor"], "{}", place.text());
}

#[test]
fn a_name_with_something_invisible_in_it_is_taken_out_by_what_is_shown() {
    let place = Place::with(&format!("{HEAD}expect.roles = [\"ad\\u200Bmin\", \"admin\"]\n"));
    place.set(&Setting::StopExpecting(role("ad\\u{200b}min"))).unwrap();
    assert_eq!(place.expect().roles, ["admin"]);
}

#[test]
fn what_can_not_be_expected_changes_nothing() {
    let place = Place::with(HEAD);
    let permission = Expectation { kind: Kind::Permission, value: "read".into() };
    for expected in [role("  "), role(&"x".repeat(1001)), permission] {
        assert_eq!(place.set(&Setting::Expect(expected)).unwrap_err().code, Code::BadSetting);
    }
    assert_eq!(place.text(), HEAD);
}

#[test]
fn a_file_that_is_being_mended_by_hand_is_not_touched_by_a_switch() {
    let place = Place::with("[profiles.work\n");
    assert_eq!(place.set(&Setting::Theme(Theme::Dark)).unwrap_err().code, Code::ConfigBroken);
    assert_eq!(place.text(), "[profiles.work\n");
}

#[test]
fn a_profile_that_is_renamed_keeps_its_place_and_the_comments_around_it() {
    let name = |text: &str| -> ProfileName { text.parse().unwrap() };
    let other = "\n# at home\n[profiles.home]\nissuer = \"https://home.example.org\"\nclient_id = \"y\"\n";
    let place = Place::with(&format!("active = \"work\" # for now\n\n{HEAD}expect.roles = [\"Editor\"]\n{other}"));
    Config::rename_profile(&place.folders, &name("Work"), &name("office")).unwrap();
    let head = HEAD.replace("profiles.work", "profiles.office");
    let expected = format!("active = \"office\" # for now\n\n{head}expect.roles = [\"Editor\"]\n{other}");
    assert_eq!(place.text(), expected);
    let taken = Config::rename_profile(&place.folders, &name("office"), &name("HOME")).unwrap_err();
    assert_eq!(taken.code, Code::BadSetting);
    Config::rename_profile(&place.folders, &name("office"), &name("Office")).unwrap();
    assert_eq!(place.text(), expected.replace("office", "Office").replace("the Office", "the office"));

    let inline = "[profiles]\na = { issuer = \"https://a.example\", client_id = \"x\" } # one\nb = { issuer = \"https://b.example\", client_id = \"x\" }\n";
    let place = Place::with(inline);
    Config::rename_profile(&place.folders, &name("a"), &name("z")).unwrap();
    assert_eq!(place.text(), inline.replace("a = {", "z = {"));
}
