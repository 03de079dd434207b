//! A lock on a file, between processes: used for a session and for the configuration.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::ports::make_private;
use crate::problem::{Code, Problem, Result};

/// An exclusive lock on a file, held until dropped, also by the end of the process.
#[derive(Debug)]
pub struct Lock {
    /// The operating system gives the lock back when the file is closed.
    _file: File,
    /// Incremented just before the lock is released.
    released: Option<Arc<AtomicUsize>>,
}

impl Lock {
    /// The same lock, which increments `released` when it is dropped.
    pub(crate) fn counted(mut self, released: Arc<AtomicUsize>) -> Self {
        self.released = Some(released);
        self
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(released) = &self.released {
            released.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// How often a taken lock is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(25);

/// Takes the lock, waiting for `wait` at the longest, on a thread that may block: a folder on a network may
/// take its time even to say no. The file is never deleted: deleting it would let two processes hold "the" lock. One that
/// others could open is replaced, and a lock counts only while its file is the one at the path.
///
/// # Errors
/// [`Code::Busy`] when another process has it all the while; [`Code::FilesFailing`] when the file can't be used, or
/// belongs to another user.
pub(crate) async fn lock(path: PathBuf, wait: Duration) -> Result<Lock> {
    // The thread gives up by itself; this bounds a file system that does not answer at all.
    let bound = wait.saturating_add(Duration::from_secs(2));
    let shown = path.display().to_string();
    let taking = tokio::task::spawn_blocking(move || lock_blocking(&path, wait));
    match tokio::time::timeout(bound, taking).await {
        Ok(Ok(taken)) => taken,
        Ok(Err(_)) => Err(Problem::new(Code::FilesFailing, format!("{shown}: locking it failed unexpectedly"))),
        Err(_) => Err(Problem::new(Code::FilesFailing, format!("{shown}: the file system does not answer"))),
    }
}

/// [`lock`] for callers outside a runtime, or on a thread of their own.
pub(crate) fn lock_blocking(path: &Path, wait: Duration) -> Result<Lock> {
    let failed = |error| Problem::of_file(path, error);
    if let Some(folder) = path.parent() {
        make_private(folder).map_err(failed)?;
    }
    // By time and not by tries: on a busy computer a pause takes longer than it should.
    let until = Instant::now() + wait;
    let mut file = open_own(path).map_err(failed)?;
    loop {
        match file.try_lock() {
            Ok(()) if is_still_there(&file, path) => return Ok(Lock { _file: file, released: None }),
            Ok(()) | Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        if Instant::now() >= until {
            return Err(Problem::new(Code::Busy, format!("another process holds {}", path.display())));
        }
        std::thread::sleep(TRY_AGAIN);
        // Opened again only where needed: closing a file notifies everybody who watches the folder that a lock was released.
        if !is_still_there(&file, path) {
            file = open_own(path).map_err(failed)?;
        }
    }
}

/// Opens the lock file, for the person alone. One that another user put there is refused: its owner could hold the lock
/// forever.
fn open_own(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let no_follow = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(i32::try_from(no_follow.bits()).unwrap_or_default());
    }
    let file = options.open(path)?;
    #[cfg(unix)]
    if is_open_to_others(&file)? {
        // Whoever opened it, as an earlier version made it, can hold its lock forever (AV-2).
        crate::whole_file::replace(path, b"")?;
        return options.open(path);
    }
    Ok(file)
}

/// Whether the file that was locked is the one that others find.
#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let (Ok(locked), Ok(found)) = (file.metadata(), std::fs::symlink_metadata(path)) else { return false };
    (locked.dev(), locked.ino()) == (found.dev(), found.ino())
}

#[cfg(not(unix))]
fn is_still_there(_: &File, _: &Path) -> bool {
    true
}

#[cfg(unix)]
fn is_open_to_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    let found = file.metadata()?;
    let refused = |why: &str| Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    if !found.is_file() {
        return refused("it is not a plain file");
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        return refused("it belongs to another user; delete it");
    }
    Ok(found.mode() & 0o077 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn rf_3_whoever_can_not_have_the_lock_is_told_which_file_and_to_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/t.lock");
        let held = lock(path.clone(), Duration::from_secs(1)).await.unwrap();
        let refused = lock(path.clone(), Duration::from_millis(60)).await.unwrap_err();
        assert_eq!(refused.code, Code::Busy);
        assert!(refused.detail.contains("t.lock"), "{}", refused.detail);
        drop(held);
        assert!(lock(path, Duration::from_secs(1)).await.is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn av_2_a_lock_file_of_somebody_else_is_refused_and_one_that_others_could_open_is_replaced() {
        use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.lock");
        std::fs::write(&path, b"").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        // Another user opened it while that was possible, and never lets go.
        let theirs = File::open(&path).unwrap();
        theirs.lock().unwrap();
        let ours = lock_blocking(&path, Duration::ZERO).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(lock_blocking(&path, Duration::ZERO).unwrap_err().code, Code::Busy, "ours holds now");
        drop(ours);
        let link = folder.path().join("link.lock");
        symlink(&path, &link).unwrap();
        assert_eq!(lock_blocking(&link, Duration::ZERO).unwrap_err().code, Code::FilesFailing);
        // Only root can give a file away.
        if chown(&path, Some(65_534), None).is_ok() {
            let refused = lock_blocking(&path, Duration::ZERO).unwrap_err();
            assert_eq!(refused.code, Code::FilesFailing);
            assert!(refused.detail.contains("another user") && refused.detail.contains("t.lock"), "{}", refused.detail);
        }
    }
}
