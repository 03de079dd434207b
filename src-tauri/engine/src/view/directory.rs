//! The provider's directory in the window: what asking would do, what came of it, and what was asked about somebody else.

use serde::Serialize;

use super::Notice;
use crate::findings::Why;
use crate::identity::{Directory, DocumentReport, Entitlements};
use crate::ports::Timestamp;

/// The directory of the provider, for the selected profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DirectoryPanel {
    /// What a click would ask, of whom and as whom, in a sentence; `None` where nothing can be asked.
    pub would_ask: Option<String>,
    /// What can't be asked here and what to do in its place, in a sentence or two; `None` where everything can.
    pub cannot: Option<String>,
    /// It is being asked.
    pub asking: bool,
    /// What it answered, with its time. While it is there, `entitlements` have the directory among their sources.
    pub answer: Option<Directory>,
    /// Why asking failed: it is not reachable, or it asks to wait.
    pub problem: Option<Notice>,
    /// Where the person may ask about others: what the field takes and which right allows it; `None` where they may not,
    /// or where that is not known.
    pub others: Option<String>,
}

/// What an administrator learned about somebody else, at one client. Nothing of it is kept.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AboutSomebody {
    /// The name of that person.
    pub who: String,
    /// What the provider calls that person: user name, or ID.
    pub user: String,
    /// The client it was asked for.
    pub client: String,
    /// As whom it was asked: the person who is signed in.
    pub asked_as: String,
    /// When, POSIX seconds.
    pub asked_at: Timestamp,
    /// The answer. Its `directory` says how far each kind could be asked.
    pub why: Why,
    /// What that client would get about that person. Sources are example documents that vouch for nothing, and the
    /// directory.
    pub entitlements: Entitlements,
    /// The example documents, where the provider makes any.
    pub documents: Vec<DocumentReport>,
}
