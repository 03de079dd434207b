//! Tokens that the other side refused: another is made, once.

use std::time::Duration;

use super::establish::Warnings;
use super::token::{Freshness, IssuedToken};
use super::{Engine, Found};
use crate::problem::Result;
use crate::state::HandedOut;
use crate::tokens::Secret;

impl Engine {
    /// The token a target gets, valid for at least `least`. Where this very token was refused, another is made, once in five
    /// minutes. `caller` is the process that asks, where asking twice says that the first was refused: kubectl runs its
    /// plug-in again after a 401, and gives no reason.
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
        let refused = notes.take_refused(name, &fingerprint, self.now());
        if warnings.note_from((refused.as_ref().is_ok_and(|refused| *refused), refused.map(drop))) {
            token = self.target_token(found, Freshness::New).await?;
        }
        if let Some(caller) = caller {
            warnings.note(notes.note_handed(name, caller, &token.secret.fingerprint(), self.now()));
        }
        Ok(token)
    }

    /// Notes that the other side refused `token`, so that the next caller gets another.
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
