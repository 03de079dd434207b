//! The loopback listener the browser comes back to (RFC 8252 section 7.3).
//!
//! It is bound before the link is made, serves one sign-in, and answers nothing but the exact callback path, for the exact
//! host, with the exact state. Whatever else arrives gets a constant page and changes nothing: the sign-in goes on waiting.

mod bind;
mod pages;
mod query;
mod request;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use url::Url;

use self::query::{Outcome, evaluate};
use self::request::{Request, read};
use crate::config::RedirectRule;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// A bound listener, not yet waiting.
pub struct Listener {
    sockets: Vec<TcpListener>,
    redirect_uri: Url,
}

/// What an answer is checked against.
pub struct ExpectedResponse {
    /// The state that was sent; an answer without it is none.
    pub state: Secret,
    /// The issuer (RFC 9207).
    pub issuer: String,
    /// Whether the issuer must be named.
    pub issuer_required: bool,
}

/// Connections that are served at the same time; more wait in the system's queue. Each holds 16 KiB at most, so that
/// hundreds of slow strangers cost little and keep nobody out.
const MAX_CONNECTIONS: usize = 256;
/// How long a browser has to send its request.
const READ_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the closing page can still be fetched after the answer came.
const PAGE_TIMEOUT: Duration = Duration::from_secs(10);

impl Listener {
    /// Binds to the loopback address and keeps the socket: what is bound is what serves (LB-1, LB-2).
    ///
    /// # Errors
    /// [`Code::CallbackPortTaken`] when none of the ports can be had; [`Code::BadSetting`] for a host that is not loopback.
    pub async fn bind(rule: &RedirectRule) -> Result<Self> {
        bind::bind(rule).await
    }

    /// The redirect URI, built from the bound socket.
    #[must_use]
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// Waits for the answer to this sign-in, however many others arrive. Dropping the future closes the sockets.
    ///
    /// # Errors
    /// The provider's refusal, as [`Code::Declined`], [`Code::ScopeRefused`], [`Code::WrongClient`],
    /// [`Code::ProviderFailing`] or [`Code::Refused`]; [`Code::AnswerNotTrusted`] when another provider answered.
    pub async fn wait(self, expected: ExpectedResponse) -> Result<Secret> {
        let (sender, mut receiver) = mpsc::channel(1);
        let server = Arc::new(CallbackServer::new(&self.redirect_uri, expected));
        let mut servers = JoinSet::new();
        for socket in self.sockets {
            servers.spawn(serve(socket, Arc::clone(&server), sender.clone()));
        }
        drop(sender);
        let outcome = receiver.recv().await;
        // The browser still has to fetch the page it was sent on to.
        tokio::spawn(async move {
            let all = async { while servers.join_next().await.is_some() {} };
            let _ = tokio::time::timeout(PAGE_TIMEOUT, all).await;
        });
        outcome
            .unwrap_or_else(|| Err(Problem::new(Code::FilesFailing, "the callback address could not be listened on")))
    }
}

/// What all connections of one sign-in share.
struct CallbackServer {
    authority: String,
    origin: String,
    path: String,
    expected: std::sync::Mutex<Option<ExpectedResponse>>,
    finished: tokio::sync::Notify,
    slots: Arc<Semaphore>,
}

impl CallbackServer {
    fn new(redirect_uri: &Url, expected: ExpectedResponse) -> Self {
        let authority = redirect_uri[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
        Self {
            origin: format!("http://{authority}"),
            authority,
            path: redirect_uri.path().to_owned(),
            expected: std::sync::Mutex::new(Some(expected)),
            finished: tokio::sync::Notify::new(),
            slots: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
        }
    }

    /// The answer to one request, and the outcome if it ends the sign-in.
    fn answer(&self, request: &Request) -> (Vec<u8>, Option<Result<Secret>>) {
        if request.host.as_deref() != Some(&self.authority)
            || request.origin.as_ref().is_some_and(|o| *o != self.origin)
        {
            return (pages::not_here(), None);
        }
        if request.method != "GET" {
            return (pages::only_get(), None);
        }
        if request.path == format!("{}/done", self.path) {
            return (pages::done(), None);
        }
        if request.path == format!("{}/declined", self.path) {
            return (pages::declined(), None);
        }
        if request.path != self.path {
            return (pages::nothing(), None);
        }
        let mut expected = self.expected.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(outcome) = expected.as_ref().map(|expected| evaluate(&request.query, expected)) else {
            return (pages::not_ours(), None);
        };
        match outcome {
            Outcome::NotOurs => (pages::not_ours(), None),
            Outcome::Ended(result) => {
                // Used once: the same answer again is not ours any more.
                expected.take();
                let next = if result.is_ok() { "done" } else { "declined" };
                (pages::see_other(&format!("{}/{next}", self.path)), Some(result))
            }
        }
    }
}

async fn serve(socket: TcpListener, server: Arc<CallbackServer>, sender: mpsc::Sender<Result<Secret>>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok(permit) = Arc::clone(&server.slots).acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            () = server.finished.notified() => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of descriptors, or the peer is gone already: others may still come.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let (server, sender) = (Arc::clone(&server), sender.clone());
        connections.spawn(async move {
            let _permit = permit;
            let _ = tokio::time::timeout(READ_TIMEOUT, connection(stream, &server, &sender)).await;
        });
    }
    while connections.join_next().await.is_some() {}
}

async fn connection(mut stream: TcpStream, server: &CallbackServer, sender: &mpsc::Sender<Result<Secret>>) {
    let (page, outcome, last) = match read(&mut stream).await {
        Ok(request) => {
            let (page, outcome) = server.answer(&request);
            let last = request.path.starts_with(&format!("{}/", server.path)) && server.is_over();
            (page, outcome, last)
        }
        Err(page) => (page, None, false),
    };
    // Told first: a browser that takes no page, or takes its time, must not cost the answer it brought.
    if let Some(outcome) = outcome {
        let _ = sender.send(outcome).await;
    }
    let _ = stream.write_all(&page).await;
    let _ = stream.shutdown().await;
    if last {
        server.finished.notify_waiters();
        server.finished.notify_one();
    }
}

impl CallbackServer {
    fn is_over(&self) -> bool {
        self.expected.lock().unwrap_or_else(std::sync::PoisonError::into_inner).is_none()
    }
}

/// One request from anybody: answered with a constant page, and never taken for the answer without the state.
#[cfg(fuzzing)]
pub fn fuzzed(bytes: &[u8]) {
    let address = Url::parse("http://127.0.0.1:49152/callback").expect("an address");
    let state = Secret::new("the-state-of-this-sign-in".into());
    let expected = ExpectedResponse { state, issuer: "https://idp.example".into(), issuer_required: false };
    let server = CallbackServer::new(&address, expected);
    let Ok(Some(request)) = request::parse(bytes) else { return };
    let (page, outcome) = server.answer(&request);
    assert!(page.starts_with(b"HTTP/1.1 "));
    let decoded =
        url::form_urlencoded::parse(request.query.as_bytes()).any(|(_, value)| value == "the-state-of-this-sign-in");
    assert!(decoded || outcome.is_none(), "an answer without the state counted");
}
