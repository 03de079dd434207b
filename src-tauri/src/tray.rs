//! The icon in the tray, drawn from the engine's menu. What is chosen there goes to a callback.

mod icons;

use std::sync::Arc;

use rolecall_engine::view::Action;

/// Called with what was chosen, from any thread. Returns at once.
pub(crate) type OnAction = Arc<dyn Fn(&Action) + Send + Sync>;

#[cfg(target_os = "linux")]
mod linux_ksni;
#[cfg(not(target_os = "linux"))]
mod tauri_tray;

#[cfg(target_os = "linux")]
pub(crate) use linux_ksni::Tray;
#[cfg(not(target_os = "linux"))]
pub(crate) use tauri_tray::Tray;
