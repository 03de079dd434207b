//! The states of the icon, as pixels within the program.

use rolecall_engine::view::TrayIcon;
use tauri::image::Image;
use tauri::include_image;

#[cfg(not(target_os = "macos"))]
const IN: [Image<'static>; 5] = [
    include_image!("icons/tray/in-22.png"),
    include_image!("icons/tray/in-24.png"),
    include_image!("icons/tray/in-32.png"),
    include_image!("icons/tray/in-44.png"),
    include_image!("icons/tray/in-48.png"),
];
#[cfg(not(target_os = "macos"))]
const BUSY: [Image<'static>; 5] = [
    include_image!("icons/tray/busy-22.png"),
    include_image!("icons/tray/busy-24.png"),
    include_image!("icons/tray/busy-32.png"),
    include_image!("icons/tray/busy-44.png"),
    include_image!("icons/tray/busy-48.png"),
];
#[cfg(not(target_os = "macos"))]
const OUT: [Image<'static>; 5] = [
    include_image!("icons/tray/out-22.png"),
    include_image!("icons/tray/out-24.png"),
    include_image!("icons/tray/out-32.png"),
    include_image!("icons/tray/out-44.png"),
    include_image!("icons/tray/out-48.png"),
];
#[cfg(not(target_os = "macos"))]
const ATTENTION: [Image<'static>; 5] = [
    include_image!("icons/tray/attention-22.png"),
    include_image!("icons/tray/attention-24.png"),
    include_image!("icons/tray/attention-32.png"),
    include_image!("icons/tray/attention-44.png"),
    include_image!("icons/tray/attention-48.png"),
];
#[cfg(not(target_os = "macos"))]
const ENDED: [Image<'static>; 5] = [
    include_image!("icons/tray/ended-22.png"),
    include_image!("icons/tray/ended-24.png"),
    include_image!("icons/tray/ended-32.png"),
    include_image!("icons/tray/ended-44.png"),
    include_image!("icons/tray/ended-48.png"),
];

/// The drawing for a state, in the sizes panels ask for, smallest first.
#[cfg(not(target_os = "macos"))]
pub(super) fn sizes(state: TrayIcon) -> [Image<'static>; 5] {
    match state {
        TrayIcon::SignedIn => IN,
        TrayIcon::Busy => BUSY,
        TrayIcon::SignedOut => OUT,
        TrayIcon::Attention => ATTENTION,
        TrayIcon::Ended => ENDED,
    }
}

/// The drawing for a state in black, which macOS colours for its menu bar.
#[cfg(target_os = "macos")]
pub(super) fn template(state: TrayIcon) -> Image<'static> {
    match state {
        TrayIcon::SignedIn => include_image!("icons/tray/in-template.png"),
        TrayIcon::Busy => include_image!("icons/tray/busy-template.png"),
        TrayIcon::SignedOut => include_image!("icons/tray/out-template.png"),
        TrayIcon::Attention => include_image!("icons/tray/attention-template.png"),
        TrayIcon::Ended => include_image!("icons/tray/ended-template.png"),
    }
}
