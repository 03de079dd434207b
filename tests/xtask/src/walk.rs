//! `cargo xtask walk`: the random walk of `tests/it/walk`, for longer than the tests walk.

use crate::cargo::Workspace;
use crate::{Result, child, prerequisites};

/// Seconds where nothing is said.
const USUAL: u64 = 600;

/// Walks for so many seconds.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let seconds = arguments.first().map_or(Ok(USUAL), |word| word.parse());
    let seconds = seconds.map_err(|_| "that is no number of seconds".to_owned())?;
    prerequisites::install(&[prerequisites::BUILD, prerequisites::SANDBOX, prerequisites::TESTS])?;
    let workspace = Workspace::find()?;
    let program = workspace.build_with_failpoints()?;
    child::run(&mut workspace.cargo(&["build", "-p", "rolecall-provider"]))?;
    let mut walk = workspace.cargo(&["test", "-p", "rolecall-it", "--test", "walk", "--", "--nocapture"]);
    walk.env("ROLECALL_WALK_SECONDS", seconds.to_string()).env("ROLECALL_FAILPOINTS_BIN", program);
    child::run(walk.env("ROLECALL_DEMO_BROWSER_BIN", workspace.built("rolecall-demo-browser")))
}
