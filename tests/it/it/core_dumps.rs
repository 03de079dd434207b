//! Programs that hold tokens leave no core dump.

use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rolecall_provider::{Endpoint, Fault, Options};

use crate::sandbox::{Sandbox, built};

const SIGABRT: i32 = 6;
/// A user that has nothing to do with us.
const NOBODY: &str = "65534";

/// A command with no limit of its own to the size of a core, in a folder of its own.
fn unlimited(command: &mut Command, folder: &Path) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -c unlimited && exec \"$0\" \"$@\""]).arg(command.get_program()).args(command.get_args());
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(folder);
    shell.stdout(Stdio::null()).stderr(Stdio::null());
    shell
}

fn cores(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn tk_3_a_program_that_holds_a_refresh_token_leaves_no_core() {
    let folder = tempfile::tempdir().unwrap();
    let ended = unlimited(Command::new("sh").args(["-c", "kill -ABRT $$"]), folder.path()).status().unwrap();
    assert_eq!(ended.signal(), Some(SIGABRT));
    let made_here = std::fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap().trim() == "core";
    assert!(!made_here || cores(folder.path()) == 1, "this system makes cores, so that none of ours means something");

    let sandbox = Sandbox::signed_in(Options::default());
    let folder = tempfile::tempdir().unwrap();
    sandbox.provider.fault(Fault::Slow(Endpoint::Token, 20_000));
    sandbox.provider.forget_requests();
    let mut refresh = unlimited(&mut sandbox.command(&["refresh"]), folder.path()).spawn().unwrap();
    // The refresh token has been sent, so it is in memory.
    while sandbox.provider.token_requests("refresh_token") == 0 {
        assert!(refresh.try_wait().unwrap().is_none(), "it ended too early");
        std::thread::sleep(Duration::from_millis(10));
    }
    let id = refresh.id();
    let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    assert!(Command::new("kill").args(["-ABRT", &id.to_string()]).status().unwrap().success());
    assert_eq!(refresh.wait().unwrap().signal(), Some(SIGABRT));
    assert_eq!(cores(folder.path()), 0, "a core was made");
}

#[test]
fn tk_3_other_programs_of_the_same_person_can_not_read_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("rolecall");
    std::fs::copy(built("rolecall", "ROLECALL_BIN"), &program).unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    // It waits for standard input. As root nothing is seen of this, so it runs as somebody else where that is possible.
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut command = if is_root { Command::new("setpriv") } else { Command::new(&program) };
    if is_root {
        command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]).arg(&program);
    }
    command.args(["import", "nginx", "-"]).env("ROLECALL_CONFIG_DIR", folder.path().join("config"));
    command.env("ROLECALL_STATE_DIR", folder.path().join("state")).stdin(Stdio::piped()).stderr(Stdio::null());
    let mut waiting = command.spawn().unwrap();
    let environment = format!("/proc/{}/environ", waiting.id());
    // The kernel gives what belongs to a process that may not be dumped to root, whoever runs it.
    let mut owner = None;
    for _ in 0..500 {
        let name = std::fs::read_to_string(format!("/proc/{}/comm", waiting.id())).unwrap();
        owner = std::fs::metadata(&environment).ok().map(|found| found.uid());
        if name.trim() == "rolecall" && owner == Some(0) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(owner, Some(0), "{environment}");
    drop(waiting.stdin.take());
    assert_eq!(waiting.wait().unwrap().code(), Some(2));
}
