//! The window: created when it is requested and destroyed when it is closed, so that it takes no memory in the tray.

use std::sync::{Mutex, OnceLock};

use rolecall_engine::config::Theme;
use rolecall_engine::engine::Live;
use serde_json::Value;
use tauri::utils::config::Color;
use tauri::webview::NewWindowResponse;
use tauri::{
    AppHandle, Manager as _, Theme as NativeTheme, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};

mod placement;

use self::placement::{Placement, remember};
pub(crate) use self::placement::{Zoom, zoom};
use crate::environment;

/// The name of the one window, as in `capabilities/main.json`.
pub(crate) const LABEL: &str = "main";

/// The colour of the page's ground, so that nothing flashes before the page has drawn: `--desk` of `tokens.css`.
const BACKGROUND_LIGHT: Color = Color(0xe7, 0xec, 0xe7, 0xff);
const BACKGROUND_DARK: Color = Color(0x0d, 0x11, 0x0f, 0xff);

/// The system's typeface as the page's style names it, where it was asked for.
static SYSTEM_FONT: OnceLock<String> = OnceLock::new();

/// Makes the window at the start of the program. Without one the program would be invisible, so then it ends.
pub(crate) fn show_first(app: &AppHandle) {
    if let Err(error) = build(app) {
        tracing::error!("the window can't be made: {error}");
        app.exit(1);
    }
}

/// Brings the window to the front, making it again where it was closed. Returns at once, from any thread.
pub(crate) fn show(app: &AppHandle) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let app = app.clone();
    // Made from an event handler's own thread, a window would wait for itself on Windows.
    tauri::async_runtime::spawn_blocking(move || {
        let _one = ONE_AT_A_TIME.lock();
        let result = match app.get_webview_window(LABEL) {
            Some(window) => raise(&window),
            None => build(&app),
        };
        if let Err(error) = result {
            tracing::error!("the window can't be shown: {error}");
        }
    });
}

/// Hides the window and remembers its place, before the program ends: what the end waits for must not look like a window
/// that hangs.
pub(crate) fn put_away(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    remember(&window);
    if let Err(error) = window.hide() {
        tracing::debug!("the window can't be hidden: {error}");
    }
}

fn remember_when_closed(window: &WebviewWindow) {
    let closing = window.clone();
    window.on_window_event(move |event| {
        match event {
            WindowEvent::CloseRequested { .. } => remember(&closing),
            // What was pasted is held no longer than its screen is there.
            WindowEvent::Destroyed => closing.state::<crate::Shell>().live().forget_pasted(),
            _ => {}
        }
    });
}

fn raise(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

/// Makes the window light or dark, from now on.
pub(crate) fn apply_theme(app: &AppHandle, theme: Theme) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    if let Err(error) = set_theme(&window, theme).and_then(|()| set_background(&window, theme)) {
        tracing::warn!("the window can't change its theme: {error}");
    }
}

fn set_theme(window: &WebviewWindow, theme: Theme) -> tauri::Result<()> {
    window.set_theme(native_theme(theme))?;
    // GTK takes "as the system" for light.
    if cfg!(target_os = "linux") && theme == Theme::System && window.theme()? == NativeTheme::Dark {
        window.set_theme(Some(NativeTheme::Dark))?;
    }
    Ok(())
}

/// What the toolkit calls a theme; nothing where the system decides.
fn native_theme(theme: Theme) -> Option<NativeTheme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(NativeTheme::Light),
        Theme::Dark => Some(NativeTheme::Dark),
    }
}

fn set_background(window: &WebviewWindow, theme: Theme) -> tauri::Result<()> {
    let native = native_theme(theme).map_or_else(|| window.theme(), Ok)?;
    window.set_background_color(Some(if native == NativeTheme::Dark { BACKGROUND_DARK } else { BACKGROUND_LIGHT }))
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    let theme = app.state::<Live>().view().borrow().settings.theme;
    let placement = Placement::remembered(app);
    let builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .initialization_script(initialization_script(app))
        .title("Rolecall")
        .min_inner_size(320.0, 480.0)
        .theme(native_theme(theme))
        // What is dropped goes to the page, which reads it where it asks for that, and nowhere else.
        .disable_drag_drop_handler()
        .incognito(!environment::is_automated())
        .on_navigation(is_app_url)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false);
    let window = placement.apply(builder).build()?;
    placement.zoom_in(&window)?;
    remember_when_closed(&window);
    // The toolkit of Linux does not take it from the builder.
    if cfg!(target_os = "linux") && theme != Theme::System {
        window.set_theme(native_theme(theme))?;
    }
    set_background(&window, theme)
}

/// What the page would otherwise have to find out first: what to draw, and on Linux what the system's typeface is called.
/// There the webview looks for `system-ui` again for every size and weight, which takes longer than all the drawing.
fn initialization_script(app: &AppHandle) -> String {
    let first = serde_json::to_string(&*app.state::<Live>().view().borrow()).unwrap_or_else(|_| "null".into());
    let typeface = SYSTEM_FONT.get().map_or_else(String::new, |family| {
        let family = Value::from(family.as_str());
        format!("document.documentElement.style.setProperty('--sans', {family});")
    });
    format!("window.firstView = {first};{typeface}")
}

/// Asks the toolkit for the system's typeface. To be called on the main thread.
#[cfg(target_os = "linux")]
pub(crate) fn query_system_font() {
    use gtk::prelude::GtkSettingsExt as _;
    let description = gtk::Settings::default().and_then(|settings| settings.gtk_font_name());
    let family = description.and_then(|description| gtk::pango::FontDescription::from_string(&description).family());
    // "Sans" is no typeface; it stands for any.
    let family = family.filter(|family| !family.is_empty() && !family.eq_ignore_ascii_case("sans"));
    let list =
        family.map_or_else(|| "sans-serif".into(), |family| format!("{}, sans-serif", Value::from(family.as_str())));
    let _ = SYSTEM_FONT.set(list);
}

/// Nothing but our own page is ever shown, whatever a link, a script or a dropped file asks for (UI-4).
fn is_app_url(url: &Url) -> bool {
    let (scheme, host) = (url.scheme(), url.host_str());
    if cfg!(windows) {
        (scheme, host) == ("http", Some("tauri.localhost"))
    } else {
        (scheme, host) == ("tauri", Some("localhost"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ui_4_only_the_page_of_the_program_is_ours() {
        let ours = if cfg!(windows) { "http://tauri.localhost/index.html" } else { "tauri://localhost/index.html" };
        assert!(is_app_url(&Url::parse(ours).unwrap()));
        for foreign in [
            "https://example.com/",
            "http://localhost/",
            "http://127.0.0.1:8080/callback?code=x",
            "file:///etc/passwd",
            "data:text/html,x",
            "about:blank",
            "tauri://localhost.example.com/",
            "javascript:alert(1)",
        ] {
            assert!(!is_app_url(&Url::parse(foreign).unwrap()), "{foreign}");
        }
    }
}
