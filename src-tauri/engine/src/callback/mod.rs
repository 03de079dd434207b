//! The loopback listener the browser comes back to (RFC 8252 section 7.3).
//!
//! It is bound before the authorization link is made, serves one sign-in, and acts on nothing but the exact callback path,
//! for the exact host, with the exact state. Any other request gets a constant page and changes nothing.
//!
//! | file | contents |
//! |---|---|
//! | `bind` | the sockets |
//! | `peer` | which user's process is at the other end of a connection |
//! | `server` | accepting connections, and what each request is answered with |
//! | `request`, `query` | reading a request; what a callback means |
//! | `start` | the one-time local address that leads the browser to the provider |
//! | `pages` | what the browser is shown |
//! | `paste` | the callback address pasted by hand, where the browser is on another computer |

mod bind;
mod pages;
mod paste;
mod peer;
mod query;
mod request;
mod server;
mod start;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use url::Url;

pub use self::pages::Landing;
pub use self::paste::{NotTheCallback, PastedAddress};
use self::server::CallbackServer;
pub use self::start::StartPages;
use crate::config::RedirectRule;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// How long [`Callback::conclude`] waits for the browser to fetch the closing page.
const PAGE_TIMEOUT: Duration = Duration::from_secs(2);

/// Bound sockets that are not served yet.
pub struct Listener {
    sockets: Vec<TcpListener>,
    redirect_uri: Url,
}

/// What a callback is checked against.
pub struct ExpectedResponse {
    /// The state that was sent; a callback without it is ignored.
    pub state: Secret,
    /// The issuer (RFC 9207).
    pub issuer: String,
    /// Whether the callback must name its issuer.
    pub issuer_required: bool,
    /// The scopes that were asked for: a refusal may be about one of them.
    pub scopes: String,
}

impl Listener {
    /// Binds to the loopback address and keeps the socket: the socket that is bound is the one that serves (LB-1, LB-2).
    ///
    /// # Errors
    /// [`Code::CallbackPortTaken`] when every port is taken; [`Code::BadSetting`] for a host that is not loopback.
    pub async fn bind(rule: &RedirectRule) -> Result<Self> {
        bind::bind(rule).await
    }

    /// A callback without a socket: the answer can only be pasted, by [`PastedAddress`].
    ///
    /// # Errors
    /// [`Code::BadSetting`] for a host that is not loopback, or where the rule names no port.
    pub fn without_socket(rule: &RedirectRule) -> Result<Self> {
        bind::without_socket(rule)
    }

    /// The redirect URI, built from the bound socket.
    #[must_use]
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// Sets the path of the redirect URI, which the provider's metadata decides.
    ///
    /// # Errors
    /// [`Code::BadSetting`] when it can't be the path of an address.
    pub fn set_path(&mut self, path: &str) -> Result<()> {
        self.redirect_uri = self
            .redirect_uri
            .join(path)
            .ok()
            .filter(|address| address.origin() == self.redirect_uri.origin() && address.path() == path)
            .ok_or_else(|| Problem::new(Code::BadSetting, format!("{path} can't be the path of an address")))?;
        Ok(())
    }

    /// Serves from now on, until the [`Callback`] is dropped or concluded.
    #[must_use]
    pub fn serve(self, expected: ExpectedResponse) -> Callback {
        let (sender, receiver) = mpsc::channel(1);
        let server = Arc::new(CallbackServer::new(&self.redirect_uri, expected));
        let mut tasks = JoinSet::new();
        for socket in self.sockets {
            tasks.spawn(server::accept(socket, Arc::clone(&server), sender.clone()));
        }
        Callback { server, receiver, sender, redirect_uri: self.redirect_uri, _tasks: tasks }
    }
}

/// A listener that serves one sign-in. Dropping it closes the sockets.
pub struct Callback {
    server: Arc<CallbackServer>,
    receiver: mpsc::Receiver<Result<Secret>>,
    /// For answers that come by another way than a connection.
    sender: mpsc::Sender<Result<Secret>>,
    redirect_uri: Url,
    _tasks: JoinSet<()>,
}

impl Callback {
    /// Makes one-time local addresses that lead to the provider.
    #[must_use]
    pub fn start_pages(&self) -> StartPages {
        self.server.start.clone()
    }

    /// Takes the callback address pasted by hand, for this sign-in.
    #[must_use]
    pub fn pasted_address(&self) -> PastedAddress {
        PastedAddress {
            server: Arc::clone(&self.server),
            sender: self.sender.downgrade(),
            redirect_uri: self.redirect_uri.clone(),
        }
    }

    /// Waits for the callback of this sign-in, however many other requests arrive, and gives the code.
    ///
    /// # Errors
    /// The provider's refusal, as [`Code::Declined`], [`Code::ScopeRefused`], [`Code::WrongClient`],
    /// [`Code::ProviderFailing`] or [`Code::Refused`]; [`Code::AnswerNotTrusted`] when another provider answered.
    pub async fn response(&mut self) -> Result<Secret> {
        let outcome = self.receiver.recv().await;
        outcome
            .unwrap_or_else(|| Err(Problem::new(Code::FilesFailing, "the callback address could not be listened on")))
    }

    /// Tells the browser how the sign-in ended, and returns once it has the page, after two seconds at the latest (LB-10).
    /// Returns at once where no browser came back.
    pub async fn conclude(self, landing: Landing) {
        if self.server.conclude(landing) {
            let _ = tokio::time::timeout(PAGE_TIMEOUT, self.server.page_delivered()).await;
        }
    }
}

/// A request from any program: answered with a constant page, and never taken for the callback without the state.
#[cfg(fuzzing)]
pub fn fuzzed(bytes: &[u8]) {
    let address = Url::parse("http://127.0.0.1:49152/callback").expect("an address");
    let state = Secret::new("the-state-of-this-sign-in".into());
    let expected =
        ExpectedResponse { state, issuer: "https://idp.example".into(), issuer_required: false, scopes: String::new() };
    let server = CallbackServer::new(&address, expected);
    let Ok(Some(request)) = request::parse(bytes) else { return };
    let answer = server.answer(&request);
    let decoded =
        url::form_urlencoded::parse(request.query.as_bytes()).any(|(_, value)| value == "the-state-of-this-sign-in");
    assert!(decoded || !matches!(answer, server::Answer::Callback { .. }), "a callback without the state counted");
}
