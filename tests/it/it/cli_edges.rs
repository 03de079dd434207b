//! The command line where it is stopped, refused, cut short or handed something hostile.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use rolecall_cli::{Terminal, run};
use rolecall_engine::ports::Ports;
use rolecall_it::{NeverReturns, World};
use rolecall_provider::{Endpoint, Fault, Options, Par, Provider};

use crate::cli::{Page, Ran, json, rolecall, rolecall_on, signed_in};

/// Runs a command on a screen and tells it to stop as soon as `ready` holds.
async fn stopped_when(ports: Ports, arguments: &[&str], ready: impl Fn(&str) -> bool) -> Ran {
    let (out, err) = (Page::default(), Page::default());
    let mut terminal = Terminal::writing(Box::new(out.clone()), Box::new(err.clone()), false);
    terminal.stderr_is_terminal = true;
    let interrupt = terminal.interrupt.clone();
    let arguments = std::iter::once("rolecall").chain(arguments.iter().copied()).map(Into::into);
    let stop = async {
        let wait = async {
            while !ready(&err.text()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait).await.expect("the moment to stop comes");
        interrupt.request();
    };
    let (status, ()) = tokio::join!(run(arguments, ports, &mut terminal), stop);
    Ran { status, out: out.text(), err: err.text() }
}

struct Failing(io::ErrorKind);

impl Write for Failing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn ctrl_c_while_waiting_for_the_browser_cancels_and_saves_nothing() {
    let world = World::new();
    let ports = Ports { browser: Arc::new(NeverReturns), ..world.ports() };
    let issuer = world.provider.issuer();
    let arguments = ["login", "--issuer", &issuer, "--client-id", "rolecall-demo"];
    let ran = stopped_when(ports, &arguments, |err| err.contains("Waiting (4:59)…")).await;
    assert_eq!((ran.status, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("rolecall: Sign-in was cancelled\n"), "{:?}", ran.err);
    let kept = json(&rolecall(&world, &["profiles", "--json"]).await);
    assert_eq!(kept[0]["never_signed_in"], true, "{kept}");
}

#[tokio::test]
async fn rf_2_ctrl_c_does_not_cut_off_a_sign_in_that_came_back() {
    let world = World::new();
    world.provider.fault(Fault::Slow(Endpoint::Token, 400));
    let issuer = world.provider.issuer();
    let arguments = ["login", "--issuer", &issuer, "--client-id", "rolecall-demo"];
    let ran = stopped_when(world.ports(), &arguments, |err| err.contains("Checking the answer")).await;
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("finishing first") && ran.err.contains("Signed in as"), "{}", ran.err);
}

#[tokio::test]
async fn rf_2_ctrl_c_does_not_cut_off_a_refresh_that_was_sent() {
    let world = signed_in().await;
    world.provider.fault(Fault::Slow(Endpoint::Token, 400));
    let sent = |_: &str| world.provider.token_requests("refresh_token") == 1;
    let ran = stopped_when(world.ports(), &["token", "--refresh"], sent).await;
    assert_eq!((ran.status, ran.out.as_str()), (1, ""), "stopped means no token");
    assert!(ran.err.contains("Finishing first"), "{}", ran.err);
    world.provider.clear_faults();
    assert_eq!(rolecall(&world, &["refresh"]).await.status, 0, "the refreshed session was kept");
}

#[tokio::test]
async fn a_printed_link_that_runs_out_is_followed_by_the_next_and_the_way_over_ssh_is_told_once() {
    let world = World::with(Options { par: Par::Required, par_lifetime: 1, ..Options::default() });
    let issuer = world.provider.issuer();
    let login = ["login", "--issuer", &issuer, "--client-id", "rolecall-demo", "--no-browser", "--timeout", "3"];
    let ran = rolecall(&world, &login).await;
    assert_eq!(ran.status, 1);
    let links: Vec<&str> = ran.err.lines().filter(|line| line.starts_with(&issuer)).collect();
    assert!(links.len() >= 2 && links[0] != links[1], "{}", ran.err);
    assert!(links.iter().all(|link| link.contains("request_uri=")), "{}", ran.err);
    assert_eq!(ran.err.matches("ssh -L ").count(), 1, "{}", ran.err);
}

#[tokio::test]
async fn without_a_screen_nothing_is_drawn_over_and_the_way_over_ssh_is_told() {
    let world = World::new();
    let issuer = world.provider.issuer();
    let login = ["login", "--issuer", &issuer, "--client-id", "rolecall-demo", "--no-browser", "--timeout", "1"];
    let ran = rolecall(&world, &login).await;
    assert_eq!(ran.status, 1);
    assert!(!ran.err.contains(['\r', '\u{1b}']), "{:?}", ran.err);
    let link = ran.err.lines().find(|line| line.starts_with(&issuer)).expect("the link stands alone");
    let link = url::Url::parse(link).unwrap();
    let back = link.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1;
    let port = url::Url::parse(&back).unwrap().port().unwrap();
    assert!(ran.err.contains(&format!("ssh -L {port}:127.0.0.1:{port} HOST")), "{}", ran.err);
}

#[tokio::test]
async fn a_new_token_costs_one_request_also_where_tokens_live_shorter_than_asked_for() {
    let world = World::with(Options { lifetime: 20, ..Options::default() });
    let issuer = world.provider.issuer();
    rolecall(&world, &["login", "--issuer", &issuer, "--client-id", "rolecall-demo"]).await;
    assert_eq!(rolecall(&world, &["token", "--refresh"]).await.status, 0);
    assert_eq!(world.provider.token_requests("refresh_token"), 1);
}

#[tokio::test]
async fn another_issuer_under_the_same_name_ends_the_session_of_before_once_signed_in() {
    let world = signed_in().await;
    let second = Provider::start(Options::default()).unwrap();
    let login = ["login", "--profile", "acme", "--issuer", &second.issuer(), "--timeout", "5"];
    second.fault(Fault::CallbackError("access_denied", "no"));
    assert_eq!(rolecall(&world, &login).await.status, 1);
    assert_eq!(rolecall(&world, &["token"]).await.status, 0, "declined: the profile and its session are as before");
    second.clear_faults();
    let ran = rolecall(&world, &login).await;
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("was ended"), "{}", ran.err);
    assert_eq!((world.provider.live_sessions(), second.live_sessions()), (0, 1));
}

#[tokio::test]
async fn with_the_key_store_locked_status_still_says_who_was_here() {
    let world = signed_in().await;
    let mut ports = world.ports();
    ports.key_store = Arc::new(|| Err(keyring_core::Error::NoStorageAccess("locked".into())));
    let ran = rolecall_on(ports, false, &["status"]).await;
    assert_eq!((ran.status, ran.out.as_str()), (6, ""));
    assert!(ran.err.starts_with("Last seen "), "{}", ran.err);
}

#[tokio::test]
async fn a_profile_nobody_is_signed_in_to_can_be_removed_without_a_key_store() {
    let world = signed_in().await;
    let mut ports = world.ports();
    ports.key_store = Arc::new(|| Err(keyring_core::Error::NoDefaultStore));
    assert_eq!(
        rolecall_on(ports.clone(), false, &["profiles", "remove", "acme"]).await.status,
        6,
        "a session is there"
    );
    rolecall(&world, &["logout"]).await;
    assert_eq!(rolecall_on(ports, false, &["profiles", "remove", "acme"]).await.status, 0);
    assert_eq!(rolecall(&world, &["status"]).await.status, 2);
}

#[tokio::test]
async fn output_that_does_not_arrive_is_told_but_a_reader_that_left_is_fine() {
    let world = signed_in().await;
    for (kind, status) in [(io::ErrorKind::StorageFull, 2), (io::ErrorKind::BrokenPipe, 0)] {
        let err = Page::default();
        let mut terminal = Terminal::writing(Box::new(Failing(kind)), Box::new(err.clone()), false);
        let told = run(["rolecall", "token"].map(Into::into), world.ports(), &mut terminal).await;
        assert_eq!((told, err.text().is_empty()), (status, status == 0), "{}", err.text());
    }
}

#[tokio::test]
async fn a_sign_in_over_a_corrupt_configuration_names_what_was_kept_aside() {
    let world = World::new();
    let folder = world.ports().folders.config;
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("rolecall.toml"), "[profiles\n").unwrap();
    let again = rolecall(&world, &["login"]).await;
    assert_eq!(again.status, 2);
    assert!(again.err.contains("configuration file can't be read"), "{}", again.err);
    let issuer = world.provider.issuer();
    let anew = rolecall(&world, &["login", "--issuer", &issuer, "--client-id", "rolecall-demo"]).await;
    assert_eq!(anew.status, 0, "{}", anew.err);
    assert!(anew.err.contains("broken"), "{}", anew.err);
    assert_eq!(rolecall(&world, &["status"]).await.status, 0);
}

#[tokio::test]
async fn cli_1_roles_with_escapes_act_on_no_terminal_and_are_told_apart_in_json() {
    let world = signed_in().await;
    let hostile = "Ad\u{1b}[31mmin\u{202e}\u{9b}2J";
    world.provider.set_roles("ed", &[hostile]);
    for ran in [rolecall(&world, &["refresh"]).await, rolecall(&world, &["roles"]).await] {
        assert_eq!(ran.status, 0, "{}", ran.err);
        assert!(ran.out.contains("min") && !ran.out.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{:?}", ran.out);
    }
    let ran = rolecall(&world, &["roles", "--json"]).await;
    assert!(!ran.out.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{:?}", ran.out);
    let spelled = "Ad\\u{1b}[31mmin\\u{202e}\\u{9b}2J";
    assert_eq!(json(&ran)["roles"][0]["value"], spelled, "the engine spells out what can't be seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_refresh_shows_in_the_status_until_one_succeeds() {
    let world = signed_in().await;
    assert!(json(&rolecall(&world, &["status", "--json"]).await).get("refused").is_none());
    world.provider.fault(Fault::RefreshError("interaction_required", "Accept the new terms"));
    rolecall(&world, &["refresh"]).await;
    let status = rolecall(&world, &["status", "--json"]).await;
    let refused = json(&status)["refused"].clone();
    assert!(status.status == 0 && refused["detail"].to_string().contains("Accept the new terms"), "{refused}");
    assert_eq!(refused["code"], "refresh_refused");
    assert!(refused["at"].is_i64() && refused["title"].is_string(), "{refused}");
    let said = rolecall(&world, &["status"]).await.err;
    assert!(said.contains("Accept the new terms") && said.contains("rolecall login"), "{said}");
    world.provider.clear_faults();
    rolecall(&world, &["refresh"]).await;
    assert!(json(&rolecall(&world, &["status", "--json"]).await).get("refused").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_could_be_mixed_up_shows_in_the_status() {
    let world = World::new();
    for fault in [Fault::LacksMember("authorization_response_iss_parameter_supported"), Fault::LacksCallbackIssuer] {
        world.provider.fault(fault);
    }
    let issuer = world.provider.issuer();
    let login = ["login", "--issuer", &issuer, "--client-id", "rolecall-demo", "--redirect-path", "/callback"];
    let done = rolecall(&world, &login).await;
    assert_eq!(done.status, 0, "{}", done.err);
    let file = world.ports().folders.config.join("rolecall.toml");
    let other = "\n[profiles.other]\nissuer = \"https://other.example\"\nclient_id = \"x\"\n";
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(json(&rolecall(&world, &["status", "--json"]).await).get("warnings").is_none());
    std::fs::write(&file, text + other).unwrap();
    let warnings = json(&rolecall(&world, &["status", "--json"]).await)["warnings"].to_string();
    assert!(warnings.contains("by-issuer") && warnings.contains("other"), "{warnings}");
    assert!(rolecall(&world, &["status"]).await.err.contains("by-issuer"));
}
