use std::time::Duration;

use url::Url;

use super::establish::Warnings;
use super::{Engine, LOCK_WAIT};
use crate::config::Profile;
use crate::failpoint::failpoint;
use crate::problem::{Code, Problem, Result};
use crate::session::{End, LastKnown};
use crate::vault::StoredSession;

/// What a sign-out did.
#[derive(Clone, Debug)]
pub struct SignedOut {
    /// Whether there was a session.
    pub was_signed_in: bool,
    /// What became of the revocation (RFC 7009): `None` when the provider offers none or there was nothing to revoke.
    pub revoked: Option<Result<()>>,
    /// The provider's sign-out page, when asked for and offered; already handed to the browser.
    pub ended_in_browser: Option<Result<Url>>,
    /// What failed after the session was deleted: it costs nothing but what it names.
    pub warnings: Vec<Problem>,
}

impl SignedOut {
    /// There was nobody.
    pub(super) fn nobody() -> Self {
        Self { was_signed_in: false, revoked: None, ended_in_browser: None, warnings: Vec::new() }
    }
}

/// The longest a sign-out waits for the provider; the local session is deleted whatever it answers (KC-6).
const PROVIDER_WAIT: Duration = Duration::from_secs(8);

impl Engine {
    /// Revokes, deletes, verifies; with `in_browser` also opens the provider's own sign-out page.
    ///
    /// # Errors
    /// [`Code::Busy`] while another process refreshes; key store rows when the session could not be deleted.
    pub async fn sign_out(&self, profile: &Profile, in_browser: bool) -> Result<SignedOut> {
        let _operation = self.inner.operations.begin().await?;
        let state = self.coordination(profile);
        let _lock = state.lock(LOCK_WAIT).await?;
        let loaded = self.load(profile).await;
        let revoked = match &loaded {
            Ok(Some(stored)) => self.revoke(profile, stored).await,
            Ok(None) | Err(_) => None,
        };
        failpoint("sign-out-revoked");
        self.inner.memory.release(profile);
        self.inner.memory.set_userinfo(profile, None);
        self.inner.memory.set_directory(profile, None);
        let deleted = self.inner.vault.delete(profile).await;
        // A session in memory only needs no key store to end.
        if let (Err(problem), false) = (&deleted, matches!(&loaded, Ok(Some(_))) && self.was_memory_only(profile)) {
            return Err(problem.clone());
        }
        failpoint("sign-out-deleted");
        // The session is gone, so a file that can't be written is a warning.
        let mut warnings = Warnings::default();
        warnings.note(state.clear_refresh_marker());
        if let Some(last) = self.last_known(profile) {
            warnings.note(self.remember(profile, LastKnown::ended(last, End::SignedOut { at: self.now() })));
        }
        warnings.note(self.remembered(profile).note_key_store(profile, |entry| entry.session = false));
        warnings.note(state.increment_generation().map(drop));
        let ended_in_browser = if in_browser { self.end_in_browser(profile).await } else { None };
        let was_signed_in = matches!(loaded, Ok(Some(_)));
        Ok(SignedOut { was_signed_in, revoked, ended_in_browser, warnings: warnings.0 })
    }

    fn was_memory_only(&self, profile: &Profile) -> bool {
        self.last_known(profile).is_some_and(|last| last.summary.memory_only)
    }

    pub(super) async fn revoke(&self, profile: &Profile, stored: &StoredSession) -> Option<Result<()>> {
        let asked = async {
            let (http, provider) = self.provider(profile).await?;
            let revoked = match &stored.tokens.refresh {
                Some(refresh) => provider.revoke(&http, profile, refresh, true).await,
                None => provider.revoke(&http, profile, &stored.tokens.access, false).await,
            };
            let redactor = self.redactor(profile, stored).hiding(http.client_secret());
            revoked.map_err(|problem| problem.redacted(&redactor))
        };
        match tokio::time::timeout(PROVIDER_WAIT, asked).await {
            Ok(Ok(true)) => Some(Ok(())),
            Ok(Ok(false)) => None,
            Ok(Err(problem)) => Some(Err(problem)),
            Err(_) => Some(Err(Problem::new(Code::Unreachable, "it did not answer in time"))),
        }
    }

    async fn end_in_browser(&self, profile: &Profile) -> Option<Result<Url>> {
        let provider = match tokio::time::timeout(PROVIDER_WAIT, self.provider(profile)).await {
            Ok(Ok((_, provider))) => provider,
            Ok(Err(problem)) => return Some(Err(problem)),
            Err(_) => return Some(Err(Problem::new(Code::Unreachable, "it did not answer in time"))),
        };
        let hint = self.last_known(profile).and_then(|last| last.summary.identity.email);
        let url = provider.end_session(profile, hint.as_deref())?;
        Some(match self.inner.ports.browser.open(&url) {
            Ok(()) => Ok(url),
            Err(error) => Err(Problem::new(Code::Refused, format!("no browser could be opened ({error}); open {url}"))),
        })
    }
}
