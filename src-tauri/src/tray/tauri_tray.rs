//! The tray of Windows and the menu bar of macOS.

use std::sync::OnceLock;

use rolecall_engine::view::{Action, Menu, MenuItem, TrayIcon as State};
use tauri::image::Image;
use tauri::menu::{IsMenuItem, MenuBuilder, MenuItemBuilder, PredefinedMenuItem, Submenu, SubmenuBuilder};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};

use super::{OnAction, icons};
use crate::toolkit::Toolkit;

/// The icon in the tray, once it is up.
#[derive(Default)]
pub(crate) struct Tray {
    icon: OnceLock<TrayIcon>,
}

impl Tray {
    /// Puts the icon up.
    pub(crate) async fn show(&self, toolkit: &Toolkit, menu: &Menu, on_action: OnAction) {
        let Some(app) = toolkit.get() else { return };
        match build(app, menu, on_action) {
            Ok(icon) => {
                let _ = self.icon.set(icon);
            }
            Err(error) => tracing::warn!("no tray: {error}"),
        }
    }

    /// Redraws the menu.
    pub(crate) async fn update(&self, menu: &Menu) {
        if let Some(icon) = self.icon.get()
            && let Err(error) = redraw(icon, menu)
        {
            tracing::warn!("the tray can't be drawn: {error}");
        }
    }

    /// The toolkit takes it down with itself.
    #[expect(clippy::unused_async, clippy::unused_self, reason = "as on Linux")]
    pub(crate) async fn remove(&self) {}

    /// Whether a person can see the icon now, so that a closed window can be opened again.
    pub(crate) async fn is_shown(&self) -> bool {
        self.icon.get().is_some()
    }
}

fn build(app: &AppHandle, menu: &Menu, on_action: OnAction) -> tauri::Result<TrayIcon> {
    let on_click = on_action.clone();
    TrayIconBuilder::with_id("rolecall")
        .icon(image(menu.icon))
        .icon_as_template(cfg!(target_os = "macos"))
        .tooltip(&menu.tooltip)
        .menu(&draw_menu(app, menu)?)
        // In the menu bar of macOS a click opens the menu; in the tray of Windows it opens the window.
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(move |_, event| {
            if let Ok(action) = serde_json::from_str::<Action>(&event.id().0) {
                on_action(&action);
            }
        })
        .on_tray_icon_event(move |_, event| {
            let left = matches!(
                event,
                TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
            );
            if left && !cfg!(target_os = "macos") {
                on_click(&Action::Open);
            }
        })
        .build(app)
}

fn redraw(icon: &TrayIcon, menu: &Menu) -> tauri::Result<()> {
    icon.set_icon_with_as_template(Some(image(menu.icon)), cfg!(target_os = "macos"))?;
    icon.set_tooltip(Some(&menu.tooltip))?;
    icon.set_menu(Some(draw_menu(icon.app_handle(), menu)?))
}

fn draw_menu(app: &AppHandle, menu: &Menu) -> tauri::Result<tauri::menu::Menu<Wry>> {
    let lines = lines(app, &menu.items)?;
    let lines: Vec<&dyn IsMenuItem<Wry>> = lines.iter().map(AsRef::as_ref).collect();
    MenuBuilder::new(app).items(&lines).build()
}

fn lines(app: &AppHandle, items: &[MenuItem]) -> tauri::Result<Vec<Box<dyn IsMenuItem<Wry>>>> {
    items.iter().map(|item| line(app, item)).collect()
}

fn line(app: &AppHandle, item: &MenuItem) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    Ok(match item {
        MenuItem::Label { label } => Box::new(MenuItemBuilder::new(without_mnemonic(label)).enabled(false).build(app)?),
        MenuItem::Command { label, action, enabled } => {
            let id = serde_json::to_string(action)?;
            Box::new(MenuItemBuilder::with_id(id, without_mnemonic(label)).enabled(*enabled).build(app)?)
        }
        MenuItem::Submenu { label, items } => Box::new(inside(app, label, items)?),
        MenuItem::Separator => Box::new(PredefinedMenuItem::separator(app)?),
    })
}

fn inside(app: &AppHandle, label: &str, items: &[MenuItem]) -> tauri::Result<Submenu<Wry>> {
    let lines = lines(app, items)?;
    let lines: Vec<&dyn IsMenuItem<Wry>> = lines.iter().map(AsRef::as_ref).collect();
    SubmenuBuilder::new(app, without_mnemonic(label)).items(&lines).build()
}

/// In a menu label one ampersand marks a key and two are one.
fn without_mnemonic(label: &str) -> String {
    label.replace('&', "&&")
}

#[cfg(target_os = "macos")]
fn image(state: State) -> Image<'static> {
    icons::template(state)
}

#[cfg(not(target_os = "macos"))]
fn image(state: State) -> Image<'static> {
    let [.., thirty_two, _, _] = icons::sizes(state);
    thirty_two
}
