//! Tokens in the memory of the running program, which a core dump would contain.

use std::fs::{File, read_to_string};
use std::os::unix::fs::FileExt as _;

use rolecall_desktop_tests::{Sandbox, until};
use serde_json::json;

use super::{provider, signed_in};

/// How often each of these is in the memory of a process.
fn found(pid: u32, words: &[String]) -> Vec<usize> {
    let memory = File::open(format!("/proc/{pid}/mem")).expect("the memory can be read");
    let mut counts = vec![0; words.len()];
    for line in read_to_string(format!("/proc/{pid}/maps")).expect("its map").lines() {
        let mut fields = line.split_whitespace();
        let (range, rights) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let name = fields.nth(3).unwrap_or_default();
        if !rights.starts_with("rw") || name.starts_with("/dev") {
            continue;
        }
        let ends: Vec<u64> = range.split('-').filter_map(|end| u64::from_str_radix(end, 16).ok()).collect();
        // JavaScript's allocator sets tens of gigabytes of addresses aside; what we allocate is never in there.
        let [from, to] = ends[..] else { continue };
        if to - from > 1 << 30 {
            continue;
        }
        let mut bytes = vec![0; usize::try_from(to - from).unwrap_or(0)];
        let read = memory.read_at(&mut bytes, from).unwrap_or(0);
        for (word, count) in words.iter().zip(&mut counts) {
            *count += memchr::memmem::find_iter(&bytes[..read], word.as_bytes()).count();
        }
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn tk_1_after_signing_out_the_program_holds_no_refresh_token_in_its_memory() {
    let (sandbox, provider) = (Sandbox::new().await, provider());
    let window = signed_in(&sandbox, &provider, "ed").await;
    provider.set_roles("ed", &["Editor", "Publisher"]);
    window.click("#refresh").await;
    window.wait_for_text("Publisher added").await;
    let tokens = provider.refresh_tokens();
    assert_eq!(tokens.len(), 2, "one from signing in, one from refreshing");
    let before = found(window.pid(), &tokens);
    window.invoke("sign_out", &json!({ "profile": null })).expect("signing out");
    window.wait_for_screen("signed_out").await;
    let mut last = Vec::new();
    until("the memory is wiped", async || {
        last = found(window.pid(), &tokens);
        println!("copies of each refresh token while signed in: {before:?}; after: {last:?}");
        last.iter().all(|count| *count == 0).then_some(())
    })
    .await;
}
