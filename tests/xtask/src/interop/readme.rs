//! The table of the README, between two markers, and the details beside the providers.

use std::fmt::Write;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Report;
use crate::Result;

const BEGIN: &str = "<!-- interop: written by `cargo xtask interop` -->";
const END: &str = "<!-- interop: end -->";

/// Puts a line for each provider into the README, and all that was seen into `tests/interop/README.md`.
pub(super) fn write(root: &Path, reports: &[Report]) -> Result<()> {
    let (file, details) = (root.join("README.md"), root.join("tests").join("interop").join("README.md"));
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let day = today();
    let text = replaced(&text, &table(reports, &day)).ok_or("the README lacks the markers for the table")?;
    std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    std::fs::write(&details, all(reports, &day)).map_err(|error| format!("{}: {error}", details.display()))
}

fn replaced(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}{END}{after}"))
}

fn table(reports: &[Report], day: &str) -> String {
    let mut table = String::from("| provider | tried | outcome | when |\n|---|---|---|---|\n");
    for report in reports {
        let outcome = match (&report.failure, &report.not_run) {
            (Some(_), _) => "**did not pass**",
            (None, Some(_)) => "not run",
            (None, None) => "passed",
        };
        let name = format!("{} {}", report.name, report.version);
        let _ = writeln!(table, "| {} | {} | {outcome} | {day} |", name.trim_end(), report.summary);
    }
    table
}

fn all(reports: &[Report], day: &str) -> String {
    let mut text = String::from(
        "# Providers that others wrote\n\nWritten by `cargo xtask interop`, which runs each on this machine and signs in with the real window, command line, \
         key store and browser. `recorded` holds the documents that came.\n",
    );
    for report in reports {
        let name = format!("{} {}", report.name, report.version);
        let _ = writeln!(text, "\n## {}\n\nRun on {day}.\n", name.trim_end());
        for seen in &report.seen {
            let _ = writeln!(text, "- {seen}");
        }
        match (&report.failure, &report.not_run) {
            (Some(_), _) => text.push_str("- **then it did not pass**\n"),
            (None, Some(why)) => {
                let _ = writeln!(text, "- not run: {why}");
            }
            (None, None) => {}
        }
    }
    text
}

/// The date in Greenwich, for example `2026-03-01`.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    date(seconds / 86_400)
}

/// The date so many days after the first of January 1970.
fn date(mut days: u64) -> String {
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(20_453), "2025-12-31");
    }

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        assert_eq!(replaced(&text, "new\n"), Some(format!("a\n{BEGIN}\nnew\n{END}\nb\n")));
        assert_eq!(replaced("no markers", "new"), None);
    }
}
