//! `cargo xtask shots`: the README's pictures, taken from the real window by the desktop tests.

use std::path::Path;

use crate::test::Run;
use crate::{Result, test};

/// What the desktop tests call a picture, and what the README calls it.
const PICTURES: [(&str, &str); 1] = [("signed-in-light.png", "signed-in.png")];

/// Runs the scene that signs in, and keeps its picture.
pub(crate) fn run(_: &[String]) -> Result<()> {
    test::provide()?;
    let mut run = Run::new()?;
    let desktop = run.workspace.root.join("tests").join("desktop");
    run.desktop(&["sign_in"])?;
    let (taken, kept) = (desktop.join("shots"), desktop.join("pictures"));
    std::fs::create_dir_all(&kept).map_err(|error| format!("{}: {error}", kept.display()))?;
    for (from, to) in PICTURES {
        copy(&taken.join(from), &kept.join(to))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to).map_err(|error| format!("{} to {}: {error}", from.display(), to.display()))?;
    println!("{}", to.display());
    Ok(())
}
