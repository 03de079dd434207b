//! Packages for Fedora, RHEL and openSUSE, by `rpmbuild`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, child};

use super::Release;
use super::contents::Package;
use super::deb::wrap;
use super::tree::Tree;

/// Macros that make two builds the same, and keep rpmbuild from changing the programs.
const SETTINGS: [(&str, &str); 8] = [
    ("_build_id_links", "none"),
    ("_buildhost", "localhost"),
    ("__os_install_post", "%{nil}"),
    ("_missing_build_ids_terminate_build", "0"),
    ("clamp_mtime_to_source_date_epoch", "1"),
    ("debug_package", "%{nil}"),
    ("source_date_epoch_from_changelog", "0"),
    ("use_source_date_epoch_as_buildtime", "1"),
];

/// Writes `NAME-VERSION-1.ARCHITECTURE.rpm`.
pub(super) fn write(package: &Package, tree: &Tree, release: &Release, folder: &Path) -> Result<PathBuf> {
    let specification = folder.join(format!("{}.spec", package.name));
    std::fs::write(&specification, text(package, tree, release)).map_err(|error| error.to_string())?;
    let top = folder.join("rpm");
    let mut build = Command::new("rpmbuild");
    build.arg("-bb").arg("--quiet").arg("--define").arg(format!("_topdir {}", top.display()));
    for (name, value) in SETTINGS {
        build.arg("--define").arg(format!("{name} {value}"));
    }
    // RPM reads Zstandard since 4.14.
    let payload = if release.small { "w19.zstdio" } else { "w1.zstdio" };
    build.arg("--define").arg(format!("_binary_payload {payload}"));
    child::run(build.arg(&specification).env("SOURCE_DATE_EPOCH", release.epoch.to_string()))?;
    let architecture = std::env::consts::ARCH;
    let name = format!("{}-{}-1.{architecture}.rpm", package.name, release.version);
    let file = release.output.join(&name);
    let made = top.join("RPMS").join(architecture).join(&name);
    std::fs::copy(&made, &file).map_err(|error| format!("{}: {error}", made.display()))?;
    Ok(file)
}

fn text(package: &Package, tree: &Tree, release: &Release) -> String {
    let Package { name, summary, instead_of, rpm_recommends, .. } = package;
    let (version, root, description) = (&release.version, tree.root().display(), wrap(package.description, 76));
    let files: Vec<String> = tree.files().into_iter().map(|path| listed(path, name)).collect();
    format!(
        "Name: {name}\nVersion: {version}\nRelease: 1\nSummary: {summary}\nLicense: MIT OR Apache-2.0\n\
         Conflicts: {instead_of}\nRecommends: {rpm_recommends}\n\n%description\n{description}\n\n\
         %install\ncp -a {root}/. %{{buildroot}}/\n\n%files\n%defattr(-,root,root)\n{}\n",
        files.join("\n")
    )
}

fn listed(path: &str, name: &str) -> String {
    if path.starts_with("/usr/share/licenses/") {
        return format!("%license {path}");
    }
    if path.starts_with(&format!("/usr/share/doc/{name}/")) || path.starts_with("/usr/share/man/") {
        return format!("%doc {path}");
    }
    path.to_owned()
}
