//! Providers written in Python, each in a virtual environment of its own under the target folder.

use std::path::PathBuf;
use std::process::Command;

use super::Context;
use super::driver::Driver;
use crate::{Result, child};

/// The interpreter with the packages of `tests/interop/NAME.txt`, made again when that list has changed.
pub(super) fn environment(context: &Context<'_>, name: &str) -> Result<PathBuf> {
    let (list, place) =
        (context.scripts.join(format!("{name}.txt")), context.workspace.target.join("interop").join(name));
    let wanted = std::fs::read(&list).map_err(|error| format!("{}: {error}", list.display()))?;
    let (python, installed) = (place.join("bin").join("python"), place.join("installed.txt"));
    if std::fs::read(&installed).is_ok_and(|there| there == wanted) {
        return Ok(python);
    }
    println!("fetching {name} with pip; once");
    child::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&place))?;
    let words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    child::run(Command::new(&python).args(words).arg(&list))?;
    std::fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))?;
    Ok(python)
}

impl Context<'_> {
    /// Starts `NAME.py` of `tests/interop`.
    pub(super) fn start_python(&self, name: &str, state: &str, settings: &[(&str, &str)]) -> Result<Driver> {
        let python = environment(self, name)?;
        Driver::start(&python, &self.scripts, &format!("{name}.py"), &PathBuf::from(state), settings)
    }
}
