use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as HttpRequest, State as Given};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::runtime::{Builder, Runtime};

use crate::accounts::Account;
use crate::endpoints::{accounts, authorize, device, discovery, par, scripted, session, token, userinfo};
use crate::faults::Fault;
use crate::options::Options;
use crate::scripted::{ApiCall, Scripted};
use crate::state::{Request, Shared, State, lock};
use crate::tls::Tls;

/// A running provider. Dropping it ends it, with all its connections.
pub struct Provider {
    state: Shared,
    address: SocketAddr,
    tls: Option<Tls>,
    runtime: Mutex<Option<Runtime>>,
}

impl Provider {
    /// Starts one.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn start(options: Options) -> io::Result<Self> {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        let address = socket.local_addr()?;
        let slash = if options.slash { "/" } else { "" };
        let tls = options.tls.then(Tls::new).transpose()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let issuer = format!("{scheme}://{address}{slash}");
        let state = Arc::new(Mutex::new(State::new(issuer, options)));
        let runtime = serve(socket, tls.clone(), Arc::clone(&state))?;
        Ok(Self { state, address, tls, runtime: Mutex::new(Some(runtime)) })
    }

    /// Its issuer, byte for byte.
    #[must_use]
    pub fn issuer(&self) -> String {
        lock(&self.state).issuer.clone()
    }

    /// The authority to trust, as PEM, where it speaks TLS.
    #[must_use]
    pub fn authority(&self) -> Option<&str> {
        self.tls.as_ref().map(|tls| tls.authority.as_str())
    }

    /// The client ID it knows.
    #[must_use]
    pub fn client_id(&self) -> &'static str {
        crate::CLIENT_ID
    }

    /// The people, with what they may do.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        lock(&self.state).accounts.clone()
    }

    /// Gives an account these roles.
    pub fn set_roles(&self, account: &str, roles: &[&str]) {
        if let Some(account) = lock(&self.state).account(account) {
            account.roles = roles.iter().map(|role| (*role).to_owned()).collect();
        }
    }

    /// Gives an account these groups.
    pub fn set_groups(&self, account: &str, groups: &[&str]) {
        if let Some(account) = lock(&self.state).account(account) {
            account.groups = groups.iter().map(|group| (*group).to_owned()).collect();
        }
    }

    /// Has only this path registered for redirect URIs from now on.
    pub fn register_path(&self, path: &str) {
        lock(&self.state).options.redirect_path = Some(path.to_owned());
    }

    /// Scripts another API: its answers below a path, in order; the last one repeats. Only a token that was
    /// issued here is accepted.
    pub fn script(&self, path: &str, answers: Vec<Scripted>) {
        let scripts = &mut lock(&self.state).scripts;
        scripts.retain(|(known, _)| known != path);
        scripts.insert(0, (path.to_owned(), answers));
    }

    /// The requests to such APIs so far, oldest first.
    #[must_use]
    pub fn api_calls(&self) -> Vec<ApiCall> {
        lock(&self.state).api_calls.clone()
    }

    /// Adds a fault to those in effect.
    pub fn fault(&self, fault: Fault) {
        lock(&self.state).faults.push(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        lock(&self.state).faults.clear();
    }

    /// The requests so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state).requests.clone()
    }

    /// How many token requests of a grant type were made.
    #[must_use]
    pub fn token_requests(&self, grant: &str) -> usize {
        lock(&self.state).requests.iter().filter(|request| request.grant.as_deref() == Some(grant)).count()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        lock(&self.state).requests.clear();
    }

    /// When devices polled, for the codes that are still open.
    #[must_use]
    pub fn device_questions(&self) -> Vec<tokio::time::Instant> {
        device::asked_at(&lock(&self.state))
    }

    /// Signs with a new key from now on; the ones before are no longer published.
    pub fn rotate_keys(&self) {
        lock(&self.state).rotate_keys();
    }

    /// Every token, code, state, nonce and verifier so far, for tests that look for them where they must not be.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        lock(&self.state).secrets.clone()
    }

    /// Every refresh token issued in sessions that have not ended, used ones included.
    #[must_use]
    pub fn refresh_tokens(&self) -> Vec<String> {
        lock(&self.state).refresh.keys().cloned().collect()
    }

    /// The refresh tokens that are valid and have not been rotated.
    #[must_use]
    pub fn honoured_refresh_tokens(&self) -> Vec<String> {
        let state = lock(&self.state);
        let good = state.refresh.iter().filter(|(_, refresh)| refresh.spent_at.is_none());
        good.map(|(token, _)| token.clone()).collect()
    }

    /// Whether a refresh token was issued here and its session has not ended, used or not.
    #[must_use]
    pub fn knows_refresh_token(&self, token: &str) -> bool {
        lock(&self.state).refresh.contains_key(token)
    }

    /// The sign-in that a refresh token came from. All tokens of one rotation chain have the same.
    #[must_use]
    pub fn sign_in_of(&self, refresh_token: &str) -> Option<String> {
        lock(&self.state).refresh.get(refresh_token).map(|refresh| refresh.grant.family.clone())
    }

    /// Whether a refresh token would be accepted now: not rotated, or rotated within the grace period.
    #[must_use]
    pub fn would_take(&self, token: &str) -> bool {
        let state = lock(&self.state);
        let grace = state.options.grace;
        state.refresh.get(token).is_some_and(|refresh| match refresh.spent_at {
            None => true,
            Some(at) => grace > 0 && crate::state::now() <= at + grace,
        })
    }

    /// The refresh tokens that were used again after they had been rotated, oldest first.
    #[must_use]
    pub fn reused_refresh_tokens(&self) -> Vec<String> {
        lock(&self.state).reused.clone()
    }

    /// Ends all sessions, as an administrator would.
    pub fn revoke_all(&self) {
        let mut state = lock(&self.state);
        state.refresh.clear();
        state.access.clear();
    }

    /// The number of sessions that have a valid refresh token.
    #[must_use]
    pub fn live_sessions(&self) -> usize {
        lock(&self.state).refresh.values().filter(|refresh| refresh.spent_at.is_none()).count()
    }

    /// Stops answering: the port is closed and every connection is cut. Its state is kept.
    pub fn stop(&self) {
        if let Some(runtime) = self.runtime.lock().ok().and_then(|mut runtime| runtime.take()) {
            // Waits, so that the port is closed on return; on a thread, because a runtime can't wait for another one.
            let _ = std::thread::spawn(move || runtime.shutdown_timeout(Duration::from_secs(5))).join();
        }
    }

    /// Answers again, on the same port.
    ///
    /// # Errors
    /// When the port was taken in the meantime.
    pub fn resume(&self) -> io::Result<()> {
        let runtime = serve(TcpListener::bind(self.address)?, self.tls.clone(), Arc::clone(&self.state))?;
        if let Ok(mut place) = self.runtime.lock() {
            *place = Some(runtime);
        }
        Ok(())
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Serves on a runtime of its own, so that stopping it cuts everything at once, whatever the caller's runtime does.
fn serve(socket: TcpListener, tls: Option<Tls>, state: Shared) -> io::Result<Runtime> {
    socket.set_nonblocking(true)?;
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().thread_name("provider").build()?;
    let inside = runtime.enter();
    let socket = tokio::net::TcpListener::from_std(socket)?;
    match tls {
        Some(tls) => drop(tokio::spawn(axum::serve(tls.listen(socket)?, routes(state)).into_future())),
        None => drop(tokio::spawn(axum::serve(socket, routes(state)).into_future())),
    }
    drop(inside);
    Ok(runtime)
}

fn routes(state: Shared) -> Router {
    Router::new()
        .route("/", get(accounts::page))
        .route("/accounts/{id}", post(accounts::update))
        .route("/requests", get(accounts::requests))
        .route("/.well-known/openid-configuration", get(discovery::document))
        .route("/keys", get(discovery::keys))
        .route("/keys/of-this-run", get(discovery::keys))
        .route("/authorize", get(authorize::page).post(authorize::decide))
        .route("/par", post(par::push))
        .route("/device_authorization", post(device::authorization))
        .route("/device", get(device::page).post(device::decide))
        .route("/token", post(token::token))
        .route("/userinfo", get(userinfo::userinfo))
        .route("/revoke", post(session::revoke))
        .route("/logout", get(session::log_out))
        .fallback(scripted::scripted)
        .layer(from_fn_with_state(Arc::clone(&state), record))
        .with_state(state)
}

/// The largest form, in bytes.
const LARGEST_FORM: usize = 1 << 20;

/// Records each request, except those of the accounts page.
async fn record(Given(state): Given<Shared>, request: HttpRequest, next: Next) -> Response {
    if request.uri().path() == "/requests" {
        return next.run(request).await;
    }
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let (request, form) = with_form(request).await;
    let number = {
        let mut state = lock(&state);
        state.counted += 1;
        let number = state.counted;
        let grant =
            form.iter().find(|(name, _)| path == "/token" && name == "grant_type").map(|(_, value)| value.clone());
        let fields = form.into_iter().map(|(name, _)| name).collect();
        state.requests.push(Request { method, path, status: None, fields, grant, number });
        number
    };
    let response = next.run(request).await;
    let mut state = lock(&state);
    if let Some(recorded) = state.requests.iter_mut().rev().find(|recorded| recorded.number == number) {
        recorded.status = Some(response.status().as_u16());
    }
    response
}

/// The fields of a form, and the request as it was.
async fn with_form(request: HttpRequest) -> (HttpRequest, Vec<(String, String)>) {
    let kind = request.headers().get(CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded")) {
        return (request, Vec::new());
    }
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, LARGEST_FORM).await.unwrap_or_default();
    let form = url::form_urlencoded::parse(&bytes).into_owned().collect();
    (HttpRequest::from_parts(head, Body::from(bytes)), form)
}
