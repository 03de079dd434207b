use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::Instant;
use url::Url;

use super::clock_skew;
use super::http::Http;
use super::keys::Keys;
use super::metadata::Metadata;
use crate::config::{Issuer, Profile};
use crate::ports::Timestamp;
use crate::problem::Cause;
use crate::problem::{Code, Problem, Result};

/// How often keys may be fetched again within [`REFETCH_WINDOW`], so that tokens with made-up key IDs can't make us
/// hammer a provider.
const REFETCHES: usize = 5;
const REFETCH_WINDOW: Duration = Duration::from_secs(60);

/// A provider: what its discovery document says, and its keys. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Provider {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    /// The issuer, byte for byte: of the profile and of the document, for they are the same.
    pub(super) issuer: String,
    pub(super) metadata: Metadata,
    /// When its document was sent, by its own clock.
    date: Option<Timestamp>,
    keys: RwLock<Arc<Keys>>,
    refetched: Mutex<Vec<Instant>>,
    /// Why this provider took no request ahead of the browser, once it did not; it is not asked again then.
    pub(super) par_refused: OnceLock<String>,
}

/// The issuer as the discovery document at `issuer` states it, not compared with anything; for suggesting it.
///
/// # Errors
/// [`Code::NotAnIssuer`] when there is no such document, and the codes of a request that fails.
pub async fn published_issuer(http: &Http, issuer: &Issuer) -> Result<String> {
    Ok(stated_issuer(&document(http, issuer).await?.0, issuer)?.to_owned())
}

impl Provider {
    /// Fetches the discovery document and the keys, and checks what the document names (OpenID Connect Discovery
    /// section 4).
    ///
    /// # Errors
    /// [`Code::IssuerMismatch`], [`Code::UnsafeEndpoint`], [`Code::NotAnIssuer`], [`Code::AnswerBroken`], and the codes
    /// of a request that fails.
    pub async fn discover(http: &Http, profile: &Profile) -> Result<Self> {
        let (document, date) = document(http, &profile.issuer).await?;
        let stated = stated_issuer(&document, &profile.issuer)?;
        if stated != profile.issuer.as_str() {
            let detail = format!("it says '{stated}', the profile says '{}'", profile.issuer);
            return Err(Problem::new(Code::IssuerMismatch, detail).because(difference(stated, profile.issuer.url())));
        }
        let mut metadata = Metadata::read(&document, profile)?;
        let keys = fetch_keys(http, &metadata.jwks).await?;
        if keys.len() == 0 {
            metadata.remarks.push("The provider publishes no key that can be used to check its signatures.".into());
        }
        let inner = Inner {
            issuer: stated.to_owned(),
            metadata,
            date,
            keys: RwLock::new(Arc::new(keys)),
            refetched: Mutex::default(),
            par_refused: OnceLock::new(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What the discovery document lacked or had in a wrong form, what was assumed, and what it offers but did not do; one
    /// sentence each.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let refused = self.inner.par_refused.get();
        self.inner.metadata.remarks.iter().chain(refused).cloned().collect()
    }

    /// That this computer's clock is off by more than five minutes, as seen when the provider was looked up, `now`.
    #[must_use]
    pub fn clock_remark(&self, now: Timestamp) -> Option<String> {
        let words = clock_skew::describe(self.inner.date, now)?;
        Some(format!("Set the clock right: {words}. Times are shown wrong until then, and signing in may fail."))
    }

    /// The authorization endpoint.
    #[must_use]
    pub fn authorization_endpoint(&self) -> &str {
        self.inner.metadata.authorization.as_str()
    }

    /// Which product it is.
    #[must_use]
    pub fn product(&self) -> &crate::config::Recognition {
        &self.inner.metadata.product
    }

    /// The scopes it says it knows; empty when it does not say.
    #[must_use]
    pub fn scopes_supported(&self) -> &[String] {
        &self.inner.metadata.scopes
    }

    /// Whether it announces that it names itself in its answers (RFC 9207 section 3).
    #[must_use]
    pub fn names_itself(&self) -> bool {
        self.inner.metadata.iss_parameter
    }

    /// Whether PKCE with S256 is supported (RFC 7636); `None` when the provider does not say. It is used either way.
    #[must_use]
    pub fn supports_pkce(&self) -> Option<bool> {
        self.inner.metadata.pkce
    }

    /// Whether refresh tokens are supported; `None` when the provider does not say.
    #[must_use]
    pub fn supports_refresh(&self) -> Option<bool> {
        self.inner.metadata.refresh
    }

    /// Whether the provider has a page to sign out at (OpenID Connect RP-Initiated Logout).
    #[must_use]
    pub fn offers_sign_out(&self) -> bool {
        self.inner.metadata.end_session.is_some()
    }

    /// The keys as they are known now.
    pub(super) fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.inner.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Fetches the keys again and says whether it did: not when that was done too often lately.
    pub(super) async fn refetch_keys(&self, http: &Http) -> Result<bool> {
        if !self.may_refetch() {
            return Ok(false);
        }
        let keys = fetch_keys(http, &self.inner.metadata.jwks).await?;
        *self.inner.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(true)
    }

    fn may_refetch(&self) -> bool {
        let now = Instant::now();
        let mut refetched = self.inner.refetched.lock().unwrap_or_else(PoisonError::into_inner);
        refetched.retain(|then| now.duration_since(*then) < REFETCH_WINDOW);
        let may = refetched.len() < REFETCHES;
        if may {
            refetched.push(now);
        }
        may
    }

    #[cfg(test)]
    pub(super) fn for_test(issuer: &str, metadata: Metadata, keys: Keys) -> Self {
        let inner = Inner {
            issuer: issuer.to_owned(),
            metadata,
            date: None,
            keys: RwLock::new(Arc::new(keys)),
            refetched: Mutex::default(),
            par_refused: OnceLock::new(),
        };
        Self { inner: Arc::new(inner) }
    }
}

/// In what an issuer as the provider states it differs from that of the profile.
fn difference(stated: &str, configured: &Url) -> Option<Cause> {
    if stated.contains(['{', '}']) {
        return Some(Cause::IssuerTemplate);
    }
    let any_tenant = ["common", "organizations", "consumers"];
    if configured.path_segments().is_some_and(|mut parts| parts.any(|part| any_tenant.contains(&part))) {
        return Some(Cause::IssuerTemplate);
    }
    let stated = Url::parse(stated).ok()?;
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    Some(if stated.host_str() != configured.host_str() {
        Cause::IssuerHost
    } else if path(&stated) != path(configured) {
        Cause::IssuerPath
    } else if stated.origin() != configured.origin() {
        Cause::IssuerPort
    } else {
        Cause::IssuerSlash
    })
}

fn stated_issuer<'d>(document: &'d Map<String, Value>, issuer: &Issuer) -> Result<&'d str> {
    document.get("issuer").and_then(Value::as_str).filter(|stated| !stated.is_empty()).ok_or_else(|| {
        Problem::new(Code::NotAnIssuer, format!("the discovery document of {} states no issuer", issuer.host()))
    })
}

/// The address is the issuer without a slash at its end, and the well-known path (section 4.1).
async fn document(http: &Http, issuer: &Issuer) -> Result<(Map<String, Value>, Option<Timestamp>)> {
    let issuer = issuer.as_str();
    let address = format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer));
    let url = Url::parse(&address).map_err(|_| Problem::new(Code::BadIssuer, issuer))?;
    let reply = http.get("its discovery document", &url, None).await?;
    if (300..400).contains(&reply.status) && !reply.location.is_empty() {
        let what = format!("it sends on to {}, which is not followed", reply.location);
        return Err(reply.problem(Code::NotAnIssuer, &what));
    }
    if !reply.is_success() {
        return Err(reply.status_problem(Code::NotAnIssuer));
    }
    let document = reply.object().ok_or_else(|| reply.problem(Code::NotAnIssuer, reply.not_an_object()))?;
    Ok((document, reply.date))
}

async fn fetch_keys(http: &Http, url: &Url) -> Result<Keys> {
    let reply = http.get("its keys", url, None).await?;
    if !reply.is_success() {
        return Err(reply.status_problem(Code::AnswerBroken));
    }
    let document = reply.object().ok_or_else(|| reply.problem(Code::AnswerBroken, reply.not_an_object()))?;
    Keys::read(&document).ok_or_else(|| reply.problem(Code::AnswerBroken, "what came has no list of keys"))
}
