//! `cargo xtask fuzz`: random input, grown from the seeds, against what reads foreign text.

use std::process::Command;

use crate::cargo::Workspace;
use crate::{Result, child, needs};

const TARGETS: [&str; 2] = ["claims", "nginx"];

/// Seconds for each target where nothing is said.
const USUAL: &str = "60";

/// Runs every target for so many seconds. Cargo-fuzz is installed where it is missing; it drives features that a stable
/// compiler hides, which is allowed for these throw-away builds alone.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let seconds = arguments.first().map_or(USUAL, String::as_str);
    seconds.parse::<u32>().map_err(|_| format!("'{seconds}' is no number of seconds"))?;
    needs::provide(&[needs::BUILD, needs::FUZZ])?;
    if !child::quietly(Command::new("cargo").args(["fuzz", "--version"])) {
        child::run(Command::new("cargo").args(["install", "cargo-fuzz", "--locked"]))?;
    }
    let folder = Workspace::find()?.root.join("tests").join("fuzz");
    for target in TARGETS {
        println!("\n== {target}, {seconds} s");
        let time = format!("-max_total_time={seconds}");
        let (grown, seeds) = (format!("corpus/{target}"), format!("seeds/{target}"));
        std::fs::create_dir_all(folder.join(&grown)).map_err(|error| format!("{grown}: {error}"))?;
        let mut command = Command::new("cargo");
        command.args([
            "fuzz",
            "run",
            "--fuzz-dir",
            ".",
            "-s",
            "none",
            target,
            &grown,
            &seeds,
            "--",
            &time,
            "-max_len=4096",
        ]);
        child::run(command.env("RUSTC_BOOTSTRAP", "1").current_dir(&folder))?;
    }
    Ok(())
}
