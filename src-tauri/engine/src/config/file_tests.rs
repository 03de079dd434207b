//! The configuration file on a real disk.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::ports::Folders;
use crate::problem::Code;

struct Place {
    root: TempDir,
    folders: Folders,
}

fn place() -> Place {
    let root = TempDir::new().unwrap();
    let folders = Folders { config: root.path().join("config"), state: root.path().join("state") };
    Place { root, folders }
}

impl Place {
    fn with(text: impl AsRef<[u8]>) -> Self {
        let place = place();
        fs::create_dir_all(&place.folders.config).unwrap();
        fs::write(Config::path(&place.folders), text).unwrap();
        place
    }

    fn load(&self) -> Config {
        Config::load(&self.folders).unwrap()
    }

    fn text(&self) -> String {
        fs::read_to_string(Config::path(&self.folders)).unwrap()
    }

    fn copy(&self, number: u32) -> Option<String> {
        fs::read_to_string(self.folders.config.join(format!("rolecall.toml.broken-{number}"))).ok()
    }
}

fn profile(name: &str) -> Profile {
    Profile::new(name.parse().unwrap(), Issuer::parse("https://id.example.org").unwrap(), "desktop".into())
}

const FULL: &str = r#"# mine
active = "work" # for now

[settings]
clear_clipboard_after = 60
colour = "red"

# the office
[profiles.work]
issuer = "https://acme.eu.auth0.com/"
client_id = 'kx1' # from the dashboard
scopes = "openid+profile+openid roles"
audience = "https://api.example.com"
params = { organization = "org_1" }
ca_file = "/etc/ssl/acme.pem"
redirect_host = "[::1]"
redirect_ports = [4000, 4001]
redirect_path = "/back"
provider = "auth0"
allow_hosts = ["keys.example.com"]
trusted_audiences = ["other"]
ask_consent = true
lanyard = "brick"
future = 1

[profiles.work.expect]
roles = ["Editor"]
groups = ["Samples"]

[profiles.home]
issuer = "http://127.0.0.1:8400"
client_id = "demo"
scopes = ["openid", "email"]
"#;

#[test]
fn an_absent_file_is_an_empty_configuration() {
    let config = place().load();
    assert!(config.profiles.is_empty() && config.warnings.is_empty());
    assert_eq!(config.profile(None).unwrap_err().code, Code::NoProfile);
}

#[test]
fn every_setting_is_read_and_unknown_ones_are_only_warned_of() {
    let config = Place::with(FULL).load();
    let work = config.profile(None).unwrap();
    assert_eq!(work.name.as_str(), "work");
    assert_eq!(work.scopes.to_string(), "openid profile roles");
    assert_eq!(work.audience.as_deref(), Some("https://api.example.com"));
    assert_eq!(work.params["organization"], "org_1");
    assert_eq!(work.ca_file.as_deref(), Some(std::path::Path::new("/etc/ssl/acme.pem")));
    assert_eq!(
        work.redirect,
        RedirectRule { host: "[::1]".into(), ports: vec![4000, 4001], path: RedirectPath::of_word("/back") }
    );
    assert_eq!(work.provider, Some(Product::AUTH0));
    assert_eq!(work.extra_hosts, ["keys.example.com"]);
    assert_eq!(work.trusted_audiences, ["other"]);
    assert!(work.ask_consent && work.accent_color == AccentColor::Brick);
    assert_eq!(work.expect, Expect { roles: vec!["Editor".into()], groups: vec!["Samples".into()] });
    let home = config.profile(Some(&"HOME".parse().unwrap())).unwrap();
    assert_eq!(home.scopes.to_string(), "openid email");
    assert_eq!(home.redirect, RedirectRule { path: RedirectPath::of_old_profile(), ..RedirectRule::default() });
    assert_eq!(config.settings.clear_clipboard_after, 60);
    assert_eq!(config.warnings.len(), 2, "{:?}", config.warnings);
    assert!(config.warnings.iter().any(|warning| warning.contains("profiles.work.future")));
}

#[test]
fn a_bad_profile_is_left_out_by_name_and_does_not_take_the_others_down() {
    let text = r#"
[profiles.a]
issuer = "http://idp.example"
client_id = "x"
[profiles.b]
issuer = "https://id.example.org"
client_id = "x"
redirect_ports = [70000]
[profiles.c]
client_id = "x"
[profiles."d.e"]
issuer = "https://id.example.org"
client_id = "x"
[profiles.f]
issuer = "https://id.example.org"
client_id = "x"
params = { state = "mine" }
[profiles.good]
issuer = "https://id.example.org"
client_id = "x"
lanyard = "pink"
[profiles.GOOD]
issuer = "https://other.example.org"
client_id = "y"
"#;
    let place = Place::with(text);
    let config = place.load();
    let names: Vec<&str> = config.profiles.iter().map(|profile| profile.name.as_str()).collect();
    assert_eq!(names, ["good"]);
    let invalid: Vec<&str> = config.invalid_profiles.iter().map(|invalid| invalid.name.as_str()).collect();
    assert_eq!(invalid, ["a", "b", "c", "d.e", "f", "GOOD"]);
    assert_eq!(config.warnings.len(), 7, "{:?}", config.warnings);
    let problem = config.profile(Some(&"b".parse().unwrap())).unwrap_err();
    assert!(problem.code == Code::BadSetting && problem.detail.contains("redirect_ports"), "{problem}");
    assert_eq!(config.profile(Some(&"a".parse().unwrap())).unwrap_err().code, Code::InsecureIssuer);
    assert_eq!(config.profile(Some(&"zz".parse().unwrap())).unwrap_err().code, Code::UnknownProfile);
    Config::save_profile(&place.folders, &profile("new")).unwrap();
    assert!(place.text().contains("[profiles.\"d.e\"]") && place.text().contains("state = \"mine\""));
}

#[test]
fn without_a_name_and_an_active_one_only_a_single_profile_is_taken() {
    let mut config = Config { profiles: vec![profile("a")], ..Config::default() };
    assert_eq!(config.profile(None).unwrap().name.as_str(), "a");
    config.profiles.push(profile("b"));
    let problem = config.profile(None).unwrap_err();
    assert_eq!(problem.code, Code::NoActiveProfile);
    assert_eq!(problem.to_string(), "No active profile. Choose one: a, b");
    config.active = Some("gone".parse().unwrap());
    assert_eq!(config.profile(None).unwrap_err().code, Code::UnknownProfile);
}

#[test]
fn what_is_saved_reads_back_the_same() {
    let place = Place::with(FULL);
    let mut work = place.load().profile(None).unwrap().clone();
    work.name = "copy".parse().unwrap();
    Config::save_profile(&place.folders, &work).unwrap();
    let config = place.load();
    assert_eq!(config.active, Some("copy".parse().unwrap()));
    let names: Vec<&str> = config.profiles.iter().map(|profile| profile.name.as_str()).collect();
    assert_eq!(names, ["work", "home", "copy"]);
    assert_eq!(format!("{:?}", config.profile(None).unwrap()), format!("{work:?}"));
}

#[test]
fn saving_leaves_comments_and_unknown_keys_as_they_stand() {
    let place = Place::with(FULL);
    let work = place.load().profile(None).unwrap().clone();
    Config::save_profile(&place.folders, &work).unwrap();
    assert_eq!(place.text(), FULL.replace("openid+profile+openid roles", "openid profile roles"));
    let mut work = work;
    work.client_id = "new".into();
    work.audience = None;
    work.redirect = RedirectRule::usual(Product::AUTH0);
    Config::save_profile(&place.folders, &work).unwrap();
    let text = place.text();
    for kept in [
        "# mine",
        "# for now",
        "# the office",
        "client_id = \"new\" # from the dashboard",
        "future = 1",
        "colour = \"red\"",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    assert!(!text.contains("audience = ") && !text.contains("redirect_host") && !text.contains("redirect_ports"));
    assert!(text.contains("redirect_path = \"by-issuer\""), "{text}");
    assert_eq!(place.load().profile(None).unwrap().redirect.ports, [47825, 47826]);
}

#[test]
fn the_active_profile_can_be_changed_and_a_profile_taken_out() {
    let place = Place::with(FULL);
    Config::select(&place.folders, &"Home".parse().unwrap()).unwrap();
    assert!(place.text().contains("active = \"home\" # for now"));
    assert_eq!(Config::select(&place.folders, &"x".parse().unwrap()).unwrap_err().code, Code::UnknownProfile);
    Config::remove_profile(&place.folders, &"home".parse().unwrap()).unwrap();
    let config = place.load();
    assert_eq!((config.active.unwrap().as_str(), config.profiles.len()), ("work", 1));
    assert!(place.text().contains("# the office"));
    assert_eq!(
        Config::remove_profile(&place.folders, &"home".parse().unwrap()).unwrap_err().code,
        Code::UnknownProfile
    );
}

#[test]
fn a_comment_at_the_head_of_the_file_outlives_the_first_profile() {
    let place = Place::with(
        "# kept by the team\n\n# the office\n[profiles.work]\nissuer = \"https://a.example\"\nclient_id = \"x\"\n",
    );
    Config::remove_profile(&place.folders, &"work".parse().unwrap()).unwrap();
    assert_eq!(place.text().trim(), "# kept by the team");
}

#[test]
fn a_file_that_is_not_toml_is_copied_aside_once_and_named_with_the_line() {
    let place = Place::with("active = \"a\"\n[profiles.a\nissuer = 1\n");
    for _ in 0..3 {
        let problem = Config::load(&place.folders).unwrap_err();
        assert_eq!(problem.code, Code::ConfigBroken);
        assert!(problem.detail.contains("line 2") && problem.detail.contains("rolecall.toml.broken-1"), "{problem}");
    }
    assert_eq!(place.copy(1).unwrap(), place.text());
    assert!(place.copy(2).is_none());
    fs::write(Config::path(&place.folders), "x = = 1").unwrap();
    assert!(Config::load(&place.folders).unwrap_err().detail.contains("broken-2"));
    assert!(place.copy(1).unwrap().starts_with("active"));
    for text in [b"a = \"\xff\"".as_slice(), b"profiles = 3"] {
        fs::write(Config::path(&place.folders), text).unwrap();
        assert_eq!(Config::load(&place.folders).unwrap_err().code, Code::ConfigBroken);
    }
}

#[test]
fn saving_onto_a_file_that_is_not_toml_loses_nothing() {
    let place = Place::with("not toml at all");
    Config::save_profile(&place.folders, &profile("work")).unwrap();
    assert_eq!(place.copy(1).unwrap(), "not toml at all");
    assert_eq!(place.load().profile(None).unwrap().name.as_str(), "work");
    let place = Place::with("not toml at all");
    assert_eq!(Config::select(&place.folders, &"x".parse().unwrap()).unwrap_err().code, Code::UnknownProfile);
    assert_eq!(place.text(), "not toml at all");
}

#[test]
fn a_mark_at_the_beginning_and_windows_line_ends_are_no_trouble() {
    let text = format!("\u{feff}{}", FULL.replace('\n', "\r\n"));
    assert_eq!(Place::with(text).load().profiles.len(), 2);
}

#[test]
fn a_profile_that_cannot_be_used_is_not_saved() {
    let place = place();
    let mut bad = profile("work");
    bad.client_id = "two words".into();
    assert_eq!(Config::save_profile(&place.folders, &bad).unwrap_err().code, Code::BadSetting);
    assert!(!place.folders.config.exists());
}

#[test]
fn processes_that_save_at_the_same_time_do_not_undo_each_other() {
    let place = place();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let folders = &place.folders;
            scope.spawn(move || Config::save_profile(folders, &profile(&format!("p{number}"))).unwrap());
        }
    });
    assert_eq!(place.load().profiles.len(), 8);
}

#[cfg(unix)]
#[test]
fn the_file_is_for_the_person_alone_and_a_symbolic_link_stays_one() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let place = place();
    Config::save_profile(&place.folders, &profile("work")).unwrap();
    let path = Config::path(&place.folders);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&place.folders.config)), (0o600, 0o700));

    let kept = place.root.path().join("dotfiles/rolecall.toml");
    fs::create_dir(kept.parent().unwrap()).unwrap();
    fs::rename(&path, &kept).unwrap();
    symlink("../dotfiles/rolecall.toml", &path).unwrap();
    Config::save_profile(&place.folders, &profile("home")).unwrap();
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert!(fs::read_to_string(&kept).unwrap().contains("[profiles.home]"));
    fs::remove_file(&kept).unwrap();
    Config::save_profile(&place.folders, &profile("home")).unwrap();
    assert!(kept.exists());
}

#[test]
fn a_file_that_cannot_be_written_is_told_and_stands_as_it_was() {
    let place = Place::with(FULL);
    let nowhere = Folders { config: Config::path(&place.folders).join("below"), state: place.folders.state.clone() };
    assert_eq!(Config::save_profile(&nowhere, &profile("work")).unwrap_err().code, Code::FilesFailing);
    assert_eq!(place.text(), FULL);
}

/// The time of this thread's own work, in milliseconds: other programs do not count.
#[cfg(unix)]
fn worked() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    now.tv_sec.cast_unsigned() * 1000 + now.tv_nsec.cast_unsigned() / 1_000_000
}

#[cfg(unix)]
#[test]
fn av_1_ten_thousand_profiles_are_read_in_time_that_grows_with_their_number() {
    let time_of = |number: usize| {
        let text = (0..number).fold(String::new(), |text, number| {
            text + &format!(
                "[profiles.p{number}]\nissuer = \"https://p{number}.example/\"\nclient_id = \"c{number}\"\n"
            )
        });
        let place = Place::with(text);
        let before = worked();
        assert_eq!(place.load().profiles.len(), number);
        worked() - before
    };
    let (some, many) = (time_of(1000), time_of(10_000));
    assert!(many <= 20 * some.max(1), "{some} ms for a thousand, {many} ms for ten thousand");
    if !cfg!(debug_assertions) {
        assert!(many <= 200, "{many} ms");
    }
}
