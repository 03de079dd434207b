//! Checks the house rules that no compiler knows: where files are, how long they are, what they are called, and that no
//! modules import each other in a circle.

use std::path::Path;

use crate::cargo::Workspace;
use crate::{Result, child, module_circles};

const AT_THE_TOP: [&str; 15] = [
    ".cargo",
    ".ci",
    ".github",
    ".gitignore",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "deny.toml",
    "rustfmt.toml",
    "src-tauri",
    "tests",
    "ui",
];

/// Names that say nothing about what a file holds.
const EMPTY_NAMES: [&str; 8] = ["manager", "helper", "helpers", "util", "utils", "common", "misc", "shared"];

const LONGEST: usize = 400;

/// Looks at every file that is or would be committed.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let files = child::output(&mut workspace.program("git", &list))?;
    let mut wrong: Vec<String> = Vec::new();
    for file in files.lines() {
        let text = std::fs::read(workspace.root.join(file)).unwrap_or_default();
        wrong.extend(faults(file, String::from_utf8_lossy(&text).lines().count()));
    }
    let crates = files.lines().filter(|file| file.ends_with("/src/lib.rs") || file.ends_with("/src/main.rs"));
    for folder in crates.filter_map(|file| Path::new(file).parent()) {
        let circles = module_circles::circles(&workspace.root.join(folder))?;
        wrong.extend(circles.into_iter().map(|circle| format!("{}: {circle}", folder.display())));
    }
    if wrong.is_empty() {
        println!("{} files, all where they belong", files.lines().count());
        return Ok(());
    }
    Err(format!("the layout has {} faults:\n  {}", wrong.len(), wrong.join("\n  ")))
}

fn faults(file: &str, lines: usize) -> Vec<String> {
    let mut faults = Vec::new();
    let top = file.split('/').next().unwrap_or(file);
    if !AT_THE_TOP.contains(&top) {
        faults.push(format!("{file}: nothing but {} stands at the top", AT_THE_TOP.join(", ")));
    }
    let path = Path::new(file);
    let name = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    if EMPTY_NAMES.contains(&name.as_str()) {
        faults.push(format!("{file}: name it for what it holds"));
    }
    let source =
        path.extension().is_some_and(|ending| ["rs", "js", "css", "html"].iter().any(|known| ending == *known));
    if source && lines > LONGEST {
        faults.push(format!("{file}: {lines} lines; split it, {LONGEST} is the most"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_stray_and_nameless_files_are_told() {
        assert!(faults("src-tauri/src/main.rs", 400).is_empty());
        assert_eq!(faults("src-tauri/src/main.rs", 401).len(), 1);
        assert_eq!(faults("scripts/x.sh", 1).len(), 1);
        assert_eq!(faults("ui/helpers.js", 1).len(), 1);
    }
}
