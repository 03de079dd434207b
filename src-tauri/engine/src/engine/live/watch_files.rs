//! Follows changes by other processes and of the configuration file.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use super::Live;
use super::model::{Retry, SessionState};
use crate::config::Profile;
use crate::engine::lock;
use crate::problem::Result;
use crate::session::SessionSummary;

/// Writes that belong together arrive as several events; after the first, this long is waited for the rest.
const TOGETHER: Duration = Duration::from_millis(60);

impl Live {
    /// Reads every session from the key store, the active one first.
    pub(super) fn load_all(&self) {
        let active = self.active();
        let others: Vec<Profile> = lock(&self.inner.model).config.profiles.clone();
        let rest =
            others.into_iter().filter(|profile| active.as_ref().is_none_or(|active| active.name != profile.name));
        for profile in active.clone().into_iter().chain(rest) {
            self.load(profile);
        }
    }

    /// Reads one session from the key store.
    pub(super) fn load(&self, profile: Profile) {
        let live = self.clone();
        self.inner.runtime.spawn(async move {
            let answer = live.inner.engine.session_summary(&profile).await;
            live.apply_stored(&profile, answer);
        });
    }

    /// Takes what the key store said about a session.
    pub(super) fn apply_stored(&self, profile: &Profile, answer: Result<Option<SessionSummary>>) {
        let engine = &self.inner.engine;
        let (last, generation) = (engine.last_known(profile), engine.coordination(profile).generation());
        let now = engine.clocks().boot;
        self.change(|model| {
            model.note_key_store(&answer);
            let account = model.account(profile);
            if account.refreshing || account.sign_in.is_some() {
                // The operation in flight applies its own outcome.
                return;
            }
            account.generation = generation;
            account.last = last;
            match answer {
                Ok(summary) => {
                    let refreshed = account.is_older_than(summary.as_ref());
                    account.problem =
                        account.problem.take().filter(|problem| !refreshed && !problem.code.is_key_store());
                    account.retry = account.retry.filter(|_| !refreshed);
                    let unsaved = summary.as_ref().is_some_and(|summary| summary.unsaved);
                    account.store_retry = unsaved.then(|| Retry::soon(account.store_retry, now));
                    account.session =
                        summary.map_or(SessionState::Absent, |summary| SessionState::Present(Box::new(summary)));
                }
                Err(problem) => account.session = SessionState::Unreadable(problem),
            }
        });
    }

    /// Watches the state and configuration folders.
    pub(super) fn watch_files(&self) {
        let (tell, mut told) = mpsc::unbounded_channel::<Seen>();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if let Some(seen) = event.ok().as_ref().and_then(Seen::of) {
                let _ = tell.send(seen);
            }
        });
        // The watcher sees only what is released from now on.
        for profile in &lock(&self.inner.model).config.profiles {
            self.inner.engine.inner.memory.released(profile).store(0, Ordering::SeqCst);
        }
        let folders = self.inner.engine.ports().folders.clone();
        match watcher
            .and_then(|mut watcher| watch_both(&mut watcher, &folders.state, &folders.config).map(|()| watcher))
        {
            Ok(watcher) => *lock(&self.inner.watcher) = Some(watcher),
            Err(error) => tracing::warn!(%error, "other processes' changes can't be followed"),
        }
        let live = Arc::downgrade(&self.inner);
        let task = self.inner.runtime.spawn(async move {
            while let Some(mut seen) = told.recv().await {
                tokio::time::sleep(TOGETHER).await;
                while let Ok(more) = told.try_recv() {
                    for (key, times) in more.unlocked {
                        *seen.unlocked.entry(key).or_default() += times;
                    }
                }
                let Some(inner) = live.upgrade() else { return };
                Live { inner }.reload_changed(&seen.unlocked);
            }
        });
        lock(&self.inner.tasks).push(task);
    }

    /// Reloads what changed in the folders, and the sessions of the keys whose lock was released.
    fn reload_changed(&self, unlocked: &HashMap<String, usize>) {
        let engine = &self.inner.engine;
        let known = lock(&self.inner.model).config.clone();
        if engine.config().map_or(true, |config| config != known) {
            self.read_config(None);
        }
        let profiles = lock(&self.inner.model).config.profiles.clone();
        for profile in profiles {
            let generation = engine.coordination(&profile).generation();
            // This program's own releases are no news, and to read the key store for them could ask the person to unlock it.
            let own = engine.inner.memory.released(&profile).swap(0, Ordering::SeqCst);
            let by_another = unlocked.get(&profile.key()).is_some_and(|times| *times > own);
            let stale = {
                let mut model = lock(&self.inner.model);
                let account = model.account(&profile);
                let changed = account.generation != generation || by_another;
                changed && !account.refreshing && account.sign_in.is_none()
            };
            if stale {
                self.load(profile);
            }
        }
    }
}

/// Something that happened in one of the folders.
#[derive(Default)]
struct Seen {
    /// The profiles, by key, whose lock was released, and how often: the process that changed the session is done with it,
    /// or was killed before it could count its write.
    unlocked: HashMap<String, usize>,
}

impl Seen {
    fn of(event: &notify::Event) -> Option<Self> {
        if !event.kind.is_access() {
            return Some(Self::default());
        }
        if event.kind != EventKind::Access(AccessKind::Close(AccessMode::Write)) {
            return None;
        }
        let locks = event.paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "lock"));
        let unlocked: HashMap<String, usize> =
            locks.filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), 1))).collect();
        (!unlocked.is_empty()).then_some(Self { unlocked })
    }
}

fn watch_both(watcher: &mut notify::RecommendedWatcher, state: &Path, config: &Path) -> notify::Result<()> {
    for folder in [state, config] {
        crate::ports::make_private(folder).map_err(notify::Error::io)?;
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    Ok(())
}
