//! The state of the program, with the toolkit or without: in the tray alone it needs neither GTK nor a webview, so there
//! they are not started.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rolecall_engine::Engine;
use rolecall_engine::engine::Live;
use tauri::{AppHandle, Manager as _};

use crate::single_instance::Instance;
use crate::token_clipboard::TokenClipboard;
use crate::toolkit::Toolkit;
use crate::tray::Tray;
use crate::window;

/// What window, tray and commands share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Shell {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    live: Live,
    clipboard: TokenClipboard,
    tray: Tray,
    instance: Instance,
    toolkit: Toolkit,
    requester: Sender<Request>,
    requests: Mutex<Receiver<Request>>,
    /// A window is there or about to be.
    window_wanted: Mutex<bool>,
    restart_wanted: AtomicBool,
}

/// What can be asked for while the toolkit is not up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// The window.
    Window,
    /// The end of the program.
    Quit,
}

impl Shell {
    /// Must be called within the tokio runtime.
    pub(crate) fn new(engine: Engine) -> Self {
        let (requester, requests) = channel();
        let (live, toolkit) = (engine.live(), Toolkit::default());
        let clock = engine.ports().clock.clone();
        let inner = Inner {
            clipboard: TokenClipboard::new(live.clone(), clock, toolkit.clone()),
            live,
            engine,
            tray: Tray::default(),
            instance: Instance::default(),
            toolkit,
            requester,
            requests: Mutex::new(requests),
            window_wanted: Mutex::new(true),
            restart_wanted: AtomicBool::new(false),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The engine.
    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// The live state of the engine.
    pub(crate) fn live(&self) -> &Live {
        &self.inner.live
    }

    /// The clipboard.
    pub(crate) fn clipboard(&self) -> &TokenClipboard {
        &self.inner.clipboard
    }

    /// The icon in the tray.
    pub(crate) fn tray(&self) -> &Tray {
        &self.inner.tray
    }

    /// The name by which a second start finds this process.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere a plugin holds the name"))]
    pub(crate) fn instance(&self) -> &Instance {
        &self.inner.instance
    }

    /// The toolkit.
    pub(crate) fn toolkit(&self) -> &Toolkit {
        &self.inner.toolkit
    }

    /// From now on the toolkit is up. Tells whether quitting was asked for in the meantime.
    pub(crate) fn toolkit_started(&self, app: &AppHandle) -> bool {
        self.inner.toolkit.set(app);
        let requests = self.inner.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.try_iter().any(|request| request == Request::Quit)
    }

    /// Blocks until something is asked for while the toolkit is not up.
    #[cfg(target_os = "linux")]
    pub(crate) fn wait(&self) -> Request {
        let requests = self.inner.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.recv().unwrap_or(Request::Quit)
    }

    /// Brings the window to the front. Returns at once, from any thread.
    pub(crate) fn show_window(&self) {
        *self.window_wanted() = true;
        match self.toolkit().get() {
            Some(app) => window::show(app),
            None => self.request(Request::Window),
        }
    }

    /// Ends the program, which then waits for what is in flight. Returns at once, from any thread.
    pub(crate) fn quit(&self) {
        // Sent first: a toolkit that comes up in between finds the request there, or is seen here.
        self.request(Request::Quit);
        if let Some(app) = self.toolkit().get().cloned() {
            // Asking the window for its size waits for the main thread.
            tauri::async_runtime::spawn_blocking(move || {
                window::put_away(&app);
                app.exit(0);
            });
        }
    }

    /// Ends the program as [`Shell::quit`] does, and starts what lies in its place by then.
    pub(crate) fn restart(&self) {
        self.inner.restart_wanted.store(true, Ordering::SeqCst);
        self.quit();
    }

    /// Whether the program is to be started again once it has ended.
    pub(crate) fn restart_wanted(&self) -> bool {
        self.inner.restart_wanted.load(Ordering::SeqCst)
    }

    /// Closes the window, as its close button does.
    pub(crate) fn close_window(&self) {
        if let Some(window) = self.toolkit().get().and_then(|app| app.get_webview_window(window::LABEL))
            && let Err(error) = window.close()
        {
            tracing::warn!("the window can't be closed: {error}");
        }
    }

    /// Whether a window is there or about to be. While the guard lives, no window is asked for.
    pub(crate) fn window_wanted(&self) -> MutexGuard<'_, bool> {
        self.inner.window_wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a page to tell.
    pub(crate) fn has_window(&self) -> bool {
        self.toolkit().get().is_some_and(|app| app.get_webview_window(window::LABEL).is_some())
    }

    fn request(&self, request: Request) {
        let _ = self.inner.requester.send(request);
    }
}
