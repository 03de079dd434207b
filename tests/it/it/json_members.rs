//! What scripts read: exit statuses and the members of `--json` are those of an earlier version, or more.
//!
//! `stored/50648e1/json.json` was written by the program of that commit, which this test passes too (`ROLECALL_BIN`).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use rolecall_provider::Options;
use serde::Deserialize;
use serde_json::Value;

use crate::sandbox::{Sandbox, talk};

/// A command and what the earlier version answered.
#[derive(Deserialize)]
struct Recorded {
    /// Its arguments, divided by blanks; `ISSUER` stands for the provider's.
    command: String,
    status: i32,
    /// Each member by its path, with the kinds of JSON value it had.
    #[serde(default)]
    members: BTreeMap<String, Vec<String>>,
}

/// Runs each command and tells what an earlier script would not find any more.
fn differences(sandbox: &Sandbox, moment: &str, commands: &[Recorded]) -> Vec<String> {
    let mut all = Vec::new();
    for recorded in commands {
        let issuer = sandbox.provider.issuer();
        let arguments: Vec<&str> =
            recorded.command.split(' ').map(|word| if word == "ISSUER" { &issuer } else { word }).collect();
        let output = sandbox.command(&arguments).stdin(Stdio::null()).output().unwrap();
        let mut differs = |what: String| all.push(format!("{moment}: {}: {what}", recorded.command));
        if output.status.code() != Some(recorded.status) {
            differs(format!(
                "exit status {:?} in place of {}\n{}",
                output.status.code(),
                recorded.status,
                talk(&output)
            ));
        }
        let mut found = BTreeMap::new();
        if let Ok(value) = serde_json::from_slice(&output.stdout) {
            collect(&value, String::new(), &mut found);
        }
        for (member, kinds) in &recorded.members {
            match found.get(member) {
                None => differs(format!("no member {member}")),
                Some(now) if now.iter().any(|kind| !kinds.contains(kind)) => {
                    differs(format!("{member} is {now:?}, was {kinds:?}"));
                }
                Some(_) => {}
            }
        }
    }
    all
}

/// Notes each member of a value by its path, `[]` for the items of a list.
fn collect(value: &Value, path: String, found: &mut BTreeMap<String, Vec<String>>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(items) => {
            for item in items {
                collect(item, format!("{path}[]"), found);
            }
            "list"
        }
        Value::Object(members) => {
            for (name, member) in members {
                collect(member, format!("{path}.{name}"), found);
            }
            "object"
        }
    };
    let kinds = found.entry(path).or_default();
    if !kinds.iter().any(|known| known == kind) {
        kinds.push(kind.to_owned());
    }
}

#[test]
fn scripts_for_an_earlier_version_find_the_same_members_and_exit_statuses() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("stored/50648e1/json.json");
    let recorded: BTreeMap<String, Vec<Recorded>> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let mut sandbox = Sandbox::new(Options::default());
    let run = |sandbox: &Sandbox, moment: &str| differences(sandbox, moment, &recorded[moment]);

    let mut all = run(&sandbox, "before the first sign-in");
    sandbox.provider.set_roles("ed", &["Editor"]);
    assert!(sandbox.login().status.success());
    sandbox.provider.set_roles("ed", &["Editor", "Publisher"]);
    all.extend(run(&sandbox, "signed in"));
    sandbox.bus.restart_keyring(false);
    all.extend(run(&sandbox, "with a locked key store"));
    sandbox.bus.restart_keyring(true);
    sandbox.provider.stop();
    all.extend(run(&sandbox, "without the provider"));
    sandbox.provider.resume().unwrap();
    sandbox.provider.revoke_all();
    all.extend(run(&sandbox, "after the session was ended"));
    assert!(all.is_empty(), "{}", all.join("\n"));
}
