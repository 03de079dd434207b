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

/// Makes a folder, and those above it, for the person alone (0700 on Unix). One that is there stays as it is, but nobody
/// else may write into it.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    shut_others_out(folder)?;
    Ok(())
}

/// Whoever can write into the folder can put another file in the place of ours.
#[cfg(unix)]
fn shut_others_out(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    const OTHERS_WRITE: u32 = 0o022;
    let found = std::fs::metadata(folder)?;
    if found.mode() & OTHERS_WRITE == 0 {
        return Ok(());
    }
    if found.uid() != rustix::process::geteuid().as_raw() {
        let why = format!("others can write into {}", folder.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(found.mode() & 0o7777 & !OTHERS_WRITE))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_folder_is_made_for_the_person_alone_and_one_that_others_can_write_into_is_shut() {
        let place = tempfile::tempdir().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let deep = place.path().join("a/b");
        make_private(&deep).unwrap();
        assert_eq!((mode(&deep), mode(&place.path().join("a"))), (0o700, 0o700));
        for (before, after) in [(0o777, 0o755), (0o770, 0o750), (0o755, 0o755), (0o700, 0o700)] {
            std::fs::set_permissions(&deep, std::fs::Permissions::from_mode(before)).unwrap();
            make_private(&deep).unwrap();
            assert_eq!(mode(&deep), after, "{before:o}");
        }
    }

    #[test]
    fn a_folder_of_somebody_else_that_anybody_can_write_into_is_refused() {
        let place = tempfile::tempdir().unwrap();
        std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        // Only the system's owner can give a folder away; for others the system's own will do.
        let given_away = std::os::unix::fs::chown(place.path(), Some(65_534), None).is_ok();
        let theirs = if given_away { place.path() } else { Path::new("/tmp") };
        assert_eq!(make_private(theirs).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    }
}
