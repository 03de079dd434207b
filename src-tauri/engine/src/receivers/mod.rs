//! Receivers: programs a token is for that can say who they take its bearer for.
//!
//! What the provider puts into a token is one thing, what the receiver makes of it another: it reads one claim and not the
//! next, and writes a prefix before each name. A receiver is asked only when a person asks for it, and with the credential
//! it gets anyway: no token of ours is sent by this module.
//!
//! | file | holds |
//! |---|---|
//! | `kubernetes` | a cluster, asked by the person's own kubectl |
//! | `sent_token` | what is in the token that was sent |
//! | `reading` | which claim a user or group name was made from |
//! | `program` | another program, run within bounds of time and size |

pub(crate) mod kubernetes;
mod program;
mod reading;
mod sent_token;

use serde::Serialize;

pub use kubernetes::{Clusters, Context, Credential};
pub use reading::{ClaimReading, NameReading};
pub use sent_token::SentToken;

use crate::identity::Identity;
use crate::ports::Timestamp;

/// What a receiver made of the credential it was shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Receiver {
    /// What kind of receiver it is.
    pub receiver: ReceiverKind,
    /// The cluster that was asked, and as whom; `None` where it did not come to that.
    pub target: Option<Context>,
    /// When it was asked, POSIX seconds.
    pub at: Timestamp,
    /// What it said.
    pub answer: ReceiverAnswer,
    /// What is in the token that was sent; `None` where none was, or where it is not known.
    pub token: Option<SentToken>,
    /// Whom the token that was sent says the bearer is, where it can be read. Findings are made from it; it is drawn nowhere.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub(crate) carried: Option<Box<Identity>>,
}

/// The kinds of receivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ReceiverKind {
    /// A Kubernetes API server.
    Kubernetes,
}

/// One of three: it knows somebody, it refuses the credential, or it could not be asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReceiverAnswer {
    /// It takes the bearer for this user.
    Accepted(SeenAs),
    /// It does not take the credential. It does not say why.
    Refused,
    /// It could not be asked, or did not answer.
    CouldNotAsk(CouldNotAsk),
}

/// Who the receiver takes the bearer for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SeenAs {
    /// The user name.
    pub username: String,
    /// The groups, those of the receiver's own (`system:…`) too.
    pub groups: Vec<String>,
    /// How many groups there are beyond those.
    pub left_out: usize,
    /// Which claim the user name was made from, as far as that can be told.
    pub username_from: Option<NameReading>,
    /// What it made of each claim that holds roles or groups, those it reads first.
    pub claims: Vec<ClaimReading>,
}

/// Why a receiver could not be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CouldNotAsk {
    /// A stable name.
    pub reason: Reason,
    /// What happened, one sentence.
    pub detail: String,
    /// What would be needed, one or two sentences.
    pub needed: String,
}

/// Stable names of why a receiver could not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// There is no kubectl.
    KubectlMissing,
    /// kubectl could not be started, or gave something that can't be read.
    KubectlFailing,
    /// The kubeconfig can't be read.
    KubeconfigBroken,
    /// The kubeconfig names no cluster at all.
    NoContext,
    /// It does not have the context that was named, or names no current one.
    ContextMissing,
    /// The context names a cluster or a user that the kubeconfig does not have.
    ContextIncomplete,
    /// The kubeconfig's user has no credential.
    NoCredential,
    /// The credential plug-in gave none.
    PluginFailed,
    /// The cluster can't be reached.
    Unreachable,
    /// There was no answer in time.
    TimedOut,
    /// The cluster does not let the user ask.
    Forbidden,
    /// The cluster does not know the question: it is older than Kubernetes 1.28.
    NotOffered,
    /// The answer is larger than is read, or not in the form it should have.
    AnswerBroken,
}

/// Whether kubectl has a file to read its clusters from: those that `KUBECONFIG` names, else `~/.kube/config`.
pub(crate) fn has_kubeconfig() -> bool {
    match std::env::var_os("KUBECONFIG").filter(|named| !named.is_empty()) {
        Some(named) => std::env::split_paths(&named).any(|file| file.is_file()),
        None => directories::BaseDirs::new().is_some_and(|own| own.home_dir().join(".kube").join("config").is_file()),
    }
}

impl Reason {
    /// Whether something has to be set up here first, rather than that the cluster did not answer.
    #[must_use]
    pub const fn is_set_up(self) -> bool {
        matches!(
            self,
            Self::KubectlMissing
                | Self::KubectlFailing
                | Self::KubeconfigBroken
                | Self::NoContext
                | Self::ContextMissing
                | Self::ContextIncomplete
                | Self::NoCredential
        )
    }
}

impl CouldNotAsk {
    fn new(reason: Reason, detail: impl Into<String>, needed: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), needed: needed.into() }
    }
}

impl Receiver {
    /// Who it takes the bearer for, where it said.
    #[must_use]
    pub fn seen_as(&self) -> Option<&SeenAs> {
        match &self.answer {
            ReceiverAnswer::Accepted(seen) => Some(seen),
            ReceiverAnswer::Refused | ReceiverAnswer::CouldNotAsk(_) => None,
        }
    }

    /// Whether it took the credential of nobody in particular: none was sent, or none that it looked at.
    pub(crate) fn is_anonymous(&self) -> bool {
        self.seen_as().is_some_and(|seen| seen.username == "system:anonymous")
    }
}
