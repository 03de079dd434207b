#![expect(clippy::unused_self, clippy::used_underscore_binding, reason = "the methods have the form the bus asks for")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::zvariant::OwnedValue;
use zbus::{Connection, interface};

use crate::wait::until;

/// A notification as it reached the desktop.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
}

/// The desktop's notification server.
pub struct Notifications {
    _bus: Connection,
    shown: Arc<Mutex<Vec<Notification>>>,
}

struct Server(Arc<Mutex<Vec<Notification>>>);

#[interface(name = "org.freedesktop.Notifications")]
impl Server {
    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("test", "Rolecall", "1", "1.2")
    }

    #[expect(clippy::too_many_arguments, reason = "as the specification has it")]
    fn notify(
        &self,
        _program: &str,
        _replaces: u32,
        _icon: &str,
        title: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _stays: i32,
    ) -> u32 {
        let mut shown = self.0.lock().expect("no test has panicked here");
        shown.push(Notification { title, body });
        u32::try_from(shown.len()).unwrap_or(u32::MAX)
    }

    fn close_notification(&self, _number: u32) {}
}

impl Notifications {
    /// Takes the place of the desktop's.
    ///
    /// # Panics
    /// When there already is one.
    pub async fn serve() -> Self {
        let shown = Arc::default();
        let bus = zbus::connection::Builder::session()
            .and_then(|bus| bus.serve_at("/org/freedesktop/Notifications", Server(Arc::clone(&shown))))
            .and_then(|bus| bus.name("org.freedesktop.Notifications"))
            .expect("a bus address")
            .build()
            .await
            .expect("no other notification server is on the bus");
        Self { _bus: bus, shown }
    }

    /// Waits for one with these words in its title.
    pub async fn titled(&self, words: &str) -> Notification {
        until(&format!("a notification '{words}'"), async || {
            self.all().into_iter().find(|note| note.title.contains(words))
        })
        .await
    }

    /// All so far.
    ///
    /// # Panics
    /// When the server has failed.
    #[must_use]
    pub fn all(&self) -> Vec<Notification> {
        self.shown.lock().expect("the server has not failed").clone()
    }
}
