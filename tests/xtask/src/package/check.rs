//! What the distributions' own checkers say of the packages.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::folder::Folder;
use crate::{Result, child};

use super::Release;

/// Checks every package in its form; the first complaint is the error.
pub(super) fn all(files: &[PathBuf]) -> Result<()> {
    for file in files {
        match file.extension().and_then(OsStr::to_str) {
            Some("deb") => deb(file)?,
            Some("rpm") => {
                child::output(Command::new("rpm").args(["--query", "--info", "--package"]).arg(file)).map(drop)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// `SHA256SUMS`, as `sha256sum --check` reads it.
pub(super) fn write_sums(files: &[PathBuf], release: &Release) -> Result<PathBuf> {
    let names = files.iter().filter_map(|file| file.file_name());
    let text = child::output(Command::new("sha256sum").args(names).current_dir(&release.output))?;
    let file = release.output.join("SHA256SUMS");
    std::fs::write(&file, text).map_err(|error| error.to_string())?;
    Ok(file)
}

fn deb(file: &Path) -> Result<()> {
    child::run(
        Command::new("lintian").args(["--allow-root", "--fail-on", "error", "--tag-display-limit", "0"]).arg(file),
    )?;
    let folder = Folder::new()?;
    child::run(Command::new("dpkg-deb").arg("--extract").arg(file).arg(folder.path()))?;
    let share = folder.path().join("usr/share");
    let entry = share.join("applications/rolecall-desktop.desktop");
    if entry.exists() {
        child::run(Command::new("desktop-file-validate").arg(&entry))?;
        let mut metadata = Command::new("appstreamcli");
        metadata.args(["validate", "--no-net"]).arg(share.join("metainfo/app.rolecall.Rolecall.metainfo.xml"));
        child::run(&mut metadata)?;
    }
    Ok(())
}
