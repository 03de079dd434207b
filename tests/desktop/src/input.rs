//! Pointer, wheel and keys as a person's hands give them: through the X server (XTEST), past no layer of the program.

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT,
    MOTION_NOTIFY_EVENT, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

/// Names of keys that are no characters, as X has them (keysymdef.h).
pub mod keys {
    /// Tab.
    pub const TAB: u32 = 0xff09;
    /// Return.
    pub const RETURN: u32 = 0xff0d;
    /// Escape.
    pub const ESCAPE: u32 = 0xff1b;
    /// Up.
    pub const UP: u32 = 0xff52;
    /// Down.
    pub const DOWN: u32 = 0xff54;
    /// Page down.
    pub const PAGE_DOWN: u32 = 0xff56;
    /// End.
    pub const END: u32 = 0xff57;
    /// Shift, left.
    pub const SHIFT: u32 = 0xffe1;
    /// Control, left.
    pub const CONTROL: u32 = 0xffe3;
}

/// The left button of the pointer, and the two by which a wheel turns.
const LEFT: u8 = 1;
const WHEEL_UP: u8 = 4;
const WHEEL_DOWN: u8 = 5;

/// A pointer and a keyboard at the display.
pub struct Input {
    connection: RustConnection,
    root: Window,
}

impl Input {
    /// Those of `DISPLAY`.
    ///
    /// # Panics
    /// When it can't be reached.
    #[must_use]
    pub fn open() -> Self {
        let (connection, screen) = x11rb::connect(None).expect("the display answers");
        let root = connection.setup().roots[screen].root;
        Self { connection, root }
    }

    /// Moves the pointer to a point of the screen, in pixels.
    pub fn move_to(&self, x: i16, y: i16) {
        self.send(MOTION_NOTIFY_EVENT, 0, x, y);
    }

    /// Presses and releases the left button where the pointer is.
    pub fn click(&self) {
        self.tap(LEFT);
    }

    /// Turns the wheel by so many notches: down where positive, up where negative.
    pub fn wheel(&self, notches: i32) {
        let button = if notches < 0 { WHEEL_UP } else { WHEEL_DOWN };
        for _ in 0..notches.unsigned_abs() {
            self.tap(button);
        }
    }

    /// Presses and releases a key while those in `held` are down. Keys have the names of X: a character's own number
    /// for Latin letters, digits and signs, else one of [`keys`].
    ///
    /// # Panics
    /// When the keyboard has no such key.
    pub fn press(&self, held: &[u32], key: u32) {
        let (code, shifted) = self.code(key);
        let mut down: Vec<u8> = held.iter().map(|key| self.code(*key).0).collect();
        let shift = self.code(keys::SHIFT).0;
        if shifted && !down.contains(&shift) {
            down.push(shift);
        }
        down.push(code);
        for code in &down {
            self.send(KEY_PRESS_EVENT, *code, 0, 0);
        }
        for code in down.iter().rev() {
            self.send(KEY_RELEASE_EVENT, *code, 0, 0);
        }
    }

    /// Types a text of Latin letters, digits and signs, key by key.
    pub fn type_text(&self, text: &str) {
        for character in text.chars() {
            self.press(&[], u32::from(character));
        }
    }

    fn tap(&self, button: u8) {
        self.send(BUTTON_PRESS_EVENT, button, 0, 0);
        self.send(BUTTON_RELEASE_EVENT, button, 0, 0);
    }

    fn send(&self, kind: u8, detail: u8, x: i16, y: i16) {
        let sent = self.connection.xtest_fake_input(kind, detail, 0, self.root, x, y, 0).expect("asked");
        sent.check().expect("the display takes input");
    }

    /// The code of a key, and whether it is reached with Shift.
    fn code(&self, key: u32) -> (u8, bool) {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let all = self.connection.get_keyboard_mapping(first, last - first + 1);
        let all = all.expect("asked").reply().expect("the display has keys");
        let at = |column: usize| {
            let mut rows = (first..=last).zip(all.keysyms.chunks(all.keysyms_per_keycode.into()));
            rows.find(|(_, row)| row.get(column) == Some(&key)).map(|(code, _)| code)
        };
        match (at(0), at(1)) {
            (Some(code), _) => (code, false),
            (None, Some(code)) => (code, true),
            (None, None) => panic!("no key is named {key:#x}"),
        }
    }
}
