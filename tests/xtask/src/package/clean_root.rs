//! A system without anything of this machine: no compiler, no headers, nothing that was built here.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::Workspace;
use crate::sandbox::Sandbox;
use crate::{Result, child};

/// The release of Debian that the packages are built for and tried on.
const RELEASE: &str = "bookworm";

/// What a desktop has that the package does not depend on: `gio`, which starts programs by their entries.
const DESKTOP: &str = "ca-certificates,libglib2.0-bin,hicolor-icon-theme,fonts-dejavu-core";

/// Gives each command the folders of the sandbox, and what a program finds below `/dev` and `/proc`. The mounts are seen
/// by the command alone and are gone with it.
const ENTER: &str = r#"
set -e
root=$1 shared=$2
shift 2
mkdir -p "$root$shared"
mount --bind "$shared" "$root$shared"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
exec chroot "$root" "$@"
"#;

/// The system, removed when dropped.
pub(super) struct CleanRoot {
    folder: tempfile::TempDir,
    shared: PathBuf,
}

impl CleanRoot {
    /// Unpacks one.
    pub(super) fn unpack(workspace: &Workspace, archive: &Path, sandbox: &Sandbox) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("clean-root-")
            .tempdir_in(&workspace.target)
            .map_err(|error| format!("no folder for a clean root: {error}"))?;
        child::run(Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(folder.path()))?;
        Ok(Self { folder, shared: sandbox.folder().path().to_owned() })
    }

    /// Where its root is, seen from outside.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A command inside it.
    pub(super) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", ENTER, "enter"]).arg(self.path()).arg(&self.shared);
        command.arg(program).args(arguments).current_dir("/");
        command.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        command
    }

    /// Installs, upgrades or downgrades by a file. It fails where a dependency is not there.
    pub(super) fn install(&self, package: &Path) -> Result<()> {
        let name = package.file_name().and_then(|name| name.to_str()).ok_or("the package has no name")?;
        let inside = self.shared.join(name);
        std::fs::copy(package, &inside).map_err(|error| format!("{}: {error}", package.display()))?;
        self.dpkg(&["--force-downgrade", "--install", &inside.display().to_string()])
    }

    /// Removes a package, as `apt remove` does.
    pub(super) fn remove(&self, name: &str) -> Result<()> {
        self.dpkg(&["--remove", name])
    }

    fn dpkg(&self, arguments: &[&str]) -> Result<()> {
        child::run(self.command("dpkg", arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    }
}

/// Debian's smallest system with `apt` and what these packages depend on, by mmdebstrap, from where this machine has its
/// own packages; the first time it is fetched, which takes some minutes.
pub(super) fn fetch(workspace: &Workspace, packages: &[&Path]) -> Result<PathBuf> {
    let needed = needed(packages)?;
    let (archive, for_what) = (workspace.target.join("clean-root.tar"), workspace.target.join("clean-root.txt"));
    if archive.exists() && std::fs::read_to_string(&for_what).is_ok_and(|text| text == needed) {
        return Ok(archive);
    }
    println!("fetching a clean Debian; once, some minutes");
    let sources = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"];
    let sources = sources.into_iter().find(|path| Path::new(path).exists()).ok_or("there is no list of sources")?;
    let mut fetch = Command::new("mmdebstrap");
    fetch.args(["--quiet", "--variant=apt", "--format=tar", &format!("--include={DESKTOP},{needed}"), RELEASE]);
    child::run(fetch.arg(&archive).arg(sources))?;
    std::fs::write(&for_what, &needed).map_err(|error| error.to_string())?;
    Ok(archive)
}

/// The names of the packages that these depend on; the first where several would do.
fn needed(packages: &[&Path]) -> Result<String> {
    let mut names = Vec::new();
    for package in packages {
        let field = child::output(Command::new("dpkg-deb").arg("--field").arg(package).arg("Depends"))?;
        let firsts = field.split(',').filter_map(|one| one.split_whitespace().next().map(ToOwned::to_owned));
        names.extend(firsts);
    }
    names.sort();
    names.dedup();
    Ok(names.join(","))
}
