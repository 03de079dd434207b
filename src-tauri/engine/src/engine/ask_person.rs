//! One request to the person to sign in, however many programs want a token.

use std::time::Duration;

use super::Engine;
use crate::config::Profile;
use crate::file_lock::Lock;
use crate::problem::{Code, Problem, Result};
use crate::state::Asking;

/// Permission to ask the person to sign in, which one program has at a time. It ends when this is dropped, also by the end
/// of the process.
#[derive(Debug)]
pub struct MayAsk {
    _lock: Lock,
    asking: Asking,
}

/// Whether the person is to be asked.
#[derive(Debug)]
pub enum AskPerson {
    /// By this program, now.
    Yes(MayAsk),
    /// Somebody has signed in meanwhile.
    SignedIn,
}

impl Engine {
    /// Gets permission to ask the person to sign in. Where another program is asking, waits for it, for `wait` at most: it may
    /// have signed the person in.
    ///
    /// # Errors
    /// [`Code::SignInNeeded`] where another program still asks, and where asking failed in the last five minutes.
    pub async fn may_ask_person(&self, profile: &Profile, wait: Duration) -> Result<AskPerson> {
        let asking = Asking::new(&self.inner.ports.folders, profile);
        let needed = |why: String| Problem::new(Code::SignInNeeded, format!("profile {}; {why}", profile.name));
        let lock = match asking.lock(wait).await {
            Err(problem) if problem.code == Code::Busy => {
                return Err(needed("another program is asking you to sign in".into()));
            }
            lock => lock?,
        };
        if self.load(profile).await?.is_some() {
            return Ok(AskPerson::SignedIn);
        }
        if let Some(ago) = asking.failed_before(self.now()) {
            return Err(needed(format!("you were asked {ago} seconds ago, so no program asks again for five minutes")));
        }
        Ok(AskPerson::Yes(MayAsk { _lock: lock, asking }))
    }
}

impl MayAsk {
    /// Notes that the sign-in failed or was dismissed: no other program asks for a while.
    pub fn failed(self, engine: &Engine) {
        if let Err(problem) = self.asking.note_failed(engine.now()) {
            tracing::warn!(%problem, "that a sign-in failed could not be noted");
        }
    }
}
