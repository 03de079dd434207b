//! The program as a whole, with the toolkit or without: in the tray alone it needs neither GTK nor a webview, so there they
//! are not even begun.

use std::ops::Deref;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rolecall_engine::Engine;
use tauri::{AppHandle, Manager as _};

use crate::desk::Desk;
use crate::window;

/// The desk, and the toolkit once it is up. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Shell {
    inner: Arc<Inner>,
}

struct Inner {
    desk: Desk,
    app: OnceLock<AppHandle>,
    asked: Sender<Wish>,
    wishes: Mutex<Receiver<Wish>>,
    /// A window is there or about to be.
    window_wanted: Mutex<bool>,
}

/// What can be wished for while the program is in the tray alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The window.
    Window,
    /// The end.
    End,
}

impl Shell {
    /// Must be called within the tokio runtime.
    pub(crate) fn new(engine: Engine) -> Self {
        let (asked, wishes) = channel();
        let inner = Inner {
            desk: Desk::new(engine),
            app: OnceLock::new(),
            asked,
            wishes: Mutex::new(wishes),
            window_wanted: Mutex::new(true),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The toolkit, where it is up.
    pub(crate) fn app(&self) -> Option<&AppHandle> {
        self.inner.app.get()
    }

    /// From now on the toolkit is up. Tells whether the end was wished for meanwhile.
    pub(crate) fn came_up(&self, app: &AppHandle) -> bool {
        let _ = self.inner.app.set(app.clone());
        let wishes = self.inner.wishes.lock().unwrap_or_else(PoisonError::into_inner);
        wishes.try_iter().any(|wish| wish == Wish::End)
    }

    /// Waits in the tray alone.
    #[cfg(target_os = "linux")]
    pub(crate) fn wait(&self) -> Wish {
        let wishes = self.inner.wishes.lock().unwrap_or_else(PoisonError::into_inner);
        wishes.recv().unwrap_or(Wish::End)
    }

    /// Brings the window to the front. Returns at once, from any thread.
    pub(crate) fn show_window(&self) {
        *self.window_wanted() = true;
        match self.app() {
            Some(app) => window::show(app),
            None => self.wish(Wish::Window),
        }
    }

    /// Ends the program.
    pub(crate) fn end(&self) {
        match self.app() {
            Some(app) => app.exit(0),
            None => self.wish(Wish::End),
        }
    }

    /// Whether a window is there or about to be. While the answer is held on to, it stays true.
    pub(crate) fn window_wanted(&self) -> MutexGuard<'_, bool> {
        self.inner.window_wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a page to tell.
    pub(crate) fn has_window(&self) -> bool {
        self.app().is_some_and(|app| app.get_webview_window(window::LABEL).is_some())
    }

    fn wish(&self, wish: Wish) {
        let _ = self.inner.asked.send(wish);
    }
}

impl Deref for Shell {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.inner.desk
    }
}
