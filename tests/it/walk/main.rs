//! A random walk: the real command line, the real engine beside it, the real key store and a provider that rotates its
//! tokens, through sign-ins, refreshes, kills, outages, clocks that are set, names that change. After each step no session
//! may be lost that the provider honours, no spent token may have been sent without a marker, no token may stand where none
//! belongs, and what the front ends say must agree with what is.
//!
//! `cargo xtask walk SECONDS` walks longer. A failure is shrunk and printed with its seed; `ROLECALL_WALK_SEED` repeats it.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails there")]
#![expect(clippy::print_stderr, reason = "tells how far it walked, and how to repeat a failure")]
#![expect(clippy::disallowed_methods, reason = "bounds the walk by real time")]

mod checks;
mod count;
mod model;
mod process;
mod site;

use std::time::{Duration, Instant};

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use rolecall_it::Bus;

use crate::model::Walk;
use crate::site::Site;

/// Set in the process that walks. It needs the bus's address in its environment from the start, so it is one of its own.
const INSIDE: &str = "ROLECALL_WALK_INSIDE";
const SECONDS: &str = "ROLECALL_WALK_SECONDS";
const SEED: &str = "ROLECALL_WALK_SEED";

/// Seconds of walking where nothing is said.
const USUAL: u64 = 60;

/// The most steps of one walk.
const STEPS: usize = 24;

#[test]
fn rf_2_rf_4_kc_7_tk_1_no_session_is_lost_on_a_random_walk() {
    if std::env::var_os(INSIDE).is_some() {
        return walk();
    }
    let bus = Bus::without_keyring();
    let mut inside = bus.command(&std::env::current_exe().unwrap());
    inside.args(["--exact", "rf_2_rf_4_kc_7_tk_1_no_session_is_lost_on_a_random_walk", "--nocapture"]);
    // Its own count of tests must not be taken for another one.
    let status = inside.env(INSIDE, "1").stdout(std::io::stderr()).status().unwrap();
    assert!(status.success(), "the walk failed; what it said stands above");
}

fn walk() {
    let seconds = std::env::var(SECONDS).ok().and_then(|text| text.parse().ok()).unwrap_or(USUAL);
    let given: Option<u64> = std::env::var(SEED).ok().and_then(|text| text.parse().ok());
    let deadline = Instant::now() + Duration::from_secs(seconds);
    let config = Config { cases: 1, max_shrink_iters: 80, failure_persistence: None, ..Config::default() };
    let (mut walks, mut seed) = (0_u32, given.unwrap_or_else(|| u64::from(std::process::id()) << 20));
    while walks == 0 || (given.is_none() && Instant::now() < deadline) {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(config.clone(), rng);
        let steps = Walk::sequential_strategy(6..=STEPS);
        let outcome = runner.run(&steps, |(initial, steps, seen)| {
            Site::test_sequential(config.clone(), initial, steps, seen);
            Ok::<(), TestCaseError>(())
        });
        if let Err(TestError::Fail(why, (initial, steps, _))) = &outcome {
            eprintln!("{SEED}={seed} fails: {why}\nshrunk, from {initial:?}:");
            for step in steps {
                eprintln!("  {step:?}");
            }
        }
        assert!(outcome.is_ok(), "seed {seed}, after {walks} walks: {outcome:?}");
        walks += 1;
        seed += 1;
    }
    let steps = count::STEPS_WALKED.load(std::sync::atomic::Ordering::Relaxed);
    eprintln!("walked {walks} times, {steps} steps; {}", count::told());
    assert!(steps > walks.into(), "it walked");
}
