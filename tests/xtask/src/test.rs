//! `cargo xtask test`: every check and every test, one after the other, and what came of them.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::cargo::{TestProgram, Workspace};
use crate::child;
use crate::sandbox::Sandbox;
use crate::test_counts::TestCounts;
use crate::{Result, layout, prerequisites};

/// The packages that ship and whose documentation is therefore checked.
const PRODUCT: [&str; 3] = ["rolecall-engine", "rolecall-cli", "rolecall-desktop"];

/// The package whose tests use the display, one at a time.
const DESKTOP_TESTS: &str = "rolecall-desktop-tests";

/// The version of cargo-deny that is fetched where there is none.
const CARGO_DENY: &str = "0.20.2";

type Step = fn(&mut Run) -> Result<()>;

const STEPS: [(&str, Step); 11] = [
    ("format", format),
    ("layout", |run| layout::check(&run.workspace)),
    ("lints", lints),
    ("licences", licences),
    ("docs", docs),
    ("page", page),
    ("build", build),
    ("tests", tests),
    ("fuzz", fuzz),
    ("desktop", desktop),
    ("packages", packages),
];

/// State shared by the steps.
pub(crate) struct Run {
    /// The workspace.
    pub(crate) workspace: Workspace,
    counts: TestCounts,
    programs: Vec<TestProgram>,
    names: Vec<String>,
    sandbox: Option<Sandbox>,
    /// The programs under test are those built for release.
    released: bool,
}

/// The tests that look for tokens where none belongs and need no look into the window, which a release build does not
/// allow: logs, arguments, files, the bus, cores, notifications, the clipboard, every exit.
const ON_RELEASED: [&str; 6] =
    ["tk_1_lb_9_", "tk_2_no_", "tk_3_", "lb_10_the_browser", "cb_1_cb_2_on_wayland", "rf_9_a_signal"];

/// Builds the programs for release and runs the tests of [`ON_RELEASED`] on them.
pub(crate) fn run_released() -> Result<()> {
    provide()?;
    let mut run = Run::new()?;
    let words = ["build", "--release", "-p", "rolecall-cli", "-p", "rolecall-desktop"];
    child::run(&mut run.workspace.cargo(&words))?;
    run.released = true;
    run.names = ON_RELEASED.map(ToOwned::to_owned).to_vec();
    let outcome = run.each_program(false, &[]).and_then(|()| run.desktop(&[]));
    drop(run.sandbox.take());
    close(&run.counts, outcome.err().as_deref())
}

/// Runs all steps, or those named; after `--`, only tests whose names contain one of the words.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let mut parts = arguments.splitn(2, |word| word == "--");
    let (wanted, names) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if let Some(unknown) = wanted.iter().find(|name| !STEPS.iter().any(|(step, _)| step == name)) {
        let names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        return Err(format!("there is no step '{unknown}'; there are {}", names.join(", ")));
    }
    provide()?;
    let mut run = Run::new()?;
    run.names = names.to_vec();
    let begun = Instant::now();
    let mut rows: Vec<(&str, Duration, &str)> = Vec::new();
    let mut failure = None;
    for (name, step) in
        STEPS.into_iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|word| word == name))
    {
        println!("\n== {name}");
        let (start, failed_before) = (Instant::now(), run.counts.failed);
        let outcome = step(&mut run);
        rows.push((name, start.elapsed(), if outcome.is_ok() { "ok" } else { "failed" }));
        if let Err(message) = outcome {
            run.counts.failed += u64::from(run.counts.failed == failed_before);
            failure = Some(format!("{name}: {message}"));
            break;
        }
    }
    drop(run.sandbox.take());
    print_table(&rows, begun.elapsed());
    close(&run.counts, failure.as_deref())
}

/// Sees to all that tests and measurements need.
pub(crate) fn provide() -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Err("this makes a display and a session bus of its own, which only works on Linux".into());
    }
    prerequisites::install(&[
        prerequisites::BUILD,
        prerequisites::WINDOW,
        prerequisites::SANDBOX,
        prerequisites::DISPLAY,
        prerequisites::TESTS,
    ])
}

fn print_table(rows: &[(&str, Duration, &str)], whole: Duration) {
    println!();
    for (name, time, outcome) in rows {
        println!("{name:<10} {:>7.1} s  {outcome}", time.as_secs_f64());
    }
    println!("{:<10} {:>7.1} s", "together", whole.as_secs_f64());
}

/// The last line is the count, whatever happened; so a failure adds no words after it.
fn close(counts: &TestCounts, failure: Option<&str>) -> Result<()> {
    for reason in &counts.reasons {
        println!("skipped: {reason}");
    }
    if let Some(message) = failure {
        println!("failed: {message}");
    }
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
    if failure.is_some() || counts.failed > 0 { Err(String::new()) } else { Ok(()) }
}

fn format(run: &mut Run) -> Result<()> {
    child::run(&mut run.workspace.cargo(&["fmt", "--all", "--check"]))
}

fn lints(run: &mut Run) -> Result<()> {
    child::run(&mut run.workspace.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// Licences, banned packages, sources; and known vulnerabilities, where their database can be fetched.
fn licences(run: &mut Run) -> Result<()> {
    let deny = run.workspace.tool("cargo-deny", CARGO_DENY)?;
    let command = |words: &[&str]| {
        let mut command = Command::new(&deny);
        command.args(["--workspace", "--all-features"]).args(words).current_dir(&run.workspace.root);
        command
    };
    child::run(&mut command(&["check", "--hide-inclusion-graph", "-A", "duplicate", "licenses", "bans", "sources"]))?;
    if child::quietly(&mut command(&["fetch", "db"])) {
        return child::run(&mut command(&["--offline", "check", "--hide-inclusion-graph", "advisories"]));
    }
    run.counts.skipped += 1;
    run.counts.reasons.push("advisories: the database of known vulnerabilities can't be fetched from here".into());
    Ok(())
}

fn docs(run: &mut Run) -> Result<()> {
    let mut command = run.workspace.cargo(&["doc", "--no-deps", "--document-private-items"]);
    for package in PRODUCT {
        command.args(["-p", package]);
    }
    child::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn page(run: &mut Run) -> Result<()> {
    let folder = run.workspace.root.join("tests").join("ui");
    for words in [&["ci", "--no-audit", "--no-fund"][..], &["run", "format:check"], &["run", "check"], &["test"]] {
        let counts = &mut run.counts;
        child::watch(Command::new("npm").args(words).current_dir(&folder), |line| counts.read(line))?;
    }
    Ok(())
}

fn build(run: &mut Run) -> Result<()> {
    run.programs = run.workspace.build_everything()?;
    println!("{} test programs", run.programs.len());
    run.workspace.build_with_failpoints().map(drop)
}

/// All test programs but those of the desktop, with no display, as on a server; then the examples in the documentation.
fn tests(run: &mut Run) -> Result<()> {
    run.each_program(false, &[])?;
    let mut command = run.workspace.cargo(&["test", "--workspace", "--doc", "--quiet"]);
    let counts = &mut run.counts;
    child::watch(&mut command, |line| counts.read(line))
}

/// Every fuzz target for some seconds; each that ends without a crash counts as passed.
fn fuzz(run: &mut Run) -> Result<()> {
    run.counts.passed += crate::fuzz::short(&run.workspace)?;
    Ok(())
}

fn desktop(run: &mut Run) -> Result<()> {
    // What the scenes sign in at besides our own provider.
    let providers = run.workspace.root.join("tests").join("interop");
    child::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&providers))?;
    run.desktop(&[])
}

/// The packages on a clean system, which takes the rights of root to enter.
fn packages(run: &mut Run) -> Result<()> {
    run.workspace.build_programs()?;
    if !child::quietly(Command::new("unshare").args(["--mount", "true"])) {
        run.counts.skipped += 1;
        run.counts.reasons.push("packages: another root can't be entered here without the rights of root".into());
        return Ok(());
    }
    #[cfg(target_os = "linux")]
    match crate::package::test(&run.workspace)? {
        Ok(all) => {
            for seen in &all {
                println!("  seen: {seen}");
            }
            run.counts.passed += all.len() as u64;
        }
        Err(error) => {
            run.counts.skipped += 1;
            run.counts.reasons.push(format!("packages: a clean Debian can't be fetched from here: {error}"));
        }
    }
    Ok(())
}

impl Run {
    /// Nothing has been built or set up yet.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            workspace: Workspace::find()?,
            counts: TestCounts::default(),
            programs: Vec::new(),
            names: Vec::new(),
            sandbox: None,
            released: false,
        })
    }

    /// Runs the desktop tests, or those whose names contain one of these words; one at a time, for there is one display.
    pub(crate) fn desktop(&mut self, names: &[&str]) -> Result<()> {
        let arguments: Vec<&str> = names.iter().copied().chain(["--test-threads=1"]).collect();
        self.each_program(true, &arguments)
    }

    /// Runs the test programs of the desktop, or all the others.
    fn each_program(&mut self, desktop: bool, arguments: &[&str]) -> Result<()> {
        if self.programs.is_empty() {
            self.programs = self.workspace.build_everything()?;
        }
        if self.sandbox.is_none() {
            let mut sandbox = Sandbox::set_up(Some((1280, 900)))?;
            sandbox.start_window_manager()?;
            self.sandbox = Some(sandbox);
        }
        let Some(sandbox) = &self.sandbox else { return Ok(()) };
        for program in self.programs.iter().filter(|program| (program.package == DESKTOP_TESTS) == desktop) {
            println!("\n-- {} {}", program.package, program.target);
            let mut command = Command::new(&program.path);
            command
                .args(arguments)
                .args(&self.names)
                .current_dir(&program.folder)
                .env("CARGO_MANIFEST_DIR", &program.folder);
            for (name, built) in [
                ("ROLECALL_BIN", "rolecall"),
                ("ROLECALL_DESKTOP_BIN", "rolecall-desktop"),
                ("ROLECALL_DEMO_PROVIDER_BIN", "rolecall-demo-provider"),
                ("ROLECALL_DEMO_BROWSER_BIN", "rolecall-demo-browser"),
            ] {
                let is_product = matches!(built, "rolecall" | "rolecall-desktop");
                let released = self.released && is_product;
                let path = if released { self.workspace.released(built) } else { self.workspace.built(built) };
                command.env(name, path);
            }
            command.env(
                "ROLECALL_FAILPOINTS_BIN",
                self.workspace.target.join("failpoints").join("debug").join("rolecall"),
            );
            sandbox.put(&mut command);
            if !desktop {
                command.env_remove("DISPLAY");
            }
            let counts = &mut self.counts;
            child::watch(&mut command, |line| counts.read(line))?;
        }
        Ok(())
    }
}
