//! The live state for a window and a tray: the selected profile, scheduled refreshes and changes by other processes,
//! published as one [`View`].

mod connection;
mod directory;
mod draw;
mod follow_key_store;
mod model;
mod operations;
mod other_device;
mod pasted;
mod profiles;
mod receiver;
mod schedule;
mod watch_files;
mod watch_program;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use notify::RecommendedWatcher;
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;

use self::model::{Model, ProfileModel, unusable_profile};
use super::{Engine, Finished, Pause, lock};
use crate::config::{Config, Profile};
use crate::view::{Copied, Menu, View};

/// Handle on the live state; cheap to clone. Its methods return at once unless they are `async`; what they did shows in
/// the view.
#[derive(Clone)]
pub struct Live {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    runtime: Handle,
    model: Mutex<Model>,
    view: watch::Sender<View>,
    notifications: mpsc::UnboundedSender<Notification>,
    taker: Mutex<Option<mpsc::UnboundedReceiver<Notification>>>,
    /// Something changed that moves the next refresh.
    due_changed: Notify,
    /// Kept because dropping it stops the watching.
    watcher: Mutex<Option<RecommendedWatcher>>,
    /// The same, for the file of the program.
    program_watcher: Mutex<Option<RecommendedWatcher>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    /// Operations under way.
    operations: watch::Sender<usize>,
    /// What somebody pasted, while the screen for it is open.
    pasted: Mutex<pasted::Held>,
}

/// An operation under way; no longer when this is dropped.
struct OperationGuard(Arc<Inner>);

/// A desktop notification. Contains no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// A few words.
    pub title: String,
    /// A sentence.
    pub body: String,
}

impl Live {
    pub(super) fn start(engine: Engine) -> Self {
        let (config, general) = match engine.config() {
            Ok(config) => {
                let unusable_profile = unusable_profile(&config);
                (config, unusable_profile)
            }
            Err(problem) => (Config::default(), Some(problem)),
        };
        let mut model = Model::new(config, general);
        for profile in model.config.profiles.clone() {
            let account = ProfileModel {
                last: engine.last_known(&profile),
                generation: engine.coordination(&profile).generation(),
                ..ProfileModel::default()
            };
            model.accounts.insert(profile.key(), account);
        }
        let view = watch::Sender::new(model.draw(engine.clocks()));
        let (notifications, taker) = mpsc::unbounded_channel();
        let live = Self {
            inner: Arc::new(Inner {
                engine,
                runtime: Handle::current(),
                model: Mutex::new(model),
                view,
                notifications,
                taker: Mutex::new(Some(taker)),
                due_changed: Notify::new(),
                watcher: Mutex::new(None),
                program_watcher: Mutex::new(None),
                tasks: Mutex::default(),
                operations: watch::Sender::new(0),
                pasted: Mutex::default(),
            }),
        };
        live.follow_key_store();
        live.load_all();
        live.watch_files();
        live.run_schedule();
        live
    }

    /// The view, and each new one.
    ///
    /// Drop what is borrowed from the receiver before calling any method here: otherwise both wait for each other.
    #[must_use]
    pub fn view(&self) -> watch::Receiver<View> {
        self.inner.view.subscribe()
    }

    /// The menu for the current view.
    #[must_use]
    pub fn menu(&self) -> Menu {
        Menu::of(&self.inner.view.borrow())
    }

    /// Notifications, each once; for one taker.
    #[must_use]
    pub fn notifications(&self) -> Option<mpsc::UnboundedReceiver<Notification>> {
        lock(&self.inner.taker).take()
    }

    /// Sets whether a copied token is on the clipboard.
    pub fn set_copied(&self, copied: Option<Copied>) {
        self.change(|model| model.copied = copied);
    }

    /// Seconds after which a copied token is removed from the clipboard.
    #[must_use]
    pub fn clear_clipboard_after(&self) -> u32 {
        lock(&self.inner.model).config.settings.clear_clipboard_after
    }

    /// Stops following files and time. Operations in flight are carried through.
    pub fn stop(&self) {
        lock(&self.inner.watcher).take();
        for task in lock(&self.inner.tasks).drain(..) {
            task.abort();
        }
    }

    /// Stops, and ends the engine as by [`Engine::finish`].
    pub async fn finish(&self, bound: Duration) -> Finished {
        self.stop();
        self.inner.engine.finish(bound).await
    }

    /// Whether the process could be replaced without losing anything: no operation is under way, no session and no
    /// refreshed token is in memory alone, no token of ours is on the clipboard. See [`Live::idle`] to wait for it.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let inner = &self.inner;
        let model = lock(&inner.model);
        *inner.operations.borrow() == 0
            && inner.engine.is_idle()
            && lock(&inner.pasted).is_empty()
            && model.copied.is_none()
            && model.accounts.values().all(|account| account.sign_in.is_none() && !account.refreshing)
    }

    /// Waits until [`Live::is_idle`].
    pub async fn idle(&self) {
        let (mut views, mut operations) = (self.inner.view.subscribe(), self.inner.operations.subscribe());
        let mut engine = self.inner.engine.operations_in_flight();
        while !self.is_idle() {
            // None of the senders is dropped while this is here.
            let _ = tokio::select! {
                changed = views.changed() => changed,
                changed = operations.changed() => changed,
                changed = engine.changed() => changed,
            };
        }
    }

    /// Keeps operations from beginning while the guard lives, if [`Live::is_idle`]: for a process that is about to
    /// replace itself. What is asked for in the meantime waits.
    #[must_use]
    pub fn pause_if_idle(&self) -> Option<Pause> {
        let pause = self.inner.engine.pause_if_idle()?;
        self.is_idle().then_some(pause)
    }

    /// Runs an operation in a task of its own.
    fn spawn_operation<F>(&self, operation: F) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.inner.operations.send_modify(|count| *count += 1);
        let operations = OperationGuard(self.inner.clone());
        self.inner.runtime.spawn(async move {
            operation.await;
            drop(operations);
        })
    }

    /// Changes the model, and sends a new view if anything that is drawn changed.
    fn change<T>(&self, how: impl FnOnce(&mut Model) -> T) -> T {
        let mut model = lock(&self.inner.model);
        let result = how(&mut model);
        let view = model.draw(self.inner.engine.clocks());
        self.inner.view.send_if_modified(|shown| {
            let changed = !view.draws_the_same_as(shown);
            if changed {
                *shown = view;
            }
            changed
        });
        self.inner.due_changed.notify_one();
        result
    }

    /// Sends a new view although the model did not change: the clock was set, which changes the meaning of every time shown.
    fn redraw(&self) {
        let view = lock(&self.inner.model).draw(self.inner.engine.clocks());
        self.inner.view.send_replace(view);
    }

    /// Changes what is known of one profile.
    fn change_account<T>(&self, profile: &Profile, how: impl FnOnce(&mut ProfileModel) -> T) -> T {
        self.change(|model| how(model.account(profile)))
    }

    fn active(&self) -> Option<Profile> {
        lock(&self.inner.model).active().cloned()
    }

    fn named(&self, name: &str) -> Option<Profile> {
        let name = name.parse().ok()?;
        lock(&self.inner.model).config.profile(Some(&name)).ok().cloned()
    }

    fn notify(&self, title: impl Into<String>, body: impl Into<String>) {
        let _ = self.inner.notifications.send(Notification { title: title.into(), body: body.into() });
    }
}

impl Drop for OperationGuard {
    fn drop(&mut self) {
        self.0.operations.send_modify(|count| *count -= 1);
    }
}
