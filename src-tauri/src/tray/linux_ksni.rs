//! The tray of Linux desktops: a `StatusNotifierItem` on the session bus, with its menu as `com.canonical.dbusmenu`.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ksni::menu::{StandardItem, SubMenu};
use ksni::{Handle, OfflineReason, ToolTip, TrayMethods as _};
use rolecall_engine::view::{Action, Menu, MenuItem};
use tauri::image::Image;
use zbus::proxy::CacheProperties;

use super::{OnAction, icons};
use crate::toolkit::Toolkit;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// How long a watcher may take to say whether it shows anything.
const BOUND: Duration = Duration::from_secs(2);

/// The longest the bus may take to register the icon. Nothing waits for it, so it can be generous.
const BUS_BOUND: Duration = Duration::from_secs(10);

/// How long the end of the program waits for the bus.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);

/// The icon in the tray, once it is up.
#[derive(Default)]
pub(crate) struct Tray {
    handle: OnceLock<Handle<Item>>,
    has_watcher: Arc<AtomicBool>,
}

impl Tray {
    /// Puts the icon up. Where nothing shows icons yet, it appears when something does.
    pub(crate) async fn show(&self, _: &Toolkit, menu: &Menu, on_action: OnAction) {
        self.has_watcher.store(true, Ordering::Relaxed);
        let item = Item { on_action, menu: menu.clone(), has_watcher: Arc::clone(&self.has_watcher) };
        match item.assume_sni_available(true).spawn().await {
            Ok(handle) => {
                let _ = self.handle.set(handle);
            }
            Err(error) => {
                self.has_watcher.store(false, Ordering::Relaxed);
                tracing::info!("no tray: {error}");
            }
        }
    }

    /// Redraws the menu.
    pub(crate) async fn update(&self, menu: &Menu) {
        if let Some(handle) = self.handle.get() {
            handle.update(|item| item.menu.clone_from(menu)).await;
        }
    }

    /// Takes the icon away, once what was chosen there last is answered.
    pub(crate) async fn remove(&self) {
        if let Some(handle) = self.handle.get() {
            let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, handle.shutdown()).await;
        }
    }

    /// Whether a person can see the icon now, so that a closed window can be opened again.
    pub(crate) async fn is_shown(&self) -> bool {
        // Where even the bus does not say in time, the program ends rather than stay where nobody sees it.
        self.has_watcher.load(Ordering::Relaxed)
            && tokio::time::timeout(BUS_BOUND, has_host()).await.unwrap_or(Ok(false)).unwrap_or(false)
    }
}

/// A watcher only keeps the list; a host draws it.
async fn has_host() -> zbus::Result<bool> {
    let bus = zbus::Connection::session().await?;
    if !zbus::fdo::DBusProxy::new(&bus).await?.name_has_owner(WATCHER.try_into()?).await? {
        return Ok(false);
    }
    let builder = zbus::proxy::Builder::<zbus::Proxy<'_>>::new(&bus).cache_properties(CacheProperties::No);
    let watcher = builder.destination(WATCHER)?.path("/StatusNotifierWatcher")?.interface(WATCHER)?.build().await?;
    // One that is too busy to say is there all the same.
    let asked = tokio::time::timeout(BOUND, watcher.get_property("IsStatusNotifierHostRegistered"));
    asked.await.unwrap_or(Ok(true))
}

struct Item {
    on_action: OnAction,
    menu: Menu,
    has_watcher: Arc<AtomicBool>,
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "rolecall".into()
    }

    fn title(&self) -> String {
        "Rolecall".into()
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        icons::sizes(self.menu.icon).iter().map(pixmap).collect()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: without_markup(&self.menu.tooltip), ..ToolTip::default() }
    }

    fn activate(&mut self, _: i32, _: i32) {
        (self.on_action)(&Action::Open);
    }

    fn menu(&self) -> Vec<ksni::MenuItem<Self>> {
        self.menu.items.iter().map(line).collect()
    }

    fn watcher_online(&self) {
        self.has_watcher.store(true, Ordering::Relaxed);
    }

    fn watcher_offline(&self, _: OfflineReason) -> bool {
        self.has_watcher.store(false, Ordering::Relaxed);
        true
    }
}

fn line(item: &MenuItem) -> ksni::MenuItem<Item> {
    match item {
        MenuItem::Label { label } => {
            StandardItem { label: without_mnemonic(label), enabled: false, ..StandardItem::default() }.into()
        }
        MenuItem::Command { label, action, enabled } => {
            let action = action.clone();
            StandardItem {
                label: without_mnemonic(label),
                enabled: *enabled,
                activate: Box::new(move |item: &mut Item| (item.on_action)(&action)),
                ..StandardItem::default()
            }
            .into()
        }
        MenuItem::Submenu { label, items } => {
            SubMenu { label: without_mnemonic(label), submenu: items.iter().map(line).collect(), ..SubMenu::default() }
                .into()
        }
        MenuItem::Separator => ksni::MenuItem::Separator,
    }
}

/// In a menu label one underscore marks a key and two are one; role names have many.
fn without_mnemonic(label: &str) -> String {
    label.replace('_', "__")
}

/// Some panels read a tooltip as markup.
fn without_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// From red, green, blue, alpha to what the bus wants: alpha, red, green, blue.
fn pixmap(image: &Image<'_>) -> ksni::Icon {
    let data = image.rgba().chunks_exact(4).flat_map(|p| [p[3], p[0], p[1], p[2]]).collect();
    ksni::Icon { width: image.width().cast_signed(), height: image.height().cast_signed(), data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_name_with_underscores_reads_as_written() {
        assert_eq!(without_mnemonic("read_only_admin"), "read__only__admin");
    }

    #[test]
    fn a_name_can_not_put_markup_into_the_tooltip() {
        assert_eq!(without_markup("<b>A & B</b>"), "&lt;b&gt;A &amp; B&lt;/b&gt;");
    }

    #[test]
    fn a_pixel_goes_out_with_its_alpha_first() {
        let icon = pixmap(&Image::new(&[1, 2, 3, 4], 1, 1));
        assert_eq!((icon.width, icon.height, icon.data), (1, 1, vec![4, 1, 2, 3]));
    }
}
