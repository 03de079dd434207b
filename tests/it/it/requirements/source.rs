//! Finds the tests in the sources, and tells whether they assert anything.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A test in a source file.
pub(super) struct Test {
    /// The file, relative to the project's folder.
    pub(super) file: String,
    /// The program that is run.
    pub(super) runs: &'static str,
    /// Whether something in it can fail by what was found, and it is not ignored.
    pub(super) asserts: bool,
}

/// Texts in a body that show that it checks something.
const CHECKS: [&str; 8] =
    ["assert", "until(", ".wait_for", "expect_err(", "unwrap_err(", "panic!(", "ensure(", "expect("];

/// Texts in a body that show that it runs the command line, as a process or in this one.
const PROGRAMS: [&str; 5] = ["Sandbox::", "rolecall(", "with_failpoints(", "built(\"rolecall\"", "run_cli("];

/// The program that a test of this file runs.
fn program(file: &str, by_program: bool) -> &'static str {
    match file {
        file if file.starts_with("tests/desktop") || file.starts_with("src-tauri/src") => "window",
        file if file.starts_with("tests/it/walk") => "command line beside the engine",
        file if file.starts_with("src-tauri/cli") => "command line",
        file if file.starts_with("tests/it") && by_program => "command line",
        _ => "engine",
    }
}

/// All tests below `src-tauri` and `tests`, by name.
pub(super) fn tests(root: &Path) -> BTreeMap<String, Test> {
    let mut tests = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![root.join("src-tauri"), root.join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if entry.is_dir() && !matches!(name.as_str(), "target" | "node_modules" | "gen") {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&entry).unwrap_or_default();
                let file = entry.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                tests.extend(in_source(&source, &file));
            }
        }
    }
    tests
}

/// A function with its attributes, comments and body.
struct Function<'a> {
    name: &'a str,
    attributes: Vec<&'a str>,
    body: Vec<&'a str>,
}

fn functions(source: &str) -> Vec<Function<'_>> {
    let lines: Vec<&str> = source.lines().collect();
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let declared = line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("async ");
        let Some(name) = declared.strip_prefix("fn ").and_then(|rest| rest.split(['(', '<']).next()) else { continue };
        let before = lines[..number].iter().rev().map(|line| line.trim());
        let attributes = before.take_while(|line| line.starts_with("#[") || line.starts_with("//")).collect();
        let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
        let body = lines[number + 1..].iter().copied().take_while(|line| *line != end).collect();
        found.push(Function { name, attributes, body });
    }
    found
}

fn in_source(source: &str, file: &str) -> Vec<(String, Test)> {
    let functions = functions(source);
    let says = |function: &Function<'_>, words: &[String]| {
        function.body.iter().any(|line| words.iter().any(|word| line.contains(word.as_str())))
    };
    // A test may leave what it does to functions of its file, and those to others.
    let with_callers = |words: &[&str]| {
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        for _ in 0..3 {
            let helpers = functions.iter().filter(|function| says(function, &words));
            let called: Vec<String> = helpers.map(|function| format!("{}(", function.name)).collect();
            words.extend(called);
            words.sort_unstable();
            words.dedup();
        }
        words
    };
    let (checks, programs) = (with_callers(&CHECKS), with_callers(&PROGRAMS));
    let is_test = |line: &&str| line.starts_with("#[test]") || line.starts_with("#[tokio::test");
    let tests = functions.iter().filter(|function| function.attributes.iter().any(is_test));
    tests
        .map(|test| {
            let ignored = test.attributes.iter().any(|line| line.starts_with("#[ignore"));
            let by_program = says(test, &programs);
            let test_of = Test {
                file: file.to_owned(),
                runs: program(file, by_program),
                asserts: !ignored && says(test, &checks),
            };
            (test.name.to_owned(), test_of)
        })
        .collect()
}

#[test]
fn only_tests_that_check_something_count() {
    let source = "#[test]\nfn a() {\n    assert!(true);\n}\n#[test]\nfn b() {\n    let _ = 1;\n}\nfn c() {\n    assert!(true);\n}\n\
                  #[tokio::test]\n// why\n#[ignore = \"slow\"]\nasync fn d() {\n    assert!(true);\n}\n";
    let found: Vec<(String, bool)> =
        in_source(source, "x.rs").into_iter().map(|(name, test)| (name, test.asserts)).collect();
    assert_eq!(found, [("a".to_owned(), true), ("b".to_owned(), false), ("d".to_owned(), false)]);
}
