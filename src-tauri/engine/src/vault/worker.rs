use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyring_core::{CredentialStore, Error};
use tokio::sync::{oneshot, watch};

use super::unanswered::{Call, SLOW, Unanswered};
use crate::ports::KeyStoreOpener;
use crate::problem::{Code, Problem, Result};

/// One thread that talks to the key store. A call that hangs leaves its thread behind: the next one gets a new thread,
/// and neither start nor exit ever waits for it.
#[derive(Clone)]
pub(super) struct Worker {
    opener: KeyStoreOpener,
    thread: Arc<Mutex<Option<mpsc::Sender<Task>>>>,
    unanswered: watch::Sender<Unanswered>,
}

type Task = Box<dyn FnOnce(&mut OpenStore) + Send>;

impl Worker {
    pub(super) fn new(opener: KeyStoreOpener) -> Self {
        Self { opener, thread: Arc::default(), unanswered: watch::Sender::default() }
    }

    /// The calls that are not answered, and each change of them.
    pub(super) fn unanswered(&self) -> watch::Receiver<Unanswered> {
        self.unanswered.subscribe()
    }

    /// Runs `call` on the thread, for `timeout` at the longest.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        timeout: Duration,
        call: impl FnOnce(&CredentialStore) -> Result<T, Error> + Send + 'static,
    ) -> Result<T> {
        let (tell, mut told) = oneshot::channel();
        let outstanding = Call::begin(&self.unanswered);
        let asked = outstanding.clone();
        let task: Task = Box::new(move |open_store| {
            let result = open_store.run(call);
            let is_well = result.is_ok();
            let is_late = tell.send(result).is_err();
            asked.answered(is_late && is_well);
        });
        self.submit(task)?;
        let answer = async {
            tokio::select! {
                answer = &mut told => return answer,
                () = tokio::time::sleep(SLOW) => outstanding.is_slow(),
            }
            told.await
        };
        match tokio::time::timeout(timeout, answer).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => {
                self.abandon();
                Err(Problem::new(Code::KeyStoreFailing, "asking it failed unexpectedly"))
            }
            Err(_) => {
                self.abandon();
                // Silence most often means that it asks the person for its password.
                let seconds = timeout.as_secs();
                let why = format!("it did not answer within {seconds} seconds; it may be asking for its password");
                Err(Problem::new(Code::KeyStoreLocked, why))
            }
        }
    }

    fn submit(&self, task: Task) -> Result<()> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let task = match thread.as_ref() {
            Some(sender) => match sender.send(task) {
                Ok(()) => return Ok(()),
                Err(mpsc::SendError(back)) => back,
            },
            None => task,
        };
        let (sender, tasks) = mpsc::channel::<Task>();
        let mut open_store = OpenStore { opener: self.opener.clone(), store: None };
        std::thread::Builder::new()
            .name("key-store".into())
            .spawn(move || {
                while let Ok(task) = tasks.recv() {
                    task(&mut open_store);
                }
            })
            .map_err(|error| Problem::new(Code::KeyStoreFailing, format!("no thread could be started ({error})")))?;
        let _ = sender.send(task);
        *thread = Some(sender);
        Ok(())
    }

    fn abandon(&self) {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// State of the thread: the open key store, opened again after every failure (KC-4).
struct OpenStore {
    opener: KeyStoreOpener,
    store: Option<Arc<CredentialStore>>,
}

impl OpenStore {
    fn run<T>(&mut self, call: impl FnOnce(&CredentialStore) -> Result<T, Error>) -> Result<T> {
        let store = match self.store.take() {
            Some(store) => store,
            None => (self.opener)().map_err(no_store)?,
        };
        let result = call(&*store).map_err(failure)?;
        self.store = Some(store);
        Ok(result)
    }
}

fn no_store(error: Error) -> Problem {
    let problem = match &error {
        Error::NoStorageAccess(_) => return failure(error),
        // The system's own words, such as that a socket is not there, help nobody.
        error if cfg!(target_os = "linux") || is_gone(error) => gone(error),
        error => Problem::new(Code::KeyStoreMissing, innermost(error)),
    };
    with_source(problem, error)
}

fn failure(error: Error) -> Problem {
    let problem = match &error {
        Error::NoStorageAccess(_) => Problem::new(Code::KeyStoreLocked, ""),
        Error::NoDefaultStore => Problem::new(Code::KeyStoreMissing, ""),
        Error::TooLong(_, limit) => Problem::new(Code::KeyStoreFailing, format!("it takes no item over {limit} bytes")),
        // A bus that is gone, or on which nobody serves secrets any more, is a key store that is gone.
        error if is_gone(error) => gone(error),
        error => Problem::new(Code::KeyStoreFailing, innermost(error)),
    };
    with_source(problem, error)
}

/// Keeps what the platform said. The other variants may carry the stored bytes.
fn with_source(problem: Problem, error: Error) -> Problem {
    match error {
        Error::PlatformFailure(source) | Error::NoStorageAccess(source) => problem.with_source(source),
        _ => problem,
    }
}

fn gone(error: &Error) -> Problem {
    tracing::debug!(error = innermost(error), "no key store");
    Problem::new(Code::KeyStoreMissing, "nothing answers for it on the session bus")
}

/// Whether the session bus is gone, or nobody serves secrets on it, by what the connection to it says.
#[cfg(target_os = "linux")]
fn is_gone(error: &Error) -> bool {
    causes(error).any(|cause| {
        cause.downcast_ref::<zbus::Error>().is_some_and(bus_is_gone)
            || cause.downcast_ref::<zbus::fdo::Error>().is_some_and(service_is_gone)
            || cause.downcast_ref::<std::io::Error>().is_some_and(|error| connection_is_gone(error.kind()))
    })
}

/// Elsewhere the key store is part of the system.
#[cfg(not(target_os = "linux"))]
fn is_gone(_: &Error) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn bus_is_gone(error: &zbus::Error) -> bool {
    match error {
        zbus::Error::InputOutput(error) => connection_is_gone(error.kind()),
        zbus::Error::FDO(error) => service_is_gone(error),
        zbus::Error::MethodError(name, ..) => matches!(
            name.as_str(),
            "org.freedesktop.DBus.Error.ServiceUnknown"
                | "org.freedesktop.DBus.Error.NameHasNoOwner"
                | "org.freedesktop.DBus.Error.NoReply"
                | "org.freedesktop.DBus.Error.Disconnected"
        ),
        zbus::Error::Address(_) => true,
        _ => false,
    }
}

#[cfg(target_os = "linux")]
fn service_is_gone(error: &zbus::fdo::Error) -> bool {
    use zbus::fdo::Error as Fdo;

    match error {
        Fdo::ServiceUnknown(_) | Fdo::NameHasNoOwner(_) | Fdo::NoReply(_) | Fdo::Disconnected(_) => true,
        Fdo::ZBus(error) => bus_is_gone(error),
        _ => false,
    }
}

#[cfg(target_os = "linux")]
fn connection_is_gone(kind: std::io::ErrorKind) -> bool {
    use std::io::ErrorKind;

    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::BrokenPipe
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::NotConnected
            | ErrorKind::UnexpectedEof
    )
}

/// The error and what caused it, outermost first.
fn causes(error: &Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |cause| cause.source())
}

/// The innermost error, which names the cause.
fn innermost(error: &Error) -> String {
    match error {
        // The variants that carry secret bytes must not be printed.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "it holds something else than what was stored".into(),
        _ => causes(error).last().map(ToString::to_string).unwrap_or_default(),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io;

    use super::*;

    fn code(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Code {
        failure(Error::PlatformFailure(error.into())).code
    }

    #[test]
    fn kc_4_a_bus_or_service_that_is_gone_is_told_from_one_that_fails_by_type() {
        let io = |kind| zbus::Error::InputOutput(Arc::new(io::Error::from(kind)));
        assert_eq!(code(io(io::ErrorKind::NotFound)), Code::KeyStoreMissing, "no session bus");
        assert_eq!(code(io(io::ErrorKind::BrokenPipe)), Code::KeyStoreMissing);
        assert_eq!(code(io(io::ErrorKind::PermissionDenied)), Code::KeyStoreFailing);
        assert_eq!(code(zbus::fdo::Error::ServiceUnknown("x".into())), Code::KeyStoreMissing);
        assert_eq!(code(zbus::fdo::Error::NoReply("x".into())), Code::KeyStoreMissing);
        assert_eq!(
            code(zbus::fdo::Error::InvalidArgs("NoReply".into())),
            Code::KeyStoreFailing,
            "words decide nothing"
        );
        assert_eq!(code(io::Error::other("Broken pipe")), Code::KeyStoreFailing);
    }
}
