//! The system's clipboard, on a thread of its own: other programs answer it, and some take their time.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rolecall_engine::tokens::Secret;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

/// How long the end of the program waits for the clipboard.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// Another program may hold the clipboard for a moment (Windows); so often it is tried again.
const ATTEMPTS: u32 = 5;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(100);

/// A digest of what we put on the clipboard: enough to know it again, without keeping it.
type Digest256 = [u8; 32];

/// A handle to the thread that holds the clipboard as long as the program lives. On Linux what was copied is gone with
/// the program that copied it, so there is one for all.
pub(crate) struct Clipboard {
    requests: mpsc::Sender<Request>,
}

enum Request {
    Put {
        text: Secret,
        ours: bool,
        done: oneshot::Sender<Result<(), arboard::Error>>,
    },
    Clear {
        done: oneshot::Sender<()>,
    },
    Read {
        done: oneshot::Sender<Result<Secret, arboard::Error>>,
    },
    #[cfg(target_os = "linux")]
    InUse {
        done: oneshot::Sender<bool>,
    },
    Close {
        done: mpsc::Sender<()>,
    },
}

impl Clipboard {
    /// Starts the thread. The clipboard itself is opened when first used.
    pub(crate) fn start() -> Self {
        let (requests, waiting) = mpsc::channel();
        thread::spawn(move || Worker::default().serve(&waiting));
        Self { requests }
    }

    /// Puts a token there, marked so that clipboard histories leave it out (CB-1), and remembers that it is ours.
    pub(crate) async fn put_token(&self, token: Secret) -> Result<(), arboard::Error> {
        self.put(token, true).await
    }

    /// Copies a text that does not have to be cleared.
    pub(crate) async fn put_text(&self, text: String) -> Result<(), arboard::Error> {
        self.put(Secret::new(text), false).await
    }

    /// The current text on the clipboard. It may be a token.
    pub(crate) async fn read_text(&self) -> Result<Secret, arboard::Error> {
        let (done, read) = oneshot::channel();
        let gone = || arboard::Error::Unknown { description: "the clipboard thread has ended".into() };
        self.requests.send(Request::Read { done }).map_err(|_| gone())?;
        read.await.map_err(|_| gone())?
    }

    /// Empties the clipboard if it still holds our token (CB-2).
    pub(crate) async fn clear(&self) {
        let (done, taken) = oneshot::channel();
        if self.requests.send(Request::Clear { done }).is_ok() {
            let _ = taken.await;
        }
    }

    /// Whether what was last put there, a token or not, still is: on Linux it would end with this process.
    #[cfg(target_os = "linux")]
    pub(crate) async fn is_in_use(&self) -> bool {
        let (done, told) = oneshot::channel();
        self.requests.send(Request::InUse { done }).is_ok() && told.await.unwrap_or(false)
    }

    /// Clears our token and ends the thread. Bounded; for the end of the program.
    pub(crate) fn close(&self) {
        let (done, closed) = mpsc::channel();
        if self.requests.send(Request::Close { done }).is_ok() {
            let _ = closed.recv_timeout(SHUTDOWN_TIMEOUT);
        }
    }

    async fn put(&self, text: Secret, ours: bool) -> Result<(), arboard::Error> {
        let (done, put) = oneshot::channel();
        let gone = || arboard::Error::Unknown { description: "the clipboard thread has ended".into() };
        self.requests.send(Request::Put { text, ours, done }).map_err(|_| gone())?;
        put.await.map_err(|_| gone())?
    }
}

#[derive(Default)]
struct Worker {
    clipboard: Option<arboard::Clipboard>,
    /// What was copied last and not cleared.
    put: Option<Digest256>,
    /// It is a token.
    ours: bool,
}

impl Worker {
    fn serve(mut self, requests: &mpsc::Receiver<Request>) {
        while let Ok(order) = requests.recv() {
            match order {
                Request::Put { text, ours, done } => {
                    let result = self.put(&text, ours);
                    let _ = done.send(result);
                }
                Request::Clear { done } => {
                    self.clear();
                    let _ = done.send(());
                }
                Request::Read { done } => {
                    let text = retry_while_occupied(|| self.open()?.get_text()).map(Secret::new);
                    let _ = done.send(text);
                }
                #[cfg(target_os = "linux")]
                Request::InUse { done } => {
                    let _ = done.send(self.put.is_some_and(|put| self.is_there(&put)));
                }
                Request::Close { done } => {
                    self.clear();
                    // Other texts outlive the program where the system has a clipboard manager.
                    drop(self.clipboard.take());
                    let _ = done.send(());
                    return;
                }
            }
        }
    }

    fn put(&mut self, text: &Secret, ours: bool) -> Result<(), arboard::Error> {
        retry_while_occupied(|| excluded_from_histories(self.open()?.set()).text(text.expose()))?;
        self.put = Some(digest(text.expose()));
        self.ours = ours;
        Ok(())
    }

    fn clear(&mut self) {
        let Some(put) = self.put.filter(|_| self.ours) else { return };
        self.put = None;
        if self.is_there(&put)
            && let Err(error) = retry_while_occupied(|| self.open()?.clear())
        {
            tracing::warn!("the clipboard can't be emptied: {error}");
        }
    }

    fn is_there(&mut self, put: &Digest256) -> bool {
        let current = retry_while_occupied(|| self.open()?.get_text()).ok().map(Secret::new);
        is_the_same(current.as_ref().map(Secret::expose), put)
    }

    fn open(&mut self) -> Result<&mut arboard::Clipboard, arboard::Error> {
        match &mut self.clipboard {
            Some(clipboard) => Ok(clipboard),
            closed @ None => Ok(closed.insert(arboard::Clipboard::new()?)),
        }
    }
}

/// Whether the clipboard still holds what we put there; anything a person copied in the meantime is theirs (CB-2).
fn is_the_same(current: Option<&str>, put: &Digest256) -> bool {
    current.is_some_and(|text| digest(text) == *put)
}

fn digest(text: &str) -> Digest256 {
    Sha256::digest(text.as_bytes()).into()
}

fn retry_while_occupied<T>(mut attempt: impl FnMut() -> Result<T, arboard::Error>) -> Result<T, arboard::Error> {
    for _ in 1..ATTEMPTS {
        match attempt() {
            Err(arboard::Error::ClipboardOccupied) => thread::sleep(BETWEEN_ATTEMPTS),
            other => return other,
        }
    }
    attempt()
}

#[cfg(target_os = "linux")]
fn excluded_from_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtLinux::exclude_from_history(set)
}

#[cfg(target_os = "macos")]
fn excluded_from_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtApple::exclude_from_history(set)
}

#[cfg(windows)]
fn excluded_from_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtWindows::exclude_from_monitoring(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cb_2_only_what_we_put_there_is_taken_back() {
        let ours = digest("our token");
        assert!(is_the_same(Some("our token"), &ours));
        for theirs in [Some("their text"), Some("our token "), Some(""), None] {
            assert!(!is_the_same(theirs, &ours), "{theirs:?}");
        }
    }

    #[test]
    fn a_clipboard_held_by_another_program_for_a_moment_is_tried_again() {
        let mut held = 2;
        let result = retry_while_occupied(|| {
            if held == 0 {
                return Ok(());
            }
            held -= 1;
            Err(arboard::Error::ClipboardOccupied)
        });
        assert!(result.is_ok());
    }

    #[test]
    fn a_clipboard_that_can_not_be_used_is_not_tried_again() {
        let mut tried = 0;
        let result: Result<(), _> = retry_while_occupied(|| {
            tried += 1;
            Err(arboard::Error::ClipboardNotSupported)
        });
        assert!(result.is_err());
        assert_eq!(tried, 1);
    }
}
