use std::time::Duration;

use url::Url;

use super::cut_off::CutOff;
use super::establish::Keep;
use super::operations::ending;
use super::{Engine, Link, Progress};
use crate::callback::{ExpectedResponse, Landing, Listener};
use crate::config::{Config, Profile};
use crate::failpoint::failpoint;
use crate::oidc::{AuthorizationRequest, AuthorizeOptions, Http, Provider};
use crate::ports;
use crate::problem::{Code, Problem, Result};
use crate::redact::Redactor;
use crate::session::{Refusal, SessionSummary, Step};
use crate::state::Asking;
use crate::tokens::Secret;

/// How to sign in.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent wishes, each with a name")]
pub struct SignIn {
    /// How long to wait for the person.
    pub timeout: Duration,
    /// Ask the provider to ask for consent again, so that a refresh token comes (OpenID Connect Core section 11).
    pub ask_consent: bool,
    /// Keep the session in memory only.
    pub memory_only: bool,
    /// Have the person sign in again even where the browser is signed in already, so that it can be somebody else.
    pub reauthenticate: bool,
    /// Open the person's browser; else the link is only told, for them to open where they like.
    pub open_browser: bool,
    /// The person may bring the answer by hand ([`Link::paste`]), so that a callback port which another program has does not
    /// stop the sign-in.
    pub paste: bool,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(300),
            ask_consent: false,
            memory_only: false,
            reauthenticate: false,
            open_browser: true,
            paste: false,
        }
    }
}

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
        self.note_attempt(profile, result.as_ref());
        result
    }

    /// Remembers why a sign-in failed, or that the profile's first succeeded.
    pub(super) fn note_attempt(&self, profile: &Profile, result: Result<&SessionSummary, &Problem>) {
        if let Some(refusal) = result.err().and_then(|problem| Refusal::of(problem, self.now())) {
            // It is kept only to be explained later; a full disk must not hide the problem itself.
            let _ = self.remembered(profile).save_refusal(&refusal.asking(profile));
        }
        if result.is_ok() {
            let _ = Asking::new(&self.inner.ports.folders, profile).clear_failed();
        }
        if result.is_ok()
            && profile.never_signed_in
            && let Err(problem) = Config::signed_in(&self.inner.ports.folders, &profile.name)
        {
            tracing::warn!(%problem, "the mark of a first sign-in that failed stays");
        }
    }

    async fn attempt(
        &self,
        profile: &Profile,
        how: &SignIn,
        progress: impl Fn(Progress) + Send + Sync,
    ) -> Result<SessionSummary> {
        progress(Progress::Step(Step::Preparing));
        let mut listener = match Listener::bind(&profile.redirect).await {
            Err(problem) if how.paste && problem.code == Code::CallbackPortTaken => {
                Listener::without_socket(&profile.redirect).map_err(|_| problem)?
            }
            bound => bound?,
        };
        let (http, provider) = self.prepare(profile, how.memory_only).await?;
        let options =
            AuthorizeOptions { consent: how.ask_consent, login: how.reauthenticate, ..AuthorizeOptions::default() };
        let redirect_path = self.redirect_path(profile, &provider);
        listener.set_path(&redirect_path)?;
        let redirect_uri = listener.redirect_uri().clone();
        let request = provider.authorize(profile, &redirect_uri, &options)?;
        let mut callback = listener.serve(ExpectedResponse {
            state: request.state.clone(),
            issuer: request.issuer.clone(),
            issuer_required: request.issuer_required,
            scopes: profile.scopes_at_sign_in().to_string(),
        });
        let link = Link::make(&http, &provider, profile, &request, &redirect_uri, &callback).await;
        let redirect_remark = self.redirect_remark(profile, &redirect_path, &provider);
        for remark in provider.remarks().into_iter().chain(provider.clock_remark(self.now())).chain(redirect_remark) {
            progress(Progress::Note(remark));
        }

        let link = link?;
        let opened = how.open_browser && self.open_browser(&link.start_address());
        progress(Progress::Link { link: link.clone(), opened });
        progress(Progress::Step(Step::InBrowser));
        let wait = async {
            tokio::select! {
                answer = callback.response() => answer,
                never = link.replace(&*self.inner.ports.clock, &progress), if !opened => match never {},
            }
        };
        let code = tokio::select! {
            answer = wait => answer,
            () = self.inner.operations.closing() => return Err(ending()),
            () = ports::wait(&*self.inner.ports.clock, how.timeout) => {
                let detail = format!("{} for {redirect_uri}", waited(how.timeout));
                return Err(Problem::new(Code::TimedOut, detail));
            }
        };
        let code = match code {
            Ok(code) => code,
            Err(problem) => {
                let problem = self.redact(profile, &http, problem).await;
                callback.conclude(Landing::failed(&problem)).await;
                return Err(provider.with_unlisted_scopes(profile, problem));
            }
        };
        let operation = self.inner.operations.begin().await?;
        progress(Progress::Step(Step::Checking));
        let exchange = CodeExchange {
            engine: self.clone(),
            profile: profile.clone(),
            http,
            provider,
            keep: if how.memory_only { Keep::InMemory } else { Keep::Stored },
        };
        // A task of its own: the code is spent once, so what it buys must reach the key store whoever stops waiting.
        let finishing = tokio::spawn(async move {
            let _operation = operation;
            let result = exchange.finish(request, code).await;
            let landing = result
                .as_ref()
                .map_or_else(Landing::failed, |summary| Landing::SignedIn { name: summary.identity.name.clone() });
            callback.conclude(landing).await;
            result
        });
        let unexpected = |_| Err(Problem::new(Code::AnswerBroken, "checking the answer failed unexpectedly"));
        finishing.await.unwrap_or_else(unexpected)
    }

    /// Looks the provider up. Key store and state folder are tried before the person is sent anywhere: a sign-in that can't be
    /// kept is found out first.
    pub(super) async fn prepare(&self, profile: &Profile, memory_only: bool) -> Result<(Http, Provider)> {
        let probe = async {
            if memory_only {
                return Ok(());
            }
            self.remembered(profile).probe()?;
            self.inner.vault.interactive().probe().await
        };
        self.inner.memory.forget_provider(profile);
        let ((), provider) = tokio::try_join!(probe, self.provider(profile))?;
        Ok(provider)
    }

    /// The problem without what is secret of the session there is, and of the application: the provider may repeat it in
    /// its words.
    pub(super) async fn redact(&self, profile: &Profile, http: &Http, problem: Problem) -> Problem {
        let redactor = match self.load(profile).await {
            Ok(Some(stored)) => self.redactor(profile, &stored),
            Ok(None) | Err(_) => Redactor::default(),
        };
        problem.redacted(&redactor.hiding(http.client_secret()))
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

/// What remains once the browser came back: the token request, and making a session of what it gives.
struct CodeExchange {
    engine: Engine,
    profile: Profile,
    http: Http,
    provider: Provider,
    keep: Keep,
}

impl CodeExchange {
    async fn finish(self, request: AuthorizationRequest, code: Secret) -> Result<SessionSummary> {
        let Self { engine, profile, http, provider, keep } = self;
        let clock = engine.inner.ports.clock.clone();
        let cut_off = CutOff::note(&engine, &profile);
        failpoint("redeeming");
        let result = match provider.redeem(&http, &profile, &request, code, clock.as_ref()).await {
            Ok(grant) => {
                failpoint("redeemed");
                engine.establish(&profile, (&http, &provider), grant, keep).await
            }
            Err(problem) => Err(engine.redact(&profile, &http, problem).await),
        };
        if result.is_err() {
            cut_off.clear();
        }
        result
    }
}

fn waited(timeout: Duration) -> String {
    match timeout.as_secs() {
        seconds if seconds >= 120 => format!("waited {} minutes", seconds / 60),
        1 => "waited 1 second".into(),
        seconds => format!("waited {seconds} seconds"),
    }
}
