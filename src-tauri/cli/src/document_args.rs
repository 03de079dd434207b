//! The options of `inspect`, `compare` and `changes`.

use std::path::PathBuf;

use clap::Args;
use rolecall_engine::ports::Timestamp;

use crate::moment;

#[derive(Args, Debug)]
pub(crate) struct Inspect {
    /// Files to read, `-` for standard input, which is read when none is given
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// A role, group or permission that must be there; may be repeated. Exits with 1 when one is not
    #[arg(long = "expect", value_name = "ROLE")]
    pub(crate) expected: Vec<String>,
    /// Check the signatures: asks the issuer that the document names for its keys, and sends nothing of it. What is
    /// expected then counts only where it was checked
    #[arg(long)]
    pub(crate) check: bool,
    /// As a report in Markdown, without names of roles and without a token
    #[arg(long, conflicts_with = "json")]
    pub(crate) report: bool,
    /// For scripts: JSON, times as POSIX seconds
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Compare {
    /// A profile, a profile at a time (`work@2026-10-27`, `work@30d`), a file, or `-` for standard input
    pub(crate) a: String,
    /// The other
    pub(crate) b: String,
    /// For scripts: JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Changes {
    /// The profile; the active one when not given
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Only what changed since then: a date (`2026-10-27`), a date and time, or so long ago (`7d`, `12h`)
    #[arg(long, value_name = "WHEN", value_parser = moment::since)]
    pub(crate) since: Option<moment::Moment>,
    /// As a table for a spreadsheet: CSV with a heading (RFC 4180)
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
    /// For scripts: JSON, times as POSIX seconds
    #[arg(long)]
    pub(crate) json: bool,
}

impl Changes {
    /// The moment from which on changes are told.
    pub(crate) fn from(&self, now: Timestamp) -> Timestamp {
        self.since.map_or(Timestamp(i64::MIN), |since| since.at(now))
    }
}
