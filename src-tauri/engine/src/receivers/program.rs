//! Another program, run within bounds of time and of what it says. What it starts ends with it.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use zeroize::Zeroizing;

/// How long its output is still read once it has ended: what it left running in the background may hold that open.
const AFTER_THE_END: Duration = Duration::from_millis(300);
/// The most that is read of standard error, in bytes; more is passed over.
const MOST_TALK: u64 = 64 * 1024;

/// What a program gave.
pub(super) struct Output {
    /// Whether it said that all is well.
    pub(super) success: bool,
    /// Standard output, which may hold a token.
    pub(super) stdout: Zeroizing<Vec<u8>>,
    /// Standard error.
    pub(super) stderr: Zeroizing<Vec<u8>>,
}

/// Why it gave nothing.
#[derive(Debug)]
pub(super) enum Failed {
    /// There is no such program.
    Missing,
    /// It could not be started or watched.
    NotRun(io::Error),
    /// It did not end in time.
    TooSlow,
    /// It wrote more than is read.
    TooMuch,
}

/// Runs it with this on standard input; ends it, with all that it started, where it takes too long, writes more than `most`
/// bytes, or where nobody waits for it any more.
pub(super) async fn run(mut command: Command, input: &[u8], within: Duration, most: usize) -> Result<Output, Failed> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failed::Missing,
        _ => Failed::NotRun(error),
    })?;
    let group = Group(child.id());
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (mut said, mut talk) = (Zeroizing::new(Vec::new()), Zeroizing::new(Vec::new()));
    let work = async {
        let write = async {
            if let Some(mut stdin) = stdin {
                // It may end without reading.
                let _ = stdin.write_all(input).await;
            }
        };
        let read = async {
            let _ = tokio::join!(read(stdout, &mut said, most as u64 + 1), listen(stderr, &mut talk), write);
        };
        tokio::pin!(read);
        let status = tokio::select! {
            () = &mut read => child.wait().await,
            status = child.wait() => {
                let _ = tokio::time::timeout(AFTER_THE_END, &mut read).await;
                status
            }
        };
        status.map_err(Failed::NotRun)
    };
    let status = tokio::time::timeout(within, work).await.map_err(|_| Failed::TooSlow)??;
    group.has_ended();
    if said.len() > most {
        return Err(Failed::TooMuch);
    }
    Ok(Output { success: status.success(), stdout: said, stderr: talk })
}

async fn read(stream: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>, most: u64) -> io::Result<()> {
    let Some(stream) = stream else { return Ok(()) };
    let mut stream = stream.take(most);
    stream.read_to_end(into).await.map(drop)
}

/// Reads the beginning and passes over the rest, so that nobody waits for a reader.
async fn listen(stream: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> io::Result<()> {
    let Some(mut stream) = stream else { return Ok(()) };
    (&mut stream).take(MOST_TALK).read_to_end(into).await?;
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.map(drop)
}

/// A process group, ended with this value unless its leader ended by itself.
struct Group(Option<u32>);

impl Group {
    fn has_ended(mut self) {
        self.0 = None;
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let leader = self.0.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(leader) = leader {
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn shell(script: &str, within: u64, most: usize) -> Result<Output, Failed> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command, b"what was asked", Duration::from_millis(within), most).await
    }

    #[tokio::test]
    async fn what_it_is_told_and_says_goes_both_ways() {
        let output = shell("cat; echo talk >&2; exit 3", 5000, 100).await.unwrap();
        assert_eq!(
            (output.success, &output.stdout[..], &output.stderr[..]),
            (false, &b"what was asked"[..], &b"talk\n"[..])
        );
        assert!(matches!(
            run(Command::new("/nowhere/kubectl"), b"", Duration::from_secs(1), 9).await,
            Err(Failed::Missing)
        ));
        assert!(shell("exec <&-; echo done", 5000, 100).await.unwrap().success, "it need not read");
    }

    #[tokio::test]
    async fn one_that_says_too_much_or_never_ends_is_ended_with_all_that_it_started() {
        assert!(matches!(shell("yes", 60_000, 10_000).await, Err(Failed::TooMuch | Failed::TooSlow)));
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let script = format!("sh -c 'echo $$ > {}; exec sleep 600' & wait", pid.display());
        assert!(matches!(shell(&script, 1500, 100).await, Err(Failed::TooSlow)));
        let started = std::fs::read_to_string(&pid).unwrap();
        let gone = || {
            std::fs::read_to_string(format!("/proc/{}/stat", started.trim())).map_or(true, |stat| stat.contains(") Z "))
        };
        let ended = async {
            while !gone() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), ended).await.expect("what it started goes on");
    }

    #[tokio::test]
    async fn what_stays_in_the_background_is_not_waited_for() {
        let said = tokio::time::timeout(Duration::from_secs(10), shell("sleep 20 & echo here", 15_000, 100));
        assert_eq!(&said.await.expect("it was waited for").unwrap().stdout[..], b"here\n");
    }
}
