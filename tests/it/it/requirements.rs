//! Which test shows which security requirement, and what of it none shows. The table is made from the tests' own names and
//! compared with the committed one, so a test that is gone or renamed fails here.

mod source;
mod table;

use std::fmt::Write as _;
use std::path::Path;

use rolecall_it::generated;

use self::source::tests;
use self::table::REQUIREMENTS;

const HEAD: &str = "# Security requirements and their tests

Made from the tests' own names by `cargo xtask generate`; compared by `cargo test`. A test counts where it is not ignored
and its text, or that of a function it calls, holds a check. Whether that check shows what the row says, no program can tell:
that is for whoever reads it. *Engine*, *command line* and *window* (with the tray) say which program a test runs. What a row
says holds on Linux, where all of it is run; Windows and macOS are not run here. *Not covered* says what no test of the row
shows.

";

#[test]
fn every_requirement_has_a_test_that_names_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tests = tests(&root);
    let (mut text, mut without, mut empty) = (String::from(HEAD), Vec::new(), Vec::new());
    for row in REQUIREMENTS {
        let prefix = format!("{}_", row.id.to_lowercase().replace('-', "_"));
        let named = tests.iter().filter(|(name, _)| names(name, &prefix));
        let (shown, idle): (Vec<_>, Vec<_>) = named.partition(|(_, test)| test.asserts);
        empty.extend(idle.into_iter().map(|(name, _)| name.clone()));
        if shown.is_empty() && row.untested.is_empty() {
            without.push(row.id);
        }
        writeln!(text, "## {}\n\n{}.\n", row.id, row.says).unwrap();
        for (name, test) in &shown {
            writeln!(text, "- {}: `{name}` ({})", test.runs, test.file).unwrap();
        }
        if shown.is_empty() {
            writeln!(text, "- no test: {}", row.untested).unwrap();
        }
        writeln!(text, "\nNot covered: {}.\n", row.not_covered).unwrap();
    }
    assert_eq!(without, Vec::<&str>::new(), "no test names these");
    assert_eq!(empty, Vec::<String>::new(), "these name a requirement and check nothing, or are ignored");
    generated::assert_current(&root.join("tests/it/README.md"), &(text.trim_end().to_owned() + "\n"));
}

#[test]
fn no_test_names_a_requirement_that_does_not_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let known: Vec<String> = REQUIREMENTS.iter().map(|row| row.id.to_lowercase().replace('-', "_")).collect();
    let families: Vec<&str> = known.iter().filter_map(|id| id.split('_').next()).collect();
    let mut unknown = Vec::new();
    for name in tests(&root).into_keys() {
        let mut words = name.splitn(3, '_');
        let (Some(family), Some(number), Some(_)) = (words.next(), words.next(), words.next()) else { continue };
        let looks_like_one = families.contains(&family) && number.chars().all(|digit| digit.is_ascii_digit());
        if looks_like_one && !known.contains(&format!("{family}_{number}")) {
            unknown.push(name);
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}

/// Whether a test's name begins with this ID, perhaps after others (`op_1_op_3_…`).
fn names(name: &str, prefix: &str) -> bool {
    let mut rest = name;
    loop {
        if rest.starts_with(prefix) {
            return true;
        }
        let mut words = rest.splitn(3, '_');
        let (Some(_), Some(number), Some(after)) = (words.next(), words.next(), words.next()) else { return false };
        if number.is_empty() || !number.chars().all(|digit| digit.is_ascii_digit()) {
            return false;
        }
        rest = after;
    }
}
