use std::time::Duration;

use url::Url;

use super::Live;
use super::model::{Account, Attempt, Retry, TokensAt};
use crate::config::{Config, Profile};
use crate::engine::{Link, Progress, SignIn, lock};
use crate::history;
use crate::problem::{Code, Problem, Result};
use crate::session::Standing;
use crate::tokens::Secret;
use crate::view::{Step, TokenKind};

/// How long a copied token should at least hold.
const COPY_HOLDS: Duration = Duration::from_secs(60);

impl Live {
    /// Begins a sign-in for the profile in front. Where somebody is signed in already, somebody else is probably meant, so
    /// the provider is asked not to take the person in its browser for granted.
    pub fn sign_in(&self, ask_consent: bool, memory_only: bool) {
        let Some(profile) = self.front() else { return };
        let signed_in = self.change_account(&profile, |account| matches!(account.tokens, TokensAt::Stored(_)));
        let how = SignIn { ask_consent, memory_only, anew: signed_in && !ask_consent, ..SignIn::default() };
        let started_at = self.inner.engine.now();
        let deadline = started_at.plus(i64::try_from(how.timeout.as_secs()).unwrap_or(300));
        let begun = self.change_account(&profile, |account| {
            if account.waiting.is_some() {
                return false;
            }
            account.trouble = None;
            account.waiting =
                Some(Attempt { step: Step::Preparing, link: None, opened: false, started_at, deadline, task: None });
            true
        });
        if !begun {
            return;
        }
        let live = self.clone();
        let of = profile.clone();
        let task = self.carry_out(async move { live.run_sign_in(&of, &how).await });
        self.change_account(&profile, |account| {
            if let Some(attempt) = &mut account.waiting {
                attempt.task = Some(task.abort_handle());
            }
        });
    }

    async fn run_sign_in(&self, profile: &Profile, how: &SignIn) {
        let told = |progress: Progress| {
            self.change_account(profile, |account| {
                let Some(attempt) = &mut account.waiting else { return };
                match progress {
                    Progress::Step(step) => attempt.step = step,
                    Progress::Link { link, opened } => {
                        attempt.link = Some(link);
                        attempt.opened = opened;
                    }
                    Progress::Note(_) => {}
                }
            });
        };
        let result = self.inner.engine.sign_in(profile, how, told).await;
        if how.ask_consent && result.as_ref().is_ok_and(|standing| standing.has_refresh_token) {
            self.remember_consent(profile);
        }
        self.change(|model| {
            if !how.memory_only {
                model.heard(&result);
            }
        });
        self.settle(profile, result, |account| {
            account.waiting = None;
            account.withheld_dismissed = false;
        });
    }

    /// This provider gives a refresh token only when asked for consent: ask each time from now on.
    fn remember_consent(&self, profile: &Profile) {
        let profile = Profile { ask_consent: true, ..profile.clone() };
        if let Err(problem) = Config::save_profile(&self.inner.engine.ports().folders, &profile) {
            tracing::warn!(%problem, "that consent has to be asked for could not be written down");
        }
    }

    /// Stops a sign-in under way. Once the browser has come back it is carried through.
    pub fn cancel_sign_in(&self) {
        let Some(profile) = self.front() else { return };
        self.change_account(&profile, |account| {
            if account.waiting.as_ref().is_some_and(|attempt| attempt.step == Step::Checking) {
                return;
            }
            if let Some(task) = account.waiting.take().and_then(|attempt| attempt.task) {
                task.abort();
            }
        });
    }

    /// Opens the link of the sign-in under way once more, or one in its place where it has been used up.
    ///
    /// # Errors
    /// Where the provider insists on keeping the request and can't be asked to. The sign-in goes on waiting.
    pub async fn open_again(&self) -> Result<()> {
        let Some(profile) = self.front() else { return Ok(()) };
        let Some(link) = self.fresh_link(&profile).await? else { return Ok(()) };
        let opened = self.inner.engine.ports().browser.open(&link.url).is_ok();
        self.change_account(&profile, |account| {
            if let Some(attempt) = &mut account.waiting {
                (attempt.opened, attempt.link) = (opened, Some(link));
            }
        });
        Ok(())
    }

    /// A link of the sign-in under way that can be opened now, for the clipboard.
    ///
    /// # Errors
    /// Where the provider insists on keeping the request and can't be asked to.
    pub async fn link(&self) -> Result<Option<Url>> {
        let Some(profile) = self.front() else { return Ok(None) };
        Ok(self.fresh_link(&profile).await?.map(|link| link.url))
    }

    async fn fresh_link(&self, profile: &Profile) -> Result<Option<Link>> {
        let link = {
            let mut model = lock(&self.inner.model);
            model.account(profile).waiting.as_ref().and_then(|attempt| attempt.link.clone())
        };
        match link {
            Some(link) => link.again().await.map(Some),
            None => Ok(None),
        }
    }

    /// Refreshes the profile in front.
    pub fn refresh(&self) {
        if let Some(profile) = self.front() {
            self.refresh_profile(profile);
        }
    }

    pub(super) fn refresh_profile(&self, profile: Profile) {
        let begun = self.change_account(&profile, |account| {
            let free = !account.refreshing && account.waiting.is_none();
            account.refreshing |= free;
            free
        });
        if !begun {
            return;
        }
        let live = self.clone();
        self.carry_out(async move {
            let result = live.inner.engine.refresh(&profile).await;
            if let Ok(standing) = &result {
                live.announce(&profile, standing);
            }
            live.settle(&profile, result, |account| account.refreshing = false);
        });
    }

    fn announce(&self, profile: &Profile, standing: &Standing) {
        let notify = lock(&self.inner.model).config.settings.notify_changes;
        if let Some(news) = history::in_words(&standing.brought).filter(|_| notify) {
            self.tell(format!("{}: {news}", standing.identity.name), format!("At {}.", profile.issuer.host()));
        }
    }

    /// What a verb left: shown, and scheduled from. The verb is `over` in the same moment: seen between, what it has just
    /// done would look due still.
    pub(super) fn settle(&self, profile: &Profile, result: Result<Standing>, over: impl FnOnce(&mut Account)) {
        let engine = &self.inner.engine;
        let (last, generation) = (engine.last(profile), engine.ledger(profile).generation());
        let now = engine.clocks().boot;
        self.change_account(profile, |account| {
            over(account);
            account.last = last.or(account.last.take());
            account.generation = generation;
            match result {
                Ok(standing) => {
                    account.write = standing.unsaved.then(|| Retry::soon(account.write, now));
                    account.tokens = TokensAt::Stored(Box::new(standing));
                    account.trouble = None;
                    account.retry = None;
                }
                Err(problem) => {
                    let unread = !matches!(account.tokens, TokensAt::Stored(_));
                    if matches!(problem.code, Code::SessionEnded | Code::SignInNeeded) {
                        account.tokens = TokensAt::Nowhere;
                    } else if problem.code.is_key_store() && unread {
                        account.tokens = TokensAt::Behind(problem.clone());
                    }
                    // A key store is asked again by a person, not by the clock.
                    let again = if is_passing(problem.code) { Retry::soon } else { Retry::late };
                    let retry = again(account.retry, now).not_within(problem.wait, now);
                    account.retry = Some(retry).filter(|_| !problem.code.is_key_store());
                    // How a session ended is told from what is remembered of it.
                    account.trouble = Some(problem).filter(|problem| problem.code != Code::SessionEnded);
                }
            }
        });
    }

    /// Signs out of the named profile, or the one in front.
    pub fn sign_out(&self, profile: Option<&str>) {
        let profile = profile.map_or_else(|| self.front(), |name| self.named(name));
        if let Some(profile) = profile {
            let live = self.clone();
            self.carry_out(async move {
                live.run_sign_out(&profile).await;
            });
        }
    }

    pub(super) async fn run_sign_out(&self, profile: &Profile) -> bool {
        let result = self.inner.engine.sign_out(profile, false).await;
        self.change(|model| model.heard(&result));
        let done = result.is_ok();
        match result {
            Ok(signed_out) => {
                self.settle(profile, Err(Problem::new(Code::SignInNeeded, "")), |_| {});
                let trouble = signed_out.revoked.and_then(Result::err).map(|problem| {
                    let what = "signed out here, but the provider could not be told, so its token lives until it ends by itself";
                    Problem::new(problem.code, format!("{what} ({})", problem.detail))
                });
                self.change_account(profile, |account| account.trouble = trouble);
            }
            Err(problem) => self.change_account(profile, |account| account.trouble = Some(problem)),
        }
        done
    }

    /// Asks the key store again, patiently, and stores what it did not take before.
    pub fn unlock(&self) {
        let Some(profile) = self.front() else { return };
        let live = self.clone();
        self.carry_out(async move {
            live.inner.engine.store_held(&profile).await;
            let answer = live.inner.engine.unlock(&profile).await;
            live.take_load(&profile, answer);
        });
    }

    /// Tries again to write what the key store did not take.
    pub(super) fn write_held(&self, profile: Profile) {
        // Not again before this try has told its outcome.
        self.change_account(&profile, |account| account.write = None);
        let live = self.clone();
        self.inner.runtime.spawn(async move {
            live.inner.engine.store_held(&profile).await;
            let answer = live.inner.engine.standing(&profile).await;
            live.take_load(&profile, answer);
        });
    }

    /// Before the program ends: tries once more, for `patience` at the longest, to write what the key store did not take
    /// (RF-7). Returns at once where there is nothing.
    pub async fn write_all_held(&self, patience: Duration) {
        let profiles = lock(&self.inner.model).config.profiles.clone();
        let writes = profiles.iter().map(|profile| self.inner.engine.store_held(profile));
        if tokio::time::timeout(patience, futures_util::future::join_all(writes)).await.is_err() {
            tracing::warn!("the key store did not take the newest session before the end");
        }
    }

    /// Puts the trouble that is shown away.
    pub fn dismiss(&self) {
        let front = self.front();
        self.change(|model| {
            let trouble = front.as_ref().and_then(|profile| model.account(profile).trouble.take());
            if trouble.is_some() {
                return;
            }
            let withheld = front.as_ref().is_some_and(|profile| {
                let account = model.account(profile);
                let shown = account.standing().is_some_and(|standing| standing.refresh_token_withheld);
                let news = shown && !account.withheld_dismissed;
                account.withheld_dismissed |= shown;
                news
            });
            if !withheld {
                model.general = None;
            }
        });
    }

    /// A token for the clipboard. A problem also shows in the view.
    ///
    /// # Errors
    /// The rows of [`crate::Engine::token`].
    pub async fn token(&self, kind: TokenKind) -> Result<Secret> {
        let profile = self.front().ok_or_else(|| Problem::new(Code::NoProfile, ""))?;
        let result = self.inner.engine.token(&profile, kind, COPY_HOLDS).await;
        let engine = &self.inner.engine;
        match &result {
            Ok(_) if engine.ledger(&profile).generation() == lock(&self.inner.model).account(&profile).generation => {}
            Ok(_) => self.load(profile),
            Err(problem) => self.settle(&profile, Err(problem.clone()), |_| {}),
        }
        result
    }
}

/// Troubles that mend themselves.
fn is_passing(code: Code) -> bool {
    matches!(code, Code::Unreachable | Code::ProviderFailing | Code::UntrustedCertificate | Code::Busy)
}
