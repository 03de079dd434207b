use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use tokio::time::Instant;

use crate::accounts::{Account, demo_accounts};
use crate::faults::Fault;
use crate::keys::{ELLIPTIC, Key};
use crate::options::Options;
use crate::parameters::AuthorizationParameters;
use crate::scripted::{ApiCall, Scripted};

/// A request to the provider, without secrets. Tests assert that there were no others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The status of the answer; `None` before there is one, and where a fault lost it.
    pub status: Option<u16>,
    /// The names of the form's fields, in order.
    pub fields: Vec<String>,
    /// For the token endpoint, the grant type.
    pub grant: Option<String>,
    /// Distinguishes requests, also concurrent ones.
    #[serde(skip)]
    pub(crate) number: u64,
}

/// The whole state of the provider, behind one lock.
pub(crate) struct State {
    pub(crate) issuer: String,
    pub(crate) options: Options,
    pub(crate) accounts: Vec<Account>,
    /// The signing key.
    pub(crate) key: Key,
    /// The keys that the keys endpoint publishes, the signing key among them.
    pub(crate) published: Vec<Key>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) requests: Vec<Request>,
    /// The number of requests since the start.
    pub(crate) counted: u64,
    /// Every secret that was issued or received, for tests that look for it where it must not be.
    pub(crate) secrets: Vec<String>,
    /// By `request_uri`.
    pub(crate) pushed_requests: HashMap<String, PushedRequest>,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) device_codes: HashMap<String, DeviceCode>,
    pub(crate) refresh: HashMap<String, Refresh>,
    /// Refresh tokens that came again after they had been replaced, oldest first.
    pub(crate) reused: Vec<String>,
    pub(crate) access: HashMap<String, Grant>,
    /// The answers of other APIs, by the beginning of the path.
    pub(crate) scripts: Vec<(String, Vec<Scripted>)>,
    /// The requests to them.
    pub(crate) api_calls: Vec<ApiCall>,
}

/// What a person consented to.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) family: String,
    pub(crate) subject: String,
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) audience: Option<String>,
    /// What tokens may be for, as the sign-in asked (RFC 8707 section 2.1).
    pub(crate) resources: Vec<String>,
    /// What this one token is for, where a refresh said.
    pub(crate) made_for: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) auth_time: u64,
    /// Whether a refresh token is issued with it.
    pub(crate) offline: bool,
}

/// A code that was given out.
pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) until: u64,
    pub(crate) spent: bool,
}

/// A person's decision about a device code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DeviceDecision {
    /// Nothing yet.
    Open,
    /// They declined.
    Declined,
    /// They agreed, as this subject.
    Agreed(String),
}

/// A code that a device was given.
pub(crate) struct DeviceCode {
    pub(crate) user_code: String,
    pub(crate) scope: String,
    pub(crate) audience: Option<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) challenge: String,
    pub(crate) until: Instant,
    pub(crate) decision: DeviceDecision,
    /// When the device polled.
    pub(crate) asked_at: Vec<Instant>,
}

/// A request that was pushed.
pub(crate) struct PushedRequest {
    pub(crate) asked: AuthorizationParameters,
    pub(crate) until: Instant,
    pub(crate) used: bool,
}

/// A refresh token that was given out.
pub(crate) struct Refresh {
    pub(crate) grant: Grant,
    /// When it was rotated.
    pub(crate) spent_at: Option<u64>,
}

pub(crate) type Shared = Arc<Mutex<State>>;

impl Grant {
    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == scope)
    }
}

impl State {
    pub(crate) fn new(issuer: String, options: Options) -> Self {
        let published = vec![Key::rsa(), Key::elliptic(ELLIPTIC)];
        Self {
            issuer,
            key: published[usize::from(options.elliptic)].clone(),
            published,
            options,
            accounts: demo_accounts(),
            faults: Vec::new(),
            requests: Vec::new(),
            counted: 0,
            secrets: Vec::new(),
            pushed_requests: HashMap::new(),
            codes: HashMap::new(),
            device_codes: HashMap::new(),
            refresh: HashMap::new(),
            reused: Vec::new(),
            access: HashMap::new(),
            scripts: Vec::new(),
            api_calls: Vec::new(),
        }
    }

    pub(crate) fn has(&self, fault: &Fault) -> bool {
        self.faults.contains(fault)
    }

    pub(crate) fn account(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    pub(crate) fn account_of(&self, subject: &str) -> &Account {
        let found = self.accounts.iter().find(|account| account.subject() == subject);
        found.unwrap_or(&self.accounts[0])
    }

    /// Signs with a new key from now on; the ones before are no longer published.
    pub(crate) fn rotate_keys(&mut self) {
        self.key = Key::elliptic(&format!("rotated-{}", random()));
        self.published = vec![self.key.clone()];
    }

    /// Revokes every token of one sign-in.
    pub(crate) fn end_family(&mut self, family: &str) {
        self.refresh.retain(|_, refresh| refresh.grant.family != family);
        self.access.retain(|_, grant| grant.family != family);
    }
}

pub(crate) fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// 192 random bits as text.
pub(crate) fn random() -> String {
    use rsa::rand_core::RngCore as _;
    let mut bytes = [0; 24];
    rsa::rand_core::OsRng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[expect(clippy::disallowed_methods, reason = "a provider has a clock of its own")]
pub(crate) fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
