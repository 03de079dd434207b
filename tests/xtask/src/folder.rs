//! A folder that only this person can read and that is gone afterwards.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Result;

/// A temporary folder, removed with all in it when dropped.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// Makes one. Its path is short, because a socket's address holds 108 bytes.
    pub(crate) fn new() -> Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("rolecall-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        builder.tempdir().map(Self).map_err(|error| format!("no temporary folder can be made: {error}"))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Makes a folder inside it, for this person alone.
    pub(crate) fn inside(&self, name: &str) -> Result<PathBuf> {
        let path = self.path().join(name);
        #[cfg_attr(not(unix), expect(unused_mut, reason = "elsewhere folders have no mode"))]
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|error| format!("{} can't be made: {error}", path.display()))?;
        Ok(path)
    }
}
