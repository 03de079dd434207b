//! Tokens through every flow of the real program, and then a search of every place where they must not be.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use rolecall_provider::{Endpoint, Fault, Options};

use crate::sandbox::{Sandbox, talk};

#[test]
fn tk_1_lb_9_no_token_reaches_a_log_a_process_list_a_file_or_the_bus() {
    let sandbox = Sandbox::new(Options::default());
    let bus = BusWatch::begin(&sandbox);
    let processes = ProcessWatch::begin();
    let mut said = String::new();
    let mut run = |arguments: &[&str]| {
        let output = sandbox.command(arguments).env("ROLECALL_LOG", "trace").stdin(Stdio::null()).output().unwrap();
        said.push_str(&talk(&output));
        if !arguments.contains(&"token") {
            said.push_str(&String::from_utf8_lossy(&output.stdout));
        }
        output
    };
    let issuer = sandbox.provider.issuer();
    assert!(run(&["login", "--issuer", &issuer, "--client-id", "rolecall-demo"]).status.success());
    let mut tokens = vec![text(&run(&["token"])), text(&run(&["token", "--id"]))];
    for verb in ["refresh", "status", "roles", "changes", "profiles"] {
        assert!(run(&[verb]).status.success(), "{verb}");
        let _ = run(&[verb, "--json"]);
    }
    let _ = run(&["why", "Nobody"]);
    let _ = run(&["why", "--report"]);
    for fault in [Fault::AlgNone, Fault::Html(Endpoint::Token), Fault::RefreshError("invalid_scope", "no")] {
        sandbox.provider.fault(fault);
        assert!(!run(&["refresh"]).status.success());
        sandbox.provider.clear_faults();
    }
    tokens.push(text(&run(&["token", "--refresh"])));
    sandbox.provider.revoke_all();
    assert_eq!(run(&["refresh"]).status.code(), Some(3));
    assert!(run(&["login"]).status.success());
    assert!(run(&["logout"]).status.success());

    tokens.extend(sandbox.provider.secrets());
    tokens.retain(|secret| !secret.is_empty());
    let hidden: Vec<&String> = tokens.iter().collect();
    assert!(hidden.len() > 12, "tokens, codes, states, nonces and verifiers are looked for");
    // A browser is started with an address that leads to the authorization link, and never with that itself.
    let processes = processes.end();
    assert!(processes.iter().any(|line| line.contains("/start/")), "the process list was looked at");
    assert!(!processes.iter().any(|line| line.contains("code_challenge=")), "the authorization link can be read");
    clean("the list of processes", &processes.into_iter().collect::<String>(), &hidden);
    assert!(said.contains("answered"), "the log was looked at");
    clean("what the program said", &said, &hidden);
    let heard = bus.end();
    assert!(heard.contains("org.freedesktop.Secret"), "the bus was looked at: {} bytes", heard.len());
    clean("the session bus", &heard, &hidden);
    let mut files = String::new();
    read_below(&sandbox.bus.folder().join("config"), &mut files);
    read_below(&sandbox.bus.folder().join("state"), &mut files);
    read_below(&sandbox.bus.folder().join("home"), &mut files);
    assert!(files.contains("client_id"), "the files were looked at");
    clean("a file", &files, &hidden);
}

fn clean(place: &str, text: &str, secrets: &[&String]) {
    for secret in secrets {
        let shown: String = secret.chars().take(8).collect();
        assert!(!text.contains(secret.as_str()), "{place} holds {shown}…");
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn read_below(folder: &Path, all: &mut String) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            read_below(&path, all);
        } else {
            all.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()));
        }
    }
}

/// Everything that goes over the session bus.
struct BusWatch {
    monitor: Child,
    heard: PathBuf,
}

impl BusWatch {
    fn begin(sandbox: &Sandbox) -> Self {
        let heard = sandbox.bus.folder().join("bus");
        let mut command = sandbox.bus.command("dbus-monitor".as_ref());
        command.arg("--session").stdout(File::create(&heard).unwrap()).stderr(Stdio::null());
        let watch = Self { monitor: command.spawn().unwrap(), heard };
        // It hears itself being named first.
        while std::fs::metadata(&watch.heard).map_or(0, |file| file.len()) == 0 {
            std::thread::yield_now();
        }
        watch
    }

    fn end(mut self) -> String {
        // Interrupted, not killed: it then writes out what it has heard.
        let interrupted = Command::new("kill").args(["-INT", &self.monitor.id().to_string()]).status();
        assert!(interrupted.is_ok_and(|status| status.success()), "the monitor ended before");
        let _ = self.monitor.wait();
        String::from_utf8_lossy(&std::fs::read(self.heard).unwrap()).into_owned()
    }
}

/// Arguments and environment of every process, again and again.
struct ProcessWatch {
    go_on: Arc<AtomicBool>,
    thread: JoinHandle<BTreeSet<String>>,
}

impl ProcessWatch {
    fn begin() -> Self {
        let go_on = Arc::new(AtomicBool::new(true));
        let watched = go_on.clone();
        let thread = std::thread::spawn(move || {
            let mut seen = BTreeSet::new();
            while watched.load(Ordering::Relaxed) {
                for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
                    for file in ["cmdline", "environ"] {
                        let bytes = std::fs::read(process.path().join(file)).unwrap_or_default();
                        seen.insert(String::from_utf8_lossy(&bytes).into_owned());
                    }
                }
            }
            seen
        });
        Self { go_on, thread }
    }

    fn end(self) -> BTreeSet<String> {
        self.go_on.store(false, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}
