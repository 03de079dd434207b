//! Prepares the process's environment before anything reads it. The only file of the product with `unsafe`.
#![expect(
    unsafe_code,
    reason = "variables are changed before there are threads; Xlib takes a callback as a C function"
)]

use std::sync::OnceLock;

/// Variables by which another program could look into or steer the webview (UI-5).
const DEBUG_VARIABLES: [&str; 5] = [
    "WEBKIT_INSPECTOR_SERVER",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
    "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS",
    "TAURI_AUTOMATION",
    "TAURI_WEBVIEW_AUTOMATION",
];

/// Has the webview draw by the processor. Its own setting for that can only be reached once the page has begun to load,
/// and a page whose drawing is switched then no longer scrolls by the wheel.
#[cfg(target_os = "linux")]
const NO_ACCELERATION: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

static WITHHELD: OnceLock<&[&str]> = OnceLock::new();

/// Variables that this program set for itself. What it starts must not inherit them: another program with a webview, such
/// as a browser, would draw by the processor for days.
pub(crate) fn withheld() -> &'static [&'static str] {
    WITHHELD.get().copied().unwrap_or_default()
}

/// Takes variables away that reach into the webview, and has it draw without the graphics card: the page is text on plain
/// ground. It is there sooner then, and the web process takes a third less memory. To be called first in `main`, before
/// any thread is started.
pub(crate) fn prepare_webview() {
    #[cfg(target_os = "linux")]
    if std::env::var_os(NO_ACCELERATION).is_none() {
        // SAFETY: `main` calls this before it starts a thread, so nothing else reads the environment in the meantime.
        unsafe { std::env::set_var(NO_ACCELERATION, "1") };
        let _ = WITHHELD.set(&[NO_ACCELERATION]);
    }
    if is_automated() {
        return;
    }
    for name in DEBUG_VARIABLES {
        if std::env::var_os(name).is_some() {
            // SAFETY: as above.
            unsafe { std::env::remove_var(name) };
        }
    }
}

/// Calls `then` on the main thread when the X server goes away, as it does at log-out: GDK's own handler ends the process
/// on the spot. There is no such hook for Wayland.
#[cfg(target_os = "linux")]
pub(crate) fn on_lost_display(then: fn()) {
    let _ = LOST_DISPLAY.set(then);
}

#[cfg(target_os = "linux")]
static LOST_DISPLAY: OnceLock<fn()> = OnceLock::new();

/// Puts our handler in the place of GDK's. To be called once GDK has opened the display.
#[cfg(target_os = "linux")]
pub(crate) fn handle_lost_display() {
    use std::ffi::c_int;
    use x11_dl::xlib::{Display, Xlib};

    unsafe extern "C" {
        fn _exit(status: c_int) -> !;
    }

    unsafe extern "C" fn lost(_: *mut Display) -> c_int {
        if let Some(then) = LOST_DISPLAY.get() {
            then();
        }
        // Xlib would end the process if this returned. More than one thread comes here, and the handlers that `exit` runs
        // would wait for each other and for the display.
        // SAFETY: ends the process, and nothing else.
        unsafe { _exit(1) }
    }

    match Xlib::open() {
        // SAFETY: sets a function pointer of the library that GDK has loaded as well; `lost` has the type it asks for.
        Ok(xlib) => drop(unsafe { (xlib.XSetIOErrorHandler)(Some(lost)) }),
        Err(error) => tracing::debug!("no Xlib: {error}"),
    }
}

/// Whether `WebDriver` steers this window. Never in a release build.
pub(crate) fn is_automated() -> bool {
    cfg!(debug_assertions) && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|value| value == "true")
}

/// Whether the files of this Rolecall are not where they usually are: a demo, or a test.
pub(crate) fn files_are_elsewhere() -> bool {
    std::env::var_os("ROLECALL_CONFIG_DIR").is_some_and(|folder| !folder.is_empty())
}

/// Whether there is anything to draw a window on.
pub(crate) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
