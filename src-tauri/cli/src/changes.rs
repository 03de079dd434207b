use std::fmt::Write as _;

use rolecall_engine::Engine;
use rolecall_engine::history::{Became, Change};
use rolecall_engine::problem::Result;
use rolecall_engine::text::span;

use crate::document_args::Changes;
use crate::terminal::Terminal;
use crate::{DONE, json, profile_of, text};

pub(crate) fn changes(options: &Changes, engine: &Engine, terminal: &mut Terminal) -> Result<u8> {
    let profile = profile_of(options.profile.as_deref(), engine, terminal)?;
    let (history, now) = (engine.history(&profile), engine.now());
    let since = options.from(now);
    if options.json {
        terminal.data(&json::line(&json::changes(&history.changes_since(since))));
    } else if options.csv {
        terminal.data(&csv(&history.changes_since(since)));
    } else {
        terminal.data(&text::history(&history, since, now));
    }
    if let Some(begins) = history.begins().filter(|begins| options.since.is_some() && since < *begins) {
        terminal.info(&format!("note: what is kept begins {} ago", span(now.0 - begins.0)));
    }
    Ok(DONE)
}

/// CSV by RFC 4180. Times are UTC, in the form that spreadsheets read.
fn csv(changes: &[Change]) -> String {
    let mut table = String::from("at,kind,value,change\r\n");
    for change in changes {
        let at = chrono::DateTime::from_timestamp(change.at.0, 0);
        let at = at.map_or_else(|| change.at.0.to_string(), |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let word = match change.change {
            Became::Added => "added",
            Became::Removed => "removed",
            Became::ClaimVanished => "claim_vanished",
            Became::ClaimAppeared => "claim_appeared",
        };
        let _ = write!(table, "{at},{},{},{word}\r\n", change.kind.word(), field(&change.value));
    }
    table
}

/// A value for a spreadsheet. What a spreadsheet would take for a formula gets an apostrophe before it, so that a role
/// with such a name does nothing there.
fn field(value: &str) -> String {
    // Spreadsheets set to Chinese or Japanese take the wide forms, too.
    let formula = value.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, value.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cli_5_a_value_in_csv_is_no_formula_and_breaks_no_row() {
        for (value, written) in [
            ("Editor", "\"Editor\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("=cmd|'/C calc'!A0", "\"'=cmd|'/C calc'!A0\""),
            ("@x", "\"'@x\""),
            ("＝HYPERLINK(1)", "\"'＝HYPERLINK(1)\""),
        ] {
            assert_eq!(field(value), written);
        }
    }
}
