//! `cargo xtask fuzz`: random input, grown from the seeds, against what reads foreign text.

use std::process::Command;

use crate::cargo::Workspace;
use crate::{Result, child, prerequisites};

const TARGETS: [&str; 6] = ["claims", "config", "id_token", "inspect", "listener", "nginx"];

/// Seconds for each target where nothing is said.
const USUAL: u32 = 60;

/// Seconds for each target among the tests.
const SHORT: u32 = 8;

/// The version of cargo-fuzz that is fetched where there is none.
const CARGO_FUZZ: &str = "0.13.2";

/// Runs every target for so many seconds.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let seconds = arguments.first().map_or(Ok(USUAL), |word| word.parse());
    for_seconds(&Workspace::find()?, seconds.map_err(|_| "that is no number of seconds".to_owned())?)
}

/// The same in short, for every run of the tests. Gives the number of targets.
pub(crate) fn short(workspace: &Workspace) -> Result<u64> {
    for_seconds(workspace, SHORT)?;
    Ok(TARGETS.len() as u64)
}

/// Cargo-fuzz drives features that a stable compiler hides, which is allowed for these throw-away builds alone.
fn for_seconds(workspace: &Workspace, seconds: u32) -> Result<()> {
    prerequisites::install(&[prerequisites::BUILD, prerequisites::FUZZ])?;
    let program = workspace.tool("cargo-fuzz", CARGO_FUZZ)?;
    let folder = workspace.root.join("tests").join("fuzz");
    for target in TARGETS {
        println!("\n-- fuzz {target}, {seconds} s");
        let time = format!("-max_total_time={seconds}");
        let (grown, seeds) = (format!("corpus/{target}"), format!("seeds/{target}"));
        std::fs::create_dir_all(folder.join(&grown)).map_err(|error| format!("{grown}: {error}"))?;
        let mut command = Command::new(&program);
        command.args(["fuzz", "run", "--fuzz-dir", ".", "-s", "none", "--target-dir"]);
        command.arg(workspace.target.join("fuzz"));
        command.args([target, &grown, &seeds, "--", &time, "-max_len=4096", "-verbosity=0", "-print_final_stats=1"]);
        child::run(command.env("RUSTC_BOOTSTRAP", "1").current_dir(&folder))?;
    }
    Ok(())
}
