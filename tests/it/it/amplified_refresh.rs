//! The memory that a refresh takes when the provider answers with a megabyte: the real program, on a real connection and
//! with real files.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rolecall_provider::{Fault, Options};
use serde_json::{Map, Value};
use tokio::time::Instant;

use crate::amplification::{CASES, worst};
use crate::sandbox::Sandbox;

/// The most that reading it may take more than reading an ordinary answer, in kB.
const MOST_MEMORY: usize = 50_000;
/// The most that is kept of it, in bytes.
const MOST_KEPT: u64 = 24_000_000;
/// The longest a command may take; a debug build has to keep to it beside other tests.
const LONGEST: Duration = Duration::from_secs(30);

/// Runs a command: the most memory it ever held in kB, as seen shortly before it ended, how long it took, and its status.
fn run(sandbox: &Sandbox, arguments: &[&str]) -> (usize, Duration, Option<i32>) {
    let begun = Instant::now();
    let mut command = sandbox.command(arguments);
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (file, mut peak) = (format!("/proc/{}/status", process.id()), 0);
    loop {
        let status = std::fs::read_to_string(&file).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        peak = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0).max(peak);
        if let Some(ended) = process.try_wait().unwrap() {
            return (peak, begun.elapsed(), ended.code());
        }
        std::thread::sleep(Duration::from_micros(500));
    }
}

fn kept(state: &Path) -> u64 {
    let files = std::fs::read_dir(state).unwrap().map(Result::unwrap);
    files
        .filter(|file| file.path().extension().is_some_and(|ending| ending == "json"))
        .map(|file| file.metadata().unwrap().len())
        .sum()
}

#[test]
fn doc_1_av_1_a_refresh_that_brings_a_megabyte_takes_fifty_of_memory_and_is_read_back() {
    let sandbox = Sandbox::signed_in(Options::default());
    let state = sandbox.bus.folder().join("state");
    let (ordinary, _, code) = run(&sandbox, &["refresh"]);
    assert_eq!(code, Some(0));
    let mut wrong = Vec::new();
    for case in CASES {
        let claims: Map<String, Value> = serde_json::from_str(&worst(case)).unwrap();
        sandbox.provider.clear_faults();
        for (name, value) in claims {
            sandbox.provider.fault(Fault::UserinfoClaim(name.leak(), value.to_string().leak()));
        }
        let (peak, took, code) = run(&sandbox, &["refresh"]);
        let more = peak.saturating_sub(ordinary);
        let kept = kept(&state);
        println!("{case:<14} {more:>7} kB more than {ordinary} kB, {kept:>9} bytes kept, {took:?}");
        if code != Some(0) || more > MOST_MEMORY || kept > MOST_KEPT || took > LONGEST {
            wrong.push(format!("{case}: {code:?}, {more} kB, {kept} bytes, {took:?}"));
        }
        for words in [&["roles", "--json"][..], &["status"], &["why", "Nobody"], &["changes"]] {
            let (peak, took, code) = run(&sandbox, words);
            // No such role is there, which is what 1 says.
            let read = code == Some(0) || words[0] == "why" && code == Some(1);
            if !read || peak.saturating_sub(ordinary) > MOST_MEMORY || took > LONGEST {
                wrong.push(format!("{case}, {words:?}: {code:?}, {peak} kB, {took:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "beside {ordinary} kB: {wrong:#?}");
}
