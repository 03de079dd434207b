//! Nothing secret where it does not belong: files, views, debug output, logs.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rolecall_engine::engine::Freshness;
use rolecall_engine::engine::Progress;
use rolecall_engine::tokens::TokenKind;
use rolecall_engine::vault::Vault;
use rolecall_it::World;
use rolecall_provider::{Endpoint, Fault, HeadlessBrowser};

fn files_below(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned();
            found.push((path.display().to_string(), text));
        }
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Every token of the session, and the parts of a JWT that can be used alone.
async fn secrets(world: &World) -> Vec<String> {
    let mut secrets = world.provider.secrets();
    for kind in [TokenKind::Access, TokenKind::Id] {
        let token =
            world.engine.token(&world.profile(), kind, Freshness::ValidFor(Duration::ZERO)).await.unwrap().secret;
        secrets.push(token.expose().to_owned());
        secrets.push(token.expose().rsplit('.').next().unwrap().to_owned());
    }
    secrets
}

fn assert_clean(place: &str, text: &str, secrets: &[String]) {
    for secret in secrets {
        assert!(!text.contains(secret.as_str()), "{place} holds {}…: {text}", &secret[..8.min(secret.len())]);
    }
}

#[tokio::test]
async fn tk_1_no_token_reaches_files_views_debug_output_errors_or_logs() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    // For the whole binary: what other tests log in the meantime is searched as well.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let world = World::new();
    world.save_profile();
    let (summary, told) = world.sign_in_with_progress().await;
    let mut seen = vec![("summary", format!("{:?}", summary.unwrap()))];
    let mut all = secrets(&world).await;
    let refreshed = world.engine.refresh(&world.profile()).await.unwrap();
    seen.push(("refreshed", format!("{refreshed:?}")));
    let live = world.engine.live();
    let mut view = live.view();
    tokio::time::timeout(
        Duration::from_secs(10),
        view.wait_for(|view| format!("{view:?}").contains("tokens_ready: true")),
    )
    .await
    .expect("the session is read")
    .unwrap();
    seen.push(("view", serde_json::to_string(&*live.view().borrow()).unwrap()));
    seen.push(("menu", format!("{:?}", live.menu())));
    live.stop();
    all.extend(secrets(&world).await);

    world.provider.fault(Fault::WrongKey);
    seen.push(("problem", format!("{:?}", world.refused_sign_in().await)));
    world.provider.clear_faults();
    world.provider.revoke_all();
    seen.push(("problem", format!("{:?}", world.engine.refresh(&world.profile()).await.unwrap_err())));

    for (place, text) in &seen {
        assert_clean(place, text, &all);
    }
    let mut files = Vec::new();
    files_below(&world.ports().folders.state, &mut files);
    files_below(&world.ports().folders.config, &mut files);
    assert!(files.len() >= 3, "the state folder was looked at: {files:?}");
    for (path, text) in &files {
        assert_clean(path, text, &all);
    }
    let log = String::from_utf8_lossy(&log.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
    assert!(log.contains("answered"), "the log was looked at");
    assert_clean("the log", &log, &all);
    let state_in_link = told.iter().any(|progress| matches!(progress, Progress::Link { .. }));
    assert!(state_in_link);
}

#[tokio::test]
async fn lb_8_no_address_the_browser_visits_holds_a_token() {
    let world = World::new();
    world.browser.set_walker(HeadlessBrowser::new("ada"));
    world.sign_in().await.unwrap();
    let visited = world.browser.last_walk().await.visited;
    // What the protocol itself sends through the browser: worth nothing without the verifier, and used once.
    let sent = |url: &url::Url| url.query_pairs().map(|(_, value)| value.into_owned()).collect::<Vec<_>>();
    let sent: Vec<String> = visited.iter().flat_map(sent).filter(|value| value.len() < 60).collect();
    let mut all = secrets(&world).await;
    all.retain(|secret| !sent.contains(secret));
    assert!(all.len() >= 5, "tokens and verifier were looked for");
    for url in visited {
        assert_clean("an address", url.as_str(), &all);
    }
}

#[tokio::test]
async fn tk_1_a_session_as_it_is_stored_is_masked_in_debug_output() {
    let world = World::new();
    world.sign_in().await.unwrap();
    let stored = Vault::new(&world.ports()).load(&world.profile()).await.unwrap().unwrap();
    let text = format!("{stored:?} {stored:#?} {:?}", stored.tokens.refresh);
    assert_clean("a stored session", &text, &secrets(&world).await);
}

#[tokio::test]
async fn tk_1_no_problem_shows_a_token_whatever_the_answer_was() {
    for fault in [
        Fault::AlgNone,
        Fault::UnknownKey,
        Fault::UserinfoSubject,
        Fault::LacksClaim("sub"),
        Fault::Claim("nonce", "\"another\""),
        Fault::Claim("at_hash", "\"another\""),
        Fault::TokenMember("token_type", "\"mac\""),
        Fault::TokenMember("access_token", "7"),
        Fault::TokenMember("id_token", "\"a.b\""),
        Fault::Html(Endpoint::Token),
        Fault::Redirect(Endpoint::Token),
    ] {
        let world = World::new();
        world.provider.fault(fault.clone());
        let problem = world.refused_sign_in().await;
        assert_clean(&format!("{fault:?}"), &format!("{problem} {problem:?}"), &world.provider.secrets());
    }
}

#[tokio::test]
async fn tk_1_the_marker_of_a_refresh_cut_off_holds_no_token() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.provider.stop();
    world.engine.refresh(&world.profile()).await.unwrap_err();
    let mut files = Vec::new();
    files_below(&world.ports().folders.state, &mut files);
    assert!(files.iter().any(|(path, _)| path.ends_with(".spending")), "{files:?}");
    for (path, text) in &files {
        assert_clean(path, text, &world.provider.secrets());
    }
}
