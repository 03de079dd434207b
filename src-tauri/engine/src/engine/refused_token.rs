//! Tokens that their target refused: another is made, once.

use std::time::Duration;

use super::establish::Warnings;
use super::token::{Freshness, IssuedToken};
use super::{Engine, Found};
use crate::problem::Result;
use crate::state::HandedOut;
use crate::tokens::Secret;

impl Engine {
    /// The token a target gets, valid for at least `least`. Where it is one that the target refused, it is replaced, once in
    /// five minutes. `caller` is the process that asks, given where a second request from it means that the first token was
    /// refused: kubectl runs its plug-in again after a 401, and gives no reason.
    ///
    /// # Errors
    /// Those of [`Engine::token_for`].
    pub async fn token_for_caller(&self, found: &Found, caller: Option<u32>, least: Duration) -> Result<IssuedToken> {
        let (name, notes) = (found.target.name.as_str(), self.handed_out(found));
        let mut token = self.target_token(found, Freshness::ValidFor(least)).await?;
        let mut warnings = Warnings::default();
        let fingerprint = token.secret.fingerprint();
        if let Some(caller) = caller
            && notes.was_handed(name, caller, &fingerprint, self.now())
        {
            warnings.note(notes.note_refused(name, &fingerprint, self.now()));
        }
        match notes.take_refused(name, &fingerprint, self.now()) {
            Ok(true) => token = self.target_token(found, Freshness::New).await?,
            Ok(false) => {}
            Err(problem) => warnings.note(Err(problem)),
        }
        if let Some(caller) = caller {
            warnings.note(notes.note_handed(name, caller, &token.secret.fingerprint(), self.now()));
        }
        Ok(token)
    }

    /// Notes that the target refused `token`, so that the next caller gets another.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`].
    pub fn note_refused_token(&self, found: &Found, token: &Secret) -> Result<()> {
        self.handed_out(found).note_refused(found.target.name.as_str(), &token.fingerprint(), self.now())
    }

    fn handed_out(&self, found: &Found) -> HandedOut {
        HandedOut::new(&self.inner.ports.folders, &found.profile)
    }
}
