//! Cargo, and where it puts things.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{Result, child};

/// How the names of variables begin that tell a program about its own package.
const ABOUT_A_PACKAGE: [&str; 5] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"];

/// The workspace and its target folder.
pub(crate) struct Workspace {
    /// The folder of the workspace.
    pub(crate) root: PathBuf,
    /// Where cargo builds, whatever the environment or its settings say.
    pub(crate) target: PathBuf,
}

/// One test program that was built.
pub(crate) struct TestProgram {
    /// The package it is of.
    pub(crate) package: String,
    /// The target inside the package.
    pub(crate) target: String,
    /// The package's folder, where tests are run.
    pub(crate) folder: PathBuf,
    /// The program.
    pub(crate) path: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Result<Self> {
        let text = child::output(cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
        let metadata: Value = parse(&text)?;
        Ok(Self { root: path(&metadata["workspace_root"])?, target: path(&metadata["target_directory"])? })
    }

    /// The version of the programs.
    pub(crate) fn version(&self) -> Result<String> {
        let text = child::output(&mut self.cargo(&["metadata", "--no-deps", "--format-version=1"]))?;
        let metadata = parse(&text)?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let version =
            packages.filter(|package| package["name"] == "rolecall-desktop").find_map(|one| one["version"].as_str());
        version.map(ToOwned::to_owned).ok_or_else(|| "the program has no version".to_owned())
    }

    /// Cargo, in the workspace.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = cargo();
        command.args(arguments).current_dir(&self.root);
        command
    }

    /// A program, in the workspace.
    pub(crate) fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(name);
        command.args(arguments).current_dir(&self.root);
        command
    }

    /// A tool from crates.io, fetched once into the target folder.
    pub(crate) fn tool(&self, name: &str, version: &str) -> Result<PathBuf> {
        self.tool_with(name, version, &["--debug"])
    }

    /// The same, built with these options of `cargo install`.
    pub(crate) fn tool_with(&self, name: &str, version: &str, options: &[&str]) -> Result<PathBuf> {
        let tools = self.target.join("tools");
        let program = tools.join("bin").join(name);
        if !program.exists() {
            println!("fetching {name} {version}; once, some minutes");
            let mut install = self.cargo(&["install", "--locked", "--version", version, name, "--root"]);
            install.arg(&tools).args(options);
            child::run(install.arg("--target-dir").arg(tools.join("build")))?;
        }
        Ok(program)
    }

    /// A program that was built here.
    pub(crate) fn built(&self, name: &str) -> PathBuf {
        self.program_in("debug", name)
    }

    /// A program that was built here for release.
    pub(crate) fn released(&self, name: &str) -> PathBuf {
        self.program_in("release", name)
    }

    /// Builds everything there is, tests too, in one go, so that each dependency is built once with one set of
    /// features; gives the test programs.
    pub(crate) fn build_everything(&self) -> Result<Vec<TestProgram>> {
        let format = "--message-format=json-render-diagnostics";
        let text = child::output(&mut self.cargo(&["build", "--workspace", "--all-targets", format]))?;
        let mut programs = Vec::new();
        for line in text.lines().filter(|line| line.contains("compiler-artifact")) {
            let artifact: Value = parse(line)?;
            if artifact["profile"]["test"] == true && artifact["executable"].is_string() {
                programs.push(test_program(&artifact)?);
            }
        }
        programs.sort_by(|one, other| (&one.package, &one.target).cmp(&(&other.package, &other.target)));
        Ok(programs)
    }

    /// Builds the programs that ship, and the provider. The package of the desktop's tests is named so that every dependency
    /// has the features it has in [`Workspace::build_everything`], and nothing is built again behind that.
    pub(crate) fn build_programs(&self) -> Result<()> {
        let packages = ["rolecall-desktop", "rolecall-cli", "rolecall-provider", "rolecall-desktop-tests"];
        child::run(self.cargo(&["build"]).args(packages.iter().flat_map(|package| ["-p", *package])))
    }

    /// Builds the command line with the places at which a test kills it; gives the program. It lies in a folder of its
    /// own, so that it can't be taken for the real one.
    pub(crate) fn build_with_failpoints(&self) -> Result<PathBuf> {
        let target = self.target.join("failpoints");
        let words = ["build", "-p", "rolecall-cli", "--features", "failpoints", "--target-dir"];
        child::run(self.cargo(&words).arg(&target))?;
        Ok(target.join("debug").join(format!("rolecall{}", std::env::consts::EXE_SUFFIX)))
    }

    fn program_in(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

fn test_program(artifact: &Value) -> Result<TestProgram> {
    let manifest = path(&artifact["manifest_path"])?;
    let folder = manifest.parent().unwrap_or(Path::new(".")).to_owned();
    // `path+file:///…/engine#rolecall-engine@0.1.0`, or without the name where the folder is called like it.
    let id = artifact["package_id"].as_str().unwrap_or_default();
    let name = id.rsplit('#').next().and_then(|tail| tail.split_once('@')).map(|(name, _)| name.to_owned());
    let package = name.or_else(|| Some(folder.file_name()?.to_string_lossy().into_owned())).unwrap_or_default();
    Ok(TestProgram {
        package,
        target: artifact["target"]["name"].as_str().unwrap_or_default().to_owned(),
        folder,
        path: path(&artifact["executable"])?,
    })
}

/// The cargo that runs this. What it told this program about its package is taken out again: build scripts that look
/// at such variables would otherwise run again each time one differs between this and a plain `cargo build`.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ABOUT_A_PACKAGE.iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command
}

/// Reads JSON.
pub(crate) fn parse(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| format!("not the JSON expected: {error}"))
}

fn path(value: &Value) -> Result<PathBuf> {
    value.as_str().map(PathBuf::from).ok_or_else(|| "cargo's answer lacks a path".to_owned())
}
