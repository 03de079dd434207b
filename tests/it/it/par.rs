//! Requests pushed ahead of the browser (PAR, RFC 9126).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rolecall_engine::Code;
use rolecall_engine::config::ClientAuth;
use rolecall_engine::engine::{Live, Progress, SignIn};
use rolecall_engine::ports::{Browser, NoBrowser};
use rolecall_engine::session::Step;
use rolecall_engine::tokens::Secret;
use rolecall_engine::view::Screen;
use rolecall_it::{World, quick, until};
use rolecall_provider::{Endpoint, Fault, HeadlessBrowser, Options, Par};
use url::Url;

fn world(par: Par) -> World {
    World::with(Options { par, ..Options::default() })
}

fn names(url: &Url) -> BTreeSet<String> {
    url.query_pairs().map(|(name, _)| name.into_owned()).collect()
}

/// How often the provider was pushed a request.
fn pushes(world: &World) -> usize {
    world.provider.requests().iter().filter(|request| request.path == "/par").count()
}

#[tokio::test]
async fn the_browser_carries_only_the_name_of_a_request_that_the_provider_has_already() {
    for push in [Par::Offered, Par::Required] {
        let world = world(push);
        let summary = world.sign_in().await.unwrap();
        assert_eq!(summary.identity.name, "Ed Itor");
        assert_eq!(summary.remarks, [""; 0]);
        let link = world.browser.last_walk().await.authorization_link().clone();
        assert_eq!(names(&link), ["client_id", "request_uri"].map(String::from).into());
        let asked = world.requested_paths();
        assert_eq!(asked, ["/.well-known/openid-configuration", "/keys", "/par", "/token", "/userinfo"]);
        let pushed = world.provider.requests().into_iter().find(|request| request.path == "/par").unwrap();
        for name in ["client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method"]
        {
            assert_eq!(pushed.fields.iter().filter(|field| *field == name).count(), 1, "{name}: {:?}", pushed.fields);
        }
    }
}

#[tokio::test]
async fn where_it_is_offered_and_refused_the_ordinary_link_serves_and_a_remark_tells_why() {
    for fault in [
        Fault::ParError("invalid_client", "Public clients push nothing here."),
        Fault::Status(Endpoint::Par, 404),
        Fault::Status(Endpoint::Par, 503),
        Fault::Redirect(Endpoint::Par),
        Fault::Html(Endpoint::Par),
        Fault::ParMember("request_uri", "7"),
        Fault::ParMember("request_uri", "\"\""),
        Fault::ParMember("request_uri", "\"urn:x y\""),
        Fault::ParMember("error", "\"invalid_request\""),
    ] {
        let world = world(Par::Offered);
        world.provider.fault(fault.clone());
        let summary = world.sign_in().await.unwrap();
        assert_eq!(summary.identity.name, "Ed Itor", "{fault:?}");
        let [remark] = summary.remarks.as_slice() else { panic!("{fault:?}: one remark, not {:?}", summary.remarks) };
        assert!(remark.contains("(PAR)") && remark.contains("ordinary link"), "{remark}");
        assert!(names(world.browser.last_walk().await.authorization_link()).contains("state"), "{fault:?}");
        assert_eq!(pushes(&world), 1, "{fault:?}");
        assert!(!world.requested_paths().iter().any(|path| path == "/elsewhere"), "a redirect was followed");
    }
}

#[tokio::test]
async fn where_it_is_required_and_fails_that_is_told_before_the_browser_opens() {
    for (fault, code) in [
        (Fault::ParError("invalid_client", "Unknown."), Code::WrongClient),
        (Fault::ParError("invalid_request", "Not this redirect_uri."), Code::Refused),
        (Fault::ParError("invalid_scope", "Not that scope."), Code::ScopeRefused),
        (Fault::Status(Endpoint::Par, 404), Code::AnswerBroken),
        (Fault::Status(Endpoint::Par, 503), Code::ProviderFailing),
        (Fault::Redirect(Endpoint::Par), Code::AnswerBroken),
        (Fault::Html(Endpoint::Par), Code::AnswerBroken),
        (Fault::ParMember("request_uri", "null"), Code::AnswerBroken),
        (Fault::LacksMember("pushed_authorization_request_endpoint"), Code::AnswerBroken),
        (Fault::Member("pushed_authorization_request_endpoint", "https://evil.example/par"), Code::UnsafeEndpoint),
    ] {
        let world = world(Par::Required);
        world.provider.fault(fault.clone());
        assert_eq!(world.refused_sign_in().await.code, code, "{fault:?}");
        assert!(!world.provider.requests().iter().any(|request| request.path == "/authorize"), "{fault:?}");
    }
}

#[tokio::test]
async fn foreign_members_of_the_answer_change_nothing() {
    let world = world(Par::Required);
    for (member, value) in [
        ("state", "\"another\""),
        ("redirect_uri", "\"https://evil.example/\""),
        ("authorization_endpoint", "\"https://evil.example/\""),
        ("expires_in", "\"soon\""),
    ] {
        world.provider.fault(Fault::ParMember(member, value));
    }
    assert_eq!(world.sign_in().await.unwrap().identity.name, "Ed Itor");
    let link = world.browser.last_walk().await.authorization_link().clone();
    assert_eq!(names(&link), ["client_id", "request_uri"].map(String::from).into());
    assert!(link.as_str().starts_with(&world.provider.issuer()), "{link}");
}

#[tokio::test]
async fn op_3_an_address_of_another_host_for_it_is_not_used_where_it_is_only_offered() {
    let world = world(Par::Offered);
    world.provider.fault(Fault::Member("pushed_authorization_request_endpoint", "https://evil.example/par"));
    let summary = world.sign_in().await.unwrap();
    assert!(summary.remarks[0].contains("evil.example"), "{:?}", summary.remarks);
    assert_eq!(pushes(&world), 0);
}

#[tokio::test]
async fn lb_4_what_comes_back_is_checked_as_without_it() {
    let world = world(Par::Required);
    world.provider.fault(Fault::CallbackIssuer);
    assert_eq!(world.refused_sign_in().await.code, Code::AnswerNotTrusted);
    world.provider.clear_faults();
    world.provider.fault(Fault::ClaimSuffix("nonce", "x"));
    assert_eq!(world.refused_sign_in().await.code, Code::AnswerNotTrusted);
}

#[tokio::test]
async fn an_application_with_a_secret_pushes_with_it_and_names_itself_in_the_request() {
    let world = world(Par::Required);
    world.provider.fault(Fault::WantsSecret("s3cr:t and more"));
    let profile = rolecall_engine::config::Profile { client_auth: ClientAuth::SecretBasic, ..world.profile() };
    let secret = Secret::new("s3cr:t and more".into());
    world.engine.keep_client_secret(&profile, &secret).await.unwrap();
    world.engine.sign_in(&profile, &quick(), |_| {}).await.unwrap();
}

#[tokio::test]
async fn a_link_that_was_only_shown_is_replaced_when_it_runs_out() {
    let world = World::with(Options { par: Par::Required, par_lifetime: 2, ..Options::default() });
    let engine = world.engine_with(Arc::new(NoBrowser));
    let links = Mutex::new(Vec::new());
    let told = |progress: Progress| {
        let Progress::Link { link, opened: false } = progress else { return };
        let mut links = links.lock().unwrap();
        links.push(link.url.clone());
        if links.len() == 2 {
            tokio::spawn(async move { HeadlessBrowser::new("ada").visit(&link.url).await });
        }
    };
    let summary = engine.sign_in(&world.profile(), &quick(), told).await.unwrap();
    assert_eq!(summary.identity.name, "Ada Admin");
    let links = links.into_inner().unwrap();
    assert_ne!(links[0], links[1]);
    assert_eq!(HeadlessBrowser::new("ada").visit(&links[0]).await.unwrap().status, 400, "the first had run out");
}

#[tokio::test]
async fn rf_8_a_link_goes_on_being_replaced_for_as_long_as_the_sign_in_waits_asleep_or_not() {
    const ROUNDS: usize = 15;
    let world = World::with(Options { par: Par::Required, par_lifetime: 600, ..Options::default() });
    let how = SignIn { open_browser: false, timeout: Duration::from_secs(86_400), ..quick() };
    let links = Mutex::new(0);
    let told = |progress: Progress| {
        let Progress::Link { link, opened: false } = progress else { return };
        let mut links = links.lock().unwrap();
        *links += 1;
        if *links == ROUNDS {
            tokio::spawn(async move { HeadlessBrowser::new("ada").visit(&link.url).await });
        }
    };
    // Time passes in leaps, as while the computer sleeps; the wall clock is set back, for it is not what counts.
    let clock = world.clock.clone();
    let sleeping = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            clock.advance(300);
            clock.set_wall(-300);
        }
    });
    let summary = world.engine.sign_in(&world.profile(), &how, told).await.unwrap();
    sleeping.abort();
    assert_eq!(summary.identity.name, "Ada Admin");
    assert!(*links.lock().unwrap() >= ROUNDS);
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_again_and_copying_take_a_link_that_can_still_be_opened() {
    let world = world(Par::Required);
    let (live, browser) = waiting(&world).await;
    // Declining uses the name up; the state in it is not ours, so the sign-in goes on waiting.
    world.provider.fault(Fault::CallbackState("another"));
    HeadlessBrowser::new("ed").visit(&browser.links()[0]).await.unwrap();
    world.provider.clear_faults();
    assert_eq!(HeadlessBrowser::new("ed").visit(&browser.links()[0]).await.unwrap().status, 410, "it is used up");

    live.open_again().await.unwrap();
    let copied = live.link().await.unwrap().unwrap();
    let all: BTreeSet<String> = browser.links().iter().chain([&copied]).map(ToString::to_string).collect();
    assert_eq!((all.len(), pushes(&world)), (3, 3), "each is a link of its own");
    assert_eq!(HeadlessBrowser::new("ada").visit(&copied).await.unwrap().status, 200);
    until("signed in", || matches!(live.view().borrow().screen, Screen::SignedIn(_))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_again_where_the_provider_is_away_says_so_and_goes_on_waiting() {
    let world = world(Par::Required);
    let (live, browser) = waiting(&world).await;
    world.provider.fault(Fault::Status(Endpoint::Par, 503));
    assert_eq!(live.open_again().await.unwrap_err().code, Code::ProviderFailing);
    assert!(matches!(live.view().borrow().screen, Screen::Waiting(_)));
    assert_eq!(live.link().await.unwrap_err().code, Code::ProviderFailing);
    assert_eq!(browser.links().len(), 1);
}

/// A window whose sign-in waits for the browser.
async fn waiting(world: &World) -> (Live, Arc<Opened>) {
    world.save_profile();
    let browser = Arc::new(Opened::default());
    let live = world.engine_with(browser.clone()).live();
    live.sign_in(false, false);
    let in_browser =
        || matches!(&live.view().borrow().screen, Screen::Waiting(waiting) if waiting.step == Step::InBrowser);
    until("waiting for the browser", in_browser).await;
    (live, browser)
}

/// A browser that keeps what it was given.
#[derive(Default)]
struct Opened(Mutex<Vec<Url>>);

impl Opened {
    fn links(&self) -> Vec<Url> {
        self.0.lock().unwrap().clone()
    }
}

impl Browser for Opened {
    fn open(&self, url: &Url) -> std::io::Result<()> {
        self.0.lock().unwrap().push(url.clone());
        Ok(())
    }
}
