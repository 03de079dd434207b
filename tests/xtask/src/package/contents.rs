//! Which files each package has.

use std::path::Path;
use std::process::Command;

use crate::cargo::Workspace;
use crate::{Result, child};

use super::Release;
use super::bill::Bill;
use super::build::Programs;
use super::tree::Tree;

/// Who is named as the maintainer. Packages that are handed out get the address of whoever hands them out.
pub(super) const MAINTAINER: &str = "Rolecall maintainers <maintainers@rolecall.invalid>";

/// One package.
pub(super) struct Package {
    /// Its name, for all package managers.
    pub(super) name: &'static str,
    /// One line, without its name.
    pub(super) summary: &'static str,
    /// A paragraph.
    pub(super) description: &'static str,
    /// The package that has some of the same files: one of the two is installed.
    pub(super) instead_of: &'static str,
    /// Packages of Debian that are installed with it by default.
    pub(super) recommends: &'static str,
    /// The same for Fedora and others with RPM.
    pub(super) rpm_recommends: &'static str,
    /// Whether the window is in it.
    pub(super) has_window: bool,
    /// Whether it is written as an archive too, for systems with other packages.
    pub(super) has_archive: bool,
}

/// Window, tray and command line.
pub(super) const DESKTOP: Package = Package {
    name: "rolecall",
    summary: "Sign in once; see who you are and which roles you have",
    description: "Signs you in at your OpenID Provider through your own browser, keeps the session in the key store of \
                  the system, shows your roles and groups as they are now and why one is missing, and hands out tokens \
                  for calls. With a window, an entry in the tray and a command line.",
    instead_of: "rolecall-cli",
    recommends: "gnome-keyring | kwalletmanager | keepassxc, xdg-utils",
    rpm_recommends: "gnome-keyring",
    has_window: true,
    has_archive: false,
};

/// The command line alone.
pub(super) const CLI: Package = Package {
    name: "rolecall-cli",
    summary: "See who you are and which roles you have, in a shell",
    description: "Signs you in at your OpenID Provider, also where there is no browser, keeps the session in the key \
                  store of the system, shows your roles and groups as they are now and why one is missing, and hands \
                  out tokens for calls. The command line alone: it needs no display.",
    instead_of: "rolecall",
    recommends: "gnome-keyring | kwalletmanager | keepassxc",
    rpm_recommends: "gnome-keyring",
    has_window: false,
    has_archive: true,
};

/// The identifier of the desktop application.
const IDENTIFIER: &str = "app.rolecall.Rolecall";

/// The sizes of its icon, in pixels, and the files they are in.
const ICONS: [(&str, &str); 4] =
    [("32x32", "32x32.png"), ("64x64", "64x64.png"), ("128x128", "128x128.png"), ("256x256", "128x128@2x.png")];

/// Where the shells look for what they complete.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "/usr/share/bash-completion/completions/rolecall"),
    ("zsh", "/usr/share/zsh/site-functions/_rolecall"),
    ("fish", "/usr/share/fish/vendor_completions.d/rolecall.fish"),
];

/// Lays the files of a package out below `folder`.
pub(super) fn lay_out(
    package: &Package,
    workspace: &Workspace,
    programs: &Programs,
    release: &Release,
    bill: Option<&Bill>,
    folder: &Path,
) -> Result<Tree> {
    let mut tree = Tree::new(folder.join(package.name))?;
    add_command_line(&mut tree, programs)?;
    if package.has_window {
        add_window(&mut tree, workspace, programs, release)?;
    }
    let documents = format!("/usr/share/doc/{}", package.name);
    tree.copy(&format!("{documents}/copyright"), &workspace.root.join("src-tauri/packages/linux/copyright"))?;
    if let Some(bill) = bill {
        let programs: &[&str] = if package.has_window { &["rolecall", "rolecall-desktop"] } else { &["rolecall"] };
        for program in programs {
            tree.compressed(&format!("{documents}/third-party-{program}.txt"), &bill.licences(program)?)?;
        }
    }
    tree.compressed(&format!("{documents}/changelog"), changelog(package, release)?.as_bytes())?;
    Ok(tree)
}

fn add_command_line(tree: &mut Tree, programs: &Programs) -> Result<()> {
    tree.program("/usr/bin/rolecall", &programs.cli)?;
    for (shell, path) in COMPLETIONS {
        let script = child::output(Command::new(&programs.cli).args(["completions", shell]))?;
        tree.file(path, script.as_bytes())?;
    }
    add_manual(tree, &programs.manual, |name| name != "rolecall-desktop.1")
}

fn add_window(tree: &mut Tree, workspace: &Workspace, programs: &Programs, release: &Release) -> Result<()> {
    let (ours, icons) = (workspace.root.join("src-tauri/packages/linux"), workspace.root.join("src-tauri/icons"));
    tree.program("/usr/bin/rolecall-desktop", &programs.desktop)?;
    tree.copy("/usr/share/applications/rolecall-desktop.desktop", &ours.join("rolecall-desktop.desktop"))?;
    let metadata = read(&ours.join(format!("{IDENTIFIER}.metainfo.xml")))?
        .replace("@VERSION@", &release.version)
        .replace("@DATE@", &date(release.epoch, "+%Y-%m-%d")?);
    tree.file(&format!("/usr/share/metainfo/{IDENTIFIER}.metainfo.xml"), metadata.as_bytes())?;
    for (size, file) in ICONS {
        tree.copy(&format!("/usr/share/icons/hicolor/{size}/apps/rolecall-desktop.png"), &icons.join(file))?;
    }
    tree.copy("/usr/share/icons/hicolor/scalable/apps/rolecall-desktop.svg", &icons.join("icon.svg"))?;
    add_manual(tree, &programs.manual, |name| name == "rolecall-desktop.1")
}

fn add_manual(tree: &mut Tree, folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<()> {
    let mut pages: Vec<String> = std::fs::read_dir(folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .filter_map(|page| page.ok()?.file_name().into_string().ok())
        .filter(|name| wanted(name))
        .collect();
    pages.sort();
    for page in pages {
        tree.compressed(&format!("/usr/share/man/man1/{page}"), read(&folder.join(&page))?.as_bytes())?;
    }
    Ok(())
}

/// The list of changes that Debian's policy asks for (section 12.7); what changed is told in the repository.
fn changelog(package: &Package, release: &Release) -> Result<String> {
    let date = date(release.epoch, "+%a, %d %b %Y %H:%M:%S +0000")?;
    let (name, version, maintainer) = (package.name, &release.version, MAINTAINER);
    Ok(format!("{name} ({version}) unstable; urgency=medium\n\n  * Version {version}.\n\n -- {maintainer}  {date}\n"))
}

fn date(epoch: u64, form: &str) -> Result<String> {
    let mut command = Command::new("date");
    command.args(["--utc", "--date", &format!("@{epoch}"), form]).env("LC_ALL", "C");
    child::output(&mut command).map(|text| text.trim().to_owned())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
