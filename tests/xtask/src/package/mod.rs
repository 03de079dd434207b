//! `cargo xtask package`: what people install on Linux.
//!
//! | file | contents |
//! |---|---|
//! | `build` | the programs, so that two builds of one commit give the same bytes |
//! | `tree` | the files of a package, laid out as they are installed |
//! | `contents` | which files each package has |
//! | `deb`, `rpm`, `archive` | the forms they are handed out in |
//! | `bill` | the list of dependencies (CycloneDX) and their licences |
//! | `check` | what the distributions' own checkers say |
//! | `clean_root`, `lifecycle` | the packages installed, upgraded and removed on a system of their own |

mod archive;
mod bill;
mod build;
mod check;
mod clean_root;
mod contents;
mod deb;
mod lifecycle;
mod rpm;
mod tree;

use std::path::{Path, PathBuf};

use crate::cargo::Workspace;
use crate::folder::Folder;
use crate::{Result, prerequisites};

use self::build::Programs;
use self::contents::{CLI, DESKTOP};

/// What is the same for all packages of one run.
struct Release {
    /// As in `Cargo.toml`.
    version: String,
    /// The time of the commit, in seconds since 1970: every file in a package has it (<https://reproducible-builds.org/docs/source-date-epoch/>).
    epoch: u64,
    /// Where the packages are written.
    output: PathBuf,
    /// Whether to compress well, which takes long, or fast, for a test.
    small: bool,
}

/// Builds the programs and writes the packages; with `--debug`, of the programs that the tests use.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let debug = match arguments {
        [] => false,
        [only] if only == "--debug" => true,
        _ => return Err("package takes --debug or nothing".into()),
    };
    prerequisites::install(&[prerequisites::BUILD, prerequisites::WINDOW, prerequisites::PACKAGES])?;
    let workspace = Workspace::find()?;
    let written = if debug { of_tests(&workspace)? } else { released(&workspace)? };
    for file in written {
        let size = std::fs::metadata(&file).map_or(0, |data| data.len());
        println!("{:>8.1} kB  {}", kilobytes(size), file.display());
    }
    Ok(())
}

/// Packages of the programs that were built for the tests, without the list of dependencies.
fn of_tests(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    workspace.build_programs()?;
    let (programs, version) = (Programs::of_tests(workspace)?, workspace.version()?);
    write(workspace, &programs, &version, &workspace.target.join("packages-debug"), None)
}

fn released(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let bill = bill::write(workspace)?;
    let (programs, version) = (Programs::for_release(workspace)?, workspace.version()?);
    write(workspace, &programs, &version, &workspace.target.join("packages"), Some(&bill))
}

/// Writes packages of the programs that the tests use, checks them, and has them installed, upgraded and removed on a clean
/// system; gives what was seen, or why such a system can't be had. A build for release would hold the tests up for a quarter of an hour.
pub(crate) fn test(workspace: &Workspace) -> Result<std::result::Result<Vec<&'static str>, String>> {
    prerequisites::install(&[prerequisites::PACKAGES, prerequisites::CLEAN_ROOT])?;
    let programs = Programs::of_tests(workspace)?;
    let folder = workspace.target.join("packages-debug");
    let earlier = write(workspace, &programs, "0.0.1", &folder.join("earlier"), None)?;
    let now = write(workspace, &programs, &workspace.version()?, &folder.join("now"), None)?;
    let find = |files: &[PathBuf], name: &str| {
        let mut found = files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "deb"));
        let is_it = |file: &&PathBuf| {
            file.file_name().is_some_and(|text| text.to_string_lossy().starts_with(&format!("{name}_")))
        };
        found.find(is_it).cloned().ok_or_else(|| format!("no package {name} was written"))
    };
    let files = lifecycle::Files {
        earlier: find(&earlier, DESKTOP.name)?,
        desktop: find(&now, DESKTOP.name)?,
        cli: find(&now, CLI.name)?,
    };
    match clean_root::fetch(workspace, &[&files.desktop, &files.cli]) {
        Ok(system) => lifecycle::run(workspace, &files, &system).map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

fn write(
    workspace: &Workspace,
    programs: &Programs,
    version: &str,
    output: &Path,
    bill: Option<&bill::Bill>,
) -> Result<Vec<PathBuf>> {
    // What an earlier run wrote is not to be taken for what this one did.
    if output.exists() {
        std::fs::remove_dir_all(output).map_err(|error| format!("{}: {error}", output.display()))?;
    }
    std::fs::create_dir_all(output).map_err(|error| format!("{}: {error}", output.display()))?;
    let release = Release {
        version: version.to_owned(),
        epoch: build::epoch(workspace)?,
        output: output.to_owned(),
        small: bill.is_some(),
    };
    let folder = Folder::new()?;
    let mut written = Vec::new();
    for package in [&DESKTOP, &CLI] {
        let mut tree = contents::lay_out(package, workspace, programs, &release, bill, folder.path())?;
        written.push(deb::write(package, &tree, &release)?);
        // Debian has the Apache License on every system, and wants no second copy.
        tree.copy(&format!("/usr/share/licenses/{}/LICENSE", package.name), &workspace.root.join("LICENSE"))?;
        written.push(rpm::write(package, &tree, &release, folder.path())?);
        if package.has_archive {
            written.push(archive::write(package, &tree, &release)?);
        }
    }
    if let Some(bill) = bill {
        written.extend(bill.copy_to(&release)?);
    }
    check::all(&written)?;
    written.push(check::write_sums(&written, &release)?);
    Ok(written)
}

#[expect(clippy::cast_precision_loss, reason = "a size to be read by people")]
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}
