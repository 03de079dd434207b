//! How far a walk went, for the report.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::model::{Condition, Step};

/// How many steps were taken in all.
pub(crate) static STEPS_WALKED: AtomicU64 = AtomicU64::new(0);

/// How often each kind of step was taken, for the report.
static KINDS: Mutex<Vec<(&str, u64)>> = Mutex::new(Vec::new());

/// How often each step was taken.
pub(crate) fn told() -> String {
    let kinds = KINDS.lock().unwrap_or_else(PoisonError::into_inner);
    kinds.iter().map(|(kind, times)| format!("{kind} {times}")).collect::<Vec<_>>().join(", ")
}

/// Counts a step.
pub(crate) fn step(step: &Step) {
    STEPS_WALKED.fetch_add(1, Ordering::Relaxed);
    let kind = match step {
        Step::Cli(_, Condition::Fine) => "command",
        Step::Cli(_, Condition::KilledAt(_)) => "killed at a failpoint",
        Step::Cli(_, Condition::Signal(..)) => "signalled",
        Step::Cli(_, Condition::DiskFull) => "disk full",
        Step::Cli(_, Condition::AnswerLost) => "answer lost",
        Step::Engine(_) => "in process",
        Step::Together(..) => "two at once",
        Step::Provider(_) | Step::RevokeAll | Step::Roles(_) => "provider",
        Step::KeyStore(_) => "key store",
        Step::Clock(_) | Step::Sleep(_) => "clock",
        Step::Rename | Step::EditClientId | Step::Prune | Step::Remove(_) => "profile",
    };
    let mut kinds = KINDS.lock().unwrap_or_else(PoisonError::into_inner);
    match kinds.iter_mut().find(|(known, _)| *known == kind) {
        Some((_, times)) => *times += 1,
        None => kinds.push((kind, 1)),
    }
}
