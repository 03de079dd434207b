//! The files of a package, laid out in a folder as they are installed.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, child};

/// The root of what a package installs.
pub(super) struct Tree {
    root: PathBuf,
    files: Vec<String>,
}

impl Tree {
    /// Begins with nothing.
    pub(super) fn new(root: PathBuf) -> Result<Self> {
        let tree = Self { root, files: Vec::new() };
        make_folder(&tree.root)?;
        Ok(tree)
    }

    /// The folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The files in it, as absolute paths of the system they are installed on, in order.
    pub(super) fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = self.files.iter().map(String::as_str).collect();
        files.sort_unstable();
        files
    }

    /// Adds a program, without its symbols.
    pub(super) fn program(&mut self, path: &str, from: &Path) -> Result<()> {
        let to = self.make_room(path)?;
        child::run(Command::new("strip").arg("--strip-all").arg("-o").arg(&to).arg(from))?;
        set_mode(&to, 0o755)
    }

    /// Adds a copy of a file.
    pub(super) fn copy(&mut self, path: &str, from: &Path) -> Result<()> {
        let contents = std::fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
        self.file(path, &contents)
    }

    /// Adds a file with these contents.
    pub(super) fn file(&mut self, path: &str, contents: &[u8]) -> Result<()> {
        let to = self.make_room(path)?;
        std::fs::write(&to, contents).map_err(|error| format!("{}: {error}", to.display()))?;
        set_mode(&to, 0o644)
    }

    /// Adds a file compressed, as manual pages and lists of changes are; `.gz` is added to its name.
    pub(super) fn compressed(&mut self, path: &str, contents: &[u8]) -> Result<()> {
        self.file(path, contents)?;
        // -n: without the file's name and time.
        child::run(Command::new("gzip").args(["-9n"]).arg(self.root.join(&path[1..])))?;
        self.files.retain(|known| known != path);
        self.files.push(format!("{path}.gz"));
        Ok(())
    }

    /// How much it takes on the disk, in KiB, each file in whole ones.
    pub(super) fn kibibytes(&self) -> u64 {
        let size = |path: &String| std::fs::metadata(self.root.join(&path[1..])).map_or(0, |data| data.len());
        self.files.iter().map(|path| size(path).div_ceil(1024)).sum()
    }

    /// Makes the folders of a file and lists it; gives its path in the folder.
    fn make_room(&mut self, path: &str) -> Result<PathBuf> {
        let to = self.root.join(&path[1..]);
        if let Some(parent) = to.parent() {
            let inside = parent.strip_prefix(&self.root).map_err(|error| error.to_string())?.to_owned();
            let mut folder = self.root.clone();
            for part in &inside {
                folder.push(part);
                make_folder(&folder)?;
            }
        }
        self.files.push(path.to_owned());
        Ok(to)
    }
}

/// Makes a folder. Its mode is set, because the umask of whoever packs must not change a package.
fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))?;
    set_mode(path, 0o755)
}

fn set_mode(path: &Path, mode: u32) -> Result<()> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .map_err(|error| format!("{}: {error}", path.display()))
}
