//! Signing in on another device (RFC 8628).

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::cut_off::CutOff;
use super::establish::{Keep, NewPerson, revoke_unused};
use super::operations::{Operation, ending};
use super::{DeviceCode, Engine, Progress};
use crate::config::Profile;
use crate::failpoint::failpoint;
use crate::oidc::{DeviceAnswer, DeviceAuthorization, Grant, Http, Provider};
use crate::ports;
use crate::problem::{Code, Problem, Result};
use crate::session::{SessionSummary, Step};

/// How to sign in on another device.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeviceLogin {
    /// How long to wait for the person, where that is less than the code lives.
    pub timeout: Option<Duration>,
    /// Keep the session in memory only.
    pub memory_only: bool,
}

/// How much a provider that asks to slow down adds to each pause (RFC 8628 section 3.5).
const SLOW_DOWN: Duration = Duration::from_secs(5);
/// The longest pause after requests without an answer.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Messages of the task that waits for the person.
enum Told {
    Progress(Progress),
    /// The provider gave a session. It is used only where this is answered; no answer means that the sign-in was cancelled.
    Granted(oneshot::Sender<()>),
    /// Somebody signed in where somebody else is.
    Ask(NewPerson, oneshot::Sender<bool>),
}

impl Engine {
    /// Runs a whole sign-in that the person finishes on another device, and stores the session. `agreed` is asked before
    /// somebody else's session is replaced: no browser of this computer took part, so a stranger may have used the code
    /// (RFC 8628 section 5.4, DF-1).
    ///
    /// Dropping the future before [`Step::Checking`] is reported cancels the sign-in: nothing is stored, and a session that the
    /// provider gives in answer to a request already sent is revoked. From that step on the code is spent and the sign-in is
    /// carried through; `agreed` can still say no.
    ///
    /// # Errors
    /// [`Code::DeviceLoginRefused`], [`Code::DeviceCodeExpired`], [`Code::Declined`], [`Code::Cancelled`] and any other row
    /// of the table; a session that was there before is kept.
    pub async fn device_login<F: Future<Output = bool> + Send>(
        &self,
        profile: &Profile,
        how: DeviceLogin,
        progress: impl Fn(Progress) + Send + Sync,
        agreed: impl Fn(NewPerson) -> F + Send + Sync,
    ) -> Result<SessionSummary> {
        let (tell, mut told) = mpsc::channel(8);
        let waiting = Waiting { engine: self.clone(), profile: profile.clone(), how, tell };
        // A task of its own: a question that was sent is answered, and what it brings is stored or revoked, whoever stops
        // waiting.
        let task = tokio::spawn(waiting.run());
        while let Some(told) = told.recv().await {
            match told {
                Told::Progress(what) => progress(what),
                Told::Granted(reply) => {
                    progress(Progress::Step(Step::Checking));
                    let _ = reply.send(());
                }
                Told::Ask(person, reply) => drop(reply.send(agreed(person).await)),
            }
        }
        let unexpected = |_| Err(Problem::new(Code::AnswerBroken, "checking the answer failed unexpectedly"));
        let result = task.await.unwrap_or_else(unexpected);
        self.note_attempt(profile, result.as_ref());
        result
    }
}

/// A sign-in that waits for the person on another device.
struct Waiting {
    engine: Engine,
    profile: Profile,
    how: DeviceLogin,
    /// Closed once nobody waits any more.
    tell: mpsc::Sender<Told>,
}

impl Waiting {
    async fn run(self) -> Result<SessionSummary> {
        let Self { engine, profile, how, tell } = &self;
        self.tell(Progress::Step(Step::Preparing)).await;
        let prepared = async {
            let (http, provider) = engine.prepare(profile, how.memory_only).await?;
            match provider.device_authorization(&http, profile).await {
                Ok(device) => Ok((http, provider, device)),
                Err(problem) => Err(engine.redact(profile, &http, problem).await),
            }
        };
        let (http, provider, device) = tokio::select! {
            prepared = prepared => prepared?,
            () = tell.closed() => return Err(cancelled()),
        };
        for remark in provider.remarks().into_iter().chain(provider.clock_remark(engine.now())) {
            self.tell(Progress::Note(remark)).await;
        }
        self.tell(Progress::Device(self.code(&device))).await;
        self.tell(Progress::Step(Step::InBrowser)).await;
        let (grant, _operation, cut_off) = self.wait_for_person(&http, &provider, &device).await?;
        failpoint("redeemed");
        let result = if self.is_waited_for().await {
            let keep = if how.memory_only { Keep::InMemory } else { Keep::Stored };
            let agreed = |person| self.agreed(person);
            engine.establish_if(profile, (&http, &provider), grant, keep, Some(agreed)).await
        } else {
            revoke_unused(&http, &provider, profile, grant.tokens.refresh.as_ref()).await;
            Err(cancelled())
        };
        if result.is_err() {
            cut_off.clear();
        }
        result
    }

    /// Reports that the provider gave a session, and returns whether the sign-in was not cancelled.
    async fn is_waited_for(&self) -> bool {
        let (reply, answer) = oneshot::channel();
        self.tell.send(Told::Granted(reply)).await.is_ok() && answer.await.is_ok()
    }

    fn code(&self, device: &DeviceAuthorization) -> DeviceCode {
        let seconds = i64::try_from(self.patience(device).as_secs()).unwrap_or(i64::MAX);
        DeviceCode {
            user_code: device.user_code.clone(),
            address: device.verification_uri.clone(),
            link: device.complete.clone(),
            until: self.engine.now().plus(seconds),
        }
    }

    fn patience(&self, device: &DeviceAuthorization) -> Duration {
        self.how.timeout.map_or(device.lifetime, |timeout| timeout.min(device.lifetime))
    }

    /// Asks until the person has finished, by the boot clock, so that a computer that slept does not go on with a code that
    /// ran out in the meantime.
    async fn wait_for_person(
        &self,
        http: &Http,
        provider: &Provider,
        device: &DeviceAuthorization,
    ) -> Result<(Grant, Operation, CutOff)> {
        let clock = &*self.engine.inner.ports.clock;
        let until = clock.boot().saturating_add(self.patience(device));
        let (mut interval, mut pause) = (device.interval, device.interval);
        loop {
            tokio::select! {
                () = ports::wait(clock, pause) => {}
                () = self.tell.closed() => return Err(cancelled()),
                () = self.engine.inner.operations.closing() => return Err(ending()),
            }
            if clock.boot() >= until {
                let expired = self.patience(device) == device.lifetime;
                return Err(Problem::new(if expired { Code::DeviceCodeExpired } else { Code::TimedOut }, ""));
            }
            let operation = self.engine.inner.operations.begin().await?;
            let cut_off = CutOff::note(&self.engine, &self.profile);
            failpoint("redeeming");
            let answer = provider.poll_device(http, &self.profile, device, clock).await;
            if !matches!(answer, Ok(DeviceAnswer::Granted(_))) {
                cut_off.clear();
            }
            match answer {
                Ok(DeviceAnswer::Granted(grant)) => return Ok((*grant, operation, cut_off)),
                Ok(DeviceAnswer::Pending) => pause = interval,
                // For good (RFC 8628 section 3.5, DF-1).
                Ok(DeviceAnswer::SlowDown) => {
                    interval = interval.saturating_add(SLOW_DOWN);
                    pause = interval;
                }
                // No answer says nothing about the code; ask less and less often.
                Err(problem) if matches!(problem.code, Code::Unreachable | Code::ProviderFailing) => {
                    let asked = problem.wait.map_or(Duration::ZERO, |seconds| Duration::from_secs(seconds.into()));
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE).max(asked).max(interval);
                    tracing::info!(%problem, pause = pause.as_secs(), "asked again later");
                }
                Err(problem) => return Err(self.engine.redact(&self.profile, http, problem).await),
            }
        }
    }

    /// Whether the person agrees; where nobody is there to say so, they do not.
    async fn agreed(&self, person: NewPerson) -> bool {
        let (reply, answer) = oneshot::channel();
        if self.tell.send(Told::Ask(person, reply)).await.is_err() {
            return false;
        }
        tokio::select! {
            answer = answer => answer.unwrap_or(false),
            () = self.tell.closed() => false,
            () = self.engine.inner.operations.closing() => false,
        }
    }

    async fn tell(&self, progress: Progress) {
        // There is no receiver when the sign-in was cancelled; that is handled elsewhere.
        let _ = self.tell.send(Told::Progress(progress)).await;
    }
}

fn cancelled() -> Problem {
    Problem::new(Code::Cancelled, "")
}
