//! Counts what test programs say they did.

/// How many tests passed, failed and were skipped, and why those.
#[derive(Default)]
pub(crate) struct TestCounts {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed, and steps that failed without saying which test.
    pub(crate) failed: u64,
    /// Tests that were skipped.
    pub(crate) skipped: u64,
    /// Each skipped test or step with its reason.
    pub(crate) reasons: Vec<String>,
}

impl TestCounts {
    /// Reads one line of a test program's output: Rust's or node's.
    pub(crate) fn read(&mut self, line: &str) {
        let line = line.trim();
        if let Some(result) = line.strip_prefix("test result: ") {
            for part in result.split([';', '.']) {
                self.count(part.trim());
            }
        } else if let Some(rest) = line.strip_prefix("test ")
            && let Some((name, reason)) = rest.split_once(" ... ignored")
        {
            self.reasons.push(format!("{name}: {}", reason.trim_start_matches([',', ' '])));
        } else if let Some((name, number)) = node_count(line) {
            self.count(&format!("{number} {name}"));
        }
    }

    fn count(&mut self, words: &str) {
        let Some((number, name)) = words.split_once(' ') else { return };
        let Ok(number) = number.parse::<u64>() else { return };
        match name {
            "passed" | "pass" => self.passed += number,
            "failed" | "fail" | "cancelled" => self.failed += number,
            "ignored" | "skipped" | "todo" => self.skipped += number,
            _ => {}
        }
    }
}

/// `# pass 3` or `ℹ pass 3`.
fn node_count(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?;
    rest.split_once(' ').filter(|(name, _)| matches!(*name, "pass" | "fail" | "cancelled" | "skipped" | "todo"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_kinds_are_added_up() {
        let mut counts = TestCounts::default();
        for line in [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test tray::shows ... ignored, needs a panel",
            "# pass 7",
            "# fail 1",
            "ℹ skipped 1",
            "# tests 9",
            "test roles ... ok",
        ] {
            counts.read(line);
        }
        assert_eq!((counts.passed, counts.failed, counts.skipped), (22, 3, 2));
        assert_eq!(counts.reasons, ["tray::shows: needs a panel"]);
    }
}
