//! What the browser is shown, and that it gets it.

use super::*;

#[tokio::test]
async fn lb_7_pages_reflect_nothing_and_say_how_they_may_be_used() {
    let waiting = waiting().await;
    let probe = "%3Cscript%3Ealert(1)%3C/script%3EMIRROR";
    let refused = format!("/callback?state=STATE&error={probe}&error_description={probe}");
    for target in [format!("/{probe}?{probe}"), format!("/callback?error={probe}"), refused] {
        let answer = waiting.get(&target).await;
        assert!(!answer.contains("MIRROR") && !answer.contains("<script"), "{target}: {answer}");
        for header in [
            "default-src 'none'",
            "nosniff",
            "no-referrer",
            "no-store",
            "text/html; charset=utf-8",
            "Connection: close",
        ] {
            assert!(answer.contains(header), "{target} lacks {header}: {answer}");
        }
    }
}

#[tokio::test]
async fn lb_8_the_browser_is_sent_on_to_an_address_without_code_and_state() {
    let waiting = waiting().await;
    let answer = waiting.get("/callback?code=CODE&state=STATE").await;
    let closing = format!("\r\nLocation: http://127.0.0.1:{}/callback/done\r\n", waiting.port);
    assert!(answer.contains(&closing), "{answer}");
    let page = waiting.get("/callback/done").await;
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("Signed in as Ed &lt;b&gt;Itor"), "{page}");
    assert!(waiting.outcome.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_refusal_ends_the_sign_in_with_the_providers_words() {
    let waiting = waiting().await;
    let answer = waiting.get("/callback?state=STATE&error=access_denied&error_description=Not+today").await;
    assert!(answer.contains("/callback/done\r\n"), "{answer}");
    let page = waiting.get("/callback/done").await;
    assert!(page.contains("Nobody was signed in") && page.contains("Sign-in was declined"), "{page}");
    let problem = waiting.outcome.await.unwrap().unwrap_err();
    assert_eq!((problem.code, problem.detail.as_str()), (Code::Declined, "Not today (access_denied)"));
}

#[tokio::test]
async fn lb_10_the_closing_page_waits_until_it_is_known_how_the_sign_in_ended() {
    let mut listener = Listener::bind(&RedirectRule::default()).await.unwrap();
    listener.set_path("/callback").unwrap();
    let port = listener.redirect_uri().port().unwrap();
    let path = listener.redirect_uri().path().to_owned();
    let state = Secret::new("STATE".into());
    let expected =
        ExpectedResponse { state, issuer: "https://idp.example".into(), issuer_required: false, scopes: String::new() };
    let mut callback = listener.serve(expected);
    let start = callback.start_pages();
    let waiting = Waiting { port, start, outcome: tokio::spawn(async { Ok(Secret::new(String::new())) }) };
    let early = waiting.get(&format!("{path}/done")).await;
    assert!(early.starts_with("HTTP/1.1 400"), "nobody came back yet: {early}");
    waiting.get(&format!("{path}?code=CODE&state=STATE")).await;
    assert!(callback.response().await.is_ok());
    let closing = format!("{path}/done");
    let (page, ()) = tokio::join!(waiting.get(&closing), async {
        // The page was asked for before anybody knew how it ended.
        tokio::time::sleep(Duration::from_millis(50)).await;
        callback.conclude(Landing::Failed { title: Code::ScopeRefused.row().title }).await;
    });
    assert!(page.contains("The provider refused a scope"), "{page}");
}

#[tokio::test]
async fn lb_10_a_browser_that_fetches_no_page_holds_nobody_up_for_long() {
    let waiting = waiting().await;
    waiting.get("/callback?code=CODE&state=STATE").await;
    let ended = tokio::time::timeout(Duration::from_secs(10), waiting.outcome).await;
    assert!(ended.expect("it ends by itself").unwrap().is_ok());
}

#[tokio::test]
async fn lb_10_the_closing_page_stands_on_this_listener_whatever_the_callback_path() {
    for path in ["/", "/a/", "/start", "/done"] {
        let rule = RedirectRule { path: RedirectPath::of_word(path), ..RedirectRule::default() };
        let waiting = waiting_on(&rule).await;
        let answer = waiting.get(&format!("{path}?code=CODE&state=STATE")).await;
        let closing = answer.split("Location: ").nth(1).and_then(|rest| rest.split("\r\n").next()).unwrap().to_owned();
        let address = url::Url::parse(&closing).unwrap();
        assert_eq!(address.port(), Some(waiting.port), "{closing}");
        assert!(!closing.contains("//done") && address.host_str() == Some("127.0.0.1"), "{closing}");
        let page = waiting.get(address.path()).await;
        assert!(page.contains("Signed in as"), "{path}: {page}");
    }
}

#[tokio::test]
async fn lb_9_a_start_page_leads_to_the_provider_once() {
    let waiting = waiting().await;
    let link = url::Url::parse("https://idp.example/authorize?state=STATE&code_challenge=x").unwrap();
    let (one, two) = (waiting.start.address_of(&link), waiting.start.address_of(&link));
    assert_ne!(one, two);
    assert!(!one.as_str().contains("STATE") && one.port() == Some(waiting.port), "{one}");
    let host = format!("127.0.0.1:{}", waiting.port);
    let ahead = format!("GET {} HTTP/1.1\r\nHost: {host}\r\nSec-Purpose: prefetch\r\n\r\n", one.path());
    assert!(waiting.send(&ahead).await.starts_with("HTTP/1.1 503"), "fetching ahead uses nothing up");
    let first = waiting.get(one.path()).await;
    assert!(first.starts_with("HTTP/1.1 303") && first.contains(&format!("Location: {link}\r\n")), "{first}");
    assert!(first.contains("Referrer-Policy: no-referrer") && first.contains("Cache-Control: no-store"), "{first}");
    let again = waiting.get(one.path()).await;
    assert!(again.starts_with("HTTP/1.1 410") && again.contains("opened before"), "{again}");
    assert!(waiting.get("/start/made-up").await.starts_with("HTTP/1.1 404"));
    assert!(waiting.get(two.path()).await.starts_with("HTTP/1.1 303"));
    waiting.succeeds().await;
}
