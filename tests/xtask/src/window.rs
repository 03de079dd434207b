//! The real window, steered by `rolecall-window` of the desktop tests: orders go in and answers come out as lines of JSON.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command};
use std::time::Duration;

use serde_json::{Value, json};

use crate::child::{self, Background};
use crate::{Result, cargo};

/// What the window waits for by itself takes 40 seconds at most.
const PATIENCE: Duration = Duration::from_secs(60);

/// A window of the program. It ends with this value.
pub(crate) struct Window {
    orders: Option<ChildStdin>,
    process: Background,
    log: PathBuf,
}

impl Window {
    /// Opens `program`, by the driver's own command, which brings the environment. `log` gets what they say.
    pub(crate) fn open(mut driver: Command, program: &Path, log: PathBuf) -> Result<Self> {
        let file = std::fs::File::options().create(true).append(true).open(&log);
        let file = file.map_err(|error| format!("{}: {error}", log.display()))?;
        driver.env("ROLECALL_DESKTOP_BIN", program).stderr(file);
        let mut process = Background::start_talking("the window", &mut driver)?;
        let orders = process.stdin();
        let window = Self { orders, process, log };
        window.answer("the window")?;
        Ok(window)
    }

    /// Gives an order and takes the answer; the orders are those of `rolecall-window`.
    pub(crate) fn order(&mut self, name: &str, with: &str) -> Result<Value> {
        let orders = self.orders.as_mut().ok_or("the window is closed")?;
        writeln!(orders, "{}", json!({ "do": name, "with": with }))
            .map_err(|error| format!("{name} {with}: {error}"))?;
        self.answer(&format!("{name} {with}"))
    }

    /// One line for each row of the table, sorted: `role editor: off on off`. A document that can't be read counts as one
    /// that lacks it.
    pub(crate) fn entitlements(&mut self) -> Result<Vec<String>> {
        // Unfolding draws the rows again, so the second look sees them all.
        self.order("entitlements", "")?;
        let rows = self.order("entitlements", "")?;
        let mut rows: Vec<String> = rows
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|row| Some(row.as_str()?.replace(" na", " off")))
            .collect();
        rows.sort_unstable();
        Ok(rows)
    }

    fn answer(&self, to: &str) -> Result<Value> {
        let line = self.process.next_line(PATIENCE);
        let line = line.map_err(|_| format!("'{to}' was not done in the window; it said:\n{}", self.said()))?;
        let answer = cargo::parse(&line)?;
        match answer["error"].as_str() {
            Some(error) => Err(format!("{to}: {error}")),
            None => Ok(answer["answer"].clone()),
        }
    }

    /// The last lines of what was said.
    fn said(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // The driver ends its window, so it is given the time for it before the process group is ended.
        drop(self.orders.take());
        child::wait_until(Duration::from_secs(10), || self.process.ended().is_some());
    }
}
