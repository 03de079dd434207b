//! What a program that holds tokens asks of its own process.

use std::io;

/// Keeps the memory of this process, which holds tokens, out of core dumps, and on Linux also from other programs of the
/// same person: they can neither attach to it nor read `/proc/PID/mem` (TK-3). To be called first of all.
///
/// Programs that this one starts may write core dumps again if they ask for it. On macOS the limit alone is set; Windows
/// writes no dump unless the person set that up, and nothing is done there.
///
/// # Errors
/// When the system refuses.
pub fn protect_memory() -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let maximum = getrlimit(Resource::Core).maximum;
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum })?;
    }
    // A limit of 0 does not keep the kernel from piping a core to a program; this does.
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}
