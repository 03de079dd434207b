//! Finds import circles among the modules of a Rust crate, which the compiler allows.
//!
//! A module and one inside it may use each other, so what counts is what the modules of one folder use of each other:
//! `a::x` using `b::y` is an arrow from `a` to `b`. Names that a module only passes on (`pub use`) count as those of the
//! module they come from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::Result;

/// The names from the root of the crate to a module.
type Module = Vec<String>;

/// Each circle among the modules below `root`, the folder of `lib.rs` or `main.rs`, as a sentence.
pub(crate) fn circles(root: &Path) -> Result<Vec<String>> {
    let mut sources = BTreeMap::new();
    read(root, root, &mut sources)?;
    Ok(circles_among(&sources))
}

fn read(root: &Path, folder: &Path, sources: &mut BTreeMap<Module, String>) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            read(root, &path, sources)?;
        } else if let Some(module) = module_of(path.strip_prefix(root).unwrap_or(&path)) {
            let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            sources.insert(module, product_code(&text));
        }
    }
    Ok(())
}

/// The module a file is, `None` for one of tests or of another program.
fn module_of(file: &Path) -> Option<Module> {
    let mut names: Module = file.to_str()?.strip_suffix(".rs")?.split(['/', '\\']).map(ToOwned::to_owned).collect();
    if names.last().is_some_and(|name| ["mod", "lib", "main"].contains(&name.as_str())) {
        names.pop();
    }
    let left_out = |name: &String| name == "tests" || name == "bin" || name.ends_with("_tests");
    (!names.iter().any(left_out)).then_some(names)
}

/// The source without comments, texts and items of tests.
fn product_code(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let mut code = lines.collect::<Vec<_>>().join("\n");
    while let Some(start) = code.find("#[cfg(test)]") {
        let item = &code[start..];
        let end = item.find([';', '{']).unwrap_or(item.len() - 1);
        let end = if item[end..].starts_with('{') { end + closing_brace(&item[end..]) } else { end };
        code.replace_range(start..=(start + end).min(code.len() - 1), "");
    }
    code
}

/// Where the brace that opens `text` is closed.
fn closing_brace(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        depth = match letter {
            '{' => depth + 1,
            '}' => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            return at;
        }
    }
    text.len() - 1
}

/// Every path in `code` that begins with `crate`, `super` or `self`, groups in braces taken apart.
fn paths(code: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            let inside_a_path = code[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_:".contains(letter));
            if !inside_a_path {
                follow(&code[at..], &mut Vec::new(), &mut found);
            }
        }
    }
    found
}

fn follow<'c>(code: &'c str, before: &mut Vec<&'c str>, found: &mut Vec<Vec<&'c str>>) {
    let code = code.trim_start();
    if code.starts_with('{') {
        let inside = &code[1..closing_brace(code)];
        let (mut depth, mut begun) = (0_usize, 0);
        for (at, letter) in inside.char_indices().chain([(inside.len(), ',')]) {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    follow(&inside[begun..at], &mut before.clone(), found);
                    begun = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let name = &code[..code.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(code.len())];
    if name.is_empty() {
        return;
    }
    before.push(name);
    match code[name.len()..].trim_start().strip_prefix("::") {
        Some(rest) => follow(rest, before, found),
        None => found.push(before.clone()),
    }
}

fn circles_among(sources: &BTreeMap<Module, String>) -> Vec<String> {
    let passed_on: BTreeMap<&Module, Vec<Vec<&str>>> = sources.iter().map(|(m, code)| (m, passed_on(code))).collect();
    let mut arrows: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, code) in sources {
        for path in paths(code) {
            let used = resolve(module, &path, sources, &passed_on, 0);
            let shared = module.iter().zip(&used).take_while(|(one, other)| one == other).count();
            if shared < module.len() && shared < used.len() {
                arrows.entry(module[..=shared].to_vec()).or_default().insert(used[..=shared].to_vec());
            }
        }
    }
    let reach = |from: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = open.pop() {
            let next = arrows.get(&module).into_iter().flatten();
            open.extend(next.filter(|module| seen.insert((*module).clone())).cloned());
        }
        seen
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> = arrows.keys().map(|module| (module, reach(module))).collect();
    let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
    for (module, there) in reached.iter().filter(|(module, there)| there.contains(**module)) {
        let back = there.iter().filter(|other| reached.get(other).is_some_and(|back| back.contains(*module)));
        circles.insert(back.map(|module| module.join("::")).collect());
    }
    circles.into_iter().map(|circle| format!("{} use each other in a circle", circle.join(", "))).collect()
}

/// What a module passes on from others.
fn passed_on(code: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let line = code[..at].rsplit('\n').next().unwrap_or_default();
        let statement = &code[at + 4..];
        if line.trim_start().starts_with("pub") {
            follow(&statement[..statement.find(';').unwrap_or(statement.len())], &mut Vec::new(), &mut found);
        }
    }
    found
}

/// The module in which the last name of `path`, as written in `module`, stands.
fn resolve(
    module: &Module,
    path: &[&str],
    sources: &BTreeMap<Module, String>,
    passed_on: &BTreeMap<&Module, Vec<Vec<&str>>>,
    depth: usize,
) -> Module {
    let mut at = if path.first() == Some(&"crate") { Vec::new() } else { module.clone() };
    for (index, name) in path.iter().enumerate() {
        match *name {
            "crate" | "self" => continue,
            "super" => {
                at.pop();
                continue;
            }
            _ => {}
        }
        let inside: Module = at.iter().cloned().chain([(*name).to_owned()]).collect();
        if sources.contains_key(&inside) {
            at = inside;
            continue;
        }
        let from = passed_on.get(&at).and_then(|all| all.iter().find(|known| known.last() == Some(name)));
        return match from {
            // A crate that passes itself on is not followed forever.
            Some(from) if depth < 8 && path.len() == index + 1 => resolve(&at, from, sources, passed_on, depth + 1),
            _ => at,
        };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let modules = files.iter().map(|(file, text)| (module_of(Path::new(file)).unwrap(), product_code(text)));
        circles_among(&modules.collect())
    }

    #[test]
    fn modules_that_use_each_other_are_told_whatever_way_the_paths_are_written() {
        let one = ("one.rs", "use crate::two::{self, deep::{Thing, Other}};");
        assert_eq!(found(&[one, ("two.rs", "fn f() -> crate::one::T {}")]), ["one, two use each other in a circle"]);
        assert_eq!(found(&[one, ("two/deep.rs", "use super::super::one::T;"), ("two.rs", "")]).len(), 1);
        let passed_on = ("lib.rs", "mod one; mod two;\npub use one::T;");
        assert_eq!(found(&[passed_on, one, ("two.rs", "use crate::T;")]).len(), 1);
    }

    #[test]
    fn parents_tests_and_comments_are_no_circle() {
        let parent = ("a/mod.rs", "mod b;\nuse self::b::B;");
        assert!(found(&[parent, ("a/b.rs", "use super::A;")]).is_empty());
        let tests = "#[cfg(test)]\nmod tests { use crate::one::T; }\n// crate::one::T";
        assert!(found(&[("one.rs", "use crate::two::T;"), ("two.rs", tests)]).is_empty());
    }
}
