use crate::display::Display;
use crate::input::{Input, keys};
use crate::wait::until;

/// The window by which the system's key store asks for its password, and a keyboard to answer it.
pub struct Prompt {
    display: Display,
    input: Input,
}

impl Prompt {
    /// Waits until it is shown.
    ///
    /// # Panics
    /// When the display can't be reached, or no window comes.
    pub async fn shown() -> Self {
        let prompt = Self { display: Display::open(), input: Input::open() };
        until("the key store asks for its password", async || prompt.is_shown().then_some(())).await;
        prompt
    }

    /// Whether one is shown now.
    ///
    /// # Panics
    /// When the display can't be reached.
    #[must_use]
    pub fn is_open() -> bool {
        Display::open().shows_class(b"gcr-prompter")
    }

    /// Dismisses it by the escape key.
    pub async fn dismiss(self) {
        until("it is gone", async || self.press_until_closed(keys::ESCAPE)).await;
    }

    /// Types the password and confirms.
    ///
    /// # Panics
    /// When it went away by itself in the meantime.
    pub async fn answer(self, password: &str) {
        self.input.type_text(password);
        assert!(self.is_shown(), "it waits for the end of the password");
        until("it is gone", async || self.press_until_closed(keys::RETURN)).await;
    }

    fn press_until_closed(&self, key: u32) -> Option<()> {
        if self.is_shown() {
            self.input.press(&[], key);
        }
        (!self.is_shown()).then_some(())
    }

    fn is_shown(&self) -> bool {
        self.display.shows_class(b"gcr-prompter")
    }
}
