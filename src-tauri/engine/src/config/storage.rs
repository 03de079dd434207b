use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::whole_file;

/// The whole file; `None` when it is not there.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces a file as a whole, for the person alone. A symbolic link stays one: what it leads to is replaced, for people
/// keep such files in a repository of their own.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    whole_file::replace(&target_of(path)?, bytes)
}

/// Deletes what killed processes left in the folder of the file.
pub(super) fn remove_leftovers(path: &Path) {
    if let Some(folder) = target_of(path).ok().as_deref().and_then(Path::parent) {
        whole_file::remove_leftovers(folder, &[whole_file::PREFIX]);
    }
}

/// Follows symbolic links to the file itself, whether or not that is there.
fn target_of(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..16 {
        match fs::read_link(&path) {
            Ok(link) => path = path.parent().unwrap_or(Path::new("")).join(link),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}
