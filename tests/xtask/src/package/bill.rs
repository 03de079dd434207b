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

/// The programs: what each is called, and the folder of its package.
const PROGRAMS: [(&str, &str); 2] = [("rolecall-desktop", "src-tauri"), ("rolecall", "src-tauri/cli")];

/// Both lists, of each program.
pub(super) struct Bill {
    folder: PathBuf,
}

impl Bill {
    /// The texts of the licences of what a program is made of, with what each covers.
    pub(super) fn licences(&self, program: &str) -> Result<Vec<u8>> {
        let file = self.folder.join(format!("{program}.licences.txt"));
        std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))
    }

    /// Puts the lists of dependencies beside the packages.
    pub(super) fn copy_to(&self, release: &Release) -> Result<Vec<PathBuf>> {
        let copy = |(program, _): &(&str, &str)| {
            let file = release.output.join(format!("{program}-{}.cdx.json", release.version));
            std::fs::copy(self.folder.join(format!("{program}.cdx.json")), &file)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            Ok(file)
        };
        PROGRAMS.iter().map(copy).collect()
    }
}

/// Writes both lists.
pub(super) fn write(workspace: &Workspace) -> Result<Bill> {
    let bill = Bill { folder: workspace.target.join("bill") };
    std::fs::create_dir_all(&bill.folder).map_err(|error| format!("{}: {error}", bill.folder.display()))?;
    write_dependencies(workspace, &bill.folder)?;
    write_licences(workspace, &bill.folder)?;
    Ok(bill)
}

/// `CycloneDX` 1.5 (<https://cyclonedx.org/docs/1.5/json/>).
fn write_dependencies(workspace: &Workspace, to: &Path) -> Result<()> {
    let tool = workspace.tool("cargo-cyclonedx", CARGO_CYCLONEDX)?;
    let mut command = Command::new(tool);
    command.args(["cyclonedx", "--format", "json", "--spec-version", "1.5", "--all", "--no-build-deps"]);
    command.args(["--override-filename", "dependencies.cdx", "--target", &host(workspace)?, "--manifest-path"]);
    command.arg(workspace.root.join("src-tauri/Cargo.toml"));
    child::run(command.env("SOURCE_DATE_EPOCH", super::build::epoch(workspace)?.to_string()))?;
    // It writes a list into the folder of every member, and can't be told to leave the others out.
    for folder in MEMBERS {
        let written = workspace.root.join(folder).join("dependencies.cdx.json");
        if let Some((program, _)) = PROGRAMS.iter().find(|(_, its)| *its == folder) {
            std::fs::copy(&written, to.join(format!("{program}.cdx.json")))
                .map_err(|error| format!("{}: {error}", written.display()))?;
        }
        let _ = std::fs::remove_file(written);
    }
    Ok(())
}

fn write_licences(workspace: &Workspace, to: &Path) -> Result<()> {
    // Not a debug build, which compares the texts for more than ten minutes.
    let tool = workspace.tool_with("cargo-about", CARGO_ABOUT, &["--features", "cli"])?;
    let ours = workspace.root.join("src-tauri/packages");
    for (program, folder) in PROGRAMS {
        let mut command = Command::new(&tool);
        // Frozen: the texts come from the crates, which the build has fetched, and not from the network.
        command.args(["about", "generate", "--frozen", "--fail", "--manifest-path"]);
        command.arg(workspace.root.join(folder).join("Cargo.toml"));
        command.arg("--config").arg(ours.join("licences.toml"));
        command.arg("--output-file").arg(to.join(format!("{program}.licences.txt"))).arg(ours.join("licences.hbs"));
        child::run(&mut command)?;
    }
    Ok(())
}

fn host(workspace: &Workspace) -> Result<String> {
    let text = child::output(Command::new("rustc").arg("-vV").current_dir(&workspace.root))?;
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(ToOwned::to_owned).ok_or_else(|| "rustc does not say what it builds for".to_owned())
}
