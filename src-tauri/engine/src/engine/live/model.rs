use std::collections::HashMap;

use tokio::task::AbortHandle;
use url::Url;

use crate::config::{Config, Profile, ProfileName};
use crate::ports::Timestamp;
use crate::problem::{Code, Problem};
use crate::session::{Last, Standing, refresh_at};
use crate::view::{Copied, KeyStoreState, Step};

/// What the living side knows. Changed under one lock; every change is followed by a new view.
pub(super) struct Model {
    pub(super) config: Config,
    /// The profile in front.
    pub(super) front: Option<ProfileName>,
    /// By profile key.
    pub(super) accounts: HashMap<String, Account>,
    pub(super) copied: Option<Copied>,
    pub(super) key_store: KeyStoreState,
    /// A trouble of no profile: the configuration file.
    pub(super) general: Option<Problem>,
}

/// What of a configuration a person should hear about: a profile that can't be used.
pub(super) fn worth_telling(config: &Config) -> Option<Problem> {
    let left_out = config.left_out.first()?;
    Some(Problem::new(left_out.why.code, format!("profile {}: {}", left_out.name, left_out.why.detail)))
}

/// The active profile; where none is, the first.
pub(super) fn in_front(config: &Config) -> Option<ProfileName> {
    let active = config.profile(None).ok().or_else(|| config.profiles.first());
    active.map(|profile| profile.name.clone())
}

/// How one profile stands.
#[derive(Default)]
pub(super) struct Account {
    pub(super) tokens: TokensAt,
    /// What is remembered: shown while the key store has not answered, and after a session ended.
    pub(super) last: Option<Last>,
    pub(super) trouble: Option<Problem>,
    pub(super) waiting: Option<Attempt>,
    pub(super) refreshing: bool,
    /// Renewals that found no provider, in a row, and when the next is due.
    pub(super) retry: Option<Retry>,
    /// The person put away the note that no refresh token came.
    pub(super) withheld_dismissed: bool,
    /// The generation that was read last.
    pub(super) generation: u64,
}

/// Where the tokens are.
#[derive(Default)]
pub(super) enum TokensAt {
    /// The key store has not answered yet.
    #[default]
    Unknown,
    /// It has none.
    Nowhere,
    /// It has them.
    Stored(Box<Standing>),
    /// It can't be read.
    Behind(Problem),
}

/// A sign-in under way.
pub(super) struct Attempt {
    pub(super) step: Step,
    pub(super) link: Option<Url>,
    pub(super) opened: bool,
    pub(super) started_at: Timestamp,
    pub(super) deadline: Timestamp,
    pub(super) task: Option<AbortHandle>,
}

/// A renewal to be tried again.
#[derive(Clone, Copy)]
pub(super) struct Retry {
    pub(super) tries: u32,
    pub(super) at: Timestamp,
}

impl Model {
    pub(super) fn new(config: Config, general: Option<Problem>) -> Self {
        let front = in_front(&config);
        Self { config, front, accounts: HashMap::new(), copied: None, key_store: KeyStoreState::Unknown, general }
    }

    pub(super) fn front(&self) -> Option<&Profile> {
        let name = self.front.as_ref()?;
        self.config.profiles.iter().find(|profile| profile.name == *name)
    }

    pub(super) fn account(&mut self, profile: &Profile) -> &mut Account {
        self.accounts.entry(profile.key()).or_default()
    }

    /// Notes what the key store's answer tells about the key store itself.
    pub(super) fn heard<T>(&mut self, answer: &Result<T, Problem>) {
        match answer {
            Ok(_) => self.key_store = KeyStoreState::Works,
            Err(problem) if problem.code == Code::KeyStoreLocked => self.key_store = KeyStoreState::Locked,
            Err(problem) if problem.code == Code::KeyStoreMissing => self.key_store = KeyStoreState::Missing,
            Err(problem) if problem.code == Code::KeyStoreFailing => self.key_store = KeyStoreState::Failing,
            Err(_) => {}
        }
    }
}

impl Account {
    /// The standing to show: the session's own, or what is remembered of it.
    pub(super) fn standing(&self) -> Option<&Standing> {
        match &self.tokens {
            TokensAt::Stored(standing) => Some(standing),
            TokensAt::Unknown | TokensAt::Nowhere | TokensAt::Behind(_) => {
                self.last.as_ref().map(|last| &last.standing)
            }
        }
    }

    /// When this account is to be renewed by itself.
    pub(super) fn due(&self) -> Option<Timestamp> {
        let TokensAt::Stored(standing) = &self.tokens else { return None };
        if self.refreshing || self.waiting.is_some() {
            return None;
        }
        self.retry.map(|retry| retry.at).or_else(|| refresh_at(standing))
    }
}
