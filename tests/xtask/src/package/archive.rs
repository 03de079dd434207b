//! An archive of the command line, for systems with other packages.

use std::path::PathBuf;
use std::process::Command;

use crate::{Result, child};

use super::Release;
use super::contents::Package;
use super::tree::Tree;

/// Writes `NAME-VERSION-ARCHITECTURE-linux.tar.gz`: `bin` and `share`, to be unpacked below `/usr/local` or `~/.local`.
pub(super) fn write(package: &Package, tree: &Tree, release: &Release) -> Result<PathBuf> {
    let name = format!("{}-{}-{}-linux", package.name, release.version, std::env::consts::ARCH);
    let file = release.output.join(format!("{name}.tar.gz"));
    let mut pack = Command::new("tar");
    pack.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--use-compress-program=gzip -9n"])
        .arg(format!("--mtime=@{}", release.epoch))
        .arg(format!("--transform=s,^usr,{name},"))
        .arg("--create")
        .arg("--file")
        .arg(&file)
        .arg("--directory")
        .arg(tree.root())
        .arg("usr");
    child::run(&mut pack)?;
    Ok(file)
}
