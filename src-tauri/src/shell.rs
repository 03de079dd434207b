//! The program as a whole, with the toolkit or without: in the tray alone it needs neither GTK nor a webview, so there they
//! are not even begun.

use std::ops::Deref;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rolecall_engine::Engine;
use tauri::{AppHandle, Manager as _};

use crate::tray_actions::Shared;
use crate::window;

/// The desk, and the toolkit once it is up. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Shell {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Shared,
    app: OnceLock<AppHandle>,
    requester: Sender<Request>,
    requests: Mutex<Receiver<Request>>,
    /// A window is there or about to be.
    window_wanted: Mutex<bool>,
}

/// What can be wished for while the program is in the tray alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// The window.
    Window,
    /// The end.
    Quit,
}

impl Shell {
    /// Must be called within the tokio runtime.
    pub(crate) fn new(engine: Engine) -> Self {
        let (requester, requests) = channel();
        let inner = Inner {
            shared: Shared::new(engine),
            app: OnceLock::new(),
            requester,
            requests: Mutex::new(requests),
            window_wanted: Mutex::new(true),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The toolkit, where it is up.
    pub(crate) fn app(&self) -> Option<&AppHandle> {
        self.inner.app.get()
    }

    /// From now on the toolkit is up. Tells whether the end was wished for meanwhile.
    pub(crate) fn toolkit_started(&self, app: &AppHandle) -> bool {
        let _ = self.inner.app.set(app.clone());
        let requests = self.inner.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.try_iter().any(|request| request == Request::Quit)
    }

    /// Waits in the tray alone.
    #[cfg(target_os = "linux")]
    pub(crate) fn wait(&self) -> Request {
        let requests = self.inner.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.recv().unwrap_or(Request::Quit)
    }

    /// Brings the window to the front. Returns at once, from any thread.
    pub(crate) fn show_window(&self) {
        *self.window_wanted() = true;
        match self.app() {
            Some(app) => window::show(app),
            None => self.request(Request::Window),
        }
    }

    /// Ends the program.
    pub(crate) fn end(&self) {
        match self.app() {
            Some(app) => app.exit(0),
            None => self.request(Request::Quit),
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

    fn request(&self, request: Request) {
        let _ = self.inner.requester.send(request);
    }
}

impl Deref for Shell {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.inner.shared
    }
}
