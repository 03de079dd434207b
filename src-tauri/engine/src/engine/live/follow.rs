//! Following what happens elsewhere: other processes, and the configuration file.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use notify::{RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use super::Live;
use super::model::{Retry, TokensAt};
use crate::config::Profile;
use crate::engine::lock;
use crate::problem::Result;
use crate::session::Standing;

/// Writes that belong together arrive as several events; after the first, this long is waited for the rest.
const TOGETHER: Duration = Duration::from_millis(60);

impl Live {
    /// Reads every session from the key store, the one in front first.
    pub(super) fn load_all(&self) {
        let front = self.front();
        let others: Vec<Profile> = lock(&self.inner.model).config.profiles.clone();
        let rest = others.into_iter().filter(|profile| front.as_ref().is_none_or(|front| front.name != profile.name));
        for profile in front.clone().into_iter().chain(rest) {
            self.load(profile);
        }
    }

    /// Reads one session from the key store.
    pub(super) fn load(&self, profile: Profile) {
        let live = self.clone();
        self.inner.runtime.spawn(async move {
            let answer = live.inner.engine.standing(&profile).await;
            live.take_load(&profile, answer);
        });
    }

    /// Takes what the key store said about a session.
    pub(super) fn take_load(&self, profile: &Profile, answer: Result<Option<Standing>>) {
        let engine = &self.inner.engine;
        let (last, generation) = (engine.last(profile), engine.ledger(profile).generation());
        let now = engine.clocks().boot;
        self.change(|model| {
            model.heard(&answer);
            let account = model.account(profile);
            if account.refreshing || account.waiting.is_some() {
                // The verb under way tells the outcome itself.
                return;
            }
            account.generation = generation;
            account.last = last;
            match answer {
                Ok(standing) => {
                    let renewed = account.is_older_than(standing.as_ref());
                    account.trouble = account.trouble.take().filter(|problem| !renewed && !problem.code.is_key_store());
                    account.retry = account.retry.filter(|_| !renewed);
                    let unsaved = standing.as_ref().is_some_and(|standing| standing.unsaved);
                    account.write = unsaved.then(|| Retry::soon(account.write, now));
                    account.tokens =
                        standing.map_or(TokensAt::Nowhere, |standing| TokensAt::Stored(Box::new(standing)));
                }
                Err(problem) => account.tokens = TokensAt::Behind(problem),
            }
        });
    }

    /// Watches the state and configuration folders.
    pub(super) fn follow_files(&self) {
        let (tell, mut told) = mpsc::unbounded_channel::<()>();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                let _ = tell.send(());
            }
        });
        let folders = self.inner.engine.ports().folders.clone();
        match watcher
            .and_then(|mut watcher| watch_both(&mut watcher, &folders.state, &folders.config).map(|()| watcher))
        {
            Ok(watcher) => *lock(&self.inner.watcher) = Some(watcher),
            Err(error) => tracing::warn!(%error, "other processes' changes can't be followed"),
        }
        let live = Arc::downgrade(&self.inner);
        let task = self.inner.runtime.spawn(async move {
            while told.recv().await.is_some() {
                tokio::time::sleep(TOGETHER).await;
                while told.try_recv().is_ok() {}
                let Some(inner) = live.upgrade() else { return };
                Live { inner }.catch_up();
            }
        });
        lock(&self.inner.tasks).push(task);
    }

    /// Looks what changed in the folders.
    fn catch_up(&self) {
        let engine = &self.inner.engine;
        let known = lock(&self.inner.model).config.clone();
        if engine.config().map_or(true, |config| config != known) {
            self.read_config(None);
        }
        let profiles = lock(&self.inner.model).config.profiles.clone();
        for profile in profiles {
            let generation = engine.ledger(&profile).generation();
            let stale = {
                let mut model = lock(&self.inner.model);
                let account = model.account(&profile);
                account.generation != generation && !account.refreshing && account.waiting.is_none()
            };
            if stale {
                self.load(profile);
            }
        }
    }
}

fn watch_both(watcher: &mut notify::RecommendedWatcher, state: &Path, config: &Path) -> notify::Result<()> {
    for folder in [state, config] {
        crate::ports::make_private(folder).map_err(notify::Error::io)?;
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    Ok(())
}
