//! Counts the operations in flight, so that a program can end, or replace itself, without interrupting one.

use std::sync::Arc;

use tokio::sync::watch;

use crate::problem::{Code, Problem, Result};

/// Counts the operations that send or write something.
#[derive(Clone)]
pub(super) struct Operations {
    state: Arc<watch::Sender<State>>,
}

/// How many operations there are, and whether any may begin.
#[derive(Default)]
pub(super) struct State {
    in_flight: usize,
    paused: usize,
    closing: bool,
}

/// An operation in flight; it ends when this is dropped, also by a panic.
pub(super) struct Operation(Operations);

/// While it lives no operation begins; those that are asked for wait. See [`crate::Engine::pause_if_idle`].
pub struct Pause(Operations);

impl Default for Operations {
    fn default() -> Self {
        Self { state: Arc::new(watch::Sender::new(State::default())) }
    }
}

impl Operations {
    /// Begins an operation, once no [`Pause`] is there.
    ///
    /// # Errors
    /// [`Code::Cancelled`] when the program is ending.
    pub(super) async fn begin(&self) -> Result<Operation> {
        loop {
            let (mut begun, mut closing) = (false, false);
            self.state.send_if_modified(|state| {
                closing = state.closing;
                begun = !state.closing && state.paused == 0;
                state.in_flight += usize::from(begun);
                begun
            });
            if begun {
                return Ok(Operation(self.clone()));
            }
            if closing {
                return Err(ending());
            }
            let mut changes = self.state.subscribe();
            let _ = changes.wait_for(|state| state.closing || state.paused == 0).await;
        }
    }

    /// Keeps operations from beginning, if none is in flight.
    pub(super) fn pause_if_idle(&self) -> Option<Pause> {
        let paused = self.state.send_if_modified(|state| {
            let idle = state.in_flight == 0;
            state.paused += usize::from(idle);
            idle
        });
        paused.then(|| Pause(self.clone()))
    }

    /// No operation begins from now on.
    pub(super) fn close(&self) {
        self.state.send_modify(|state| state.closing = true);
    }

    /// Waits until the program is ending.
    pub(super) async fn closing(&self) {
        let _ = self.state.subscribe().wait_for(|state| state.closing).await;
    }

    /// Waits until no operation is in flight.
    pub(super) async fn idle(&self) {
        let _ = self.state.subscribe().wait_for(|state| state.in_flight == 0).await;
    }

    /// A receiver that changes with each operation that begins or ends.
    pub(super) fn watch(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// How many are in flight.
    pub(super) fn in_flight(&self) -> usize {
        self.state.borrow().in_flight
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        self.0.state.send_modify(|state| state.in_flight -= 1);
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        self.0.state.send_modify(|state| state.paused -= 1);
    }
}

/// The problem of an operation that is asked for while the program is ending.
pub(super) fn ending() -> Problem {
    Problem::new(Code::Cancelled, "Rolecall is ending")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pause_is_had_only_while_nothing_is_in_flight_and_holds_operations_back() {
        let operations = Operations::default();
        let operation = operations.begin().await.unwrap();
        assert!(operations.pause_if_idle().is_none());
        drop(operation);
        let pause = operations.pause_if_idle().unwrap();
        let waiting = tokio::spawn({
            let operations = operations.clone();
            async move { operations.begin().await.is_ok() }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished() && operations.in_flight() == 0);
        drop(pause);
        assert!(waiting.await.unwrap());
    }

    #[tokio::test]
    async fn once_the_program_is_ending_nothing_begins_and_the_end_of_the_rest_is_noticed() {
        let operations = Operations::default();
        let operation = operations.begin().await.unwrap();
        operations.close();
        operations.closing().await;
        assert_eq!(operations.begin().await.err().map(|problem| problem.code), Some(Code::Cancelled));
        let idle = tokio::spawn({
            let operations = operations.clone();
            async move { operations.idle().await }
        });
        drop(operation);
        idle.await.unwrap();
    }
}
