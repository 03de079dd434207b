//! The checks after each step and at the end.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use rolecall_engine::tokens::Secret;
use rolecall_engine::view::{Screen, TrayIcon, View};
use serde_json::Value;

use crate::model::{Command, Condition, KeyStore, Provider, Step};
use crate::process::Ended;
use crate::site::{Site, Stored};

/// How long the window may take to show what another process did.
pub(crate) const FOLLOWS: Duration = Duration::from_secs(8);

/// How long something may be under way in this process after a step; more only where it can't be stored.
const RESTS: Duration = Duration::from_secs(3);

/// Exit statuses the command line has; none is a crash.
const STATUSES: [i32; 7] = [0, 1, 2, 3, 4, 5, 6];

impl Site {
    /// Remembers which token is marked as being spent, if one is.
    pub(crate) fn note_marker(&mut self) {
        for file in std::fs::read_dir(self.folder.path().join("state")).into_iter().flatten().flatten() {
            if file.path().extension().is_some_and(|ending| ending == "spending") {
                let marker: Value =
                    serde_json::from_slice(&std::fs::read(file.path()).unwrap_or_default()).unwrap_or_default();
                self.marked.extend(marker["fingerprint"].as_str().map(ToOwned::to_owned));
            }
        }
    }

    /// Waits until nothing is under way in this process.
    pub(crate) fn settle(&self) {
        let begun = Instant::now();
        while !self.live.is_idle() && begun.elapsed() < RESTS {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether this process has something that the key store did not take yet.
    fn holds_unsaved(&self) -> bool {
        let summary = self.runtime.block_on(self.engine.session_summary(&self.profile()));
        summary.is_ok_and(|summary| summary.is_some_and(|summary| summary.unsaved))
    }

    pub(crate) fn check(&mut self, step: &Step, before: &BTreeSet<String>, told: Option<&Ended>) {
        if let Some(ended) = told {
            Self::ended_well(step, ended);
        }
        self.no_spent_token_was_sent_again_unmarked(step);
        self.no_token_stands_where_none_belongs();
        if self.surroundings.key_store == KeyStore::Unlocked {
            self.no_session_is_lost(step, before, told);
            self.front_ends_agree(step);
        }
    }

    fn ended_well(step: &Step, ended: &Ended) {
        let killed = matches!(
            step,
            Step::Cli(_, Condition::KilledAt(_) | Condition::Signal(..)) | Step::Remove(Condition::KilledAt(_))
        );
        match (ended.code, ended.signal) {
            (Some(code), _) => {
                assert!(STATUSES.contains(&code) || killed && code > 128, "{step:?}: exit {code}: {ended:?}");
            }
            (None, signal) => assert!(killed, "{step:?}: ended by signal {signal:?}: {ended:?}"),
        }
        assert!(!ended.stderr.contains("panicked"), "{step:?}: {}", ended.stderr);
    }

    /// A refresh token that was spent may come again only where a marker said that a refresh was cut off (RF-2), or where the
    /// answer was lost on the way, after which it is sent once more at once.
    fn no_spent_token_was_sent_again_unmarked(&mut self, step: &Step) {
        let reused = self.provider.reused_refresh_tokens();
        for token in &reused[self.reuses_seen..] {
            let marked = self.marked.contains(&Secret::new(token.clone()).fingerprint());
            // A lost answer is asked for once more, under the marker, which may be gone by now.
            let lost = matches!(step, Step::Cli(_, Condition::AnswerLost));
            assert!(marked || lost, "{step:?}: a spent refresh token was sent again and no marker stood");
        }
        self.reuses_seen = reused.len();
    }

    /// Every token the provider honours is in the key store, or there is a reason why not; and what is in the key store is
    /// honoured, or was revoked there, or a marker tells that its refresh was cut off.
    fn no_session_is_lost(&mut self, step: &Step, before: &BTreeSet<String>, told: Option<&Ended>) {
        if self.holds_unsaved() {
            return;
        }
        let (mut honoured, mut kept, mut lost) = self.honoured_and_kept();
        if !lost.is_empty() {
            let why = self.displaced(step, &lost, before).or_else(|| self.reason(step, told));
            // The window may have begun a refresh by itself in the meantime, at a clock that was set for example.
            let begun = Instant::now();
            while why.is_none() && !lost.is_empty() && begun.elapsed() < RESTS {
                std::thread::sleep(Duration::from_millis(20));
                self.settle();
                (honoured, kept, lost) = self.honoured_and_kept();
            }
            assert!(
                why.is_some() || lost.is_empty(),
                "{step:?}: {} honoured and nowhere here; before {}, now {}; {told:?}",
                lost.len(),
                before.len(),
                honoured.len()
            );
            self.given_up.extend(lost);
        }
        // A kept token may have been spent by a refresh whose answer is not stored yet, so this looks again.
        let begun = Instant::now();
        while kept.difference(&honoured).next().is_some() && begun.elapsed() < RESTS {
            std::thread::sleep(Duration::from_millis(20));
            self.settle();
            (honoured, kept, _) = self.honoured_and_kept();
            if kept.difference(&honoured).all(|token| self.provider.would_take(token)) {
                break;
            }
        }
        for token in kept.difference(&honoured) {
            let superseded = self.provider.would_take(token);
            let marked = self.marked.contains(&Secret::new(token.clone()).fingerprint());
            let revoked = !self.provider.knows_refresh_token(token);
            assert!(
                superseded || marked || revoked,
                "{step:?}: a token is stored that was spent, and no marker tells; {told:?}"
            );
        }
    }

    /// The tokens that the provider honours, those in the key store, and those that are honoured and nowhere here.
    fn honoured_and_kept(&self) -> (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>) {
        let honoured = self.honoured();
        let here = self.stored(&self.profile()).expect("the key store answers");
        let unedited = self.stored(&self.unedited()).expect("the key store answers");
        let kept: BTreeSet<String> = [here, unedited].into_iter().filter_map(Stored::refresh_token).collect();
        let lost = honoured.difference(&kept).filter(|token| !self.given_up.contains(*token)).cloned().collect();
        (honoured, kept, lost)
    }

    /// Signing in again as the same person revokes nothing: at some providers that would end the new session with the old.
    fn displaced(&self, step: &Step, lost: &BTreeSet<String>, before: &BTreeSet<String>) -> Option<&'static str> {
        let signs_in = matches!(
            step,
            Step::Cli(Command::SignIn, _)
                | Step::Engine(Command::SignIn)
                | Step::Together(Command::SignIn, _)
                | Step::Together(_, Command::SignIn)
        );
        // Of two at once the other may have replaced the token of before, or signed in itself.
        let replaced = matches!(step, Step::Together(..));
        // The window may have refreshed the one that was there in the moment before.
        let sign_ins = |tokens: &BTreeSet<String>| -> BTreeSet<String> {
            tokens.iter().filter_map(|token| self.provider.sign_in_of(token)).collect()
        };
        let was_there = sign_ins(lost).is_subset(&sign_ins(before));
        (signs_in && (replaced || was_there)).then_some("displaced by the same person")
    }

    /// Why a token may be honoured by the provider and be nowhere here.
    fn reason(&self, step: &Step, told: Option<&Ended>) -> Option<&'static str> {
        let out_of_reach = self.surroundings.provider != Provider::Fine;
        match step {
            // Whatever had come in memory is gone with the process.
            Step::Cli(_, Condition::KilledAt(_)) | Step::Remove(Condition::KilledAt(_))
                if told.is_some_and(|ended| ended.code.is_none()) =>
            {
                Some("killed")
            }
            Step::Cli(_, Condition::Signal(3, _)) => Some("ended by QUIT, which nothing waits at"),
            Step::Cli(_, Condition::AnswerLost) => Some("the answer was lost"),
            Step::Cli(Command::SignOut | Command::SignIn, _)
            | Step::Engine(Command::SignOut | Command::SignIn)
            | Step::Together(Command::SignOut | Command::SignIn, _)
            | Step::Together(_, Command::SignOut | Command::SignIn)
            | Step::Prune
            | Step::Remove(_)
                if out_of_reach =>
            {
                Some("the provider could not be told")
            }
            _ => None,
        }
    }

    /// Window, tray and command line say what is.
    fn front_ends_agree(&mut self, step: &Step) {
        let signed_in = match self.stored(&self.profile()) {
            Ok(stored) => stored != Stored::Nothing,
            Err(_) => return,
        };
        if self.holds_unsaved() {
            return;
        }
        let name = self.name();
        let status = self.cli(&["status", "--json", "--profile", name], Condition::Fine);
        let expected = if signed_in { 0 } else { 3 };
        assert_eq!(status.code, Some(expected), "{step:?}: signed in: {signed_in}; status says {status:?}");
        let shows = |view: &View| match &view.screen {
            Screen::SignedIn(shown) => signed_in && shown.tokens_ready,
            Screen::SignedOut { .. } | Screen::Inactive(_) => !signed_in,
            Screen::SetUp | Screen::Waiting(_) => false,
        };
        let mut view = self.live.view();
        let followed = self
            .runtime
            .block_on(async { tokio::time::timeout(FOLLOWS, view.wait_for(|view| shows(view))).await.is_ok() });
        assert!(followed, "{step:?}: signed in: {signed_in}; the window shows {:?}", self.live.view().borrow().screen);
        let icon = self.live.menu().icon;
        let fits = if signed_in {
            icon != TrayIcon::SignedOut
        } else {
            matches!(icon, TrayIcon::SignedOut | TrayIcon::Ended | TrayIcon::Attention)
        };
        assert!(fits, "{step:?}: signed in: {signed_in}; the tray shows {icon:?}");
    }

    /// No token in a file, in what was said, or in a core.
    fn no_token_stands_where_none_belongs(&self) {
        let tokens = self.provider.refresh_tokens();
        // Access tokens, ID tokens, codes, states, nonces and verifiers.
        let secrets: Vec<String> = self.provider.secrets().into_iter().filter(|secret| secret.len() > 16).collect();
        for folder in ["config", "state"] {
            for (path, text) in files(&self.folder.path().join(folder)) {
                let found = secrets.iter().chain(&tokens).find(|secret| text.contains(secret.as_str()));
                assert!(found.is_none(), "{path} holds {:.8}…", found.unwrap());
            }
        }
        // State and nonce are in links, which the command line may print.
        let ours = || tokens.iter().chain(secrets.iter().filter(|secret| secret.contains('.')));
        let found = ours().find(|token| self.said.contains(token.as_str()));
        assert!(found.is_none(), "the command line said {:.8}…", found.unwrap());
        // The link is in no list of processes: the browser is started with an address that leads to it.
        let found = ours().chain(&secrets).find(|secret| self.shown.contains(secret.as_str()));
        assert!(found.is_none(), "an argument or a variable of a process was {:.8}…", found.unwrap());
        for (path, text) in files(&self.folder.path().join("cores")) {
            let found = ours().find(|token| text.contains(token.as_str()));
            assert!(found.is_none(), "the core {path} holds {:.8}…", found.unwrap());
        }
    }

    /// When all works again, pruning and signing out leave nothing here, and nothing at the provider but what was given up.
    pub(crate) fn nothing_is_left_behind(&mut self) {
        let prune = self.cli(&["profiles", "prune"], Condition::Fine);
        assert_eq!(prune.code, Some(0), "{prune:?}");
        let name = self.name();
        let out = self.cli(&["logout", "--profile", name], Condition::Fine);
        assert!(matches!(out.code, Some(0 | 3)), "{out:?}");
        let left: BTreeSet<String> = self.honoured().difference(&self.given_up).cloned().collect();
        assert!(left.is_empty(), "{} sessions are left at the provider; {out:?} {prune:?}", left.len());
        assert!(
            self.stored(&self.profile()).expect("the key store answers") == Stored::Nothing,
            "a session is left in the key store"
        );
        let items = self.items();
        assert!(items.is_empty(), "items are left in the key store: {items}");
        self.live.stop();
    }
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((
                path.display().to_string(),
                String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned(),
            ));
        }
    }
    all
}
