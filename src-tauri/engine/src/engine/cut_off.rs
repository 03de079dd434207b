//! The note that stands in the state folder while what a provider gave is not stored yet.

use super::Engine;
use super::establish::Warnings;
use crate::config::Profile;
use crate::session::Refusal;
use crate::state::Remembered;

/// Stays where the program is killed meanwhile: a session that nothing here holds may be left at the provider then. Success
/// clears it with whatever failed before.
pub(super) struct CutOff {
    remembered: Remembered,
    before: Option<Refusal>,
}

impl CutOff {
    /// Writes it, before the request is sent that may bring a session.
    pub(super) fn note(engine: &Engine, profile: &Profile) -> Self {
        let remembered = engine.remembered(profile);
        let before = remembered.refusal();
        Warnings::default().note(remembered.save_refusal(&Refusal::cut_off(engine.now())));
        Self { remembered, before }
    }

    /// Nothing came, or what came was given back: what stood there before is true again.
    pub(super) fn clear(&self) {
        Warnings::default().note(match &self.before {
            Some(before) => self.remembered.save_refusal(before),
            None => self.remembered.clear_refusal(),
        });
    }
}
