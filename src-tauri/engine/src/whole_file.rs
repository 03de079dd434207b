//! Files that are written as a whole or not at all: a new file beside, then renamed over the one that was there.
//!
//! A process that is killed between the two leaves the new file behind. It is locked as long as it is being written, so that
//! the next process can tell what is left over from what another is writing just now.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::failpoint::failpoint;
use crate::ports::make_private;

/// How the names begin of files that are being written.
pub(crate) const PREFIX: &str = ".rolecall-unfinished-";
/// How those of earlier versions began in the state folder.
pub(crate) const EARLIER_PREFIX: &str = ".tmp";
/// How many letters and digits follow.
const RANDOM: usize = 6;

/// Replaces a file as a whole, for the person alone. It is on the disk when this returns.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let place = || -> io::Result<()> {
        let file = written_beside(path, bytes)?;
        failpoint("rename");
        file.persist(path)?;
        failpoint("renamed");
        Ok(())
    };
    match place() {
        // Taken for a leftover in the moment before it was locked.
        Err(error) if error.kind() == ErrorKind::NotFound => place(),
        placed => placed,
    }
}

/// Writes a file that must not be there yet, for the person alone.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    written_beside(path, bytes)?.persist_noclobber(path)?;
    Ok(())
}

fn written_beside(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().ok_or_else(|| io::Error::from(ErrorKind::InvalidInput))?;
    make_private(folder)?;
    let mut file = tempfile::Builder::new().prefix(PREFIX).rand_bytes(RANDOM).tempfile_in(folder)?;
    // Where files can't be locked nobody takes it for a leftover either.
    let _ = file.as_file().try_lock();
    file.write_all(bytes)?;
    file.as_file().sync_data()?;
    Ok(file)
}

/// Deletes what killed processes left in a folder under names with one of these prefixes. What can't be deleted stays.
pub(crate) fn remove_leftovers(folder: &Path, prefixes: &[&str]) {
    let is_unfinished = |name: &str| {
        let random = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix));
        random.is_some_and(|rest| rest.len() == RANDOM && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_str().is_some_and(is_unfinished) && is_left_over(&entry.path()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Whether nobody is writing the file. Where files can't be locked it may be anybody's.
fn is_left_over(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn what_a_killed_process_left_is_deleted_and_what_is_being_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        replace(&path, b"before").unwrap();
        let writing = written_beside(&path, b"after").unwrap();
        for name in [".rolecall-unfinished-1a2B3c", ".tmp1a2B3c", ".rolecall-backup", ".tmp-a-file", "notes.txt"] {
            std::fs::write(folder.path().join(name), b"x").unwrap();
        }
        remove_leftovers(folder.path(), &[PREFIX, EARLIER_PREFIX]);
        let left = names(folder.path());
        let being_written = writing.path().file_name().unwrap().to_str().unwrap().to_owned();
        let mut expected = [being_written.as_str(), ".rolecall-backup", ".tmp-a-file", "notes.txt", "state.json"];
        expected.sort_unstable();
        assert_eq!(left, expected);
        writing.persist(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"after");
        assert!(create(&path, b"other").is_err() && names(folder.path()).len() == 4);
    }

    #[test]
    fn writing_and_tidying_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        std::thread::scope(|scope| {
            let tidying = scope.spawn(|| (0..300).for_each(|_| remove_leftovers(folder.path(), &[PREFIX])));
            for number in 0..300 {
                let failed = replace(&path, number.to_string().as_bytes()).is_err();
                assert!(!failed || !tidying.is_finished(), "{number}");
            }
        });
        replace(&path, b"whole").unwrap();
        assert_eq!((std::fs::read(&path).unwrap(), names(folder.path()).len()), (b"whole".to_vec(), 1));
    }
}
