//! Signing in on another device, with the engine and with the real command line.

use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;

use rolecall_engine::Code;
use rolecall_engine::engine::{DeviceCode, DeviceLogin, Live, NewPerson, Progress};
use rolecall_engine::problem::{Remedy, Result};
use rolecall_engine::session::SessionSummary;
use rolecall_engine::view::{OtherDevice, Screen, View};
use rolecall_it::{World, until};
use rolecall_provider::{Endpoint, Fault, Options};

use crate::sandbox::{Sandbox, talk};

/// What the person does at the provider's page.
pub(crate) async fn decide(issuer: &str, code: &str, account: &str, decision: &str) -> u16 {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("user_code", code), ("account", account), ("decision", decision)])
        .finish();
    let url = format!("{}/device", issuer.trim_end_matches('/'));
    let _ = rustls::crypto::ring::default_provider().install_default();
    #[expect(clippy::disallowed_methods, reason = "a browser is a program of its own")]
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let sent = client.post(url).header("content-type", "application/x-www-form-urlencoded").body(body).send();
    sent.await.unwrap().status().as_u16()
}

/// A sign-in whose person decides as soon as the code is there.
async fn sign_in(world: &World, account: &'static str, decision: &'static str, agree: bool) -> Outcome {
    let (sender, mut codes) = tokio::sync::mpsc::unbounded_channel::<DeviceCode>();
    let asked = Mutex::new(Vec::new());
    let issuer = world.provider.issuer();
    let person = tokio::spawn(async move {
        let code = codes.recv().await?;
        assert_eq!(decide(&issuer, &code.user_code, account, decision).await, 200);
        Some(code)
    });
    let told = |progress| {
        if let Progress::Device(code) = progress {
            sender.send(code).unwrap();
        }
    };
    let agreed = |person: NewPerson| {
        asked.lock().unwrap().push(person);
        std::future::ready(agree)
    };
    let result = world.engine.device_login(&world.profile(), DeviceLogin::default(), told, agreed).await;
    drop(sender);
    let code = person.await.unwrap();
    Outcome { result, code, asked: asked.into_inner().unwrap() }
}

struct Outcome {
    result: Result<SessionSummary>,
    code: Option<DeviceCode>,
    asked: Vec<NewPerson>,
}

#[tokio::test]
async fn df_1_a_person_signs_in_on_another_device_and_is_the_one_the_session_is_of() {
    let world = World::new();
    let Outcome { result, code, asked } = sign_in(&world, "ed", "allow", false).await;
    let (summary, code) = (result.unwrap(), code.unwrap());
    assert_eq!(summary.identity.name, "Ed Itor");
    assert!(summary.has_refresh_token && asked.is_empty(), "nobody was there before, so nobody is asked about");
    assert_eq!(code.user_code.len(), 9);
    assert!(code.link.as_ref().unwrap().as_str().contains(&code.user_code) && code.picture().unwrap().len() >= 21);
    assert!(world.engine.refresh(&world.profile()).await.is_ok());
}

#[tokio::test]
async fn df_1_somebody_else_takes_no_place_that_the_person_did_not_give_them() {
    let world = World::new();
    sign_in(&world, "ed", "allow", false).await.result.unwrap();
    let honoured = world.provider.honoured_refresh_tokens();
    let refused = sign_in(&world, "ada", "allow", false).await;
    let problem = refused.result.unwrap_err();
    assert_eq!(problem.code, Code::Cancelled, "{problem}");
    let asked = &refused.asked[0];
    assert_eq!((asked.name.as_str(), asked.instead_of.as_str()), ("Ada Admin", "Ed Itor"));
    assert!(problem.detail.contains("Ada Admin") && problem.detail.contains("Ed Itor is kept"), "{problem}");
    assert_eq!(world.provider.honoured_refresh_tokens(), honoured, "hers is revoked, his is kept");
    // The same person again is nobody to be asked about.
    assert!(sign_in(&world, "ed", "allow", false).await.asked.is_empty());
    let summary = sign_in(&world, "ada", "allow", true).await.result.unwrap();
    assert_eq!(summary.identity.name, "Ada Admin");
}

#[tokio::test]
async fn df_1_slow_down_is_for_good_and_no_answer_makes_the_pauses_longer() {
    let world = World::new();
    let engine = world.engine.clone();
    let profile = world.profile();
    let waiting = tokio::spawn(async move {
        let never = |_| std::future::ready(false);
        engine.device_login(&profile, DeviceLogin::default(), |_| {}, never).await
    });
    until("it asks", || !world.provider.device_questions().is_empty()).await;
    world.provider.fault(Fault::DeviceSlowDown);
    let told_to = world.provider.device_questions().len();
    until("it is told to slow down", || world.provider.device_questions().len() > told_to).await;
    let before = world.provider.device_questions().len();
    tokio::time::timeout(Duration::from_secs(20), async {
        while world.provider.device_questions().len() < before + 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .expect("it goes on asking");
    let asked = world.provider.device_questions();
    let pauses: Vec<Duration> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let slow = &pauses[before - 1..];
    assert!(slow.iter().all(|pause| *pause >= Duration::from_secs(6)), "{pauses:?}");
    waiting.abort();
}

#[tokio::test]
async fn df_1_each_refusal_has_its_own_way_on_and_keeps_the_session() {
    for (fault, code) in [
        (Fault::DevicePollError("access_denied", "No"), Code::Declined),
        (Fault::DevicePollError("authorization_declined", ""), Code::Declined),
        (Fault::DevicePollError("expired_token", ""), Code::DeviceCodeExpired),
        (Fault::DevicePollError("invalid_grant", "AADSTS50199"), Code::Refused),
        (
            Fault::DevicePollError("access_denied", "AADSTS53003: blocked by Conditional Access"),
            Code::DeviceLoginRefused,
        ),
        (Fault::DeviceError("unauthorized_client", "The flow is disabled for the client"), Code::DeviceLoginRefused),
        (Fault::DeviceError("invalid_scope", "Unknown scope"), Code::ScopeRefused),
        (Fault::LacksMember("device_authorization_endpoint"), Code::DeviceLoginRefused),
        (Fault::DeviceMember("user_code", "null"), Code::AnswerBroken),
        (Fault::DeviceMember("device_code", "7"), Code::AnswerBroken),
        (Fault::DeviceMember("verification_uri", "\"http://evil.example/\""), Code::UnsafeEndpoint),
        (Fault::DeviceMember("verification_uri", "\"javascript:alert(1)\""), Code::UnsafeEndpoint),
        (Fault::WrongKey, Code::AnswerNotTrusted),
        (Fault::ClaimSuffix("iss", "x"), Code::AnswerNotTrusted),
        (Fault::ClaimSuffix("aud", "x"), Code::AnswerNotTrusted),
        (Fault::ClaimShift("exp", -7200), Code::AnswerNotTrusted),
        (Fault::ClaimShift("iat", -200_000), Code::AnswerNotTrusted),
    ] {
        let world = World::new();
        world.sign_in().await.unwrap();
        let honoured = world.provider.honoured_refresh_tokens();
        world.provider.fault(fault.clone());
        let mut outcome = Box::pin(sign_in(&world, "ed", "allow", true));
        let problem = tokio::select! {
            outcome = &mut outcome => outcome.result.unwrap_err(),
            () = tokio::time::sleep(Duration::from_secs(30)) => panic!("{fault:?}: no end"),
        };
        assert_eq!(problem.code, code, "{fault:?}: {problem}");
        world.provider.clear_faults();
        assert_eq!(world.provider.honoured_refresh_tokens(), honoured, "{fault:?}");
        assert!(world.is_signed_in().await, "{fault:?}");
    }
}

#[tokio::test]
async fn a_code_ends_when_it_runs_out_and_the_older_name_of_the_address_is_taken() {
    let world = World::with(Options { device_lifetime: 2, ..Options::default() });
    world.provider.fault(Fault::DeviceMember("verification_uri", "null"));
    world.provider.fault(Fault::DeviceMember("verification_url", "\"https://www.google.com/device\""));
    world.provider.fault(Fault::DeviceMember("expires_in", "\"2\""));
    let shown = Mutex::new(None);
    let told = |progress| {
        if let Progress::Device(code) = progress {
            *shown.lock().unwrap() = Some(code);
        }
    };
    let never = |_| std::future::ready(false);
    let ended = world.engine.device_login(&world.profile(), DeviceLogin::default(), told, never).await;
    assert_eq!(ended.unwrap_err().code, Code::DeviceCodeExpired);
    assert_eq!(shown.into_inner().unwrap().unwrap().address.as_str(), "https://www.google.com/device");
}

#[tokio::test]
async fn rf_5_a_provider_in_trouble_does_not_end_the_wait_for_the_person() {
    let world = World::new();
    world.provider.fault(Fault::Status(Endpoint::Token, 503));
    let mut outcome = Box::pin(sign_in(&world, "ed", "allow", true));
    tokio::select! {
        _ = &mut outcome => panic!("it ended"),
        () = until("it was asked twice", || world.provider.requests().iter().filter(|r| r.path == "/token").count() > 1) => {}
    }
    world.provider.clear_faults();
    outcome.await.result.unwrap();
}

#[tokio::test]
async fn rf_9_a_sign_in_that_is_dropped_leaves_nothing_at_the_provider_or_here() {
    let world = World::new();
    world.provider.fault(Fault::Slow(Endpoint::Token, 800));
    let mut outcome = Box::pin(sign_in(&world, "ed", "allow", true));
    // The question that will be answered with tokens is under way.
    tokio::select! {
        _ = &mut outcome => panic!("it ended"),
        () = until("it is asked", || world.provider.requests().iter().any(|r| r.path == "/token")) => {}
    }
    drop(outcome);
    world.engine.finish(Duration::from_secs(10)).await;
    let kept = world.is_signed_in().await;
    assert_eq!(kept, !world.provider.honoured_refresh_tokens().is_empty(), "what is honoured is what is stored");
}

#[tokio::test]
async fn the_command_line_shows_the_code_and_asks_nobody_where_nobody_is() {
    let sandbox = Sandbox::signed_in(Options::default());
    let honoured = sandbox.provider.honoured_refresh_tokens();
    for (account, status) in [("ada", 1), ("ed", 0)] {
        let mut login = sandbox.command(&["login", "--device", "--qr"]);
        let err = sandbox.bus.folder().join(account);
        let file = std::fs::File::create(&err).unwrap();
        let mut login = login.stdin(Stdio::null()).stderr(file).spawn().unwrap();
        let shown = || std::fs::read_to_string(&err).unwrap_or_default();
        until("the code is shown", || shown().contains("Give the code to nobody")).await;
        let text = shown();
        let code = text.lines().find_map(|line| line.strip_prefix("    ")).unwrap();
        assert!(text.contains("/device?user_code=") && text.contains('▄'), "{text}");
        assert_eq!(decide(&sandbox.provider.issuer(), code, account, "allow").await, 200);
        let ended = tokio::task::spawn_blocking(move || login.wait().unwrap()).await.unwrap();
        assert_eq!(ended.code(), Some(status), "{}", shown());
        if account == "ada" {
            assert!(shown().contains("Ada Admin") && shown().contains("Nobody can be asked here"), "{}", shown());
            assert_eq!(sandbox.provider.honoured_refresh_tokens(), honoured);
        }
    }
    sandbox.provider.fault(Fault::DeviceError("unauthorized_client", "Device flow is not allowed."));
    let refused = sandbox.rolecall(&["login", "--device"]);
    assert_eq!(refused.status.code(), Some(5));
    let said = talk(&refused);
    assert!(said.contains("Device flow is not allowed") && said.contains("rolecall login --paste"), "{said}");
}

/// Waits until the view is as wished.
async fn view_where(live: &Live, what: &str, wish: impl Fn(&View) -> bool) -> View {
    let mut view = live.view();
    let found = tokio::time::timeout(Duration::from_secs(20), view.wait_for(|view| wish(view))).await;
    let Ok(found) = found else { panic!("never came: {what}; last was {:?}", *live.view().borrow()) };
    found.unwrap().clone()
}

fn device(view: &View) -> Option<&OtherDevice> {
    match &view.screen {
        Screen::Waiting(waiting) => waiting.device.as_ref(),
        _ => None,
    }
}

fn is_signed_in_as(view: &View, name: &str) -> bool {
    matches!(&view.screen, Screen::SignedIn(me) if me.badge.name == name && me.tokens_ready)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_code_takes_the_place_of_one_that_was_not_used_or_ran_out() {
    let world = World::with(Options { device_lifetime: 3, ..Options::default() });
    world.save_profile();
    let live = world.engine.live();
    let mut codes = Vec::new();
    for _ in 0..3 {
        live.sign_in_elsewhere();
        let is_new = |view: &View| device(view).is_some_and(|device| !codes.contains(&device.user_code));
        let view = view_where(&live, "a code that was not there before", is_new).await;
        codes.push(device(&view).unwrap().user_code.clone());
    }
    let view = view_where(&live, "that it ran out", |view| view.notice.is_some()).await;
    let notice = view.notice.unwrap();
    assert_eq!((notice.code, notice.remedies), (Code::DeviceCodeExpired, vec![Remedy::NewCode, Remedy::Dismiss]));
    live.sign_in_elsewhere();
    let view = view_where(&live, "a code", |view| device(view).is_some()).await;
    let shown = device(&view).unwrap();
    assert!(!codes.contains(&shown.user_code) && view.notice.is_none());
    assert_eq!(decide(&world.provider.issuer(), &shown.user_code, "ed", "allow").await, 200);
    view_where(&live, "Ed", |view| is_signed_in_as(view, "Ed Itor")).await;
    assert_eq!(world.provider.honoured_refresh_tokens().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn df_1_the_window_shows_the_code_and_who_used_it_and_keeps_whoever_is_there_until_told_otherwise() {
    let world = World::new();
    world.save_profile();
    world.sign_in().await.unwrap();
    let live = world.engine.live();
    view_where(&live, "Ed", |view| is_signed_in_as(view, "Ed Itor")).await;
    for (answer, then) in [(Some(false), "Ed Itor"), (None, "Ed Itor"), (Some(true), "Ada Admin")] {
        live.sign_in_elsewhere();
        let view = view_where(&live, "the code", |view| device(view).is_some()).await;
        let shown = device(&view).unwrap();
        assert!(shown.has_link && shown.picture.len() == shown.picture[0].len(), "{shown:?}");
        assert_eq!(live.device_code(false).as_ref(), Some(&shown.user_code));
        assert_eq!(decide(&world.provider.issuer(), &shown.user_code, "ada", "allow").await, 200);
        let asks = |view: &View| device(view).is_some_and(|device| device.person.is_some());
        let view = view_where(&live, "the question", asks).await;
        let person = device(&view).unwrap().person.clone().unwrap();
        assert_eq!((person.badge.name.as_str(), person.instead_of.as_str()), ("Ada Admin", "Ed Itor"));
        match answer {
            Some(yes) => live.answer_code_user(yes),
            None => live.cancel_sign_in(),
        }
        view_where(&live, then, |view| is_signed_in_as(view, then)).await;
        until("one session is left", || world.provider.honoured_refresh_tokens().len() == 1).await;
    }
}
