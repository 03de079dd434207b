use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState, Window};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::wait::until;

/// The window by which the system's key store asks for its password, and a keyboard to answer it.
pub struct Prompt {
    connection: RustConnection,
    root: Window,
}

/// Names of keys, as X has them.
const ESCAPE: u32 = 0xff1b;
const RETURN: u32 = 0xff0d;

impl Prompt {
    /// Waits until it is shown.
    ///
    /// # Panics
    /// When the display can't be reached, or no window comes.
    pub async fn shown() -> Self {
        let (connection, screen) = x11rb::connect(None).expect("the display answers");
        let root = connection.setup().roots[screen].root;
        let prompt = Self { connection, root };
        until("the key store asks for its password", async || prompt.is_shown().then_some(())).await;
        prompt
    }

    /// Whether one is shown now.
    ///
    /// # Panics
    /// When the display can't be reached.
    #[must_use]
    pub fn is_open() -> bool {
        let (connection, screen) = x11rb::connect(None).expect("the display answers");
        let root = connection.setup().roots[screen].root;
        Self { connection, root }.is_shown()
    }

    /// Dismisses it by the escape key.
    pub async fn dismiss(self) {
        until("it is gone", async || self.press_until_closed(&[ESCAPE])).await;
    }

    /// Types the password and confirms.
    ///
    /// # Panics
    /// When it went away by itself meanwhile.
    pub async fn answer(self, password: &str) {
        // Letters and the blank have the names of their characters.
        let keys: Vec<u32> = password.chars().map(u32::from).collect();
        assert!(self.press_until_closed(&keys).is_none(), "it waits for the end of the password");
        until("it is gone", async || self.press_until_closed(&[RETURN])).await;
    }

    fn press_until_closed(&self, keys: &[u32]) -> Option<()> {
        if self.is_shown() {
            for key in keys {
                self.press(*key);
            }
        }
        (!self.is_shown()).then_some(())
    }

    fn is_shown(&self) -> bool {
        let tree = self.connection.query_tree(self.root).expect("asked").reply().expect("the display answers");
        tree.children.into_iter().any(|window| self.is_prompt(window).unwrap_or(false))
    }

    fn is_prompt(&self, window: Window) -> Option<bool> {
        let attributes = self.connection.get_window_attributes(window).ok()?.reply().ok()?;
        let (class, any) = (AtomEnum::WM_CLASS, AtomEnum::ANY);
        let class = self.connection.get_property(false, window, class, any, 0, 64).ok()?.reply().ok()?;
        let named = class.value.to_ascii_lowercase().starts_with(b"gcr-prompter");
        Some(named && attributes.map_state == MapState::VIEWABLE)
    }

    fn press(&self, key: u32) {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let all = self.connection.get_keyboard_mapping(first, last - first + 1);
        let all = all.expect("asked").reply().expect("the display has keys");
        let rows = all.keysyms.chunks(all.keysyms_per_keycode.into());
        let code = (first..=last).zip(rows).find(|(_, row)| row.first() == Some(&key)).expect("such a key").0;
        for event in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            self.connection
                .xtest_fake_input(event, code, 0, self.root, 0, 0, 0)
                .expect("asked")
                .check()
                .expect("pressed");
        }
    }
}
