use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt as _, EventMask, GetGeometryReply, MapState, Window,
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
        Self::connect(None)
    }

    fn connect(name: Option<&str>) -> Self {
        let (connection, screen) = x11rb::connect(name).expect("the display answers");
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

    /// Waits until a window manager is there, without which no window gets the keyboard.
    ///
    /// # Panics
    /// When the display does not answer.
    pub async fn has_window_manager(&self) {
        let check = self.atom(b"_NET_SUPPORTING_WM_CHECK");
        let announced = async || (!self.property(self.root, check)?.is_empty()).then_some(());
        until("a window manager is there; 'cargo xtask test desktop' starts one", announced).await;
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
        self.top_level().into_iter().filter(|window| self.is_rolecall(*window).unwrap_or(false)).collect()
    }

    /// The window that has the keyboard, as the window manager tells it.
    #[must_use]
    pub fn active(&self) -> Option<Window> {
        let value = self.property(self.root, self.atom(b"_NET_ACTIVE_WINDOW"))?;
        Some(u32::from_ne_bytes(value.get(..4)?.try_into().ok()?))
    }

    /// Its size in pixels.
    ///
    /// # Panics
    /// When it is gone.
    #[must_use]
    pub fn size(&self, window: Window) -> (u16, u16) {
        let geometry: GetGeometryReply =
            self.connection.get_geometry(window).expect("asked").reply().expect("the window is there");
        (geometry.width, geometry.height)
    }

    /// Where its upper left corner is on the screen.
    ///
    /// # Panics
    /// When it is gone.
    #[must_use]
    pub fn position(&self, window: Window) -> (i16, i16) {
        let reply = self.connection.translate_coordinates(window, self.root, 0, 0).expect("asked").reply();
        let reply = reply.expect("the window is there");
        (reply.dst_x, reply.dst_y)
    }

    /// Moves and resizes a window, as a person would by its frame.
    ///
    /// # Panics
    /// When it is gone.
    pub fn place(&self, window: Window, (x, y): (i32, i32), (width, height): (u32, u32)) {
        let place = ConfigureWindowAux::new().x(x).y(y).width(width).height(height);
        self.connection.configure_window(window, &place).expect("asked").check().expect("the window is there");
    }

    /// Puts a window away as its minimize button does.
    ///
    /// # Panics
    /// When the display does not answer.
    pub fn minimize(&self, window: Window) {
        const ICONIC: u32 = 3;
        let message = ClientMessageEvent::new(32, window, self.atom(b"WM_CHANGE_STATE"), [ICONIC, 0, 0, 0, 0]);
        let to = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root, to, message).expect("sent");
        self.connection.flush().expect("flushed");
    }

    /// Closes a window as its close button does.
    ///
    /// # Panics
    /// When it is gone.
    pub fn close(&self, window: Window) {
        let data = [self.atom(b"WM_DELETE_WINDOW"), 0, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, self.atom(b"WM_PROTOCOLS"), data);
        self.connection.send_event(false, window, EventMask::NO_EVENT, message).expect("sent");
        self.connection.flush().expect("flushed");
    }

    /// The windows of programs: a window manager puts each into a frame of its own.
    fn top_level(&self) -> Vec<Window> {
        let children = |window: Window| {
            let tree = self.connection.query_tree(window).ok().and_then(|asked| asked.reply().ok());
            tree.map(|tree| tree.children).unwrap_or_default()
        };
        children(self.root).into_iter().flat_map(|window| children(window).into_iter().chain([window])).collect()
    }

    /// Whether a window of a program with this class is shown.
    pub(crate) fn shows_class(&self, class: &[u8]) -> bool {
        self.top_level().into_iter().any(|window| self.is_shown_as(window, class).unwrap_or(false))
    }

    fn is_rolecall(&self, window: Window) -> Option<bool> {
        let name = self.property(window, AtomEnum::WM_NAME.into())?;
        // The frame of a window manager may bear the same title.
        Some(name == b"Rolecall" && self.is_shown_as(window, b"rolecall")?)
    }

    fn is_shown_as(&self, window: Window, class: &[u8]) -> Option<bool> {
        let attributes = self.connection.get_window_attributes(window).ok()?.reply().ok()?;
        let own = self.property(window, AtomEnum::WM_CLASS.into())?.to_ascii_lowercase();
        Some(attributes.map_state == MapState::VIEWABLE && own.starts_with(class))
    }

    fn property(&self, window: Window, name: u32) -> Option<Vec<u8>> {
        let asked = self.connection.get_property(false, window, name, AtomEnum::ANY, 0, 64).ok()?;
        Some(asked.reply().ok()?.value)
    }

    fn atom(&self, name: &[u8]) -> u32 {
        self.connection.intern_atom(false, name).expect("asked").reply().expect("told").atom
    }
}

/// A display of a test's own, without a window manager. It goes away with this value, as at log-out.
pub struct PrivateDisplay {
    server: Child,
    name: String,
}

impl PrivateDisplay {
    /// Starts it.
    ///
    /// # Panics
    /// When Xvfb is not installed or does not come up.
    #[must_use]
    pub fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]);
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb is installed");
        let mut number = String::new();
        let output = server.stdout.take().expect("it was piped");
        BufReader::new(output).read_line(&mut number).expect("Xvfb tells its number");
        Self { server, name: format!(":{}", number.trim()) }
    }

    /// The value of `DISPLAY` for it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Connects to it.
    #[must_use]
    pub fn open(&self) -> Display {
        Display::connect(Some(&self.name))
    }
}

impl Drop for PrivateDisplay {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
