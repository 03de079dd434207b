//! Following what happens elsewhere: other processes, the configuration file, and time.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use notify::{RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use super::model::{Account, TokensAt};
use super::{Inner, Live};
use crate::config::Profile;
use crate::engine::lock;
use crate::ports::Timestamp;
use crate::problem::Result;
use crate::session::Standing;

/// Writes that belong together arrive as several events; after the first, this long is waited for the rest.
const TOGETHER: Duration = Duration::from_millis(60);
/// The longest sleep of the timekeeper. After the computer slept, the wall clock is looked at again within this time (RF-8).
const LONGEST_SLEEP: Duration = Duration::from_secs(300);

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
                    account.trouble = account.trouble.take().filter(|problem| !problem.code.is_key_store());
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

    /// Renews ahead of time, tries again what failed, stores what was not stored.
    pub(super) fn follow_time(&self) {
        let live = Arc::downgrade(&self.inner);
        let task = self.inner.runtime.spawn(async move {
            loop {
                let Some(inner) = live.upgrade() else { return };
                let live = Live { inner };
                let pause = live.renew_what_is_due();
                let changed = live.inner.clone();
                drop(live);
                wait(changed, pause).await;
            }
        });
        lock(&self.inner.tasks).push(task);
    }

    /// Starts what is due and tells how long nothing else is.
    fn renew_what_is_due(&self) -> Duration {
        let now = self.inner.engine.now();
        let (due, next) = {
            let model = lock(&self.inner.model);
            let by_itself = model.config.settings.refresh_by_itself;
            let accounts = model.config.profiles.iter().filter_map(|profile| {
                let at = model.accounts.get(&profile.key()).and_then(Account::due)?;
                by_itself.then(|| (profile.clone(), at))
            });
            let (due, later): (Vec<_>, Vec<_>) = accounts.partition(|(_, at)| *at <= now);
            (due, later.into_iter().map(|(_, at)| at).min())
        };
        for (profile, _) in due {
            self.refresh_profile(profile);
        }
        next.map_or(LONGEST_SLEEP, |at| until(at, now).min(LONGEST_SLEEP))
    }
}

/// Sleeps until `pause` is over or something changed what is due.
async fn wait(inner: Arc<Inner>, pause: Duration) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = inner.due_changed.notified() => {}
    }
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(at.0 - now.0).unwrap_or(0).max(1))
}

fn watch_both(watcher: &mut notify::RecommendedWatcher, state: &Path, config: &Path) -> notify::Result<()> {
    for folder in [state, config] {
        crate::ports::make_private(folder).map_err(notify::Error::io)?;
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    Ok(())
}
