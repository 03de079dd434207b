//! Size, place and zoom of the window, as they were when it was last closed.

use rolecall_engine::Engine;
use rolecall_engine::engine::WindowPlacement;
use serde::Deserialize;
use tauri::{AppHandle, Manager as _, WebviewWindow, WebviewWindowBuilder, Wry};

use super::LABEL;

/// The size of the first window at usual text, in CSS pixels.
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 640.0;

/// The steps of the zoom, as browsers have them.
const ZOOM_STEPS: [f64; 13] = [0.5, 0.67, 0.75, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0];

/// The effect of a zoom key.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Zoom {
    /// Larger.
    In,
    /// Smaller.
    Out,
    /// The initial size.
    Reset,
}

/// How a window is to come up.
pub(super) struct Placement {
    size: (f64, f64),
    position: Option<(f64, f64)>,
    zoom: f64,
}

impl Placement {
    /// As the last window was, as far as it still fits the screens; else as large as the text asks for.
    pub(super) fn remembered(app: &AppHandle) -> Self {
        let stored = app.state::<Engine>().window_placement();
        let zoom = stored.as_ref().map_or(1.0, |stored| nearest_step(stored.zoom));
        let Some(stored) = stored.filter(|stored| stored.width > 0.0 && stored.height > 0.0) else {
            return Self { size: first_size(app), position: None, zoom };
        };
        let position = stored.position.filter(|position| is_on_a_screen(app, *position));
        Self { size: fitting(app, (stored.width, stored.height)), position, zoom }
    }

    pub(super) fn apply<'a>(
        &self,
        builder: WebviewWindowBuilder<'a, Wry, AppHandle>,
    ) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
        let builder = builder.inner_size(self.size.0, self.size.1);
        match self.position {
            Some((x, y)) => builder.position(x, y),
            None => builder,
        }
    }

    pub(super) fn zoom_in(&self, window: &WebviewWindow) -> tauri::Result<()> {
        if is_same(self.zoom, 1.0) { Ok(()) } else { window.set_zoom(self.zoom) }
    }
}

/// Remembers size and place of a window that is about to go. One that fills the screen is not remembered as such.
pub(super) fn remember(window: &WebviewWindow) {
    let placement = match measure(window) {
        Ok(Some(placement)) => placement,
        Ok(None) => return,
        Err(error) => return tracing::debug!("the window can't be measured: {error}"),
    };
    store(window.app_handle(), &placement);
}

fn measure(window: &WebviewWindow) -> tauri::Result<Option<WindowPlacement>> {
    if window.is_maximized()? || window.is_fullscreen()? || window.is_minimized()? {
        return Ok(None);
    }
    let scale = window.scale_factor()?;
    let size = window.inner_size()?.to_logical::<f64>(scale);
    // Wayland does not tell where a window is.
    let position = window.outer_position().ok().map(|at| at.to_logical::<f64>(scale)).map(|at| (at.x, at.y));
    let zoom = window.state::<Engine>().window_placement().map_or(1.0, |stored| stored.zoom);
    Ok(Some(WindowPlacement { width: size.width, height: size.height, position, zoom }))
}

/// Zooms the page by a step and remembers it.
pub(crate) fn zoom(app: &AppHandle, direction: Zoom) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    let stored = app.state::<Engine>().window_placement().unwrap_or_default();
    let zoom = stepped(stored.zoom, direction);
    if let Err(error) = window.set_zoom(zoom) {
        return tracing::warn!("the page can't be zoomed: {error}");
    }
    store(app, &WindowPlacement { zoom, ..stored });
}

fn store(app: &AppHandle, placement: &WindowPlacement) {
    if let Err(problem) = app.state::<Engine>().remember_window_placement(placement) {
        tracing::warn!(%problem, "the window's place can't be remembered");
    }
}

fn stepped(zoom: f64, direction: Zoom) -> f64 {
    let zoom = nearest_step(zoom);
    let step = match direction {
        Zoom::In => ZOOM_STEPS.iter().find(|step| **step > zoom && !is_same(**step, zoom)),
        Zoom::Out => ZOOM_STEPS.iter().rev().find(|step| **step < zoom && !is_same(**step, zoom)),
        Zoom::Reset => Some(&1.0),
    };
    *step.unwrap_or(&zoom)
}

/// A file may hold any number.
fn nearest_step(zoom: f64) -> f64 {
    let distance = |step: &f64| (step - zoom).abs();
    let nearest = ZOOM_STEPS.iter().copied().min_by(|one, other| distance(one).total_cmp(&distance(other)));
    nearest.filter(|_| zoom.is_finite()).unwrap_or(1.0)
}

fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.01
}

fn first_size(app: &AppHandle) -> (f64, f64) {
    let text = text_scale();
    fitting(app, (WIDTH * text, HEIGHT * text))
}

/// No larger than the screen leaves room for.
fn fitting(app: &AppHandle, (width, height): (f64, f64)) -> (f64, f64) {
    let Ok(Some(monitor)) = app.primary_monitor() else { return (width, height) };
    let area = monitor.work_area().size.to_logical::<f64>(monitor.scale_factor());
    // The frame and its title need some of it.
    (width.min(area.width * 0.95), height.min(area.height * 0.9))
}

fn is_on_a_screen(app: &AppHandle, (x, y): (f64, f64)) -> bool {
    // Enough of the title bar to drag the window by.
    const GRIP: f64 = 80.0;
    let monitors = app.available_monitors().unwrap_or_default();
    monitors.iter().any(|monitor| {
        let (scale, area) = (monitor.scale_factor(), monitor.work_area());
        let (at, size) = (area.position.to_logical::<f64>(scale), area.size.to_logical::<f64>(scale));
        let across = x + GRIP <= at.x + size.width && x + GRIP >= at.x;
        across && y >= at.y - GRIP && y + GRIP <= at.y + size.height
    })
}

/// How much larger than usual the person has text drawn: 1.5 for one and a half times.
#[cfg(target_os = "linux")]
fn text_scale() -> f64 {
    // In dots per inch: 96 are the usual size, and a negative number means that nobody chose.
    let dpi = gtk::gdk::Screen::default().map_or(-1.0, |screen| screen.resolution());
    if dpi > 0.0 { (dpi / 96.0).clamp(1.0, 3.0) } else { 1.0 }
}

/// Elsewhere the scale of the screen covers the text.
#[cfg(not(target_os = "linux"))]
fn text_scale() -> f64 {
    1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zoom_goes_by_steps_and_stops_at_both_ends() {
        assert!(is_same(stepped(1.0, Zoom::In), 1.1) && is_same(stepped(1.0, Zoom::Out), 0.9));
        assert!(is_same(stepped(3.0, Zoom::In), 3.0) && is_same(stepped(0.5, Zoom::Out), 0.5));
        assert!(is_same(stepped(2.5, Zoom::Reset), 1.0));
        assert!(is_same(nearest_step(f64::NAN), 1.0) && is_same(nearest_step(1e9), 3.0));
    }
}
