use std::time::Duration;

use url::Url;

use super::{Engine, Link, read};
use crate::callback::{ExpectedResponse, Listener};
use crate::config::Profile;
use crate::findings::refusal::Refusal;
use crate::oidc::{AuthorizationRequest, AuthorizeOptions, Http, Provider};
use crate::ports;
use crate::problem::{Code, Problem, Result};
use crate::session::{LastKnown, SessionSummary};
use crate::tokens::Secret;
use crate::vault::StoredSession;
use crate::view::Step;

/// How to sign in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// How long to wait for the person.
    pub timeout: Duration,
    /// Ask the provider to ask for consent again, so that a refresh token comes (OpenID Connect Core section 11).
    pub ask_consent: bool,
    /// Keep the session in memory only.
    pub memory_only: bool,
    /// Have the person sign in anew even where the browser is signed in already, so that it can be somebody else.
    pub reauthenticate: bool,
}

impl Default for SignIn {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(300), ask_consent: false, memory_only: false, reauthenticate: false }
    }
}

/// What happens during a sign-in, told as it happens.
#[derive(Clone, Debug)]
pub enum Progress {
    /// How far it is.
    Step(Step),
    /// The link was made; `opened` says whether a browser took it. One that was not opened is made anew when it runs out.
    Link {
        /// The authorization link.
        link: Link,
        /// Whether a browser was opened.
        opened: bool,
    },
    /// Something to tell the person that does not stop the sign-in.
    Note(String),
}

/// How long a sign-in waits for a refresh in another process before it stores its own session.
const LOCK_WAIT: Duration = Duration::from_secs(10);

impl Engine {
    /// Runs a whole sign-in and stores the session. Dropping the future cancels it, up to the moment the browser came
    /// back; from then on it is carried through.
    ///
    /// # Errors
    /// Any row of the table; a session that was there before is kept.
    pub async fn sign_in(
        &self,
        profile: &Profile,
        how: &SignIn,
        progress: impl Fn(Progress) + Send + Sync,
    ) -> Result<SessionSummary> {
        let result = self.attempt(profile, how, progress).await;
        if let Some(refusal) = result.as_ref().err().and_then(|problem| Refusal::of(problem, self.now())) {
            // It is kept only to be explained later; a full disk must not hide the problem itself.
            let _ = self.ledger(profile).remember_refusal(&refusal);
        }
        result
    }

    async fn attempt(
        &self,
        profile: &Profile,
        how: &SignIn,
        progress: impl Fn(Progress) + Send + Sync,
    ) -> Result<SessionSummary> {
        progress(Progress::Step(Step::Preparing));
        let listener = Listener::bind(&profile.redirect).await?;
        // The key store is tried before the person is sent anywhere: a sign-in that can't be kept is found out first.
        let probe = async { if how.memory_only { Ok(()) } else { self.inner.vault.interactive().probe().await } };
        self.forget_provider(profile);
        let ((), (http, provider)) = tokio::try_join!(probe, self.provider(profile))?;
        let options =
            AuthorizeOptions { consent: how.ask_consent, login: how.reauthenticate, ..AuthorizeOptions::default() };
        let request = provider.authorize(profile, listener.redirect_uri(), &options)?;
        let link = Link::make(&http, &provider, profile, &request, listener.redirect_uri()).await;
        for remark in provider.remarks().into_iter().chain(provider.clock_remark(self.now())) {
            progress(Progress::Note(remark));
        }

        let link = link?;
        let opened = self.open_browser(&link.url);
        progress(Progress::Link { link: link.clone(), opened });
        progress(Progress::Step(Step::InBrowser));
        let expected = ExpectedResponse {
            state: request.state.clone(),
            issuer: request.issuer.clone(),
            issuer_required: request.issuer_required,
        };
        let wait = async {
            tokio::select! {
                answer = listener.wait(expected) => answer,
                never = link.replace(&progress), if !opened => match never {},
            }
        };
        let code = tokio::select! {
            answer = wait => answer?,
            () = ports::wait(&*self.inner.ports.clock, how.timeout) => {
                return Err(Problem::new(Code::TimedOut, waited(how.timeout)));
            }
        };
        progress(Progress::Step(Step::Checking));
        let exchange = CodeExchange {
            engine: self.clone(),
            profile: profile.clone(),
            http,
            provider,
            memory_only: how.memory_only,
        };
        // A task of its own: the code is spent once, so what it buys must reach the key store whoever stops waiting.
        tokio::spawn(async move { exchange.finish(request, code).await })
            .await
            .unwrap_or_else(|_| Err(Problem::new(Code::AnswerBroken, "checking the answer failed unexpectedly")))
    }

    fn open_browser(&self, url: &Url) -> bool {
        match self.inner.ports.browser.open(url) {
            Ok(()) => true,
            Err(error) => {
                tracing::info!(%error, "no browser was opened");
                false
            }
        }
    }
}

/// What remains once the browser came back: the token request, userinfo, and keeping the result.
struct CodeExchange {
    engine: Engine,
    profile: Profile,
    http: Http,
    provider: Provider,
    memory_only: bool,
}

impl CodeExchange {
    async fn finish(self, request: AuthorizationRequest, code: Secret) -> Result<SessionSummary> {
        let Self { engine, profile, http, provider, memory_only } = self;
        let clock = engine.inner.ports.clock.clone();
        let grant = provider.redeem(&http, &profile, &request, code, clock.as_ref()).await?;
        let identity = match read::identity(&engine, &provider, &http, &profile, &grant.tokens, &grant.id).await {
            Ok(identity) => identity,
            Err(problem) => {
                revoke_unused(&http, &provider, &profile, grant.tokens.refresh.as_ref()).await;
                return Err(problem);
            }
        };
        let now = engine.now();
        let mut summary = read::summary(&profile, &grant.tokens, identity, &provider, now);
        let stored = StoredSession {
            issuer: profile.issuer.as_str().to_owned(),
            client_id: profile.client_id.clone(),
            subject: grant.id.subject.clone(),
            tokens: grant.tokens,
            refreshed_at: now,
        };
        let ledger = engine.ledger(&profile);
        let _lock = match ledger.lock(LOCK_WAIT).await {
            Ok(lock) => lock,
            Err(problem) => {
                revoke_unused(&http, &provider, &profile, stored.tokens.refresh.as_ref()).await;
                return Err(problem);
            }
        };
        let replaced = engine.load(&profile).await.ok().flatten();
        summary.memory_only = memory_only;
        engine.note_when(&profile, &stored.tokens);
        if memory_only {
            engine.hold(&profile, &stored, true);
        } else {
            engine.release(&profile);
            summary.unsaved = !engine.keep(&profile, &stored).await;
        }
        ledger.clear()?;
        ledger.forget_refusal()?;
        let before = engine.last_known(&profile).map(|last| last.summary.identity);
        let before = before.filter(|identity| identity.subject == summary.identity.subject);
        summary.changes = engine.record(&profile, before.as_ref(), &summary.identity, true);
        engine.remember(&profile, LastKnown::of_session(summary.clone()));
        ledger.bump()?;
        // Somebody else's session stood here: nothing holds its refresh token any more. That of the same person is left,
        // for many providers end all sessions of a person and application by one.
        if let Some(theirs) = replaced.filter(|before| before.subject != stored.subject) {
            revoke_unused(&http, &provider, &profile, theirs.tokens.refresh.as_ref()).await;
        }
        Ok(summary)
    }
}

/// Has the provider make a refresh token worthless that nobody holds any more. Whether it could, changes nothing here.
async fn revoke_unused(http: &Http, provider: &Provider, profile: &Profile, refresh: Option<&Secret>) {
    let Some(refresh) = refresh else { return };
    if let Err(problem) = provider.revoke(http, profile, refresh, true).await {
        tracing::warn!(%problem, "a refresh token that is not used could not be revoked");
    }
}

fn waited(timeout: Duration) -> String {
    match timeout.as_secs() {
        seconds if seconds >= 120 => format!("waited {} minutes", seconds / 60),
        1 => "waited 1 second".into(),
        seconds => format!("waited {seconds} seconds"),
    }
}
