use std::time::Duration;

use url::Url;

use super::Live;
use super::model::{PendingSignIn, ProfileModel, Retry, SessionState};
use crate::config::Profile;
use crate::engine::{Freshness, Link, Progress, SignIn, lock};
use crate::history;
use crate::problem::{Code, Problem, Result};
use crate::session::{SessionSummary, Step};
use crate::tokens::Secret;
use crate::tokens::TokenKind;

/// How long a copied token should at least hold.
const COPY_HOLDS: Duration = Duration::from_secs(60);

impl Live {
    /// Begins a sign-in for the active profile. Where somebody is signed in already, somebody else is probably meant, so
    /// the provider is asked not to take the person in its browser for granted.
    pub fn sign_in(&self, ask_consent: bool, memory_only: bool) {
        let Some(profile) = self.active() else { return };
        let signed_in = self.change_account(&profile, |account| matches!(account.session, SessionState::Present(_)));
        let how = SignIn { ask_consent, memory_only, reauthenticate: signed_in && !ask_consent, ..SignIn::default() };
        let started_at = self.inner.engine.now();
        let deadline = started_at.plus(i64::try_from(how.timeout.as_secs()).unwrap_or(300));
        let begun = self.change_account(&profile, |account| {
            if account.sign_in.is_some() {
                return false;
            }
            account.problem = None;
            account.sign_in = Some(PendingSignIn::begun(started_at, deadline));
            true
        });
        if !begun {
            return;
        }
        let live = self.clone();
        let of = profile.clone();
        let task = self.spawn_operation(async move { live.run_sign_in(&of, &how).await });
        self.change_account(&profile, |account| {
            if let Some(pending) = &mut account.sign_in {
                pending.task = Some(task.abort_handle());
            }
        });
    }

    async fn run_sign_in(&self, profile: &Profile, how: &SignIn) {
        let told = |progress: Progress| {
            self.change_account(profile, |account| {
                let Some(pending) = &mut account.sign_in else { return };
                match progress {
                    Progress::Step(step) => pending.step = step,
                    Progress::Link { link, opened } => {
                        pending.link = Some(link);
                        pending.opened = opened;
                    }
                    Progress::Device(_) | Progress::Note(_) => {}
                }
            });
        };
        let result = self.inner.engine.sign_in(profile, how, told).await;
        if how.ask_consent && result.as_ref().is_ok_and(|summary| summary.has_refresh_token) {
            self.remember_consent(profile).await;
        }
        self.change(|model| {
            if !how.memory_only {
                model.note_key_store(&result);
            }
        });
        self.apply_outcome(profile, result, |account| {
            account.sign_in = None;
            account.withheld_dismissed = false;
        });
    }

    /// This provider gives a refresh token only when asked for consent: ask each time from now on.
    async fn remember_consent(&self, profile: &Profile) {
        let profile = Profile { ask_consent: true, ..profile.clone() };
        if let Err(problem) = self.inner.engine.save_profile(&profile).await {
            tracing::warn!(%problem, "that consent has to be asked for could not be written down");
        }
    }

    /// Cancels the sign-in in progress. Once the browser has come back it is completed.
    pub fn cancel_sign_in(&self) {
        let Some(profile) = self.active() else { return };
        self.change_account(&profile, |account| {
            // Being asked about somebody is no check that is under way: nothing is stored until the answer.
            let checked = |pending: &PendingSignIn| pending.step == Step::Checking && pending.person.is_none();
            if account.sign_in.as_ref().is_some_and(checked) {
                return;
            }
            if let Some(task) = account.sign_in.take().and_then(|pending| pending.task) {
                task.abort();
            }
        });
    }

    /// Opens the link of the sign-in under way once more, or one in its place where it has been used up.
    ///
    /// # Errors
    /// Where the provider insists on keeping the request and can't be asked to. The sign-in goes on waiting.
    pub async fn open_again(&self) -> Result<()> {
        let Some(profile) = self.active() else { return Ok(()) };
        let Some(link) = self.fresh_link(&profile).await? else { return Ok(()) };
        let opened = self.inner.engine.ports().browser.open(&link.start_address()).is_ok();
        self.change_account(&profile, |account| {
            if let Some(pending) = &mut account.sign_in {
                (pending.opened, pending.link) = (opened, Some(link));
            }
        });
        Ok(())
    }

    /// A link of the sign-in under way that can be opened now, for the clipboard.
    ///
    /// # Errors
    /// Where the provider insists on keeping the request and can't be asked to.
    pub async fn link(&self) -> Result<Option<Url>> {
        let Some(profile) = self.active() else { return Ok(None) };
        Ok(self.fresh_link(&profile).await?.map(|link| link.url))
    }

    async fn fresh_link(&self, profile: &Profile) -> Result<Option<Link>> {
        let link = {
            let mut model = lock(&self.inner.model);
            model.account(profile).sign_in.as_ref().and_then(|pending| pending.link.clone())
        };
        match link {
            Some(link) => link.again().await.map(Some),
            None => Ok(None),
        }
    }

    /// Refreshes the active profile.
    pub fn refresh(&self) {
        if let Some(profile) = self.active() {
            self.refresh_profile(profile);
        }
    }

    pub(super) fn refresh_profile(&self, profile: Profile) {
        let begun = self.change_account(&profile, |account| {
            let free = !account.refreshing && account.sign_in.is_none();
            account.refreshing |= free;
            free
        });
        if !begun {
            return;
        }
        let live = self.clone();
        self.spawn_operation(async move {
            let result = live.inner.engine.refresh(&profile).await;
            if let Ok(summary) = &result {
                live.announce(&profile, summary);
            }
            live.apply_outcome(&profile, result, |account| account.refreshing = false);
        });
    }

    fn announce(&self, profile: &Profile, summary: &SessionSummary) {
        let notify = lock(&self.inner.model).config.settings.notify_changes;
        if let Some(news) = history::in_words(&summary.changes).filter(|_| notify) {
            self.notify(format!("{}: {news}", summary.identity.name), format!("At {}.", profile.issuer.host()));
        }
    }

    /// Applies the outcome of an operation to the model. `over` marks the operation as finished in the same change: otherwise
    /// the schedule could see it as still due.
    pub(super) fn apply_outcome(
        &self,
        profile: &Profile,
        result: Result<SessionSummary>,
        over: impl FnOnce(&mut ProfileModel),
    ) {
        let engine = &self.inner.engine;
        let (last, generation) = (engine.last_known(profile), engine.coordination(profile).generation());
        let now = engine.clocks().boot;
        self.change_account(profile, |account| {
            over(account);
            account.last = last.or(account.last.take());
            account.generation = generation;
            match result {
                Ok(summary) => {
                    account.store_retry = summary.unsaved.then(|| Retry::soon(account.store_retry, now));
                    account.problem = summary.warnings.first().cloned();
                    account.session = SessionState::Present(Box::new(summary));
                    account.retry = None;
                }
                Err(problem) => {
                    let unread = !matches!(account.session, SessionState::Present(_));
                    if matches!(problem.code, Code::SessionEnded | Code::SignInNeeded) {
                        account.session = SessionState::Absent;
                    } else if problem.code.is_key_store() && unread {
                        account.session = SessionState::Unreadable(problem.clone());
                    }
                    // The key store is retried by the person, not by the schedule.
                    let again = if problem.code.is_passing() { Retry::soon } else { Retry::late };
                    let retry = again(account.retry, now).not_within(problem.wait, now);
                    account.retry = Some(retry).filter(|_| !problem.code.is_key_store());
                    // The notice of an ended session is drawn from the remembered end.
                    account.problem = Some(problem).filter(|problem| problem.code != Code::SessionEnded);
                }
            }
        });
    }

    /// Signs out of the named profile, or the active one.
    pub fn sign_out(&self, profile: Option<&str>) {
        let profile = profile.map_or_else(|| self.active(), |name| self.named(name));
        if let Some(profile) = profile {
            let live = self.clone();
            self.spawn_operation(async move {
                live.run_sign_out(&profile).await;
            });
        }
    }

    pub(super) async fn run_sign_out(&self, profile: &Profile) -> bool {
        let result = self.inner.engine.sign_out(profile, false).await;
        self.change(|model| model.note_key_store(&result));
        let done = result.is_ok();
        match result {
            Ok(signed_out) => {
                self.apply_outcome(profile, Err(Problem::new(Code::SignInNeeded, "")), |_| {});
                let problem = signed_out.revoked.and_then(Result::err).map(|problem| {
                    let what = "signed out here, but the provider could not be told, so its token lives until it ends by itself";
                    Problem::new(problem.code, format!("{what} ({})", problem.detail))
                });
                let problem = problem.or_else(|| {
                    let warning = signed_out.warnings.first()?;
                    let what = "signed out, but not everything could be written down";
                    Some(Problem::new(warning.code, format!("{what}: {}", warning.detail)))
                });
                self.change_account(profile, |account| account.problem = problem);
            }
            Err(problem) => self.change_account(profile, |account| account.problem = Some(problem)),
        }
        done
    }

    /// Asks the key store again with a long timeout, and stores what it refused before.
    pub fn unlock(&self) {
        let Some(profile) = self.active() else { return };
        let live = self.clone();
        self.spawn_operation(async move {
            live.inner.engine.store_pending(&profile).await;
            let answer = live.inner.engine.unlock(&profile).await;
            live.apply_stored(&profile, answer);
        });
    }

    /// Tries again to write what the key store did not take.
    pub(super) fn retry_store(&self, profile: Profile) {
        // Not again before this try has told its outcome.
        self.change_account(&profile, |account| account.store_retry = None);
        let live = self.clone();
        self.inner.runtime.spawn(async move {
            live.inner.engine.store_pending(&profile).await;
            let answer = live.inner.engine.session_summary(&profile).await;
            live.apply_stored(&profile, answer);
        });
    }

    /// Dismisses the notice that is shown.
    pub fn dismiss(&self) {
        let active = self.active();
        self.change(|model| {
            let problem = active.as_ref().and_then(|profile| model.account(profile).problem.take());
            if problem.is_some() {
                return;
            }
            let withheld = active.as_ref().is_some_and(|profile| {
                let account = model.account(profile);
                let shown = account.summary().is_some_and(|summary| summary.refresh_token_withheld);
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
        let profile = self.active().ok_or_else(|| Problem::new(Code::NoProfile, ""))?;
        let result = self.inner.engine.token(&profile, kind, Freshness::ValidFor(COPY_HOLDS)).await;
        let engine = &self.inner.engine;
        match &result {
            Ok(_)
                if engine.coordination(&profile).generation()
                    == lock(&self.inner.model).account(&profile).generation => {}
            Ok(_) => self.load(profile),
            Err(problem) => self.apply_outcome(&profile, Err(problem.clone()), |_| {}),
        }
        result.map(|token| token.secret)
    }
}
