use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};
use url::{Position, Url};

use super::ExpectedResponse;
use super::pages::{self, Landing};
use super::peer::PeerCheck;
use super::query::{Outcome, evaluate};
use super::request::{Request, read};
use super::start::{Start, StartPages};
use crate::problem::Result;
use crate::tokens::Secret;

/// Connections that are open at the same time. When there are more, the oldest that has not sent its request is dropped,
/// so that half-open connections can't keep a browser out. Each holds at most 16 KiB.
const MAX_CONNECTIONS: usize = 256;
/// How long a browser has to send its request, and then to take the page.
const TRANSFER_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the closing page waits for the sign-in to end. A page that says less is served after that.
const LANDING_TIMEOUT: Duration = Duration::from_secs(20);

/// What all connections of one sign-in share.
pub(super) struct CallbackServer {
    /// `host:port`, as `Host` must name it.
    authority: String,
    origin: String,
    path: String,
    /// Where the browser is sent once its callback was taken.
    landing_path: String,
    /// `None` once a callback was taken: each state counts once.
    expected: Mutex<Option<ExpectedResponse>>,
    pub(super) start: StartPages,
    landing: watch::Sender<Option<Landing>>,
    delivered: watch::Sender<bool>,
}

/// The answer to a request.
pub(super) enum Answer {
    /// A page, at once.
    Page(Vec<u8>),
    /// The callback of this sign-in.
    Callback { page: Vec<u8>, outcome: Result<Secret> },
    /// The closing page, once the sign-in has ended.
    Landing,
}

impl CallbackServer {
    pub(super) fn new(redirect_uri: &Url, expected: ExpectedResponse) -> Self {
        let authority = redirect_uri[Position::BeforeHost..Position::AfterPort].to_owned();
        let origin = format!("http://{authority}");
        let path = redirect_uri.path().to_owned();
        Self {
            start: StartPages::new(&origin),
            landing_path: format!("{}/done", path.trim_end_matches('/')),
            authority,
            origin,
            path,
            expected: Mutex::new(Some(expected)),
            landing: watch::Sender::new(None),
            delivered: watch::Sender::new(false),
        }
    }

    /// Sets what the closing page says. Gives whether a browser is to be waited for.
    pub(super) fn conclude(&self, landing: Landing) -> bool {
        self.landing.send_replace(Some(landing));
        self.expected().is_none()
    }

    /// Returns once a closing page that says how the sign-in ended was written.
    pub(super) async fn page_delivered(&self) {
        let _ = self.delivered.subscribe().wait_for(|delivered| *delivered).await;
    }

    pub(super) fn expected(&self) -> MutexGuard<'_, Option<ExpectedResponse>> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What one request is answered with. Nothing but [`Answer::Callback`] and an opened start page changes anything.
    pub(super) fn answer(&self, request: &Request) -> Answer {
        let foreign_origin = request.origin.as_ref().is_some_and(|origin| *origin != self.origin);
        if request.host.as_deref() != Some(&self.authority) || foreign_origin {
            return Answer::Page(pages::misdirected());
        }
        if request.method != "GET" {
            return Answer::Page(pages::only_get());
        }
        // The callback path goes first: a profile may name any path, also one that is a start page's or ends in /done.
        if request.path != self.path {
            return match self.start.open(request) {
                Some(Start::Leads(link)) => Answer::Page(pages::see_other(link.as_str())),
                Some(Start::UsedUp) => Answer::Page(pages::used_up()),
                Some(Start::Prefetch) => Answer::Page(pages::not_now()),
                None if request.path == self.landing_path => Answer::Landing,
                None => Answer::Page(pages::nothing()),
            };
        }
        let mut expected = self.expected();
        let Some(outcome) = expected.as_ref().map(|expected| evaluate(&request.query, expected)) else {
            return Answer::Page(pages::not_expected());
        };
        match outcome {
            Outcome::NotOurs => Answer::Page(pages::not_expected()),
            Outcome::Ended(outcome) => {
                expected.take();
                Answer::Callback { page: pages::see_other(&format!("{}{}", self.origin, self.landing_path)), outcome }
            }
        }
    }

    /// The closing page, and whether it says how the sign-in ended.
    async fn landing_page(&self) -> (Vec<u8>, bool) {
        if self.expected().is_some() {
            return (pages::not_expected(), false);
        }
        let mut landing = self.landing.subscribe();
        let ended = tokio::time::timeout(LANDING_TIMEOUT, landing.wait_for(Option::is_some)).await;
        match ended.ok().and_then(Result::ok).and_then(|landing| landing.clone()) {
            Some(landing) => (pages::landing(&landing), true),
            None => (pages::checking(), false),
        }
    }
}

/// Accepts connections until dropped.
pub(super) async fn accept(socket: TcpListener, server: Arc<CallbackServer>, sender: mpsc::Sender<Result<Secret>>) {
    let peers = Arc::new(PeerCheck::of(&socket));
    let mut connections = JoinSet::new();
    let mut open: VecDeque<Connection> = VecDeque::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, peer)) = socket.accept().await else {
            // Out of descriptors, or the peer is gone already: others may still come.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        make_place(&mut open);
        let has_request = Arc::new(AtomicBool::new(false));
        let task = {
            let (server, sender, peers) = (Arc::clone(&server), sender.clone(), Arc::clone(&peers));
            let has_request = Arc::clone(&has_request);
            connections.spawn(async move {
                if peers.allows(&stream, peer) {
                    serve(stream, &server, &sender, &has_request).await;
                }
            })
        };
        open.push_back(Connection { task, has_request });
    }
}

struct Connection {
    task: AbortHandle,
    /// Whether its request was read to the end.
    has_request: Arc<AtomicBool>,
}

/// Drops the oldest connection that has not sent its request, where there are too many.
fn make_place(open: &mut VecDeque<Connection>) {
    open.retain(|connection| !connection.task.is_finished());
    if open.len() < MAX_CONNECTIONS {
        return;
    }
    let idle = open.iter().position(|connection| !connection.has_request.load(Ordering::Relaxed));
    if let Some(connection) = open.remove(idle.unwrap_or(0)) {
        connection.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    server: &CallbackServer,
    sender: &mpsc::Sender<Result<Secret>>,
    has_request: &AtomicBool,
) {
    let Ok(request) = tokio::time::timeout(TRANSFER_TIMEOUT, read(&mut stream)).await else { return };
    has_request.store(true, Ordering::Relaxed);
    let (page, is_last) = match request.map(|request| server.answer(&request)) {
        Ok(Answer::Page(page)) | Err(page) => (page, false),
        Ok(Answer::Callback { page, outcome }) => {
            // Sent first: a browser that takes no page, or takes its time, must not cost the answer it brought.
            let _ = sender.send(outcome).await;
            (page, false)
        }
        Ok(Answer::Landing) => server.landing_page().await,
    };
    let write = async {
        stream.write_all(&page).await?;
        stream.shutdown().await
    };
    let written = tokio::time::timeout(TRANSFER_TIMEOUT, write).await;
    if is_last && matches!(written, Ok(Ok(()))) {
        server.delivered.send_replace(true);
    }
}
