//! Signing in: what comes of it, and what a faulty provider gets out of us.

use std::sync::Arc;
use std::time::Duration;

use rolecall_engine::config::{Profile, RedirectRule, Scopes};
use rolecall_engine::engine::Freshness;
use rolecall_engine::engine::{Progress, SignIn};
use rolecall_engine::identity::{DocumentKind, DocumentState, Verified};
use rolecall_engine::ports::NoBrowser;
use rolecall_engine::session::SessionSummary;
use rolecall_engine::tokens::TokenKind;
use rolecall_engine::{Code, Engine, Problem};
use rolecall_it::{NeverReturns, World, quick, until};
use rolecall_provider::{Endpoint, Fault, HeadlessBrowser, Options};
use url::Url;

#[tokio::test]
async fn a_person_signs_in_and_sees_roles_and_groups_with_their_sources() {
    let world = World::new();
    let summary = world.sign_in().await.unwrap();
    assert_eq!((summary.identity.name.as_str(), summary.identity.subject.as_str()), ("Ed Itor", "demo|ed"));
    assert_eq!(
        (summary.identity.email.as_deref(), summary.identity.email_verified),
        (Some("ed@example.com"), Some(true))
    );
    let [role] = summary.identity.entitlements.roles.as_slice() else { panic!("one role") };
    assert_eq!(role.value, "Editor");
    let sources: Vec<_> = role.sources.iter().map(|source| (source.document, source.verified)).collect();
    assert_eq!(sources, [(DocumentKind::IdToken, Verified::Signature), (DocumentKind::Userinfo, Verified::Tls)]);
    assert_eq!(role.sources[0].path, ["https://example.com/auth", "roles"]);
    assert_eq!(summary.identity.entitlements.groups[0].value, "Samples");
    let permissions: Vec<_> = summary.identity.entitlements.permissions.iter().map(|p| p.value.as_str()).collect();
    assert_eq!(permissions, ["read:invoices", "write:invoices"]);
    assert_eq!(summary.identity.entitlements.permissions[0].sources[0].verified, Verified::Signature);
    assert!(summary.has_refresh_token && !summary.refresh_token_withheld);
}

#[tokio::test]
async fn after_the_callback_only_token_and_userinfo_are_asked() {
    let world = World::new();
    world.sign_in().await.unwrap();
    assert_eq!(world.requested_paths(), ["/.well-known/openid-configuration", "/keys", "/token", "/userinfo"]);
}

#[tokio::test]
async fn lb_8_the_browser_ends_on_an_address_without_code_and_state() {
    let world = World::new();
    world.sign_in().await.unwrap();
    let walk = world.browser.last_walk().await;
    assert_eq!((walk.status, walk.visited.last().unwrap().query()), (200, None));
}

#[tokio::test]
async fn dates_as_fractions_with_exponents_and_an_issuer_with_a_slash_are_fine() {
    let world = World::with(Options { float_dates: true, slash: true, ..Options::default() });
    assert!(world.provider.issuer().ends_with('/'));
    assert_eq!(world.sign_in().await.unwrap().identity.entitlements.roles[0].value, "Editor");
}

#[tokio::test]
async fn the_link_carries_pkce_state_and_nonce_and_the_scopes_as_given() {
    let world = World::new();
    let (_, told) = world.sign_in_with_progress().await;
    let link = told.iter().find_map(|progress| match progress {
        Progress::Link { link, opened } => Some((link.url.clone(), *opened)),
        Progress::Step(_) | Progress::Device(_) | Progress::Note(_) => None,
    });
    let (url, opened) = link.unwrap();
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert!(opened);
    assert_eq!(value("code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(value("scope").as_deref(), Some("openid profile email offline_access"));
    let (state, nonce, challenge) =
        (value("state").unwrap(), value("nonce").unwrap(), value("code_challenge").unwrap());
    assert!(state != nonce && state != challenge && state.len() >= 43 && nonce.len() >= 43);
    assert!(value("redirect_uri").unwrap().starts_with("http://127.0.0.1:"));
}

#[tokio::test]
async fn userinfo_about_somebody_else_is_never_used_and_what_was_given_is_handed_back() {
    let world = World::new();
    world.provider.fault(Fault::UserinfoSubject);
    assert_eq!(world.refused_sign_in().await.code, Code::SubjectChanged);
    assert_eq!(world.provider.live_sessions(), 0);
    assert!(world.engine.session_summary(&world.profile()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_userinfo_that_fails_costs_no_sign_in() {
    let world = World::new();
    world.provider.fault(Fault::Status(Endpoint::Userinfo, 500));
    let summary = world.sign_in().await.unwrap();
    let userinfo = summary.identity.documents.iter().find(|report| report.document == DocumentKind::Userinfo).unwrap();
    assert_eq!(userinfo.state, DocumentState::Failed);
    assert_eq!(summary.identity.entitlements.roles[0].sources.len(), 1);
}

#[tokio::test]
async fn an_opaque_access_token_is_told_as_such() {
    let world = World::new();
    world.provider.fault(Fault::OpaqueAccessToken);
    let summary = world.sign_in().await.unwrap();
    assert_eq!(summary.identity.documents[1].state, DocumentState::Opaque);
}

#[tokio::test]
async fn a_discovery_document_for_another_issuer_stops_before_the_browser() {
    let world = World::new();
    world.provider.fault(Fault::Member("issuer", "https://another.example"));
    assert_eq!(world.refused_sign_in().await.code, Code::IssuerMismatch);
    assert_eq!(world.provider.requests().len(), 1);
}

#[tokio::test]
async fn op_1_op_3_unsafe_endpoints_stop_before_the_browser() {
    for (member, value) in [
        ("authorization_endpoint", "file:///etc/passwd"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", "https://evil.example/authorize"),
        ("token_endpoint", "http://evil.example/token"),
        ("jwks_uri", "https://evil.example/keys"),
    ] {
        let world = World::new();
        world.provider.fault(Fault::Member(member, value));
        assert_eq!(world.refused_sign_in().await.code, Code::UnsafeEndpoint, "{member} {value}");
        assert_eq!(world.provider.requests().len(), 1);
    }
}

#[tokio::test]
async fn op_3_no_redirect_is_followed() {
    for endpoint in [Endpoint::Discovery, Endpoint::Keys, Endpoint::Token] {
        let world = World::new();
        world.provider.fault(Fault::Redirect(endpoint));
        assert!(matches!(world.refused_sign_in().await.code, Code::NotAnIssuer | Code::AnswerBroken), "{endpoint:?}");
        assert!(!world.requested_paths().contains(&"/elsewhere".to_owned()), "{endpoint:?}");
    }
}

#[tokio::test]
async fn documents_with_missing_and_empty_members_are_accepted_and_told() {
    let world = World::new();
    for member in ["response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"] {
        world.provider.fault(Fault::LacksMember(member));
    }
    world.provider.fault(Fault::EmptyMember("end_session_endpoint"));
    let (summary, told) = world.sign_in_with_progress().await;
    assert!(summary.unwrap().remarks.iter().any(|remark| remark.contains("subject_types_supported")));
    assert!(told.iter().any(|progress| matches!(progress, Progress::Note(_))));
}

#[tokio::test]
async fn what_is_no_issuer_is_said_to_be_none() {
    for fault in [Fault::Html(Endpoint::Discovery), Fault::Status(Endpoint::Discovery, 404)] {
        let world = World::new();
        world.provider.fault(fault.clone());
        assert_eq!(world.refused_sign_in().await.code, Code::NotAnIssuer, "{fault:?}");
    }
    let world = World::new();
    world.provider.fault(Fault::LacksMember("token_endpoint"));
    let problem = world.refused_sign_in().await;
    assert!(problem.code == Code::AnswerBroken && problem.detail.contains("token_endpoint"), "{problem}");
}

#[tokio::test]
async fn a_provider_that_is_not_there_or_failing_is_said_to_be_so() {
    let world = World::new();
    world.provider.stop();
    let problem = world.refused_sign_in().await;
    assert!(problem.code == Code::Unreachable && problem.detail.contains("nothing listens there"), "{problem}");
    world.provider.resume().unwrap();
    for status in [500, 503, 429] {
        world.provider.clear_faults();
        world.provider.fault(Fault::Status(Endpoint::Discovery, status));
        assert_eq!(world.refused_sign_in().await.code, Code::ProviderFailing, "{status}");
    }
}

#[tokio::test]
async fn declining_is_told_in_the_providers_words_without_its_tricks() {
    let world = World::new();
    world.browser.set_walker(HeadlessBrowser::new("ed").declining());
    assert_eq!(world.refused_sign_in().await.code, Code::Declined);
    world.browser.set_walker(HeadlessBrowser::new("ed"));
    world.provider.fault(Fault::CallbackError("access_denied", "No\u{1b}[31m <b>entry</b>\u{202e}"));
    let problem = world.refused_sign_in().await;
    assert_eq!((problem.code, problem.detail.as_str()), (Code::Declined, "No[31m <b>entry</b> (access_denied)"));
    assert_eq!(world.provider.token_requests("authorization_code"), 0);
}

#[tokio::test]
async fn another_providers_answer_or_an_unnamed_one_reaches_no_endpoint() {
    for fault in [Fault::CallbackIssuer, Fault::LacksCallbackIssuer] {
        let world = World::new();
        world.provider.fault(fault.clone());
        assert_eq!(world.refused_sign_in().await.code, Code::AnswerNotTrusted, "{fault:?}");
        assert_eq!(world.provider.token_requests("authorization_code"), 0);
    }
}

#[tokio::test]
async fn a_wrong_client_id_waits_in_the_browser_and_says_so_in_the_end() {
    let world = World::new();
    let profile = Profile { client_id: "unknown".into(), ..world.profile() };
    let how = SignIn { timeout: Duration::from_millis(400), ..quick() };
    let problem = world.engine.sign_in(&profile, &how, |_| {}).await.unwrap_err();
    assert_eq!(problem.code, Code::TimedOut);
    assert_eq!(world.browser.last_walk().await.status, 400);
}

#[tokio::test]
async fn a_client_that_is_refused_at_the_token_endpoint_is_named() {
    let world = World::new();
    world.provider.fault(Fault::CallbackError("unauthorized_client", "Not for this application"));
    assert_eq!(world.refused_sign_in().await.code, Code::WrongClient);
}

#[tokio::test]
async fn without_a_browser_the_link_is_given_and_still_works() {
    let world = World::new();
    let engine = world.engine_with(Arc::new(NoBrowser));
    let told = |progress: Progress| {
        if let Progress::Link { link, opened } = progress {
            assert!(!opened);
            tokio::spawn(async move { HeadlessBrowser::new("ada").visit(&link.url).await });
        }
    };
    let summary = engine.sign_in(&world.profile(), &quick(), told).await.unwrap();
    assert_eq!(summary.identity.name, "Ada Admin");
}

#[tokio::test]
async fn who_never_comes_back_is_waited_for_no_longer_than_asked() {
    let world = World::new();
    let engine = world.engine_with(Arc::new(NeverReturns));
    let how = SignIn { timeout: Duration::from_millis(50), ..quick() };
    assert_eq!(engine.sign_in(&world.profile(), &how, |_| {}).await.unwrap_err().code, Code::TimedOut);
}

#[tokio::test]
async fn a_taken_callback_port_is_named() {
    let world = World::new();
    let squatter = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = squatter.local_addr().unwrap().port();
    let redirect = RedirectRule { ports: vec![port], ..RedirectRule::default() };
    let profile = Profile { redirect, ..world.profile() };
    let problem = world.engine.sign_in(&profile, &quick(), |_| {}).await.unwrap_err();
    assert!(problem.code == Code::CallbackPortTaken && problem.detail.contains(&port.to_string()), "{problem}");
}

#[tokio::test]
async fn a_withheld_refresh_token_is_told_and_consent_brings_it() {
    let world = World::new();
    world.provider.fault(Fault::ConsentForRefreshToken);
    let summary = world.sign_in().await.unwrap();
    assert!(summary.refresh_token_withheld && !summary.has_refresh_token);
    let how = SignIn { ask_consent: true, ..quick() };
    let summary = world.engine.sign_in(&world.profile(), &how, |_| {}).await.unwrap();
    assert!(summary.has_refresh_token && !summary.refresh_token_withheld);
}

#[tokio::test]
async fn kc_2_a_key_store_that_takes_nothing_is_found_out_before_the_browser_opens() {
    let world = World::new();
    let mut ports = world.ports();
    ports.key_store = Arc::new(|| Err(keyring_core::Error::NoDefaultStore));
    let engine = rolecall_engine::Engine::new(ports);
    assert_eq!(engine.sign_in(&world.profile(), &quick(), |_| {}).await.unwrap_err().code, Code::KeyStoreMissing);
    assert!(!world.provider.requests().iter().any(|request| request.path == "/authorize"));
    let how = SignIn { memory_only: true, ..quick() };
    let summary = engine.sign_in(&world.profile(), &how, |_| {}).await.unwrap();
    assert!(summary.memory_only, "memory is offered instead");
    assert!(engine.session_summary(&world.profile()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_failed_sign_in_keeps_the_session_that_was_there() {
    let world = World::new();
    world.sign_in().await.unwrap();
    world.provider.fault(Fault::WrongKey);
    world.refused_sign_in().await;
    assert!(world.engine.session_summary(&world.profile()).await.unwrap().is_some());
}

/// A sign-in in a task, and the link it gave out.
async fn under_way(
    engine: &Engine,
    profile: &Profile,
) -> (tokio::task::JoinHandle<Result<SessionSummary, Problem>>, Url) {
    let (engine, profile) = (engine.clone(), profile.clone());
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let task = tokio::spawn(async move {
        let progress = |progress| {
            if let Progress::Link { link, .. } = progress {
                let _ = tell.send(link.url);
            }
        };
        engine.sign_in(&profile, &quick(), progress).await
    });
    (task, told.recv().await.unwrap())
}

#[tokio::test]
async fn a_cancelled_sign_in_closes_its_port_and_keeps_nothing() {
    let world = World::new();
    let (task, link) = under_way(&world.engine_with(Arc::new(NeverReturns)), &world.profile()).await;
    let callback = link.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
    let port = Url::parse(&callback).unwrap().port().unwrap();
    assert!(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok());
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert!(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err(), "lb: nobody listens any more");
    assert!(!world.is_signed_in().await && world.key_store.items().is_empty());
}

#[tokio::test]
async fn once_the_browser_came_back_a_sign_in_is_carried_through() {
    let world = World::new();
    world.provider.fault(Fault::Slow(Endpoint::Token, 200));
    let (task, _) = under_way(&world.engine, &world.profile()).await;
    until("the code is being redeemed", || world.requested_paths().contains(&"/token".to_owned())).await;
    task.abort();
    until("the session is kept all the same", || world.engine.last_known(&world.profile()).is_some()).await;
    assert!(world.is_signed_in().await);
}

#[tokio::test]
async fn a_code_that_is_not_taken_is_told_in_the_providers_words() {
    for (error, code) in [
        ("invalid_client", Code::WrongClient),
        ("unauthorized_client", Code::WrongClient),
        ("invalid_grant", Code::Refused),
        ("invalid_scope", Code::ScopeRefused),
        ("server_error", Code::Refused),
        ("temporarily_unavailable", Code::ProviderFailing),
    ] {
        let world = World::new();
        world.provider.fault(Fault::RedeemError(error, "Ask\u{7} the desk"));
        let problem = world.refused_sign_in().await;
        assert_eq!((problem.code, problem.detail.as_str()), (code, format!("Ask the desk ({error})").as_str()));
        assert!(!world.requested_paths().contains(&"/userinfo".to_owned()) && !world.is_signed_in().await);
    }
}

#[tokio::test]
async fn scopes_are_sent_as_meant_however_they_were_pasted() {
    let world = World::new();
    let scopes = Scopes::parse("openid+profile+email+offline_access+openid roles");
    let (task, link) = under_way(&world.engine, &Profile { scopes, ..world.profile() }).await;
    let scope = link.query_pairs().find(|(name, _)| name == "scope").unwrap().1.into_owned();
    assert_eq!(scope, "openid profile email offline_access roles");
    assert_eq!(task.await.unwrap().unwrap().granted.as_deref(), Some("openid profile email offline_access roles"));
}

#[tokio::test]
async fn an_audience_is_asked_for_and_the_access_token_is_for_it() {
    use base64::Engine as _;
    let world = World::new();
    let profile = Profile { audience: Some("https://api.example.com".into()), ..world.profile() };
    world.engine.sign_in(&profile, &quick(), |_| {}).await.unwrap();
    let token =
        world.engine.token(&profile, TokenKind::Access, Freshness::ValidFor(Duration::ZERO)).await.unwrap().secret;
    let payload = token.expose().split('.').nth(1).unwrap();
    let claims = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["aud"], "https://api.example.com");
}

#[tokio::test]
async fn a_provider_that_fails_after_the_callback_gets_no_further_request() {
    for (fault, code) in [
        (Fault::Status(Endpoint::Token, 500), Code::ProviderFailing),
        (Fault::Status(Endpoint::Token, 429), Code::ProviderFailing),
        (Fault::Html(Endpoint::Token), Code::AnswerBroken),
        (Fault::TokenMember("access_token", "null"), Code::AnswerBroken),
        (Fault::TokenMember("token_type", "\"mac\""), Code::AnswerBroken),
        (Fault::TokenMember("id_token", "\"opaque\""), Code::AnswerNotTrusted),
    ] {
        let world = World::new();
        world.provider.fault(fault.clone());
        assert_eq!(world.refused_sign_in().await.code, code, "{fault:?}");
        // A refresh token that came with an answer that is refused is given back.
        let last = if matches!(fault, Fault::TokenMember(..)) { "/revoke" } else { "/token" };
        assert_eq!(world.requested_paths().last().unwrap(), last, "{fault:?}");
        assert_eq!(world.provider.token_requests("authorization_code"), 1, "a code is never sent twice");
        assert!(!world.is_signed_in().await);
    }
}
