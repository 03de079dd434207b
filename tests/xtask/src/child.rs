//! Child processes: in front (waited for) and in the background (ended when dropped), each in a process group of its
//! own, so that whatever they start ends with them, and nothing else does.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::Result;

static STOPPED: AtomicBool = AtomicBool::new(false);
static IN_FRONT: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Makes Ctrl-C and a termination end the process in front; the rest is ended on the way out, in order.
pub(crate) fn listen_for_stop() -> Result<()> {
    ctrlc::set_handler(|| {
        STOPPED.store(true, Ordering::SeqCst);
        for pid in IN_FRONT.lock().map(|pids| pids.clone()).unwrap_or_default() {
            signal(pid, false);
        }
    })
    .map_err(|error| format!("signals can't be caught: {error}"))
}

/// Whether somebody asked to stop.
pub(crate) fn stopped() -> bool {
    STOPPED.load(Ordering::SeqCst)
}

/// Runs a command with this terminal's output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = in_front(command, |_| ())?;
    succeeded(command, status)
}

/// Runs a command; each line it prints to standard output is printed and handed to `see`.
pub(crate) fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> Result<()> {
    let status = in_front(command.stdout(Stdio::piped()), |child| {
        for line in lines(child.stdout.take()) {
            println!("{line}");
            see(&line);
        }
    })?;
    succeeded(command, status)
}

/// Runs a command and gives what it printed; its standard error goes to the terminal.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let mut text = String::new();
    let status = in_front(command.stdout(Stdio::piped()), |child| {
        for line in lines(child.stdout.take()) {
            text.push_str(&line);
            text.push('\n');
        }
    })?;
    succeeded(command, status).map(|()| text)
}

/// Whether a command runs and says yes; silent.
pub(crate) fn quietly(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    in_front(command, |_| ()).is_ok_and(|status| status.success())
}

/// Waits for a condition, looking often; `false` when it did not come about in time.
pub(crate) fn wait_until(within: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + within;
    loop {
        if condition() {
            return true;
        }
        if stopped() || Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A process in the background: ended, with all it started, when dropped.
pub(crate) struct Background {
    name: String,
    child: Child,
    lines: Option<Receiver<String>>,
}

impl Background {
    /// Starts it with nothing on standard input and this terminal's output.
    pub(crate) fn start(name: &str, command: &mut Command) -> Result<Self> {
        let child = own_group(command.stdin(Stdio::null())).spawn().map_err(|error| no_start(command, &error))?;
        Ok(Self { name: name.to_owned(), child, lines: None })
    }

    /// Starts it with its standard output kept for [`Background::next_line`] and its standard input left open.
    pub(crate) fn start_talking(name: &str, command: &mut Command) -> Result<Self> {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = own_group(command).spawn().map_err(|error| no_start(command, &error))?;
        let (sender, receiver) = channel();
        let stdout = child.stdout.take();
        std::thread::spawn(move || lines(stdout).try_for_each(|line| sender.send(line)));
        Ok(Self { name: name.to_owned(), child, lines: Some(receiver) })
    }

    /// The next line it prints.
    pub(crate) fn next_line(&self, within: Duration) -> Result<String> {
        self.lines
            .as_ref()
            .and_then(|lines| lines.recv_timeout(within).ok())
            .ok_or_else(|| format!("{} did not come up", self.name))
    }

    /// Its standard input; dropping it closes it.
    pub(crate) fn stdin(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Its standard input, which stays open.
    pub(crate) fn stdin_open(&mut self) -> Option<&mut ChildStdin> {
        self.child.stdin.as_mut()
    }

    /// Its process number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended, and how.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        for by_force in [false, true] {
            if self.ended().is_some() {
                return;
            }
            signal(self.child.id(), by_force);
            let deadline = Instant::now() + Duration::from_secs(3);
            while self.ended().is_none() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn in_front(command: &mut Command, meanwhile: impl FnOnce(&mut Child)) -> Result<ExitStatus> {
    let mut child = own_group(command).spawn().map_err(|error| no_start(command, &error))?;
    let pid = child.id();
    if let Ok(mut pids) = IN_FRONT.lock() {
        pids.push(pid);
    }
    if stopped() {
        signal(pid, false);
    }
    meanwhile(&mut child);
    let status = child.wait();
    if let Ok(mut pids) = IN_FRONT.lock() {
        pids.retain(|other| *other != pid);
    }
    if stopped() {
        return Err("stopped".into());
    }
    status.map_err(|error| no_start(command, &error))
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", command_line(command))) }
}

fn lines(stream: Option<impl Read>) -> impl Iterator<Item = String> {
    stream.into_iter().flat_map(|stream| BufReader::new(stream).split(b'\n')).map_while(|line| {
        let line = line.ok()?;
        Some(String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned())
    })
}

fn command_line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    std::iter::once(name).chain(command.get_args()).map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn no_start(command: &Command, error: &std::io::Error) -> String {
    format!("{} did not start: {error}", command_line(command))
}

#[cfg(unix)]
fn own_group(command: &mut Command) -> &mut Command {
    std::os::unix::process::CommandExt::process_group(command, 0)
}

#[cfg(not(unix))]
fn own_group(command: &mut Command) -> &mut Command {
    command
}

/// Ends a process group that was started here.
#[cfg(unix)]
fn signal(group: u32, by_force: bool) {
    use nix::sys::signal::{Signal, killpg};
    let Ok(group) = i32::try_from(group) else { return };
    let _ = killpg(nix::unistd::Pid::from_raw(group), if by_force { Signal::SIGKILL } else { Signal::SIGTERM });
}

/// Elsewhere a console's Ctrl-C reaches the children by itself, and [`Child::kill`] ends the rest.
#[cfg(not(unix))]
fn signal(_: u32, _: bool) {}
