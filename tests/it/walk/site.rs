//! Everything real that a walk goes through.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command as Process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use proptest_state_machine::StateMachineTest;
use rolecall_engine::Engine;
use rolecall_engine::config::{Config, Profile};
use rolecall_engine::engine::{Freshness, Live, SignIn};
use rolecall_engine::ports::{Folders, Ports, system_key_store};
use rolecall_engine::tokens::TokenKind;
use rolecall_engine::vault::Vault;
use rolecall_engine::view::Screen;
use rolecall_it::{AutomaticBrowser, Bus, ManualClock};
use rolecall_provider::{Endpoint, Fault, HeadlessBrowser, Options};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::checks::FOLLOWS;
use crate::count;
use crate::model::{Command, Condition, KeyStore, Provider, Step, Surroundings, Walk};
use crate::process::{self, Ended};

/// The keyring of this process's bus.
static BUS: Mutex<Option<Bus>> = Mutex::new(None);

/// The two names of the profile.
const NAMES: [&str; 2] = ["acme", "acme-renamed"];
/// The client ID that somebody writes into the file; no application has it.
const EDITED: &str = "another-client";

/// A profile's items in the key store.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    Nothing,
    /// A session, with its refresh token.
    Session(Option<String>),
}

impl Stored {
    pub(crate) fn refresh_token(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Session(refresh) => refresh,
        }
    }
}

/// The site of one walk.
pub(crate) struct Site {
    pub(crate) provider: rolecall_provider::Provider,
    pub(crate) engine: Engine,
    pub(crate) live: Live,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) runtime: Runtime,
    pub(crate) folder: TempDir,
    pub(crate) surroundings: Surroundings,
    /// Refresh tokens that nobody here has and the provider honours, with good reason.
    pub(crate) given_up: BTreeSet<String>,
    /// Refresh tokens that were sent again after they were spent, as far as they were looked at.
    pub(crate) reuses_seen: usize,
    /// Fingerprints of tokens a marker named, before and after each step.
    pub(crate) marked: BTreeSet<String>,
    /// The output of the command line, without tokens it was asked for.
    pub(crate) said: String,
    /// Arguments and environment of every process.
    pub(crate) shown: String,
    failpoints: Vec<String>,
    service: String,
}

/// A sign-in at which the browser comes back at once or never.
fn sign_in() -> SignIn {
    SignIn { timeout: Duration::from_secs(4), ..SignIn::default() }
}

fn bus() -> MutexGuard<'static, Option<Bus>> {
    let mut bus = BUS.lock().unwrap_or_else(PoisonError::into_inner);
    bus.get_or_insert_with(Bus::inherited);
    bus
}

impl StateMachineTest for Site {
    type SystemUnderTest = Self;
    type Reference = Walk;

    fn init_test(surroundings: &Surroundings) -> Self {
        bus().as_mut().unwrap().restart_keyring(true);
        let mut site = Self::new(surroundings.clone());
        if surroundings.begins_signed_in {
            let login = site.cli(&["login", "--timeout", "20", "--profile", site.name()], Condition::Fine);
            assert_eq!(login.code, Some(0), "{login:?}");
        }
        site
    }

    fn apply(mut site: Self, surroundings: &Surroundings, step: Step) -> Self {
        count::step(&step);
        site.note_marker();
        let before = site.honoured();
        let told = site.take(&step);
        site.surroundings = surroundings.clone();
        site.note_marker();
        site.settle();
        site.check(&step, &before, told.as_ref());
        site
    }

    fn teardown(mut site: Self, _: Surroundings) {
        site.mend();
        site.nothing_is_left_behind();
    }
}

impl Site {
    fn new(surroundings: Surroundings) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let options = Options { grace: surroundings.grace, lifetime: 60, ..Options::default() };
        let provider = rolecall_provider::Provider::start(options).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders { config: folder.path().join("config"), state: folder.path().join("state") };
        for path in [&folders.config, &folders.state, &folder.path().join("cores")] {
            std::fs::create_dir(path).unwrap();
        }
        let profile = format!("issuer = \"{}\"\nclient_id = \"{}\"\n", provider.issuer(), provider.client_id());
        let text = format!("active = \"{0}\"\n\n[profiles.{0}]\n{profile}", NAMES[0]);
        std::fs::write(folders.config.join("rolecall.toml"), text).unwrap();
        let clock = Arc::new(ManualClock::now());
        let service = format!("Rolecall walk {} {}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let ports = Ports {
            browser: Arc::new(AutomaticBrowser::new(HeadlessBrowser::new("ed"))),
            clock: clock.clone(),
            key_store: system_key_store(),
            service: service.clone(),
            folders,
        };
        let inside = runtime.enter();
        let engine = Engine::new(ports);
        let live = engine.live();
        drop(inside);
        Self {
            provider,
            engine,
            live,
            clock,
            runtime,
            folder,
            surroundings,
            given_up: BTreeSet::new(),
            reuses_seen: 0,
            marked: BTreeSet::new(),
            said: String::new(),
            shown: String::new(),
            failpoints: process::failpoints(),
            service,
        }
    }

    /// The name the profile has now.
    pub(crate) fn name(&self) -> &'static str {
        NAMES[usize::from(self.surroundings.renamed)]
    }

    /// The profile as written in the file.
    pub(crate) fn profile(&self) -> Profile {
        let config = self.engine.config().unwrap();
        config.profiles.into_iter().find(|profile| profile.name.as_str() == self.name()).expect("the profile")
    }

    /// The same with the client ID that the provider knows.
    pub(crate) fn unedited(&self) -> Profile {
        Profile { client_id: self.provider.client_id().into(), ..self.profile() }
    }

    /// The contents of the key store, read as another process would.
    ///
    /// # Errors
    /// When the key store can't be read.
    pub(crate) fn stored(&self, profile: &Profile) -> rolecall_engine::problem::Result<Stored> {
        let vault = Vault::new(self.engine.ports());
        let stored = self.runtime.block_on(vault.load(profile))?;
        Ok(match stored.map(|stored| stored.tokens.refresh) {
            None => Stored::Nothing,
            Some(refresh) => Stored::Session(refresh.map(|token| token.expose().to_owned())),
        })
    }

    /// Refresh tokens the provider takes, and has not replaced.
    pub(crate) fn honoured(&self) -> BTreeSet<String> {
        self.provider.honoured_refresh_tokens().into_iter().collect()
    }

    /// Runs the command line.
    pub(crate) fn cli(&mut self, words: &[&str], condition: Condition) -> Ended {
        let child = process::start(self.process(words), condition, &self.failpoints, &self.folder.path().join("cores"));
        let ended = process::wait(child, condition);
        self.note(words, &ended);
        ended
    }

    /// Remembers what was said and shown, but for a token that was asked for.
    fn note(&mut self, words: &[&str], ended: &Ended) {
        self.said.push_str(&ended.stderr);
        if words[0] != "token" {
            self.said.push_str(&ended.stdout);
        }
        self.shown.extend(ended.shown.iter().map(String::as_str));
    }

    fn process(&self, words: &[&str]) -> Process {
        let mut command = bus().as_ref().unwrap().command(&process::program());
        command.args(words);
        command
            .env("ROLECALL_CONFIG_DIR", self.folder.path().join("config"))
            .env("ROLECALL_STATE_DIR", self.folder.path().join("state"))
            .env("ROLECALL_KEYRING_SERVICE", &self.service)
            .env("BROWSER", process::browser());
        let off = self.surroundings.clock + i64::from(self.surroundings.slept);
        if off != 0 {
            command.env("LD_PRELOAD", process::faketime()).env("FAKETIME", format!("{off:+}"));
            command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        command
    }

    fn words(&self, command: Command) -> Vec<&'static str> {
        let mut words = match command {
            Command::SignIn => vec!["login", "--timeout", "4"],
            Command::Refresh => vec!["refresh"],
            Command::Token => vec!["token", "--min-validity", "30"],
            Command::SignOut => vec!["logout"],
            Command::Status => vec!["status"],
        };
        words.extend(["--profile", self.name()]);
        words
    }

    fn take(&mut self, step: &Step) -> Option<Ended> {
        match step {
            Step::Cli(command, condition) => {
                if *condition == Condition::AnswerLost {
                    self.provider.fault(Fault::AnswerLost);
                }
                let ended = self.cli(&self.words(*command), *condition);
                if *condition == Condition::AnswerLost {
                    self.order(self.surroundings.provider);
                }
                return Some(ended);
            }
            Step::Engine(command) => self.in_process(*command),
            Step::Together(one, other) => {
                let words = self.words(*one);
                let cores = self.folder.path().join("cores");
                let child = process::start(self.process(&words), Condition::Fine, &self.failpoints, &cores);
                self.in_process(*other);
                let ended = process::wait(child, Condition::Fine);
                self.note(&words, &ended);
                return Some(ended);
            }
            Step::Provider(provider) => self.order(*provider),
            Step::RevokeAll => self.provider.revoke_all(),
            Step::Roles(more) => {
                let roles: &[&str] = if *more { &["Editor", "Publisher"] } else { &["Editor"] };
                self.provider.set_roles("ed", roles);
            }
            Step::KeyStore(state) => self.set_key_store(*state),
            Step::Clock(off) => self.clock.set_wall(off - self.surroundings.clock),
            Step::Sleep(seconds) => self.clock.advance(*seconds),
            Step::Rename => {
                let to = NAMES[usize::from(!self.surroundings.renamed)].parse().unwrap();
                let profile = self.profile();
                self.runtime.block_on(self.engine.rename_profile(&profile, &to)).expect("it is renamed");
            }
            Step::EditClientId => self.edit(),
            Step::Prune => return Some(self.cli(&["profiles", "prune"], Condition::Fine)),
            Step::Remove(condition) => {
                let text = std::fs::read_to_string(Config::path(&self.engine.ports().folders)).unwrap();
                let ended = self.cli(&["profiles", "remove", self.name()], *condition);
                self.set_up_again(&text);
                return Some(ended);
            }
        }
        None
    }

    fn in_process(&self, command: Command) {
        let (engine, profile) = (self.engine.clone(), self.profile());
        self.runtime.block_on(async {
            let bound = Duration::from_secs(60);
            let done = async {
                // What comes of it is looked at afterwards, whatever is answered.
                let _ = match command {
                    Command::SignIn => engine.sign_in(&profile, &sign_in(), |_| {}).await.map(drop),
                    Command::Refresh => engine.refresh(&profile).await.map(drop),
                    Command::Token => engine
                        .token(&profile, TokenKind::Access, Freshness::ValidFor(Duration::from_secs(30)))
                        .await
                        .map(drop),
                    Command::SignOut => engine.sign_out(&profile, false).await.map(drop),
                    Command::Status => engine.session_summary(&profile).await.map(drop),
                };
            };
            assert!(tokio::time::timeout(bound, done).await.is_ok(), "{command:?} hangs in this process");
        });
    }

    fn order(&self, provider: Provider) {
        self.provider.clear_faults();
        let _ = self.provider.resume();
        match provider {
            Provider::Fine => {}
            Provider::Down => self.provider.stop(),
            Provider::Failing => self.provider.fault(Fault::Status(Endpoint::Token, 503)),
            Provider::Slow => self.provider.fault(Fault::Slow(Endpoint::Token, 120)),
            Provider::NotRotating => self.provider.fault(Fault::NoRotation),
            Provider::NoIdToken => self.provider.fault(Fault::NoIdToken),
            Provider::Unusable => self.provider.fault(Fault::TokenMember("token_type", "\"mac\"")),
        }
    }

    fn set_key_store(&self, state: KeyStore) {
        let mut bus = bus();
        let bus = bus.as_mut().unwrap();
        match state {
            KeyStore::Unlocked => bus.restart_keyring(true),
            KeyStore::Locked => bus.restart_keyring(false),
            KeyStore::Gone => bus.stop_keyring(),
        }
        // Nobody tells the window of that; a person would press the button.
        self.live.unlock();
    }

    /// Writes the configuration as it was before a profile was removed, once the window has seen that it is gone.
    fn set_up_again(&self, text: &str) {
        let file = Config::path(&self.engine.ports().folders);
        if self.engine.config().unwrap().profiles.is_empty() {
            let mut view = self.live.view();
            let gone = view.wait_for(|view| view.screen == Screen::SetUp);
            let followed = self.runtime.block_on(async { tokio::time::timeout(FOLLOWS, gone).await.is_ok() });
            assert!(followed, "the window shows a profile that was removed");
        }
        std::fs::write(file, text).unwrap();
    }

    fn edit(&self) {
        let file: PathBuf = Config::path(&self.engine.ports().folders);
        let text = std::fs::read_to_string(&file).unwrap();
        let (from, to) = if self.surroundings.edited {
            (EDITED, self.provider.client_id())
        } else {
            (self.provider.client_id(), EDITED)
        };
        std::fs::write(&file, text.replace(&format!("client_id = \"{from}\""), &format!("client_id = \"{to}\"")))
            .unwrap();
    }

    /// The items in the key store under this walk's service, as another program reads them.
    pub(crate) fn items(&self) -> String {
        let mut command = bus().as_ref().unwrap().command("secret-tool".as_ref());
        let found =
            command.args(["search", "--all", "service", &self.service]).output().expect("secret-tool is installed");
        String::from_utf8_lossy(&found.stdout)
            .lines()
            // A trial of the key store that was killed leaves its item; it holds nothing.
            .filter(|line| line.starts_with("label") && !line.ends_with(": trial"))
            .collect()
    }

    /// Everything works again.
    fn mend(&mut self) {
        self.order(Provider::Fine);
        if self.surroundings.key_store != KeyStore::Unlocked {
            self.set_key_store(KeyStore::Unlocked);
        }
        self.clock.set_wall(-self.surroundings.clock);
        if self.surroundings.edited {
            self.edit();
        }
        self.surroundings = Surroundings {
            provider: Provider::Fine,
            key_store: KeyStore::Unlocked,
            clock: 0,
            edited: false,
            ..self.surroundings.clone()
        };
    }
}
