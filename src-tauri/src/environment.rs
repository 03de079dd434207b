//! The process environment, put in order before anything reads it. The one file of the product with `unsafe`.
#![expect(unsafe_code, reason = "removing a variable is unsafe once there are threads; here there are none yet")]

/// Variables by which another program could look into or steer the webview (UI-5).
const DEBUG_VARIABLES: [&str; 5] = [
    "WEBKIT_INSPECTOR_SERVER",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
    "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS",
    "TAURI_AUTOMATION",
    "TAURI_WEBVIEW_AUTOMATION",
];

/// Closes the doors into the webview. To be called first in `main`, before any thread is started.
pub(crate) fn remove_debug_variables() {
    if is_automated() {
        return;
    }
    for name in DEBUG_VARIABLES {
        if std::env::var_os(name).is_some() {
            // SAFETY: `main` calls this before it starts a thread, so nothing else reads the environment meanwhile.
            unsafe { std::env::remove_var(name) };
        }
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
