//! The command line as a process, and what can happen to one.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::model::Condition;

/// The longest a command may take: the bound for a provider's answer, the one for the lock, and some room.
const LONGEST: Duration = Duration::from_secs(60);

/// How a process ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit status; `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// What every other user could read of it and of what it started: arguments; and what the same user could: environment.
    pub(crate) shown: BTreeSet<String>,
}

/// A process under way.
pub(crate) struct Running {
    child: Child,
    shown: JoinHandle<BTreeSet<String>>,
}

/// The program with failpoints in it, which is built for tests alone.
pub(crate) fn program() -> PathBuf {
    let beside = || {
        let built = std::env::current_exe().unwrap();
        built.parent().and_then(Path::parent).unwrap().join("../failpoints/debug/rolecall")
    };
    let path = std::env::var_os("ROLECALL_FAILPOINTS_BIN").map_or_else(beside, PathBuf::from);
    assert!(path.exists(), "build it first: cargo xtask test build");
    path
}

/// The stand-in for a browser.
pub(crate) fn browser() -> PathBuf {
    let beside = || {
        let built = std::env::current_exe().unwrap();
        built.parent().and_then(Path::parent).unwrap().join("rolecall-demo-browser")
    };
    std::env::var_os("ROLECALL_DEMO_BROWSER_BIN").map_or_else(beside, PathBuf::from)
}

/// libfaketime, which makes a process believe in another time; Debian's package `faketime` has it.
pub(crate) fn faketime() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path());
    let places = folders.map(|folder| folder.join("faketime/libfaketime.so.1"));
    places.into_iter().find(|file| file.exists()).expect("faketime is installed")
}

/// The names of all failpoints, as they are in the sources.
pub(crate) fn failpoints() -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src-tauri")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&entry).unwrap();
                let calls = text.split("failpoint(\"").skip(1).chain(text.split("reached(\"").skip(1));
                names.extend(calls.filter_map(|rest| rest.split('"').next()).map(ToOwned::to_owned));
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    assert!(names.len() > 10, "the failpoints were found: {names:?}");
    names
}

/// Starts a command under a condition. Cores are allowed, so that one would be found.
pub(crate) fn start(mut command: Command, condition: Condition, failpoints: &[String], cores: &Path) -> Running {
    let limits = match condition {
        // Not root's to lift: no file takes a byte, as on a full disk.
        Condition::DiskFull => "ulimit -c unlimited; ulimit -f 0; trap '' XFSZ; exec \"$@\"",
        _ => "ulimit -c unlimited; exec \"$@\"",
    };
    let mut shell = Command::new("sh");
    shell.args(["-c", limits, "sh"]).arg(command.get_program()).args(command.get_args()).current_dir(cores);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    command = shell;
    if let Condition::KilledAt(place) = condition {
        command.env("ROLECALL_KILL_AT", &failpoints[place % failpoints.len()]);
    }
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id();
    Running { child, shown: std::thread::spawn(move || shown(id)) }
}

/// What is shown of a process and of those it started, looked at again and again until it has ended.
fn shown(id: u32) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut known = vec![id];
    while is_running(id) {
        let mut next = 0;
        while let Some(process) = known.get(next).copied() {
            next += 1;
            let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
            let children = children.unwrap_or_default();
            let new = children.split_whitespace().filter_map(|id| id.parse().ok()).filter(|id| !known.contains(id));
            known.extend(new.collect::<Vec<u32>>());
            for file in ["cmdline", "environ"] {
                let bytes = std::fs::read(format!("/proc/{process}/{file}")).unwrap_or_default();
                seen.insert(String::from_utf8_lossy(&bytes).replace('\0', " "));
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    seen
}

/// Whether a process is there and has not ended, be it waited for or not.
fn is_running(id: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    status.rsplit(')').next().and_then(|rest| rest.trim_start().chars().next()).is_some_and(|state| state != 'Z')
}

/// Waits for its end, with the signal of the condition on the way.
pub(crate) fn wait(running: Running, condition: Condition) -> Ended {
    let Running { mut child, shown } = running;
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let out = std::thread::spawn(move || {
        let mut text = Vec::new();
        out.read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
    });
    let err = std::thread::spawn(move || {
        let mut text = Vec::new();
        err.read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
    });
    if let Condition::Signal(signal, after) = condition {
        std::thread::sleep(Duration::from_millis(after));
        let _ =
            Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).stderr(Stdio::null()).status();
    }
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < LONGEST, "a command hangs for {LONGEST:?}");
        std::thread::sleep(Duration::from_millis(3));
    };
    Ended {
        code: status.code(),
        signal: status.signal(),
        stdout: out.join().unwrap(),
        stderr: err.join().unwrap(),
        shown: shown.join().unwrap(),
    }
}
