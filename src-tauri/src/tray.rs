//! The icon in the tray, drawn from the engine's menu. What is chosen there goes to [`crate::tray_actions::choose`].

mod icons;

#[cfg(target_os = "linux")]
mod linux_ksni;
#[cfg(not(target_os = "linux"))]
mod tauri_tray;

#[cfg(target_os = "linux")]
pub(crate) use linux_ksni::Tray;
#[cfg(not(target_os = "linux"))]
pub(crate) use tauri_tray::Tray;
