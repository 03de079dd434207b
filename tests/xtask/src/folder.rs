//! A folder that only this person can read and that is gone afterwards.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Result;

/// A temporary folder, removed with all in it when dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes one. Its path is short, because sockets lie in it.
    pub(crate) fn new() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("rolecall-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        private(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A folder inside it, made on the spot.
    pub(crate) fn inside(&self, name: &str) -> Result<PathBuf> {
        let path = self.0.join(name);
        private(&path)?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Makes a folder for this person alone.
pub(crate) fn private(path: &Path) -> Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "elsewhere folders have no mode"))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| format!("{} can't be made: {error}", path.display()))
}
