//! Files that tests make from the code, and that are committed.

use std::fs;
use std::path::Path;

/// Set to write such files instead of comparing them; `cargo xtask generate` does.
pub const WRITE: &str = "ROLECALL_GENERATE";

/// Compares a committed file with what it is made from, or writes it where [`WRITE`] is set.
///
/// # Panics
/// When it differs, with the first line that does; or when it can't be read or written.
pub fn assert_current(file: &Path, made: &str) {
    if std::env::var_os(WRITE).is_some() {
        fs::write(file, made).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        return;
    }
    // A checkout on Windows may have other line ends.
    let there = fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    if there != made {
        let (there, made) = first_difference(&there, made);
        panic!(
            "{} is not what the code makes of it; run `cargo xtask generate`.\n  there: {there}\n   made: {made}",
            file.display()
        );
    }
}

fn first_difference<'a>(there: &'a str, made: &'a str) -> (&'a str, &'a str) {
    let (mut old_lines, mut new_lines) = (there.lines(), made.lines());
    loop {
        match (old_lines.next(), new_lines.next()) {
            (None, None) => return ("", "other line ends"),
            (one, other) if one == other => {}
            (one, other) => return (one.unwrap_or("(the end)"), other.unwrap_or("(the end)")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_told() {
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), ("b", "c"));
        assert_eq!(first_difference("a\n", "a\nb\n"), ("(the end)", "b"));
    }
}
