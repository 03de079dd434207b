//! What the programs are made of: the list of dependencies, and their licences.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::Workspace;
use crate::{Result, child};

use super::Release;

/// The version of cargo-cyclonedx that is fetched where there is none.
const CARGO_CYCLONEDX: &str = "0.5.9";
/// The version of cargo-about that is fetched where there is none.
const CARGO_ABOUT: &str = "0.9.3";

/// The folders of the workspace's members.
const MEMBERS: [&str; 8] = [
    "src-tauri",
    "src-tauri/engine",
    "src-tauri/cli",
    "tests/provider",
    "tests/it",
    "tests/desktop",
    "tests/benches",
    "tests/xtask",
];

/// Both lists, of the desktop program.
pub(super) struct Bill {
    dependencies: PathBuf,
    licences: PathBuf,
}

impl Bill {
    /// The texts of all licences, with what each covers.
    pub(super) fn licences(&self) -> Result<Vec<u8>> {
        std::fs::read(&self.licences).map_err(|error| format!("{}: {error}", self.licences.display()))
    }

    /// Puts the list of dependencies beside the packages.
    pub(super) fn copy_to(&self, release: &Release) -> Result<PathBuf> {
        let file = release.output.join(format!("rolecall-{}.cdx.json", release.version));
        std::fs::copy(&self.dependencies, &file).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(file)
    }
}

/// Writes both lists.
pub(super) fn write(workspace: &Workspace) -> Result<Bill> {
    let manifest = workspace.root.join("src-tauri/Cargo.toml");
    let bill = Bill {
        dependencies: workspace.target.join("dependencies.cdx.json"),
        licences: workspace.target.join("third-party-licences.txt"),
    };
    write_dependencies(workspace, &manifest, &bill.dependencies)?;
    write_licences(workspace, &manifest, &bill.licences)?;
    Ok(bill)
}

/// `CycloneDX` 1.5 (<https://cyclonedx.org/docs/1.5/json/>).
fn write_dependencies(workspace: &Workspace, manifest: &Path, to: &Path) -> Result<()> {
    let tool = workspace.tool("cargo-cyclonedx", CARGO_CYCLONEDX)?;
    let mut command = Command::new(tool);
    command.args([
        "cyclonedx",
        "--format",
        "json",
        "--spec-version",
        "1.5",
        "--all",
        "--override-filename",
        "dependencies.cdx",
    ]);
    command.args(["--target", &host(workspace)?, "--no-build-deps", "--manifest-path"]).arg(manifest);
    child::run(command.env("SOURCE_DATE_EPOCH", super::build::epoch(workspace)?.to_string()))?;
    // It writes a list into the folder of every member, and can't be told to leave the others out.
    for folder in MEMBERS {
        let written = workspace.root.join(folder).join("dependencies.cdx.json");
        if folder == "src-tauri" {
            std::fs::copy(&written, to).map_err(|error| format!("{}: {error}", written.display()))?;
        }
        let _ = std::fs::remove_file(written);
    }
    Ok(())
}

fn write_licences(workspace: &Workspace, manifest: &Path, to: &Path) -> Result<()> {
    // Not a debug build, which compares the texts for more than ten minutes.
    let tool = workspace.tool_with("cargo-about", CARGO_ABOUT, &["--features", "cli"])?;
    let ours = workspace.root.join("src-tauri/packages");
    let mut command = Command::new(tool);
    // Frozen: the texts come from the crates, which the build has fetched, and not from the network.
    command.args(["about", "generate", "--frozen", "--fail", "--manifest-path"]).arg(manifest);
    command.arg("--config").arg(ours.join("licences.toml")).arg("--output-file").arg(to).arg(ours.join("licences.hbs"));
    child::run(&mut command)
}

fn host(workspace: &Workspace) -> Result<String> {
    let text = child::output(Command::new("rustc").arg("-vV").current_dir(&workspace.root))?;
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(ToOwned::to_owned).ok_or_else(|| "rustc does not say what it builds for".to_owned())
}
