//! Programs and libraries that the system must have: how to detect and install them.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::Command;

use crate::{Result, child};

/// One thing the system must have, and the package that brings it where packages are known by name.
pub(crate) struct Prerequisite {
    what: What,
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
}

enum What {
    /// One of these programs on the path.
    Program(&'static [&'static str]),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// A file of a package.
    File(&'static str),
    /// A command that succeeds.
    Succeeds(&'static str, &'static [&'static str]),
}

const fn program(
    names: &'static [&'static str],
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
) -> Prerequisite {
    Prerequisite { what: What::Program(names), debian, fedora, arch }
}

/// To build the engine and the command line.
pub(crate) const BUILD: &[Prerequisite] = &[program(&["cc"], "build-essential", "gcc", "base-devel")];

/// To build the window.
pub(crate) const WINDOW: &[Prerequisite] = &[
    program(&["pkg-config"], "pkg-config", "pkgconf-pkg-config", "pkgconf"),
    Prerequisite {
        what: What::Library("webkit2gtk-4.1"),
        debian: "libwebkit2gtk-4.1-dev",
        fedora: "webkit2gtk4.1-devel",
        arch: "webkit2gtk-4.1",
    },
];

/// For a session bus and a key store of our own.
pub(crate) const SANDBOX: &[Prerequisite] = &[
    program(&["dbus-daemon"], "dbus", "dbus-daemon", "dbus"),
    program(&["dbus-send"], "dbus-bin", "dbus-tools", "dbus"),
    program(&["gnome-keyring-daemon"], "gnome-keyring", "gnome-keyring", "gnome-keyring"),
];

/// For a display of our own.
pub(crate) const DISPLAY: &[Prerequisite] = &[program(&["Xvfb"], "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb")];

/// For the tests alone.
pub(crate) const TESTS: &[Prerequisite] = &[
    program(&["node"], "nodejs", "nodejs", "nodejs"),
    program(&["npm"], "npm", "npm", "npm"),
    program(&["WebKitWebDriver"], "webkit2gtk-driver", "/usr/bin/WebKitWebDriver", "webkit2gtk-4.1"),
    program(&["chromium", "chromium-browser"], "chromium", "chromium", "chromium"),
    program(&["chromedriver"], "chromium-driver", "chromedriver", "chromium"),
    program(&["openssl"], "openssl", "openssl", "openssl"),
    program(&["secret-tool"], "libsecret-tools", "libsecret", "libsecret"),
    program(&["xclip"], "xclip", "xclip", "xclip"),
    program(&["openbox"], "openbox", "openbox", "openbox"),
    program(&["faketime"], "faketime", "libfaketime", "libfaketime"),
    Prerequisite {
        what: What::File("/usr/share/dbus-1/services/org.gnome.keyring.SystemPrompter.service"),
        debian: "gcr",
        fedora: "gcr3",
        arch: "gcr",
    },
];

/// Programs to measure beside Rolecall.
pub(crate) const PEERS: &[Prerequisite] = &[program(&["oidc-token"], "oidc-agent-cli", "oidc-agent-cli", "oidc-agent")];

/// To write packages, and what checks them.
pub(crate) const PACKAGES: &[Prerequisite] = &[
    program(&["dpkg-shlibdeps"], "dpkg-dev", "dpkg-dev", "dpkg"),
    program(&["strip"], "binutils", "binutils", "binutils"),
    program(&["rpmbuild"], "rpm", "rpm-build", "rpm-tools"),
    program(&["lintian"], "lintian", "lintian", "lintian"),
    program(&["desktop-file-validate"], "desktop-file-utils", "desktop-file-utils", "desktop-file-utils"),
    program(&["appstreamcli"], "appstream", "appstream", "appstream"),
];

/// To try the packages on a system of their own.
pub(crate) const CLEAN_ROOT: &[Prerequisite] = &[
    program(&["mmdebstrap"], "mmdebstrap", "mmdebstrap", "mmdebstrap"),
    program(&["xdotool"], "xdotool", "xdotool", "xdotool"),
];

/// For the fuzzer's own runtime.
pub(crate) const FUZZ: &[Prerequisite] = &[program(&["c++"], "g++", "gcc-c++", "gcc")];

/// To build for Windows here, and to run what was built. Only Debian has a standard library that can be built for it.
pub(crate) const WINDOWS: &[Prerequisite] = &[
    program(&["x86_64-w64-mingw32-gcc"], "gcc-mingw-w64-x86-64", "mingw64-gcc", "mingw-w64-gcc"),
    program(&["wine"], "wine wine64", "wine-core", "wine"),
    Prerequisite { what: What::File("/usr/share/cargo/bin/cargo"), debian: "cargo-web", fedora: "", arch: "" },
    Prerequisite { what: What::File("/usr/share/rustc/bin/wasi-node"), debian: "rustc-web", fedora: "", arch: "" },
    Prerequisite { what: What::File("/usr/share/doc/rust-web-src"), debian: "rust-web-src", fedora: "", arch: "" },
];

/// To run providers that others wrote, a browser to sign in at them, and the window that does.
pub(crate) const INTEROP: &[Prerequisite] = &[
    program(&["node"], "nodejs", "nodejs", "nodejs"),
    program(&["npm"], "npm", "npm", "npm"),
    program(&["chromium", "chromium-browser"], "chromium", "chromium", "chromium"),
    program(&["openssl"], "openssl", "openssl", "openssl"),
    program(&["java"], "default-jre-headless", "java-21-openjdk-headless", "jre21-openjdk-headless"),
    program(&["mvn"], "maven", "maven", "maven"),
    program(&["unzip"], "unzip", "unzip", "unzip"),
    program(&["go"], "golang-go", "golang", "go"),
    program(&["kubectl"], "kubernetes-client", "kubernetes-client", "kubectl"),
    Prerequisite {
        what: What::Succeeds("python3", &["-c", "import ensurepip, venv"]),
        debian: "python3-venv",
        fedora: "python3",
        arch: "python",
    },
    program(&["WebKitWebDriver"], "webkit2gtk-driver", "/usr/bin/WebKitWebDriver", "webkit2gtk-4.1"),
];

/// Sees to it that the system has all of these; installs what it lacks where that is known to work, else says how.
pub(crate) fn install(lists: &[&[Prerequisite]]) -> Result<()> {
    if cfg!(target_os = "linux") { install_on_linux(lists) } else { check_compiler() }
}

/// Where a program is, on the path or where distributions hide drivers.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn install_on_linux(lists: &[&[Prerequisite]]) -> Result<()> {
    let lacking = lacking(lists);
    if lacking.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = lacking.iter().map(|prerequisite| prerequisite.name()).collect();
    println!("This system lacks {}.", names.join(", "));
    let Some((installer, packages)) = installer(&lacking) else {
        return Err(format!(
            "install {} with this system's package manager, then run the command again",
            names.join(", ")
        ));
    };
    let line = format!("{installer} {}", packages.join(" "));
    if !installer.starts_with("apt-get") {
        return Err(format!("install it with this line, then run the command again:\n\n    sudo {line}"));
    }
    run_installer(&line)?;
    let still = self::lacking(lists);
    if still.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = still.iter().map(|prerequisite| prerequisite.name()).collect();
    Err(format!("the packages are installed, but {} is still not there", names.join(", ")))
}

fn lacking<'a>(lists: &[&'a [Prerequisite]]) -> Vec<&'a Prerequisite> {
    lists.iter().flat_map(|list| list.iter()).filter(|prerequisite| !prerequisite.met()).collect()
}

type PackageOf = fn(&Prerequisite) -> &'static str;

/// The line of this system's package manager, and the packages for it, each once.
fn installer(lacking: &[&Prerequisite]) -> Option<(&'static str, Vec<&'static str>)> {
    let managers: [(&str, &str, PackageOf); 3] = [
        ("apt-get", "apt-get install --yes --no-install-recommends", |prerequisite| prerequisite.debian),
        ("dnf", "dnf install", |prerequisite| prerequisite.fedora),
        ("pacman", "pacman -S --needed", |prerequisite| prerequisite.arch),
    ];
    let (_, line, package) = managers.into_iter().find(|(program, ..)| find(program).is_some())?;
    let mut packages: Vec<&str> = lacking.iter().map(|prerequisite| package(prerequisite)).collect();
    packages.sort_unstable();
    packages.dedup();
    Some((line, packages))
}

/// Runs apt-get, as root or through sudo. In front of a terminal sudo may ask; elsewhere it must not wait for an answer.
fn run_installer(line: &str) -> Result<()> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
    let sudo = match (root, std::io::stdin().is_terminal()) {
        (true, _) => "",
        (false, true) => "sudo ",
        (false, false) => "sudo -n ",
    };
    for line in ["apt-get update", line] {
        let line = format!("{sudo}env DEBIAN_FRONTEND=noninteractive {line}");
        println!("+ {line}");
        let mut words = line.split(' ');
        let mut command = Command::new(words.next().unwrap_or_default());
        // In this process group, so that sudo may ask at the terminal.
        match command.args(words).status() {
            Ok(status) if status.success() => {}
            Ok(_) | Err(_) => {
                return Err(format!("that did not work; run it by hand, then run the command again:\n\n    {line}"));
            }
        }
    }
    Ok(())
}

impl Prerequisite {
    fn name(&self) -> &'static str {
        match self.what {
            What::Program(names) => names[0],
            What::Library(name) | What::File(name) => name,
            What::Succeeds(program, _) => program,
        }
    }

    fn met(&self) -> bool {
        match self.what {
            What::Program(names) => names.iter().any(|name| find(name).is_some()),
            What::File(path) => std::path::Path::new(path).exists(),
            What::Library(name) => child::quietly(Command::new("pkg-config").args(["--exists", name])),
            What::Succeeds(program, words) => child::quietly(Command::new(program).args(words)),
        }
    }
}

/// On macOS and Windows the webview and the key store come with the system; only the compiler's tools may be missing.
fn check_compiler() -> Result<()> {
    if cfg!(target_os = "macos") && !child::quietly(Command::new("xcode-select").arg("-p")) {
        return Err(
            "the compiler's tools are missing; run this, then the command again:\n\n    xcode-select --install".into(),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_asked_for_once() {
        let twice = [&BUILD[0], &BUILD[0]];
        if let Some((_, packages)) = installer(&twice) {
            assert_eq!(packages.len(), 1);
        }
    }

    #[test]
    fn a_program_that_no_system_has_is_not_found() {
        assert!(find("rolecall-no-such-program").is_none());
        assert!(find("cargo").is_some());
    }
}
