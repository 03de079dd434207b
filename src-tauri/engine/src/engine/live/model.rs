use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::receiver::AskedReceiver;
use crate::config::{Config, Profile, ProfileName};
use crate::engine::{DeviceCode, Link, NewPerson};
use crate::identity::Directory;
use crate::ports::{ClockReading, Timestamp};
use crate::problem::{Code, Problem};
use crate::session::{LastKnown, SessionSummary, Step, refresh_at};
use crate::tokens::is_ahead;
use crate::view::{Copied, KeyStoreState};

/// The live state. Changed under one lock; every change is followed by a new view.
pub(super) struct Model {
    pub(super) config: Config,
    /// The active profile.
    pub(super) active: Option<ProfileName>,
    /// By profile key.
    pub(super) accounts: HashMap<String, ProfileModel>,
    pub(super) copied: Option<Copied>,
    pub(super) key_store: KeyStoreState,
    /// It has not answered for a while.
    pub(super) key_store_asks: bool,
    /// A problem of no profile: the configuration file.
    pub(super) general: Option<Problem>,
    /// Another version was installed over the program.
    pub(super) updated: bool,
}

/// The problem of a configuration to show: a profile that can't be used.
pub(super) fn unusable_profile(config: &Config) -> Option<Problem> {
    let invalid = config.invalid_profiles.first()?;
    Some(Problem::new(invalid.why.code, format!("profile {}: {}", invalid.name, invalid.why.detail)))
}

/// The active profile; where none is, the first.
pub(super) fn active_profile(config: &Config) -> Option<ProfileName> {
    let active = config.profile(None).ok().or_else(|| config.profiles.first());
    active.map(|profile| profile.name.clone())
}

/// The state of one profile.
#[derive(Default)]
pub(super) struct ProfileModel {
    pub(super) session: SessionState,
    /// What is remembered: shown while the key store has not answered, and after a session ended.
    pub(super) last: Option<LastKnown>,
    pub(super) problem: Option<Problem>,
    pub(super) sign_in: Option<PendingSignIn>,
    pub(super) refreshing: bool,
    /// Refreshes that failed, in a row, and when the next is due.
    pub(super) retry: Option<Retry>,
    /// The same of writes that the key store did not take.
    pub(super) store_retry: Option<Retry>,
    /// The notice that no refresh token came was dismissed.
    pub(super) withheld_dismissed: bool,
    /// What a receiver said that was asked last.
    pub(super) receiver: Option<AskedReceiver>,
    /// The generation that was read last.
    pub(super) generation: u64,
    pub(super) directory: DirectoryState,
}

/// The state of the request to the directory.
#[derive(Default)]
pub(super) struct DirectoryState {
    pub(super) asking: bool,
    /// About whom, and what it answered.
    pub(super) answer: Option<(String, Arc<Directory>)>,
    pub(super) problem: Option<Problem>,
}

impl DirectoryState {
    /// What it answered about this person.
    pub(super) fn about(&self, subject: &str) -> Option<&Directory> {
        self.answer.as_ref().filter(|(about, _)| about == subject).map(|(_, answer)| answer.as_ref())
    }
}

/// The session in the key store, as far as known.
#[derive(Default)]
pub(super) enum SessionState {
    /// The key store has not answered yet.
    #[default]
    Unknown,
    /// It has none.
    Absent,
    /// It has them.
    Present(Box<SessionSummary>),
    /// It can't be read.
    Unreadable(Problem),
}

/// A sign-in under way.
pub(super) struct PendingSignIn {
    pub(super) step: Step,
    pub(super) link: Option<Link>,
    pub(super) opened: bool,
    pub(super) started_at: Timestamp,
    pub(super) deadline: Timestamp,
    /// The code, where it is finished on another device.
    pub(super) device: Option<DeviceCode>,
    /// Who used it, and where the answer goes whether they may.
    pub(super) person: Option<PendingPerson>,
    pub(super) task: Option<AbortHandle>,
}

impl PendingSignIn {
    /// One that has just begun.
    pub(super) fn begun(started_at: Timestamp, deadline: Timestamp) -> Self {
        Self {
            step: Step::Preparing,
            link: None,
            opened: false,
            started_at,
            deadline,
            device: None,
            person: None,
            task: None,
        }
    }
}

/// Somebody who is asked about.
pub(super) struct PendingPerson {
    pub(super) person: NewPerson,
    pub(super) at: Timestamp,
    pub(super) reply: oneshot::Sender<bool>,
}

/// A retry with its time and the number of failures so far.
#[derive(Clone, Copy)]
pub(super) struct Retry {
    pub(super) tries: u32,
    /// By the boot clock.
    pub(super) at: Duration,
}

impl Retry {
    /// Ten seconds, then twice as long each time, up to five minutes.
    pub(super) fn soon(before: Option<Self>, now: Duration) -> Self {
        Self::after(before, now, 10, 300)
    }

    /// Five minutes, then twice as long each time, up to an hour: nothing says that it will be better then.
    pub(super) fn late(before: Option<Self>, now: Duration) -> Self {
        Self::after(before, now, 300, 3600)
    }

    /// Not before so many seconds are over, as the provider asks, an hour at the most.
    pub(super) fn not_within(self, wait: Option<u32>, now: Duration) -> Self {
        let wait = Duration::from_secs(u64::from(wait.unwrap_or(0).min(3600)));
        Self { at: self.at.max(now + wait), ..self }
    }

    fn after(before: Option<Self>, now: Duration, first: u64, longest: u64) -> Self {
        let tries = before.map_or(0, |retry| retry.tries.saturating_add(1));
        let pause = first.saturating_mul(1 << tries.min(8)).min(longest);
        Self { tries, at: now + Duration::from_secs(pause) }
    }
}

/// What the schedule starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Refresh the session.
    Refresh,
    /// Write to the key store what it did not take.
    Store,
}

impl Model {
    pub(super) fn new(config: Config, general: Option<Problem>) -> Self {
        let active = active_profile(&config);
        Self {
            config,
            active,
            accounts: HashMap::new(),
            copied: None,
            key_store: KeyStoreState::Unknown,
            key_store_asks: false,
            general,
            updated: false,
        }
    }

    pub(super) fn active(&self) -> Option<&Profile> {
        let name = self.active.as_ref()?;
        self.config.profiles.iter().find(|profile| profile.name == *name)
    }

    pub(super) fn account(&mut self, profile: &Profile) -> &mut ProfileModel {
        self.accounts.entry(profile.key()).or_default()
    }

    /// The profiles whose session could not be read because of the key store.
    pub(super) fn failed_for_key_store(&self) -> Vec<Profile> {
        let failed = |account: &ProfileModel| {
            let unread = matches!(&account.session, SessionState::Unreadable(problem) if problem.code.is_key_store());
            unread || account.problem.as_ref().is_some_and(|problem| problem.code.is_key_store())
        };
        let all = self.config.profiles.iter();
        all.filter(|profile| self.accounts.get(&profile.key()).is_some_and(failed)).cloned().collect()
    }

    /// Notes what the key store's answer tells about the key store itself. Not a column of the table of problems: it is
    /// that table's three rows of the key store as a window draws them.
    pub(super) fn note_key_store<T>(&mut self, answer: &Result<T, Problem>) {
        match answer {
            Ok(_) => self.key_store = KeyStoreState::Works,
            Err(problem) if problem.code == Code::KeyStoreLocked => self.key_store = KeyStoreState::Locked,
            Err(problem) if problem.code == Code::KeyStoreMissing => self.key_store = KeyStoreState::Missing,
            Err(problem) if problem.code == Code::KeyStoreFailing => self.key_store = KeyStoreState::Failing,
            Err(_) => {}
        }
    }
}

impl ProfileModel {
    /// The summary to show: the session's own, or what is remembered of it.
    pub(super) fn summary(&self) -> Option<&SessionSummary> {
        match &self.session {
            SessionState::Present(summary) => Some(summary),
            SessionState::Unknown | SessionState::Absent | SessionState::Unreadable(_) => {
                self.last.as_ref().map(|last| &last.summary)
            }
        }
    }

    /// Whether somebody refreshed the session since: what failed before is over.
    pub(super) fn is_older_than(&self, read: Option<&SessionSummary>) -> bool {
        let SessionState::Present(known) = &self.session else { return false };
        read.is_some_and(|read| read.refreshed_at > known.refreshed_at)
    }

    /// What the schedule starts next, and when by the boot clock. It never makes the key store ask for its password.
    pub(super) fn due(&self, refreshes: bool, now: ClockReading) -> Option<(Task, Duration)> {
        let SessionState::Present(summary) = &self.session else { return None };
        if self.refreshing || self.sign_in.is_some() {
            return None;
        }
        if let Some(write) = self.store_retry.filter(|_| summary.unsaved) {
            return Some((Task::Store, write.at));
        }
        if !refreshes || self.problem.as_ref().is_some_and(|problem| problem.code.is_key_store()) {
            return None;
        }
        let at = self.retry.map(|retry| retry.at).or_else(|| due_at(summary, now))?;
        Some((Task::Refresh, at))
    }

    /// The wall clock was set by so many seconds: what is shown in its terms moves along (RF-8).
    pub(super) fn adjust_to_clock(&mut self, set_by: i64, now: ClockReading) {
        if let SessionState::Present(summary) = &mut self.session {
            summary.adjust_to_clock(now);
        }
        if let Some(pending) = &mut self.sign_in {
            pending.started_at = pending.started_at.plus(set_by);
            pending.deadline = pending.deadline.plus(set_by);
        }
    }
}

/// When a session is to be refreshed, by the boot clock. One that was got in what is the future now, by another process,
/// is of an unknown age, so at once.
fn due_at(summary: &SessionSummary, now: ClockReading) -> Option<Duration> {
    let at = refresh_at(summary)?;
    let unknown = summary.obtained_at_boot.is_none() && is_ahead(summary.issued_at, now.wall);
    let left = if unknown { 0 } else { at.0.saturating_sub(now.wall.0) };
    Some(now.boot.saturating_add(Duration::from_secs(u64::try_from(left).unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rf_5_tries_grow_apart_and_never_further_than_five_minutes() {
        let pauses = |next: fn(Option<Retry>, Duration) -> Retry| {
            let mut retry = None;
            [(); 8].map(|()| retry.insert(next(retry, Duration::ZERO)).at.as_secs())
        };
        assert_eq!(pauses(Retry::soon), [10, 20, 40, 80, 160, 300, 300, 300]);
        let asked = |wait| Retry::soon(None, Duration::ZERO).not_within(wait, Duration::ZERO).at.as_secs();
        assert_eq!([asked(None), asked(Some(3)), asked(Some(90)), asked(Some(u32::MAX))], [10, 10, 90, 3600]);
        assert_eq!(pauses(Retry::late), [300, 600, 1200, 2400, 3600, 3600, 3600, 3600]);
    }
}
