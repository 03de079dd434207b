use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, GetGeometryReply, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::wait::until;

/// The display, as its window manager would see it.
pub struct Display {
    connection: RustConnection,
    root: Window,
}

impl Display {
    /// The one of `DISPLAY`.
    ///
    /// # Panics
    /// When it can't be reached.
    #[must_use]
    pub fn open() -> Self {
        let (connection, screen) = x11rb::connect(None).expect("the display answers");
        let root = connection.setup().roots[screen].root;
        Self { connection, root }
    }

    /// Waits until Rolecall's window is shown and gives it.
    pub async fn window(&self) -> Window {
        until("the window is shown", async || self.shown()).await
    }

    /// Waits until Rolecall's window is gone.
    pub async fn no_window(&self) {
        until("the window is gone", async || self.shown().is_none().then_some(())).await;
    }

    /// Rolecall's window, when one is shown.
    #[must_use]
    pub fn shown(&self) -> Option<Window> {
        self.all().pop()
    }

    /// The windows of all Rolecalls that are shown.
    ///
    /// # Panics
    /// When the display does not answer.
    #[must_use]
    pub fn all(&self) -> Vec<Window> {
        let tree = self.connection.query_tree(self.root).expect("asked").reply().expect("the display answers");
        tree.children.into_iter().filter(|window| self.is_rolecall(*window).unwrap_or(false)).collect()
    }

    /// Its size.
    ///
    /// # Panics
    /// When it is gone.
    #[must_use]
    pub fn size(&self, window: Window) -> (u16, u16) {
        let geometry: GetGeometryReply =
            self.connection.get_geometry(window).expect("asked").reply().expect("the window is there");
        (geometry.width, geometry.height)
    }

    /// Closes a window as its close button does.
    ///
    /// # Panics
    /// When it is gone.
    pub fn close(&self, window: Window) {
        let atom = |name: &[u8]| self.connection.intern_atom(false, name).expect("asked").reply().expect("told").atom;
        let data = [atom(b"WM_DELETE_WINDOW"), 0, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, atom(b"WM_PROTOCOLS"), data);
        self.connection.send_event(false, window, EventMask::NO_EVENT, message).expect("sent");
        self.connection.flush().expect("flushed");
    }

    fn is_rolecall(&self, window: Window) -> Option<bool> {
        let attributes = self.connection.get_window_attributes(window).ok()?.reply().ok()?;
        let name =
            self.connection.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64).ok()?.reply().ok()?;
        Some(attributes.map_state == MapState::VIEWABLE && name.value == b"Rolecall")
    }
}
