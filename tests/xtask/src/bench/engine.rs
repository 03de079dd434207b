//! Times of the engine's operations, measured by `rolecall-engine-times`.

use serde_json::Value;

use super::line::Line;
use super::median;
use crate::cargo::Workspace;
use crate::{Result, cargo, child};

/// The engine's refresh beside the same two requests bare, and its part of a sign-in; `process` is what `rolecall refresh`
/// took as a whole.
pub(super) fn measure(workspace: &Workspace, process: Result<f64>) -> Result<Vec<Line>> {
    let text =
        child::output(&mut workspace.program(&workspace.released("rolecall-engine-times").to_string_lossy(), &[]));
    let times = cargo::parse(&text.map_err(|why| format!("the engine's part: {why}"))?)?;
    let of = |network: &str, name: &str| median(list(&times[network][name]));
    let mut lines = Vec::new();
    for (network, words) in [("plain", "http"), ("tls", "TLS")] {
        let beside = ("the two bare", of(network, "bare"));
        lines.push(Line::Beside(format!("refresh in the engine, {words}"), of(network, "refresh"), beside, "none"));
    }
    match process {
        Ok(process) => {
            let beside = ("the two bare", of("plain", "bare"));
            lines.push(Line::Beside("rolecall refresh, the process, http".into(), process, beside, "none"));
        }
        Err(why) => lines.push(Line::Not(why)),
    }
    for (network, words) in [("plain", "http"), ("tls", "TLS")] {
        lines.push(Line::Alone(format!("callback to signed in, in the engine, {words}"), of(network, "shown")));
    }
    for (name, words) in [
        ("groups_10000", "ten thousand groups read"),
        ("profiles_10000", "ten thousand profiles read"),
        ("why_30000", "why, among the roles of thirty thousand clients"),
    ] {
        lines.push(Line::Alone(words.into(), median(list(&times[name]))));
    }
    Ok(lines)
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}
