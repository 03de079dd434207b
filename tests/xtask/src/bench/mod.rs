//! `cargo xtask bench`: what Rolecall costs, beside a blank window of the same Tauri in the same run.

mod engine;
mod line;
mod memory;
mod oidc_agent;
mod peers;
mod screen;
mod shown;
mod windows;

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use self::line::Line;
use self::windows::{WATCHED, WINDOWS, Windows};
use crate::cargo::Workspace;
use crate::child::{self, Background};
use crate::demo;
use crate::demo_folders::DemoFolders;
use crate::provider::Provider;
use crate::sandbox::Sandbox;
use crate::tour::Tour;
use crate::{Result, test};

/// How often a token is asked for.
const TOKENS: usize = 30;

/// A display not much larger than the window, because its picture is read again and again.
const DISPLAY: (u32, u32) = (480, 700);

/// Builds for release, signs in, measures, prints.
pub(crate) fn run(_: &[String]) -> Result<()> {
    test::provide()?;
    let workspace = Workspace::find()?;
    let packages = [
        "rolecall-desktop",
        "rolecall-cli",
        "rolecall-provider",
        "rolecall-benches",
        "rolecall-it",
        "rolecall-desktop-tests",
    ];
    child::run(workspace.cargo(&["build", "--release"]).args(packages.iter().flat_map(|name| ["-p", name])))?;
    let sandbox = Sandbox::set_up(Some(DISPLAY))?;
    let provider = Provider::start(&workspace.released("rolecall-demo-provider"), &[0])?;
    let folders = DemoFolders::in_folder(sandbox.folder().path().join("bench"))?;
    let (rolecall, browser) = (workspace.released("rolecall"), workspace.released("rolecall-demo-browser"));
    let browser = demo::as_browser(&browser)?;
    let tour = Tour { rolecall: &rolecall, browser, sandbox: &sandbox, folders: &folders, provider: &provider };
    tour.sign_in()?;
    let requests = provider.requests()?;
    let tokens = tokens(&tour)?;
    let peers = peers::measure(&workspace, &tour);
    let windows = windows::measure(&workspace, &sandbox, &folders)?;
    print(&windows, &tokens, &peers, &requests);
    Ok(())
}

/// Times of `rolecall token`, and of a bare look into the same key store.
struct Tokens {
    ours: Vec<f64>,
    lookup: Vec<f64>,
}

fn tokens(tour: &Tour<'_>) -> Result<Tokens> {
    let mut store =
        Background::start_talking("secret-tool", tour.sandbox.put(&mut secret_tool(&["store", "--label=Bench"])))?;
    if let Some(mut input) = store.stdin() {
        input.write_all(b"a secret").map_err(|error| error.to_string())?;
    }
    if !child::wait_until(Duration::from_secs(10), || store.ended().is_some()) {
        return Err("secret-tool does not store".into());
    }
    let mut lookup = secret_tool(&["lookup"]);
    tour.sandbox.put(&mut lookup);
    let mut token = tour.command(&["token"]);
    let mut tokens = Tokens { ours: Vec::new(), lookup: Vec::new() };
    for _ in 0..TOKENS {
        tokens.lookup.push(time(&mut lookup)?.0);
        let (milliseconds, worked) = time(&mut token)?;
        if !worked {
            return Err("rolecall token failed".into());
        }
        tokens.ours.push(milliseconds);
    }
    Ok(tokens)
}

fn secret_tool(words: &[&str]) -> Command {
    let mut command = Command::new("secret-tool");
    command.args(words).args(["made-by", "rolecall-bench"]);
    command
}

fn time(command: &mut Command) -> Result<(f64, bool)> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().map_err(|error| error.to_string())?;
    Ok((start.elapsed().as_secs_f64() * 1000.0, status.success()))
}

fn print(windows: &Windows, tokens: &Tokens, peers: &[Line], requests: &[String]) {
    println!("\nMedians of {WINDOWS} windows and {TOKENS} tokens, taken in turns, release build, {} cores.\n", cores());
    println!("{:<44} {:>10} {:>22} {:>6}  goal", "", "Rolecall", "beside", "ratio");
    let Windows { ours, blank, hidden } = windows;
    let megabytes = |kilobytes: f64| kilobytes / 1024.0;
    let blank_memory = ("blank window", megabytes(blank.kilobytes));
    row("window up and drawn", ours.milliseconds, "ms", ("blank window", blank.milliseconds), "1.15");
    row("memory of the process tree (PSS)", megabytes(ours.kilobytes), "MB", blank_memory, "1.15");
    row("the same, hidden in the tray", megabytes(hidden.kilobytes), "MB", blank_memory, "0.33");
    println!("wake-ups in the tray in {} s{:>12.0}  the goal is none", WATCHED.as_secs(), hidden.wake_ups);
    row(
        "rolecall token, token fresh",
        median(tokens.ours.clone()),
        "ms",
        ("secret-tool", median(tokens.lookup.clone())),
        "none",
    );
    peers::print(peers);
    println!("\nRequests of one sign-in: {}", requests.join(", "));
    let at = requests.iter().rposition(|path| path.contains("authorize") || path.contains("sign-in"));
    let after = requests.get(at.map_or(0, |at| at + 1)..).unwrap_or_default();
    println!("After the browser came back: {}; the goal is token and userinfo, nothing else.", after.join(", "));
}

fn row(name: &str, ours: f64, unit: &str, (what, beside): (&str, f64), goal: &str) {
    println!("{name:<44} {ours:>7.1} {unit} {what:>12} {beside:>6.1} {unit} {:>6.2}  {goal}", ours / beside);
}

fn median(mut list: Vec<f64>) -> f64 {
    list.sort_by(f64::total_cmp);
    list.get(list.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A port nobody has at the moment.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}
