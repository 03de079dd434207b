//! A desktop's panel: keeps the list of icons, reads their menus and chooses from them, all over the session bus.

#![expect(clippy::unused_self, clippy::used_underscore_binding, reason = "the methods have the form the bus asks for")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::zvariant::{OwnedValue, Structure, Value};
use zbus::{Connection, Proxy, interface};

use crate::wait::until;

/// The panel.
pub struct Panel {
    bus: Connection,
    icons: Arc<Mutex<Vec<String>>>,
}

/// One line of a menu.
#[derive(Clone, Debug)]
pub struct MenuLine {
    /// Its number on the bus.
    pub number: i32,
    /// Its words; empty for a rule.
    pub label: String,
    /// Whether it can be chosen.
    pub enabled: bool,
    /// The lines inside.
    pub inside: Vec<Self>,
}

struct Watcher(Arc<Mutex<Vec<String>>>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.0.lock().expect("no test has panicked here").push(service);
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.lock().expect("no test has panicked here").clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

impl Panel {
    /// Puts a panel on the desktop.
    ///
    /// # Panics
    /// When there already is one.
    pub async fn open() -> Self {
        let icons = Arc::default();
        let bus = zbus::connection::Builder::session()
            .and_then(|bus| bus.serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&icons))))
            .and_then(|bus| bus.name("org.kde.StatusNotifierWatcher"))
            .expect("a bus address")
            .build()
            .await
            .expect("no other panel is on the bus");
        Self { bus, icons }
    }

    /// Waits until an icon has been put up.
    pub async fn has_icon(&self) {
        let _ = self.icon().await;
    }

    /// Waits until an icon has been put up so many times.
    ///
    /// # Panics
    /// When it was not in time.
    pub async fn has_icons(&self, times: usize) {
        let put_up = || self.icons.lock().expect("the panel has not failed").len();
        until(&format!("an icon is put up {times} times"), async || (put_up() >= times).then_some(())).await;
    }

    /// The menu as it stands.
    ///
    /// # Panics
    /// When the icon does not answer.
    pub async fn menu(&self) -> Vec<MenuLine> {
        let menu = self.menu_proxy().await;
        let nothing: Vec<&str> = Vec::new();
        let (_revision, layout): (u32, OwnedLayout) =
            menu.call("GetLayout", &(0i32, -1i32, nothing)).await.expect("the menu is told");
        layout.2.into_iter().filter_map(line).collect()
    }

    /// All words of the menu, line by line, those inside included.
    pub async fn words(&self) -> Vec<String> {
        fn all(lines: &[MenuLine], words: &mut Vec<String>) {
            for line in lines {
                words.push(line.label.clone());
                all(&line.inside, words);
            }
        }
        let mut words = Vec::new();
        all(&self.menu().await, &mut words);
        words
    }

    /// Waits until a line beginning with these words can be chosen, and chooses it.
    ///
    /// # Panics
    /// When the icon does not answer.
    pub async fn choose(&self, label: &str) {
        let line = until(&format!("'{label}' can be chosen"), async || {
            self.menu().await.into_iter().find(|line| line.enabled && line.label.starts_with(label))
        })
        .await;
        let menu = self.menu_proxy().await;
        let taken: zbus::Result<()> = menu.call("Event", &(line.number, "clicked", Value::from(0i32), 0u32)).await;
        // A program that was told to quit may be gone before it answers.
        let gone =
            |error: &zbus::Error| matches!(error, zbus::Error::MethodError(name, ..) if name.ends_with(".NoReply"));
        assert!(taken.as_ref().err().is_none_or(gone), "the click is taken: {taken:?}");
    }

    /// Clicks the icon itself.
    ///
    /// # Panics
    /// When the icon does not answer.
    pub async fn click_icon(&self) {
        let () = self.item_proxy().await.call("Activate", &(0i32, 0i32)).await.expect("the click is taken");
    }

    /// The icon as it is drawn now, in its sizes: width, height, pixels as alpha, red, green, blue.
    ///
    /// # Panics
    /// When the icon does not answer.
    pub async fn pictures(&self) -> Vec<(i32, i32, Vec<u8>)> {
        self.item_proxy().await.get_property("IconPixmap").await.expect("the icon is told")
    }

    async fn icon(&self) -> String {
        until("an icon is put up", async || self.icons.lock().expect("the panel has not failed").last().cloned()).await
    }

    async fn menu_proxy(&self) -> Proxy<'static> {
        self.proxy("/MenuBar", "com.canonical.dbusmenu").await
    }

    async fn item_proxy(&self) -> Proxy<'static> {
        self.proxy("/StatusNotifierItem", "org.kde.StatusNotifierItem").await
    }

    async fn proxy(&self, path: &'static str, interface: &'static str) -> Proxy<'static> {
        let builder = zbus::proxy::Builder::new(&self.bus).cache_properties(zbus::proxy::CacheProperties::No);
        builder
            .destination(self.icon().await)
            .and_then(|builder| builder.path(path))
            .and_then(|builder| builder.interface(interface))
            .expect("names of the bus")
            .build()
            .await
            .expect("a proxy")
    }
}

type OwnedLayout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

fn line(value: OwnedValue) -> Option<MenuLine> {
    let (number, mut properties, inside): OwnedLayout = Structure::try_from(value).ok()?.try_into().ok()?;
    let label = properties.remove("label").and_then(|label| String::try_from(label).ok()).unwrap_or_default();
    let enabled = properties.remove("enabled").and_then(|enabled| bool::try_from(enabled).ok()).unwrap_or(true);
    Some(MenuLine { number, label, enabled, inside: inside.into_iter().filter_map(line).collect() })
}
