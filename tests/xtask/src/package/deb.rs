//! Packages for Debian, Ubuntu and what descends from them, by `dpkg-deb`.

use std::path::PathBuf;
use std::process::Command;

use crate::folder::Folder;
use crate::{Result, child};

use super::Release;
use super::contents::{MAINTAINER, Package};
use super::tree::Tree;

/// Writes `NAME_VERSION_ARCHITECTURE.deb`.
pub(super) fn write(package: &Package, tree: &Tree, release: &Release) -> Result<PathBuf> {
    let architecture = child::output(Command::new("dpkg").arg("--print-architecture"))?.trim().to_owned();
    let file = release.output.join(format!("{}_{}_{architecture}.deb", package.name, release.version));
    // Made first, because dpkg-shlibdeps takes a folder for the tree of a package by it.
    let folder = tree.root().join("DEBIAN");
    std::fs::create_dir(&folder).map_err(|error| error.to_string())?;
    std::fs::write(folder.join("control"), control(package, tree, release, &architecture)?)
        .map_err(|error| error.to_string())?;
    std::fs::write(folder.join("md5sums"), sums(tree)?).map_err(|error| error.to_string())?;
    let mut pack = Command::new("dpkg-deb");
    let level = if release.small { "-z6" } else { "-z0" };
    pack.args(["--root-owner-group", "-Zxz", level, "--build"]).arg(tree.root()).arg(&file);
    child::output(pack.env("SOURCE_DATE_EPOCH", release.epoch.to_string()))?;
    std::fs::remove_dir_all(folder).map_err(|error| error.to_string())?;
    Ok(file)
}

/// The fields of Debian's policy, section 5.3.
fn control(package: &Package, tree: &Tree, release: &Release, architecture: &str) -> Result<String> {
    let Package { name, summary, instead_of, recommends, .. } = package;
    let (version, size, depends) = (&release.version, tree.kibibytes(), depends(tree)?);
    let description = wrap(package.description, 76).replace('\n', "\n ");
    Ok(format!(
        "Package: {name}\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n\
         Installed-Size: {size}\nDepends: {depends}\nRecommends: {recommends}\nConflicts: {instead_of}\n\
         Replaces: {instead_of}\nSection: utils\nPriority: optional\nDescription: {summary}\n {description}\n"
    ))
}

/// The packages with the libraries that the programs are linked against, as Debian's own tool finds them.
fn depends(tree: &Tree) -> Result<String> {
    let folder = Folder::new()?;
    let debian = folder.inside("debian")?;
    // It must run in an unpacked source package, of which it needs no more than this file.
    std::fs::write(debian.join("control"), "Source: rolecall\n").map_err(|error| error.to_string())?;
    let mut command = Command::new("dpkg-shlibdeps");
    command.arg("-O").current_dir(folder.path());
    for program in tree.files().iter().filter(|path| path.starts_with("/usr/bin/")) {
        command.arg(tree.root().join(&program[1..]));
    }
    let text = child::output(&mut command)?;
    let found = text.trim().strip_prefix("shlibs:Depends=").map(ToOwned::to_owned);
    found.ok_or_else(|| format!("dpkg-shlibdeps said '{}'", text.trim()))
}

fn sums(tree: &Tree) -> Result<String> {
    let files = tree.files().into_iter().map(|path| path[1..].to_owned());
    child::output(Command::new("md5sum").args(files).current_dir(tree.root()))
}

/// Breaks a paragraph into lines of at most `width` characters.
pub(super) fn wrap(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}
