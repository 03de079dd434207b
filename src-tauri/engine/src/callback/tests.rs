//! The listener over real sockets, each requirement by its name.

mod other_users;
mod pages;

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::{ExpectedResponse, Landing, Listener, StartPages};
use crate::config::{RedirectPath, RedirectRule};
use crate::problem::{Code, Result};
use crate::tokens::Secret;

struct Waiting {
    port: u16,
    start: StartPages,
    /// What the callback gave, once the closing page was told that `Ed Itor` is signed in, or what went wrong.
    outcome: JoinHandle<Result<Secret>>,
}

async fn waiting() -> Waiting {
    waiting_on(&RedirectRule::default()).await
}

async fn waiting_on(rule: &RedirectRule) -> Waiting {
    let mut listener = Listener::bind(rule).await.unwrap();
    listener.set_path(if rule.path == RedirectPath::ByIssuer { "/callback" } else { rule.path.word() }).unwrap();
    let port = listener.redirect_uri().port().unwrap();
    let expected = ExpectedResponse {
        state: Secret::new("STATE".into()),
        issuer: "https://idp.example".into(),
        issuer_required: false,
        scopes: String::new(),
    };
    let mut callback = listener.serve(expected);
    let start = callback.start_pages();
    let outcome = tokio::spawn(async move {
        let outcome = callback.response().await;
        let name = "Ed <b>Itor".to_owned();
        callback.conclude(outcome.as_ref().map_or_else(Landing::failed, |_| Landing::SignedIn { name })).await;
        outcome
    });
    Waiting { port, start, outcome }
}

impl Waiting {
    fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    async fn send(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).await.unwrap();
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }

    async fn get(&self, target: &str) -> String {
        let host = format!("127.0.0.1:{}", self.port);
        self.send(&format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n")).await
    }

    /// The right answer still works; so whatever came before changed nothing.
    async fn succeeds(self) {
        assert!(!self.outcome.is_finished(), "the sign-in was ended by what came before");
        let answer = self.get("/callback?code=CODE&state=STATE").await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        assert!(self.outcome.await.unwrap().unwrap().matches("CODE"));
    }
}

#[tokio::test]
async fn lb_1_only_the_loopback_address_listens() {
    let waiting = waiting().await;
    for other in [[127, 0, 0, 2], [0, 0, 0, 0]] {
        let reached = TcpStream::connect(SocketAddr::from((other, waiting.port))).await;
        // Connecting to 0.0.0.0 reaches this computer's loopback address on Linux; the address asked for is not ours.
        assert!(reached.is_err() || other == [0, 0, 0, 0]);
    }
    assert!(TcpStream::connect(SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], waiting.port))).await.is_err());
    waiting.succeeds().await;
}

#[tokio::test]
async fn lb_2_the_bound_port_is_the_one_in_the_redirect_uri_and_nobody_else_can_take_it() {
    let mut listener = Listener::bind(&RedirectRule::default()).await.unwrap();
    for path in ["//evil.example", "x", "/a?b", "http://evil.example/", "/a/../b"] {
        assert!(listener.set_path(path).is_err(), "{path}");
    }
    listener.set_path("/callback").unwrap();
    let port = listener.redirect_uri().port().unwrap();
    assert_eq!(listener.redirect_uri().as_str(), format!("http://127.0.0.1:{port}/callback"));
    assert!(TcpListener::bind(("127.0.0.1", port)).await.is_err());
    let fixed = RedirectRule { ports: vec![port], ..RedirectRule::default() };
    let taken = Listener::bind(&fixed).await.err().unwrap();
    assert!(taken.code == Code::CallbackPortTaken && taken.detail.contains(&port.to_string()), "{taken}");
}

#[tokio::test]
async fn lb_2_of_several_registered_ports_a_free_one_is_taken() {
    let squatter = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let free = { TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port() };
    let rule = RedirectRule { ports: vec![squatter.local_addr().unwrap().port(), free], ..RedirectRule::default() };
    assert_eq!(Listener::bind(&rule).await.unwrap().redirect_uri().port(), Some(free));
}

#[tokio::test]
async fn lb_3_with_a_name_both_families_are_taken_so_a_squatter_gets_nothing() {
    let rule = RedirectRule { host: "localhost".into(), ..RedirectRule::default() };
    let waiting = waiting_on(&rule).await;
    assert!(TcpListener::bind(("::1", waiting.port)).await.is_err(), "somebody else could be found under the name");
    let host = format!("localhost:{}", waiting.port);
    let answer = waiting.send(&format!("GET /callback?code=CODE&state=STATE HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
}

#[tokio::test]
async fn lb_3_the_address_is_a_literal_and_a_squatter_on_the_other_family_hears_nothing() {
    let waiting = waiting().await;
    let squatter = TcpListener::bind(("::1", waiting.port)).await.unwrap();
    waiting.succeeds().await;
    assert!(tokio::time::timeout(Duration::from_millis(50), squatter.accept()).await.is_err());
}

#[tokio::test]
async fn lb_4_answers_without_the_state_change_nothing() {
    let waiting = waiting().await;
    for query in ["error=access_denied", "code=EVIL&state=WRONG", "code=EVIL", "code=A&state=STATE&state=STATE", ""] {
        let answer = waiting.get(&format!("/callback?{query}")).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{query}: {answer}");
    }
    waiting.succeeds().await;
}

#[tokio::test]
async fn lb_4_an_answer_counts_once() {
    let waiting = waiting().await;
    let first = waiting.get("/callback?code=CODE&state=STATE").await;
    let second = waiting.get("/callback?code=EVIL&state=STATE").await;
    assert!(first.starts_with("HTTP/1.1 303") && second.starts_with("HTTP/1.1 400"), "{second}");
    assert!(waiting.outcome.await.unwrap().unwrap().matches("CODE"));
}

#[tokio::test]
async fn lb_5_no_other_path_and_no_other_method_does_anything() {
    let waiting = waiting().await;
    for path in ["/", "/cancel", "/success", "/shutdown", "/callback/", "/callbackx", "/CALLBACK", "/favicon.ico"] {
        let answer = waiting.get(&format!("{path}?code=EVIL&state=STATE")).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    for method in ["POST", "HEAD", "OPTIONS", "CONNECT"] {
        let host = format!("127.0.0.1:{}", waiting.port);
        let answer =
            waiting.send(&format!("{method} /callback?code=EVIL&state=STATE HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 405"), "{method}: {answer}");
    }
    waiting.succeeds().await;
}

#[tokio::test]
async fn lb_6_another_host_or_origin_is_turned_away() {
    let waiting = waiting().await;
    let ours = format!("127.0.0.1:{}", waiting.port);
    let target = "/callback?code=EVIL&state=STATE";
    for head in [
        "Host: evil.example".to_owned(),
        format!("Host: evil.example:{}", waiting.port),
        format!("Host: localhost:{}", waiting.port),
        "Host: 127.0.0.1".to_owned(),
        String::from("X: y"),
        format!("Host: {ours}\r\nOrigin: https://evil.example"),
        format!("Host: {ours}\r\nOrigin: null"),
        format!("Host: {ours}\r\nHost: evil.example"),
    ] {
        let answer = waiting.send(&format!("GET {target} HTTP/1.1\r\n{head}\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{head}: {answer}");
    }
    let absolute = waiting.get(&format!("http://{ours}{target}")).await;
    assert!(absolute.starts_with("HTTP/1.1 4"), "{absolute}");
    waiting.succeeds().await;
}

#[tokio::test]
async fn malformed_and_oversized_requests_change_nothing() {
    let waiting = waiting().await;
    let long = format!("GET /callback?code={} HTTP/1.1\r\n\r\n", "x".repeat(40_000));
    for request in
        ["\r\n\r\n\r\n", "NONSENSE", "GET\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", &long]
    {
        let mut stream = TcpStream::connect(waiting.address()).await.unwrap();
        let _ = stream.write_all(request.as_bytes()).await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
    waiting.succeeds().await;
}

#[tokio::test]
async fn five_hundred_wrong_answers_later_the_right_one_counts() {
    let waiting = waiting().await;
    for number in 0..500 {
        let _ = waiting.get(&format!("/callback?code=EVIL&state={number}")).await;
    }
    waiting.succeeds().await;
}

#[tokio::test]
async fn giving_up_closes_the_socket() {
    let waiting = waiting().await;
    waiting.get("/").await;
    waiting.outcome.abort();
    let _ = waiting.outcome.await;
    let address = SocketAddr::from(([127, 0, 0, 1], waiting.port));
    let closed = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), closed).await.expect("the port is free again");
}
