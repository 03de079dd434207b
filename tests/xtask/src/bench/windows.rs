//! Rolecall's window beside a blank one, and what is left of it in the tray.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::median;
use super::{memory, screen};
use crate::Result;
use crate::cargo::Workspace;
use crate::child::{self, Background};
use crate::demo_folders::DemoFolders;
use crate::sandbox::Sandbox;

/// How often each window is opened; the two take turns, so that a busy machine is busy for both.
pub(super) const WINDOWS: usize = 7;
/// How often the window is hidden in the tray.
const HIDDEN: usize = 3;
/// How long a hidden program is watched for wake-ups.
pub(super) const WATCHED: Duration = Duration::from_secs(30);

/// Medians over all windows, in milliseconds and kilobytes.
pub(super) struct Windows {
    pub(super) ours: Opened,
    pub(super) blank: Opened,
    pub(super) hidden: Hidden,
}

#[derive(Clone, Copy)]
pub(super) struct Opened {
    /// From the start of the process to text on the screen.
    pub(super) milliseconds: f64,
    /// Of the process tree, when all is loaded.
    pub(super) kilobytes: f64,
}

/// In the tray, with the window closed.
pub(super) struct Hidden {
    pub(super) kilobytes: f64,
    /// How often any of its threads woke up while it was watched.
    pub(super) wake_ups: f64,
}

pub(super) fn measure(workspace: &Workspace, sandbox: &Sandbox, folders: &DemoFolders) -> Result<Windows> {
    let (ours, blank) = (workspace.released("rolecall-desktop"), workspace.released("blank-window"));
    // Once each unmeasured: the first start reads the libraries from the disk.
    open_and_close(&blank, sandbox, folders)?;
    open_and_close(&ours, sandbox, folders)?;
    let (mut of_ours, mut of_blank) = (Vec::new(), Vec::new());
    for _ in 0..WINDOWS {
        of_blank.push(open_and_close(&blank, sandbox, folders)?);
        of_ours.push(open_and_close(&ours, sandbox, folders)?);
    }
    let panel = workspace.released("rolecall-test-panel");
    let hidden = (0..HIDDEN).map(|_| hide(&ours, &panel, sandbox, folders)).collect::<Result<Vec<_>>>()?;
    Ok(Windows {
        ours: middle(&of_ours),
        blank: middle(&of_blank),
        hidden: Hidden {
            kilobytes: median(hidden.iter().map(|hidden| hidden.kilobytes).collect()),
            wake_ups: median(hidden.iter().map(|hidden| hidden.wake_ups).collect()),
        },
    })
}

fn middle(list: &[Opened]) -> Opened {
    Opened {
        milliseconds: median(list.iter().map(|opened| opened.milliseconds).collect()),
        kilobytes: median(list.iter().map(|opened| opened.kilobytes).collect()),
    }
}

fn open_and_close(program: &Path, sandbox: &Sandbox, folders: &DemoFolders) -> Result<Opened> {
    let (window, milliseconds) = open(program, sandbox, folders)?;
    // What is loaded after the first picture counts too.
    std::thread::sleep(Duration::from_secs(3));
    Ok(Opened { milliseconds, kilobytes: kilobytes(&window) })
}

fn open(program: &Path, sandbox: &Sandbox, folders: &DemoFolders) -> Result<(Background, f64)> {
    let picture = sandbox.picture();
    if !child::wait_until(Duration::from_secs(10), || screen::is_empty(&picture)) {
        return Err("the last window stays on the screen".into());
    }
    let mut command = Command::new(program);
    folders.put(sandbox.put(&mut command)).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let window = Background::start("the window", &mut command)?;
    while !screen::shows_a_page(&picture) {
        if start.elapsed() > Duration::from_secs(30) || child::stopped() {
            return Err(format!("{} shows no page", program.display()));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok((window, start.elapsed().as_secs_f64() * 1000.0))
}

fn hide(program: &Path, panel: &Path, sandbox: &Sandbox, folders: &DemoFolders) -> Result<Hidden> {
    let mut panel = Background::start_talking("the panel", sandbox.put(&mut Command::new(panel)))?;
    panel.next_line(Duration::from_secs(10))?;
    let mut hand = panel.stdin().ok_or("the panel hears nothing")?;
    let (window, _) = open(program, sandbox, folders)?;
    writeln!(hand, "close").map_err(|error| format!("the panel: {error}"))?;
    panel.next_line(Duration::from_secs(20))?;
    // The webview's processes end after the window.
    std::thread::sleep(Duration::from_secs(10));
    let kilobytes = kilobytes(&window);
    let before = memory::wake_ups(window.id());
    std::thread::sleep(WATCHED);
    let wake_ups = memory::wake_ups(window.id()).saturating_sub(before);
    Ok(Hidden { kilobytes, wake_ups: exact(wake_ups) })
}

fn kilobytes(window: &Background) -> f64 {
    exact(memory::of_tree(window.id()))
}

fn exact(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
