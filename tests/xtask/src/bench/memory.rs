//! The memory and the sleep of a process and of all it started, from /proc.

use std::collections::BTreeMap;
use std::fs::read_to_string;
use std::path::Path;

/// The proportional set size of a process tree, in kilobytes: shared pages count by the share, so that two processes of
/// one webview are not counted twice.
pub(super) fn of_tree(root: u32) -> u64 {
    tree(root).into_iter().map(|pid| proportional(pid).unwrap_or(0)).sum()
}

/// How often the threads of a process tree have gone to sleep and been woken so far.
pub(super) fn wake_ups(root: u32) -> u64 {
    let threads =
        tree(root).into_iter().filter_map(|pid| std::fs::read_dir(format!("/proc/{pid}/task")).ok()).flatten();
    threads.flatten().filter_map(|thread| slept(&thread.path())).sum()
}

fn slept(thread: &Path) -> Option<u64> {
    let text = read_to_string(thread.join("status")).ok()?;
    text.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?.trim().parse().ok()
}

fn proportional(pid: u32) -> Option<u64> {
    let text = read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    text.lines().find_map(|line| line.strip_prefix("Pss:"))?.trim().strip_suffix(" kB")?.parse().ok()
}

fn tree(root: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        if let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok())
            && let Some(parent) = parent(pid)
        {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(pid) = found.get(next) {
        found.extend(children.remove(pid).unwrap_or_default());
        next += 1;
    }
    found
}

/// The field after the state, which stands after the name; the name may contain anything, brackets too.
fn parent(pid: u32) -> Option<u32> {
    let text = read_to_string(format!("/proc/{pid}/stat")).ok()?;
    text.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
