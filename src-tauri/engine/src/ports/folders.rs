use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// Where the files live. Folders are made on first write, for the person alone (0700 on Unix).
#[derive(Clone, Debug)]
pub struct Folders {
    /// `rolecall.toml`: profiles and settings, no secret.
    pub config: PathBuf,
    /// Locks, generation counters, the last identity and changes, no token.
    pub state: PathBuf,
}

impl Folders {
    /// `ROLECALL_CONFIG_DIR` and `ROLECALL_STATE_DIR`, or where this system keeps such files: XDG on Linux, Application
    /// Support on macOS, `AppData` on Windows.
    #[must_use]
    pub fn system() -> Self {
        let project = ProjectDirs::from("", "", "rolecall");
        let config = from_environment("ROLECALL_CONFIG_DIR")
            .or_else(|| project.as_ref().map(|p| p.config_dir().to_owned()))
            .unwrap_or_else(|| PathBuf::from(".rolecall"));
        let state = from_environment("ROLECALL_STATE_DIR")
            .or_else(|| project.as_ref().map(|p| p.state_dir().unwrap_or_else(|| p.data_local_dir()).to_owned()))
            .unwrap_or_else(|| config.join("state"));
        Self { config, state }
    }
}

fn from_environment(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Makes a folder, and those above it, for the person alone (0700 on Unix). One that is there stays as it is.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
