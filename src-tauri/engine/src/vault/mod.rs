//! The session at rest: one secret in the key store per profile. What processes tell each other about it is in the
//! state folder, see [`crate::state`].

mod item_format;
mod kept_token;
mod stored_session;
mod unanswered;
mod worker;

use std::time::Duration;

use tokio::sync::watch;

pub use kept_token::{KeptToken, keep as keep_token, kept as kept_token};
pub use stored_session::StoredSession;
pub use unanswered::Unanswered;

use self::item_format::ItemFormat;
use self::worker::Worker;
use crate::config::Profile;
use crate::ports::Ports;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// The key store, asked on a thread of its own with a time limit for each answer (KC-1).
#[derive(Clone)]
pub struct Vault {
    worker: Worker,
    service: String,
    timeout: Duration,
}

/// The limit for an ordinary call.
const CALL_TIMEOUT: Duration = Duration::from_secs(5);
/// The limit while the key store asks the person for its password.
const INTERACTIVE_TIMEOUT: Duration = Duration::from_secs(120);

/// The largest item, in bytes: what the Credential Manager takes; elsewhere large enough that a session is usually one
/// item, because every item costs several exchanges with the key store.
const LIMIT: usize = if cfg!(target_os = "windows") { 2560 } else { 32 * 1024 };

impl Vault {
    /// Opens nothing yet.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self { worker: Worker::new(ports.key_store.clone()), service: ports.service.clone(), timeout: CALL_TIMEOUT }
    }

    /// The same, waiting two minutes for a person who is asked to unlock the key store.
    #[must_use]
    pub fn interactive(&self) -> Self {
        Self { timeout: INTERACTIVE_TIMEOUT, ..self.clone() }
    }

    /// The calls that the key store has not answered for a while, and each change of them.
    #[must_use]
    pub fn unanswered(&self) -> watch::Receiver<Unanswered> {
        self.worker.unanswered()
    }

    /// Writes, reads and deletes a throw-away item, so that a sign-in which can't be kept is found out before the person
    /// is sent to the browser (KC-2).
    ///
    /// # Errors
    /// Key store rows.
    pub async fn probe(&self) -> Result<()> {
        // A fixed name, so that the next trial clears away one that was cut off.
        let format = self.item_format("probe".into(), "Rolecall: trial");
        self.worker.ask(self.timeout, move |store| format.probe(store)).await
    }

    /// Reads the session. One that belongs to another issuer or client is none.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn load(&self, profile: &Profile) -> Result<Option<StoredSession>> {
        let format = self.session_format(profile);
        let bytes = self.worker.ask(self.timeout, move |store| format.read(store)).await?;
        let stored = bytes.and_then(|bytes| StoredSession::from_bytes(&bytes));
        Ok(stored.filter(|stored| stored.issuer == profile.issuer.as_str() && stored.client_id == profile.client_id))
    }

    /// Writes the session, reads it back and compares. What was there before stays readable until the new one is whole.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn store(&self, profile: &Profile, session: &StoredSession) -> Result<()> {
        let format = self.session_format(profile);
        let bytes = session.to_bytes();
        let written = self.worker.ask(self.timeout, move |store| {
            format.write(store, &bytes)?;
            Ok(format.read(store)?.is_some_and(|read| *read == *bytes))
        });
        if written.await? {
            return Ok(());
        }
        Err(Problem::new(Code::KeyStoreFailing, "what was written does not read back the same"))
    }

    /// Deletes everything of the session and makes sure of it. Tells whether there was anything (KC-6).
    ///
    /// # Errors
    /// Key store rows.
    pub async fn delete(&self, profile: &Profile) -> Result<bool> {
        let format = self.session_format(profile);
        let (was_there, is_there) =
            self.worker.ask(self.timeout, move |store| Ok((format.delete(store)?, format.exists(store)?))).await?;
        if is_there {
            return Err(Problem::new(Code::KeyStoreFailing, "the session was deleted but is still there"));
        }
        Ok(was_there)
    }

    /// Keeps the application's secret, apart from any session.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn store_client_secret(&self, profile: &Profile, secret: &Secret) -> Result<()> {
        let (format, secret) = (self.client_secret_format(profile), secret.clone());
        self.worker.ask(self.timeout, move |store| format.write(store, secret.expose().as_bytes())).await
    }

    /// The application's secret, if one is kept.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn client_secret(&self, profile: &Profile) -> Result<Option<Secret>> {
        let format = self.client_secret_format(profile);
        let bytes = self.worker.ask(self.timeout, move |store| format.read(store)).await?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()).map(Secret::new))
    }

    /// Deletes the application's secret. Tells whether there was one.
    ///
    /// # Errors
    /// Key store rows.
    pub async fn delete_client_secret(&self, profile: &Profile) -> Result<bool> {
        let format = self.client_secret_format(profile);
        self.worker.ask(self.timeout, move |store| format.delete(store)).await
    }

    fn client_secret_format(&self, profile: &Profile) -> ItemFormat {
        let user = format!("{}.client", user_of(profile));
        self.item_format(user, &format!("{}: {}, client secret", self.service, profile.name))
    }

    fn session_format(&self, profile: &Profile) -> ItemFormat {
        self.item_format(user_of(profile), &format!("{}: {}", self.service, profile.name))
    }

    fn item_format(&self, user: String, label: &str) -> ItemFormat {
        ItemFormat { service: self.service.clone(), user, label: label.to_owned(), limit: LIMIT }
    }
}

/// The name is for people, and the same in capitals or not; the digest keeps profiles apart (KC-5).
fn user_of(profile: &Profile) -> String {
    format!("{}@{}", profile.name.folded(), &profile.key()[..12])
}
