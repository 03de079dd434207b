//! Calls that the key store has not answered for a while. Most often it is asking the person for its password then, in a
//! window of its own.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

/// After this long without an answer, the key store counts as asking.
pub(super) const SLOW: Duration = Duration::from_secs(1);

/// The calls that are not answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unanswered {
    /// How many have waited for longer than a second. One that was given up is counted until its answer comes.
    pub calls: usize,
    /// How many were answered well after they were given up: whoever failed for it can try again.
    pub answered_late: u64,
}

/// One call, from the moment it is made until its answer.
pub(super) struct Call {
    told: watch::Sender<Unanswered>,
    state: Mutex<State>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Recent,
    Slow,
    Answered,
}

impl Call {
    pub(super) fn begin(told: &watch::Sender<Unanswered>) -> Arc<Self> {
        Arc::new(Self { told: told.clone(), state: Mutex::new(State::Recent) })
    }

    /// It has been waiting for [`SLOW`].
    pub(super) fn is_slow(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state == State::Recent {
            *state = State::Slow;
            self.told.send_modify(|unanswered| unanswered.calls += 1);
        }
    }

    /// Its answer came; `late` where it was a good one for which nobody waited any more.
    pub(super) fn answered(&self, late: bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let was = std::mem::replace(&mut *state, State::Answered);
        if was == State::Slow || (late && was == State::Recent) {
            self.told.send_modify(|unanswered| {
                unanswered.calls -= usize::from(was == State::Slow);
                unanswered.answered_late += u64::from(late);
            });
        }
    }
}

/// A thread that ended without an answer asks nobody any more.
impl Drop for Call {
    fn drop(&mut self) {
        self.answered(false);
    }
}
