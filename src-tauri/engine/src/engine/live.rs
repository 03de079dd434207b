use tokio::sync::{mpsc, watch};

use crate::config::ProviderKind;
use crate::problem::Result;
use crate::tokens::Secret;
use crate::view::{Copied, Draft, IssuerCheck, Menu, TokenKind, View};

/// The living side of the engine: holds the profile in front, refreshes ahead of time, follows what other processes do.
/// All methods return at once unless they are `async`; what they did shows in the view.
#[derive(Clone)]
pub struct Live {}

/// Something to tell the person outside the window. Never holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// A few words.
    pub title: String,
    /// A sentence.
    pub body: String,
}

impl Live {
    /// The view, and each new one.
    #[must_use]
    pub fn view(&self) -> watch::Receiver<View> {
        todo!()
    }

    /// The menu for the view that stands now.
    #[must_use]
    pub fn menu(&self) -> Menu {
        todo!()
    }

    /// Notices, each once; for one taker.
    #[must_use]
    pub fn notices(&self) -> Option<mpsc::UnboundedReceiver<Notice>> {
        todo!()
    }

    /// Begins a sign-in for the profile in front.
    pub fn sign_in(&self, _ask_consent: bool, _memory_only: bool) {
        todo!()
    }

    /// Stops a sign-in under way.
    pub fn cancel_sign_in(&self) {
        todo!()
    }

    /// Opens the link of the sign-in under way once more.
    pub fn open_again(&self) {
        todo!()
    }

    /// The link of the sign-in under way, for the clipboard.
    #[must_use]
    pub fn link(&self) -> Option<url::Url> {
        todo!()
    }

    /// Refreshes the profile in front.
    pub fn refresh(&self) {
        todo!()
    }

    /// Signs out of the named profile, or the one in front.
    pub fn sign_out(&self, _profile: Option<&str>) {
        todo!()
    }

    /// Asks the key store again.
    pub fn unlock(&self) {
        todo!()
    }

    /// Puts the trouble that is shown away.
    pub fn dismiss(&self) {
        todo!()
    }

    /// Brings a profile to the front.
    pub fn select(&self, _profile: &str) {
        todo!()
    }

    /// Takes a profile out of the configuration; its session is signed out first.
    pub fn remove(&self, _profile: &str) {
        todo!()
    }

    /// A token for the clipboard. A problem also shows in the view.
    ///
    /// # Errors
    /// The rows of [`crate::Engine::token`].
    pub async fn token(&self, _kind: TokenKind) -> Result<Secret> {
        todo!()
    }

    /// Tells the view that a token of ours is, or is no longer, on the clipboard.
    pub fn set_copied(&self, _copied: Option<Copied>) {
        todo!()
    }

    /// Seconds after which a copied token is taken back.
    #[must_use]
    pub fn clear_clipboard_after(&self) -> u32 {
        todo!()
    }

    /// Live check of what is typed on the set-up screen.
    pub async fn check_issuer(&self, _text: &str, _provider: Option<ProviderKind>) -> IssuerCheck {
        todo!()
    }

    /// Saves the set-up screen as a profile and brings it to the front. Tells the name it got.
    ///
    /// # Errors
    /// Rows for bad settings; nothing is changed then.
    pub async fn save_profile(&self, _draft: &Draft) -> Result<String> {
        todo!()
    }
}
