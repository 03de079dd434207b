//! The verbs: sign in, refresh, token, sign out, watch.

mod live;

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::config::{Config, Profile};
use crate::history::Change;
use crate::identity::Identity;
use crate::ports::{Ports, Timestamp};
use crate::problem::Result;
use crate::tokens::Secret;
use crate::view::{IssuerCheck, Step, TokenKind};

pub use live::{Live, Notice};

/// Knows how to be signed in. Cheap to clone, cheap to make: nothing is opened before a verb needs it.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    ports: Ports,
}

/// How to sign in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// How long to wait for the person.
    pub timeout: Duration,
    /// Ask the provider to ask for consent again, so that a refresh token comes (OpenID Connect Core section 11).
    pub ask_consent: bool,
    /// Keep the session in memory only.
    pub memory_only: bool,
}

impl Default for SignIn {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(300), ask_consent: false, memory_only: false }
    }
}

/// What happens during a sign-in, told as it happens.
#[derive(Clone, Debug)]
pub enum Progress {
    /// How far it is.
    Step(Step),
    /// The link was made; `opened` says whether a browser took it.
    Link {
        /// The authorization link.
        url: Url,
        /// Whether a browser was opened.
        opened: bool,
    },
    /// Something to tell the person that does not stop the sign-in.
    Note(String),
}

/// Somebody is signed in: everything about it but the tokens.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Who.
    pub identity: Identity,
    /// When the access token was got.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When roles and groups were last read.
    pub refreshed_at: Timestamp,
    /// Whether the provider gave a refresh token.
    pub has_refresh_token: bool,
    /// Whether `offline_access` was asked for and no refresh token came.
    pub refresh_token_withheld: bool,
    /// The scope granted, where the provider said.
    pub granted: Option<String>,
    /// Kept in memory only.
    pub memory_only: bool,
    /// What was missing or odd in the provider's discovery document.
    pub remarks: Vec<String>,
    /// What the last refresh brought.
    pub brought: Vec<Change>,
}

/// What a sign-out did.
#[derive(Clone, Debug)]
pub struct SignedOut {
    /// Whether there was a session.
    pub was_signed_in: bool,
    /// What became of the revocation (RFC 7009): `None` when the provider offers none or there was nothing to revoke.
    pub revoked: Option<Result<()>>,
    /// The provider's sign-out page, when asked for and offered; already handed to the browser.
    pub ended_in_browser: Option<Result<Url>>,
}

impl Engine {
    /// An engine on these ports.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self { inner: Arc::new(Inner { ports }) }
    }

    /// The ports it stands on.
    #[must_use]
    pub fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    /// The configuration, read anew.
    ///
    /// # Errors
    /// [`crate::Code::ConfigBroken`].
    pub fn config(&self) -> Result<Config> {
        Config::load(&self.inner.ports.folders)
    }

    /// Runs a whole sign-in and stores the session. Dropping the future cancels it, up to the moment the browser came
    /// back; from then on it is carried through.
    ///
    /// # Errors
    /// Any row of the table; a session that was there before is kept.
    pub async fn sign_in(
        &self,
        _profile: &Profile,
        _how: &SignIn,
        _progress: impl Fn(Progress) + Send + Sync,
    ) -> Result<Standing> {
        todo!()
    }

    /// Who is signed in, read from the key store without asking the provider. `None` when nobody is.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn standing(&self, _profile: &Profile) -> Result<Option<Standing>> {
        todo!()
    }

    /// Who was here last, from the state folder: needs neither key store nor network.
    #[must_use]
    pub fn last_standing(&self, _profile: &Profile) -> Option<Standing> {
        todo!()
    }

    /// A token that holds for at least `min_validity`; refreshed first when it does not.
    ///
    /// # Errors
    /// [`crate::Code::SignInNeeded`] and the rows of [`Engine::refresh`].
    pub async fn token(&self, _profile: &Profile, _kind: TokenKind, _min_validity: Duration) -> Result<Secret> {
        todo!()
    }

    /// Renews the session: one request however many threads and processes ask. Not cancellable once sent.
    ///
    /// # Errors
    /// [`crate::Code::SessionEnded`] when the provider ended it; network rows never end it.
    pub async fn refresh(&self, _profile: &Profile) -> Result<Standing> {
        todo!()
    }

    /// Revokes, deletes, verifies; with `in_browser` also opens the provider's own sign-out page.
    ///
    /// # Errors
    /// Key store rows, when the session could not be deleted.
    pub async fn sign_out(&self, _profile: &Profile, _in_browser: bool) -> Result<SignedOut> {
        todo!()
    }

    /// Looks at what a person typed or pasted as their issuer: a domain, an issuer, a discovery link.
    pub async fn check_issuer(&self, _text: &str, _provider: Option<crate::config::ProviderKind>) -> IssuerCheck {
        todo!()
    }

    /// Starts the living side for a window and a tray: a [`crate::view::View`] that follows everything.
    /// Must be called within a tokio runtime.
    #[must_use]
    pub fn live(&self) -> Live {
        todo!()
    }
}
