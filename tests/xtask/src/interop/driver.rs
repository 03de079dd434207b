//! A provider that others wrote, as a process under orders: one line of JSON each way.

use std::io::Write;
use std::path::Path;
use std::process::{ChildStdin, Command};
use std::time::Duration;

use serde_json::{Value, json};

use crate::child::{self, Background};
use crate::{Result, cargo};

/// Long, because Keycloak rebuilds itself at its first start.
const START: Duration = Duration::from_secs(360);
const ANSWER: Duration = Duration::from_secs(60);

/// A running provider; it ends with this value.
pub(super) struct Driver {
    facts: Value,
    orders: ChildStdin,
    process: Background,
}

impl Driver {
    /// Starts `script` of `tests/interop` with `interpreter`; its state lies in `state` and outlives it.
    pub(super) fn start(
        interpreter: &Path,
        scripts: &Path,
        script: &str,
        state: &Path,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let mut command = Command::new(interpreter);
        command.arg(script).current_dir(scripts).env("STATE", state).envs(settings.iter().copied());
        Self::start_command(script, &mut command, state)
    }

    /// Starts a program in the folder where its state lies.
    pub(super) fn start_program(program: &Path, arguments: &[&str], state: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        Self::start_command(&program.to_string_lossy(), command.args(arguments).current_dir(state), state)
    }

    fn start_command(name: &str, command: &mut Command, state: &Path) -> Result<Self> {
        let log = std::fs::File::options().create(true).append(true).open(state.join("provider.log"));
        let log = log.map_err(|error| format!("{}: {error}", state.display()))?;
        let mut process = Background::start_talking(name, command.stderr(log))?;
        let facts = process.next_line(START).map_err(|message| format!("{message}; {}", tail(state)))?;
        let orders = process.stdin().ok_or("its standard input is closed")?;
        Ok(Self { facts: cargo::parse(&facts)?, orders, process })
    }

    /// What it told about itself: `version`, `issuer`, `client_id`, `user`, `password`.
    pub(super) fn fact(&self, name: &str) -> &str {
        self.facts[name].as_str().unwrap_or_default()
    }

    /// Gives an order and takes the answer.
    pub(super) fn order(&mut self, name: &str, with: &Value) -> Result<Value> {
        let mut order = json!({ "do": name });
        for (key, value) in with.as_object().into_iter().flatten() {
            order[key] = value.clone();
        }
        writeln!(self.orders, "{order}").map_err(|error| format!("{name}: {error}"))?;
        let answer = cargo::parse(&self.process.next_line(ANSWER)?)?;
        match answer["error"].as_str() {
            Some(error) => Err(format!("{name}: {error}")),
            None => Ok(answer["answer"].clone()),
        }
    }

    /// Ends it and waits until it has let go of its port and its files.
    pub(super) fn stop(self) -> Result<()> {
        let Self { orders, mut process, .. } = self;
        drop(orders);
        if child::wait_until(ANSWER, || process.ended().is_some()) {
            Ok(())
        } else {
            Err("the provider does not end".into())
        }
    }

    /// How many there are of something at the provider.
    pub(super) fn count(&mut self, what: &str) -> Result<u64> {
        self.order(what, &Value::Null)?.as_u64().ok_or_else(|| format!("{what} is no number"))
    }

    /// Gives the one account these roles.
    pub(super) fn give_roles(&mut self, roles: &[&str]) -> Result<()> {
        self.order("roles", &json!({ "roles": roles })).map(drop)
    }
}

/// The last lines of its log.
fn tail(state: &Path) -> String {
    let log = std::fs::read_to_string(state.join("provider.log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
