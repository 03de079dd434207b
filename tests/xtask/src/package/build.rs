//! The programs that go into the packages.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::Workspace;
use crate::{Result, child};

/// The programs and their manual pages.
pub(super) struct Programs {
    /// The window and the tray.
    pub(super) desktop: PathBuf,
    /// The command line.
    pub(super) cli: PathBuf,
    /// The folder with the manual pages of both.
    pub(super) manual: PathBuf,
}

impl Programs {
    /// Those the tests use.
    pub(super) fn of_tests(workspace: &Workspace) -> Result<Self> {
        let manual = manual(workspace)?;
        Ok(Self { desktop: workspace.built("rolecall-desktop"), cli: workspace.built("rolecall"), manual })
    }

    /// Those that ship. They are built in a folder of their own, because replacing paths takes compiler options, and with
    /// other options cargo builds everything again.
    pub(super) fn for_release(workspace: &Workspace) -> Result<Self> {
        let target = workspace.target.join("package");
        let flags = replaced_paths(workspace, &target)?;
        let words = ["build", "--release", "--locked", "-p", "rolecall-desktop", "-p", "rolecall-cli"];
        let mut build = workspace.cargo(&words);
        build.arg("--target-dir").arg(&target).env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        child::run(build.env("CFLAGS", c_flags(workspace, &target)?))?;
        let manual = manual(workspace)?;
        let released = |name: &str| target.join("release").join(name);
        Ok(Self { desktop: released("rolecall-desktop"), cli: released("rolecall"), manual })
    }
}

/// The time of the commit, or the one that the environment sets.
pub(super) fn epoch(workspace: &Workspace) -> Result<u64> {
    let text = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text,
        Err(_) => child::output(&mut workspace.program("git", &["log", "-1", "--format=%ct"]))?,
    };
    text.trim().parse().map_err(|_| format!("'{}' is no time in seconds", text.trim()))
}

/// Writes the manual pages of both programs into a folder of the target folder.
fn manual(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target.join("manual");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let mut write = workspace.cargo(&["run", "--quiet", "-p", "rolecall-cli", "--example", "man", "--"]);
    child::run(write.arg(&folder))?;
    let page = workspace.root.join("src-tauri/packages/linux/rolecall-desktop.1");
    std::fs::copy(page, folder.join("rolecall-desktop.1")).map_err(|error| error.to_string())?;
    Ok(folder)
}

/// The folders of this machine, each with what the programs have in its place: their messages name no path of this
/// machine, and builds on two machines are the same.
fn folders(workspace: &Workspace, target: &Path) -> Result<Vec<(String, &'static str)>> {
    let sysroot = child::output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(&workspace.root))?;
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let mut folders = vec![(workspace.root.display().to_string(), "/rolecall")];
    // The later of two that fit counts, so the one inside the other comes last.
    folders.push((target.display().to_string(), "/target"));
    folders.push((sysroot.trim().to_owned(), "/rust"));
    folders.extend(home.map(|home| (home.display().to_string(), "/cargo")));
    Ok(folders)
}

fn replaced_paths(workspace: &Workspace, target: &Path) -> Result<Vec<String>> {
    let replace = |(from, to): (String, &str)| format!("--remap-path-prefix={from}={to}");
    Ok(folders(workspace, target)?.into_iter().map(replace).collect())
}

fn c_flags(workspace: &Workspace, target: &Path) -> Result<String> {
    let replace = |(from, to): (String, &str)| format!("-ffile-prefix-map={from}={to}");
    let flags: Vec<String> = folders(workspace, target)?.into_iter().map(replace).collect();
    Ok(flags.join(" "))
}
