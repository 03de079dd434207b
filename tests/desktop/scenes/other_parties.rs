//! Others who would take part in a sign-in that the window began: another provider, another user of this computer.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use rolecall_desktop_tests::{OpenedLink, Sandbox, Window, until};
use rolecall_it::own_path;
use rolecall_provider::{Fault, HeadlessBrowser, Provider};
use serde_json::json;
use url::Url;

use super::provider;

/// Nobody on a Unix system.
const STRANGER: u32 = 65534;

/// A provider that does not name itself in its answers, as most do not.
fn silent() -> Provider {
    let provider = provider();
    provider.fault(Fault::LacksMember("authorization_response_iss_parameter_supported"));
    provider.fault(Fault::LacksCallbackIssuer);
    provider
}

/// Requests from a user that has nothing to do with us; gives what came back.
fn ask_as_stranger(callback: &Url, query: &str) -> String {
    let (port, path) = (callback.port().expect("a port"), callback.path());
    let request = format!("GET {path}?{query} HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\n\\r\\n");
    let script = format!("exec 3<>/dev/tcp/127.0.0.1/{port}; printf '{request}' >&3; cat <&3");
    let output = Command::new("bash").arg("-c").arg(script).uid(STRANGER).gid(STRANGER).output().expect("bash runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn op_4_in_the_window_an_answer_of_an_honest_provider_is_never_redeemed_at_a_hostile_one() {
    for with_its_own_path in [false, true] {
        let (sandbox, honest, hostile) = (Sandbox::new().await, silent(), silent());
        let own = own_path(&honest);
        honest.register_path(&own);
        let authorize = format!("{}/authorize", honest.issuer());
        hostile.fault(Fault::MixUp(authorize, with_its_own_path.then_some(own)));
        let profile = |name: &str, provider: &Provider| {
            format!(
                "[profiles.{name}]\nissuer = \"{}\"\nclient_id = \"{}\"\nredirect_path = \"by-issuer\"\n",
                provider.issuer(),
                provider.client_id()
            )
        };
        sandbox.configure(&format!(
            "active = \"hostile\"\n{}{}",
            profile("hostile", &hostile),
            profile("honest", &honest)
        ));
        let window = Window::open(&sandbox).await;
        window.wait_for_screen("signed_out").await;
        window.click("#sign-in").await;
        let opened = OpenedLink::nth(&sandbox, 1).await;
        // Where the honest provider refuses the address, or the listener the path, the walk ends there.
        let _ = HeadlessBrowser::new("ed").visit(&opened.link).await;
        assert!(honest.requests().iter().any(|request| request.path == "/authorize"), "the browser was sent on");
        window.wait_for_screen("waiting").await;
        let codes = [&hostile, &honest].map(|provider| provider.token_requests("authorization_code"));
        assert_eq!(codes, [0, 0], "a code was redeemed; with its own path: {with_its_own_path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn op_4_set_up_shows_the_address_that_is_the_issuers_own() {
    let (sandbox, provider) = (Sandbox::new().await, silent());
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("set_up").await;
    window.type_into("#paste", &provider.issuer()).await;
    window.click("form.field button").await;
    let own = own_path(&provider);
    let shown =
        "return document.body.innerText + [...document.querySelectorAll('input')].map((one) => one.value).join(' ')";
    until(&format!("{own} is shown"), async || {
        window.run(shown, &[]).as_str().is_some_and(|text| text.contains(&own)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lb_9_another_user_can_neither_read_the_windows_link_nor_answer_nor_decline_nor_keep_the_answer_out() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    sandbox.configure_for(&provider.issuer(), provider.client_id());
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_out").await;
    window.click("#sign-in").await;
    let opened = OpenedLink::nth(&sandbox, 1).await;
    assert!(opened.link.path().starts_with("/start/"), "{}", opened.link.path());
    for process in std::fs::read_dir("/proc").expect("processes").flatten() {
        let words = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&words).contains("code_challenge="), "the link can be read by others");
    }
    let back = HeadlessBrowser::new("ed").callback_url(&opened.link).await.expect("the pages can be walked");
    let state = back.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned();
    assert_eq!(ask_as_stranger(&back, &format!("code=EVIL&state={state}")), "");
    assert_eq!(ask_as_stranger(&back, &format!("error=access_denied&state={state}")), "");
    assert_eq!(ask_as_stranger(&back, back.query().expect("a query")), "", "not even with the right code");
    window.wait_for_screen("waiting").await;
    // Connections that are opened and say nothing.
    let script = format!(
        "for i in $(seq 3 202); do eval \"exec $i<>/dev/tcp/127.0.0.1/{}\"; done; echo ready; sleep 60",
        back.port().expect("a port")
    );
    let mut crowd = Command::new("bash");
    crowd.arg("-c").arg(script).uid(STRANGER).gid(STRANGER).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut crowd = crowd.spawn().expect("bash runs");
    let mut ready = String::new();
    let output = crowd.stdout.take().expect("a pipe");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut ready).expect("it is read");
    let begun = tokio::time::Instant::now();
    let answer = HeadlessBrowser::new("ed").visit(&back).await.expect("the answer is taken");
    let took = begun.elapsed();
    let _ = crowd.kill();
    let _ = crowd.wait();
    assert!(answer.page.contains("Signed in as Ed Itor"), "{}", answer.page);
    assert!(took.as_secs() < 5, "it was kept out for {took:?}");
    window.wait_for_screen("signed_in").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lb_10_the_windows_closing_page_stands_on_its_own_listener_also_at_the_root() {
    for declines in [false, true] {
        let (sandbox, provider) = (Sandbox::new().await, provider());
        provider.register_path("/");
        sandbox.configure(&format!(
            "active = \"demo\"\n[profiles.demo]\nissuer = \"{}\"\nclient_id = \"{}\"\nredirect_path = \"/\"\n",
            provider.issuer(),
            provider.client_id()
        ));
        let window = Window::open(&sandbox).await;
        window.wait_for_screen("signed_out").await;
        window.click("#sign-in").await;
        let opened = OpenedLink::nth(&sandbox, 1).await;
        let browser = HeadlessBrowser::new("ed");
        let browser = if declines { browser.declining() } else { browser };
        let visit = browser.visit(&opened.link).await.expect("the pages can be walked");
        let last = visit.visited.last().expect("an address");
        assert_eq!((last.host_str(), last.port()), (opened.link.host_str(), opened.link.port()), "{last}");
        assert!(last.query().is_none() && !last.path().starts_with("//"), "{last}");
        let says = if declines { "declined" } else { "Signed in as Ed Itor" };
        assert!(visit.page.contains(says), "{}", visit.page);
        window.wait_for_screen(if declines { "signed_out" } else { "signed_in" }).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn op_5_kc_6_another_issuer_typed_into_the_window_gets_nothing_that_was_given_for_the_first() {
    let (sandbox, first, second) = (Sandbox::new().await, provider(), provider());
    sandbox.configure(&format!(
        "active = \"demo\"\n[profiles.demo]\nissuer = \"{}\"\nclient_id = \"{}\"\naudience = \"https://api.example.com\"\nallow_hosts = [\"keys.example\"]\n[profiles.demo.params]\nlogin_hint = \"jane@example.com\"\n",
        first.issuer(),
        first.client_id()
    ));
    let mut keep = sandbox.rolecall().arg("client-secret").stdin(Stdio::piped()).spawn().expect("it runs");
    std::io::Write::write_all(&mut keep.stdin.take().expect("a pipe"), b"s3cret-of-the-first").expect("it is read");
    assert!(keep.wait().expect("it ends").success(), "{}", sandbox.log());
    let window = Window::open(&sandbox).await;
    window.wait_for_screen("signed_out").await;
    let mut typed = window.invoke("connection", &json!({})).expect("the connection")["connection"].clone();
    assert_eq!(typed["audience"], json!("https://api.example.com"));
    typed["issuer"] = json!(second.issuer());
    window.invoke("save_connection", &json!({ "typed": typed })).expect("it is saved");
    let text = std::fs::read_to_string(sandbox.path().join("config/rolecall.toml")).expect("the file");
    assert!(text.contains(&second.issuer()), "{text}");
    for given in ["api.example.com", "keys.example", "jane@example.com"] {
        assert!(!text.contains(given), "{given} went along: {text}");
    }
    window.click("#sign-in").await;
    let opened = OpenedLink::nth(&sandbox, 1).await;
    let visit = HeadlessBrowser::new("ed").visit(&opened.link).await.expect("the pages can be walked");
    let link = visit.authorization_link().as_str();
    assert!(!link.contains("jane") && !link.contains("api.example.com"), "{link}");
    // The second provider refuses a secret that it did not ask for.
    window.wait_for_screen("signed_in").await;
    let listed = sandbox.rolecall().arg("profiles").stderr(Stdio::piped()).output().expect("it runs");
    let said = String::from_utf8_lossy(&listed.stderr).into_owned();
    assert!(listed.status.success() && !said.contains("left over"), "{said}");
}
