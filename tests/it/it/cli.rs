//! The command line: what stands on standard output, what is talk, and the exit status.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use rolecall_cli::{Terminal, run};
use rolecall_engine::ports::Ports;
use rolecall_it::World;
use rolecall_provider::{Endpoint, Fault, HeadlessBrowser, Layout, Options};
use serde_json::Value;

/// The result of a command.
pub(crate) struct Ran {
    pub(crate) status: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

#[derive(Clone, Default)]
pub(crate) struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) async fn rolecall_on(ports: Ports, screen: bool, arguments: &[&str]) -> Ran {
    let (out, err) = (Page::default(), Page::default());
    let mut terminal = Terminal::writing(Box::new(out.clone()), Box::new(err.clone()), screen);
    let arguments = std::iter::once("rolecall").chain(arguments.iter().copied()).map(Into::into);
    let status = run(arguments, ports, &mut terminal).await;
    Ran { status, out: out.text(), err: err.text() }
}

pub(crate) async fn rolecall(world: &World, arguments: &[&str]) -> Ran {
    rolecall_on(world.ports(), false, arguments).await
}

pub(crate) async fn signed_in() -> World {
    let world = World::new();
    let issuer = world.provider.issuer();
    let ran =
        rolecall(&world, &["login", "--issuer", &issuer, "--client-id", "rolecall-demo", "--profile", "acme"]).await;
    assert_eq!((ran.status, ran.out.as_str()), (0, ""), "{}", ran.err);
    world
}

pub(crate) fn json(ran: &Ran) -> Value {
    assert!(ran.out.ends_with('\n') && ran.out.lines().count() == 1, "{}", ran.out);
    serde_json::from_str(&ran.out).unwrap()
}

#[tokio::test]
async fn login_then_status_roles_token_and_logout() {
    let world = signed_in().await;
    let status = json(&rolecall(&world, &["status", "--json"]).await);
    let keys: Vec<&String> = status.as_object().unwrap().keys().collect();
    let contract = [
        "client_id",
        "email",
        "email_verified",
        "expires_at",
        "groups",
        "has_refresh_token",
        "issuer",
        "key_store",
        "name",
        "profile",
        "refreshed_at",
        "roles",
        "state",
        "subject",
    ];
    assert_eq!(keys, contract);
    assert_eq!(
        (&status["state"], &status["roles"], &status["subject"]),
        (&"signed_in".into(), &1.into(), &"demo|ed".into())
    );

    let roles = json(&rolecall(&world, &["roles", "--json"]).await);
    assert_eq!(roles["roles"][0]["value"], "Editor");
    assert_eq!(roles["roles"][0]["context"], Value::Null);
    assert_eq!(roles["roles"][0]["sources"][0]["document"], "id_token");
    assert_eq!(roles["roles"][0]["sources"][0]["path"][0], "https://example.com/auth");
    assert_eq!(roles["roles"][0]["sources"][0]["verified"], "signature");
    assert_eq!(roles["findings"], serde_json::json!([]));

    let token = rolecall(&world, &["token"]).await;
    assert_eq!((token.status, token.out.matches('.').count(), token.out.lines().count()), (0, 2, 1));
    assert!(token.err.is_empty(), "{}", token.err);

    let logout = rolecall(&world, &["logout"]).await;
    assert_eq!((logout.status, logout.out.as_str()), (0, ""));
    assert_eq!(world.provider.live_sessions(), 0);
    let after = rolecall(&world, &["status", "--json"]).await;
    assert_eq!((after.status, &json(&after)["state"]), (3, &"signed_out".into()));
}

#[tokio::test]
async fn cli_2_a_token_goes_to_a_screen_only_when_asked_to() {
    let world = signed_in().await;
    let refused = rolecall_on(world.ports(), true, &["token"]).await;
    assert_eq!((refused.status, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("--show"));
    assert!(rolecall_on(world.ports(), true, &["token", "--show"]).await.out.starts_with("eyJ"));
}

#[tokio::test]
async fn token_gives_the_id_token_and_a_new_one_when_asked() {
    let world = signed_in().await;
    let id = rolecall(&world, &["token", "--id"]).await.out;
    let first = rolecall(&world, &["token"]).await.out;
    assert_ne!(id, first);
    let second = rolecall(&world, &["token", "--refresh"]).await.out;
    assert_ne!(first, second);
    assert_eq!(world.provider.token_requests("refresh_token"), 1);
    let third = rolecall(&world, &["token", "--min-validity", "99999"]).await;
    assert_eq!(third.status, 0);
    assert_eq!(world.provider.token_requests("refresh_token"), 2);
}

#[tokio::test]
async fn refresh_tells_what_came_and_what_went() {
    let world = signed_in().await;
    world.provider.set_roles("ed", &["Publisher"]);
    let ran = rolecall(&world, &["refresh"]).await;
    assert_eq!((ran.status, ran.out.as_str()), (0, "+ role Publisher\n- role Editor\n"));
    assert_eq!(rolecall(&world, &["refresh"]).await.out, "Refreshed: nothing changed.\n");
}

#[tokio::test]
async fn what_one_process_does_the_other_sees() {
    let world = signed_in().await;
    let other = world.another_engine();
    assert!(other.session_summary(&world.profile()).await.unwrap().is_some());
    rolecall(&world, &["logout"]).await;
    assert!(other.session_summary(&world.profile()).await.unwrap().is_none());
}

#[tokio::test]
async fn bad_input_is_answered_with_what_to_do_and_the_right_status() {
    let world = World::new();
    let issuer = world.provider.issuer();
    let login = |issuer: &str| {
        let (ports, issuer) = (world.ports(), issuer.to_owned());
        async move { rolecall_on(ports, false, &["login", "--issuer", &issuer, "--client-id", "rolecall-demo"]).await }
    };
    for (ran, status, words) in [
        (rolecall(&world, &["status"]).await, 2, "rolecall login --issuer"),
        (rolecall(&world, &["login"]).await, 2, "rolecall login --issuer"),
        (rolecall(&world, &["status", "--profile", "nobody"]).await, 2, "rolecall profiles"),
        (rolecall(&world, &["status", "--profile", "../x"]).await, 2, "can't name a profile"),
        (login("http://idp.example").await, 2, "must use https"),
        (login("file:///etc/passwd").await, 2, "hint:"),
        (login("http://127.0.0.1:1").await, 4, "nothing listens"),
        (login(&format!("{issuer}/nowhere")).await, 5, "No OpenID issuer"),
        (rolecall(&world, &["login", "--issuer", &issuer, "--client-id", ""]).await, 2, "client ID"),
        (rolecall(&world, &["login", "--issuer", &issuer, "--client-id", "x", "--timeout", "1"]).await, 1, "client ID"),
        (rolecall(&world, &["login", "--issuer", &issuer, "--client-id", "x", "--param", "state=1"]).await, 2, "state"),
        (rolecall(&world, &["login", "--issuer", &issuer, "--client-id", "x", "--provider", "acme"]).await, 2, "auth0"),
        (rolecall(&world, &["login", "--issuer", &issuer, "--client-id", "x", "--ca-file", "/none"]).await, 2, "/none"),
        (rolecall(&world, &["bogus"]).await, 2, "--help"),
    ] {
        assert_eq!((ran.status, ran.out.as_str()), (status, ""), "{}", ran.err);
        assert!(ran.err.contains(words), "{words:?} is not in {}", ran.err);
    }
    let profiles = json(&rolecall(&world, &["profiles", "--json"]).await);
    let kept: Vec<&str> = profiles.as_array().unwrap().iter().filter_map(|one| one["client_id"].as_str()).collect();
    assert_eq!(kept, ["rolecall-demo", "x"], "what could be right is kept for the next try, and nothing else");
}

#[tokio::test]
async fn cli_1_the_providers_words_can_not_act_on_a_terminal() {
    let world = World::new();
    world.provider.fault(Fault::CallbackError("access_denied", "\u{1b}]0;owned\u{7}No\u{202e}\u{9b}31m entry"));
    let issuer = world.provider.issuer();
    let ran = rolecall(&world, &["login", "--issuer", &issuer, "--client-id", "rolecall-demo"]).await;
    assert_eq!(ran.status, 1);
    assert!(!ran.err.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{9b}']), "{:?}", ran.err);
    assert!(ran.err.contains("No"));
}

#[tokio::test]
async fn declining_exits_with_1_an_ended_session_with_3_a_dead_provider_with_4() {
    let world = signed_in().await;
    world.browser.set_walker(HeadlessBrowser::new("ed").declining());
    assert_eq!(rolecall(&world, &["login"]).await.status, 1);
    assert_eq!(rolecall(&world, &["token"]).await.status, 0, "the session that was there is kept");
    world.provider.fault(Fault::Status(Endpoint::Token, 503));
    assert_eq!(rolecall(&world, &["refresh"]).await.status, 4);
    world.provider.clear_faults();
    world.provider.revoke_all();
    let ended = rolecall(&world, &["refresh"]).await;
    assert_eq!(ended.status, 3);
    assert!(
        ended.err.contains("Unknown or invalid refresh token") && ended.err.contains("rolecall login"),
        "{}",
        ended.err
    );
    assert_eq!(rolecall(&world, &["token"]).await.status, 3);
}

#[tokio::test]
async fn a_locked_or_missing_key_store_exits_with_6_and_says_what_is_kept() {
    let world = signed_in().await;
    let mut ports = world.ports();
    ports.key_store = Arc::new(|| Err(keyring_core::Error::NoStorageAccess("locked".into())));
    let locked = rolecall_on(ports.clone(), false, &["token"]).await;
    assert_eq!(locked.status, 6);
    assert!(locked.err.contains("locked") && locked.err.contains("safe"), "{}", locked.err);
    ports.key_store = Arc::new(|| Err(keyring_core::Error::NoDefaultStore));
    let missing = rolecall_on(ports, false, &["token"]).await;
    assert_eq!(missing.status, 6);
    assert_eq!(rolecall(&world, &["token"]).await.status, 0, "nothing was lost");
}

#[tokio::test]
async fn a_corrupt_configuration_is_kept_aside_and_named() {
    let world = signed_in().await;
    let file = world.ports().folders.config.join("rolecall.toml");
    std::fs::write(&file, "[profiles\nissuer = 3").unwrap();
    let ran = rolecall(&world, &["status"]).await;
    assert_eq!(ran.status, 2);
    let aside = ran.err.split_whitespace().find(|word| word.contains("broken")).expect("the copy is named");
    assert_eq!(std::fs::read_to_string(aside.trim_end_matches(['.', ')'])).unwrap(), "[profiles\nissuer = 3");
}

#[tokio::test]
async fn profiles_are_listed_chosen_and_removed() {
    let world = signed_in().await;
    let issuer = world.provider.issuer();
    rolecall(&world, &["login", "--issuer", &issuer, "--client-id", "rolecall-demo", "--profile", "second"]).await;
    assert_eq!(rolecall(&world, &["profiles"]).await.out, format!("  acme    {issuer}\n* second  {issuer}\n"));
    assert_eq!(rolecall(&world, &["profiles", "select", "ACME"]).await.status, 0);
    assert_eq!(json(&rolecall(&world, &["profiles", "--json"]).await)[0]["active"], true);
    assert_eq!(rolecall(&world, &["profiles", "remove", "second"]).await.status, 0);
    assert_eq!(world.provider.live_sessions(), 1, "the removed one was signed out");
    assert_eq!(rolecall(&world, &["status", "--profile", "second"]).await.status, 2);
}

#[tokio::test]
async fn scopes_are_taken_as_people_paste_them() {
    let world = World::new();
    let issuer = world.provider.issuer();
    let pasted = "openid+profile+email+offline_access+openid roles";
    let arguments = ["login", "--issuer", &issuer, "--client-id", "rolecall-demo", "--scope", pasted];
    assert_eq!(rolecall(&world, &arguments).await.status, 0);
    let walk = world.browser.last_walk().await;
    let scope = walk.authorization_link().query_pairs().find(|(name, _)| name == "scope").unwrap().1.into_owned();
    assert_eq!(scope, "openid profile email offline_access roles");
}

#[tokio::test]
async fn help_version_and_completions_are_data() {
    let world = World::new();
    for arguments in
        [&["--help"][..], &["--version"], &["help", "token"], &["completions", "bash"], &["login", "--help"]]
    {
        let ran = rolecall(&world, arguments).await;
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{arguments:?}");
        assert!(ran.out.contains("rolecall"), "{arguments:?}: {}", ran.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tk_4_has_role_counts_what_is_not_verified_only_when_told_to() {
    // The roles are in the access token alone, and that one is not signed.
    let world = World::with(Options { layout: Layout::Realm, ..Options::default() });
    let login = ["login", "--issuer", &world.provider.issuer(), "--client-id", "rolecall-demo", "--profile", "acme"];
    assert_eq!(rolecall(&world, &login).await.status, 0);
    assert_eq!(rolecall(&world, &["has-role", "Editor"]).await.status, 0);
    assert!(!rolecall(&world, &["roles"]).await.out.contains("not verified"));
    world.provider.fault(Fault::UnsignedAccessToken);
    assert_eq!(rolecall(&world, &login).await.status, 0);
    let roles = rolecall(&world, &["roles"]).await;
    assert!(roles.out.contains("(not verified)"), "{}", roles.out);
    let no = rolecall(&world, &["has-role", "Editor", "--json"]).await;
    assert_eq!((no.status, &json(&no)["has"], &json(&no)["verified"]), (1, &false.into(), &false.into()), "{}", no.err);
    assert!(no.err.contains("--unverified"), "{}", no.err);
    assert_eq!(rolecall(&world, &["has-role", "Editor", "--unverified"]).await.status, 0);
    let other = rolecall(&world, &["has-role", "Nobody", "--unverified"]).await;
    assert!(other.status == 1 && other.err.is_empty(), "{}", other.err);
}
