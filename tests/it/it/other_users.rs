//! The real command line with a browser that is slow to fetch its last page, with another user of the computer, and with
//! another provider.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use rolecall_it::{own_path, until};
use rolecall_provider::{Fault, HeadlessBrowser, Options, Provider};
use url::Url;

use crate::sandbox::{Sandbox, talk};

#[tokio::test]
async fn lb_10_the_browser_gets_the_closing_page_of_the_command_line_whatever_came_of_it() {
    for (fault, said) in [
        (None, "Signed in as Ed Itor"),
        (Some(Fault::CallbackError("access_denied", "No")), "Sign-in was declined"),
        (Some(Fault::RedeemError("invalid_scope", "No")), "The provider refused a scope"),
        (Some(Fault::WrongKey), "answer can&#39;t be trusted"),
    ] {
        let sandbox = Sandbox::new(Options::default());
        let signs_in = fault.is_none();
        if let Some(fault) = fault {
            sandbox.provider.fault(fault);
        }
        let page = sandbox.bus.folder().join("page");
        let issuer = sandbox.provider.issuer();
        let mut login = sandbox.command(&["login", "--issuer", &issuer, "--client-id", "rolecall-demo"]);
        let login = login.env("ROLECALL_DEMO_PAGE", &page).stdin(Stdio::null()).output().unwrap();
        assert_eq!(login.status.success(), signs_in, "{}", talk(&login));
        // The browser is a process of its own: it may still be writing what it has.
        until("the browser has the page", || page.metadata().is_ok_and(|file| file.len() > 0)).await;
        let text = std::fs::read_to_string(&page).unwrap_or_default();
        assert!(text.contains(said), "{said}: {text}{}", talk(&login));
    }
}

#[test]
fn lb_9_another_user_who_knows_the_link_can_neither_answer_nor_decline() {
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        return;
    }
    for (host, address) in
        [("127.0.0.1", "127.0.0.1"), ("[::1]", "::1"), ("localhost", "127.0.0.1"), ("localhost", "::1")]
    {
        a_stranger_is_kept_out(host, address);
    }
}

/// A sign-in that waits at that host, where another user connects to this address.
fn a_stranger_is_kept_out(host: &str, address: &str) {
    let sandbox = Sandbox::new(Options::default());
    let issuer = sandbox.provider.issuer();
    let arguments =
        ["login", "--no-browser", "--issuer", &issuer, "--client-id", "rolecall-demo", "--redirect-host", host];
    let mut login = sandbox.command(&arguments).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(login.stderr.take().unwrap()).lines().map_while(Result::ok);
    let link = lines.find(|line| line.starts_with(&issuer) && line.contains("state=")).expect("a link");
    let rest = std::thread::spawn(move || lines.collect::<Vec<_>>().join("\n"));
    let link = Url::parse(&link).unwrap();
    let value = |name: &str| link.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let callback = Url::parse(&value("redirect_uri")).unwrap();
    let (port, path, state) = (callback.port().unwrap(), callback.path(), value("state"));
    for query in [format!("code=EVIL&state={state}"), format!("error=access_denied&state={state}")] {
        let request = format!("GET {path}?{query} HTTP/1.1\\r\\nHost: {host}:{port}\\r\\n\\r\\n");
        let script = format!("exec 3<>/dev/tcp/{address}/{port} || exit 7; printf '{request}' >&3; cat <&3");
        let stranger = Command::new("bash").arg("-c").arg(script).uid(65534).gid(65534).output().unwrap();
        assert_ne!(stranger.status.code(), Some(7), "{host}: nobody listens at {address}");
        assert_eq!(String::from_utf8_lossy(&stranger.stdout), "", "{query} at {address}");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let visit = runtime.block_on(HeadlessBrowser::new("ed").visit(&link)).unwrap();
    assert!(visit.page.contains("Signed in as Ed Itor"), "{}", visit.page);
    let mut out = String::new();
    login.stdout.take().map(|mut stdout| stdout.read_to_string(&mut out));
    assert!(login.wait().unwrap().success(), "{}", rest.join().unwrap());
}

#[test]
fn op_4_the_command_line_redeems_no_answer_of_an_honest_provider_at_a_hostile_one() {
    for with_its_own_path in [false, true] {
        let (sandbox, hostile) = (Sandbox::new(Options::default()), Provider::start(Options::default()).unwrap());
        for provider in [&sandbox.provider, &hostile] {
            provider.fault(Fault::LacksMember("authorization_response_iss_parameter_supported"));
            provider.fault(Fault::LacksCallbackIssuer);
        }
        let own = own_path(&sandbox.provider);
        sandbox.provider.register_path(&own);
        let login = sandbox.login();
        assert_eq!(login.status.code(), Some(0), "{}", talk(&login));
        sandbox.provider.forget_requests();
        let authorize = format!("{}/authorize", sandbox.provider.issuer());
        hostile.fault(Fault::MixUp(authorize, with_its_own_path.then_some(own)));
        let issuer = hostile.issuer();
        let words =
            ["login", "--issuer", &issuer, "--client-id", "rolecall-demo", "--profile", "hostile", "--timeout", "4"];
        let attacked = sandbox.rolecall(&words);
        assert_eq!(attacked.status.code(), Some(1), "{}", talk(&attacked));
        assert!(sandbox.provider.requests().iter().any(|request| request.path == "/authorize"), "it was sent on");
        let codes = [&sandbox.provider, &hostile].map(|provider| provider.token_requests("authorization_code"));
        assert_eq!(codes, [0, 0], "a code was redeemed; with its own path: {with_its_own_path}");
    }
}
