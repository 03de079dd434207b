//! The note that is in the state folder from when a provider is asked for a session until the session is stored.

use super::Engine;
use super::establish::Warnings;
use crate::config::Profile;
use crate::session::Refusal;
use crate::state::Remembered;

/// A note that stays when the program is killed in the meantime: the provider may have a session then that is stored nowhere
/// here. A sign-in that succeeds clears it, and what failed before with it.
pub(super) struct CutOff {
    remembered: Remembered,
    before: Option<Refusal>,
}

impl CutOff {
    /// Writes the note. To be called before the request is sent that may bring a session.
    pub(super) fn note(engine: &Engine, profile: &Profile) -> Self {
        let remembered = engine.remembered(profile);
        let before = remembered.refusal();
        Warnings::default().note(remembered.save_refusal(&Refusal::cut_off(engine.now())));
        Self { remembered, before }
    }

    /// Puts back what was noted before: the provider gave no session, or it was revoked.
    pub(super) fn clear(&self) {
        Warnings::default().note(match &self.before {
            Some(before) => self.remembered.save_refusal(before),
            None => self.remembered.clear_refusal(),
        });
    }
}
