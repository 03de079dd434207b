//! Other programs measured beside Rolecall, and bare requests measured beside its refresh.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::line::Line;
use super::oidc_agent::OidcAgent;
use super::{TOKENS, engine, median, row, shown, time};
use crate::cargo::Workspace;
use crate::tour::Tour;
use crate::{Result, child};

pub(super) fn measure(workspace: &Workspace, tour: &Tour<'_>) -> Vec<Line> {
    let kubelogin = build(workspace).and_then(|program| beside_kubelogin(&program, tour));
    let oidc_agent = OidcAgent::start(workspace, tour).and_then(|agent| beside_oidc_agent(&agent, tour));
    let beside = |what, peer, measured: Result<(f64, f64)>, goal| match measured {
        Ok((ours, its)) => Line::Beside(what, ours, (peer, its), goal),
        Err(why) => Line::Not(format!("{what} beside {peer}: {why}")),
    };
    let fresh = || "rolecall token, token fresh".to_owned();
    let mut lines =
        vec![beside(fresh(), "oidc-token", oidc_agent, "1.50"), beside(fresh(), "kubelogin", kubelogin, "1.00")];
    lines.push(match inspect(workspace, tour) {
        Ok(median) => Line::Alone("rolecall inspect, ten thousand groups; goal 30".into(), median),
        Err(why) => Line::Not(format!("rolecall inspect: {why}")),
    });
    let process = refresh(tour);
    for times in [engine::measure(workspace, process), shown::measure(workspace, tour)] {
        match times {
            Ok(times) => lines.extend(times),
            Err(why) => lines.push(Line::Not(why)),
        }
    }
    lines
}

/// Prints the lines in the form of the table.
pub(super) fn print(lines: &[Line]) {
    for line in lines {
        match line {
            Line::Beside(name, ours, beside, goal) => row(name, *ours, "ms", *beside, goal),
            Line::Alone(name, ours) => println!("{name:<44} {ours:>7.1} ms"),
            Line::Not(why) => println!("not measured: {why}"),
        }
    }
}

/// Built from its Go module, whose contents `go.sum` pins.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let program = workspace.target.join("tools").join("bin").join("kubelogin");
    if !program.exists() {
        let mut go = Command::new("go");
        go.args(["build", "-mod=readonly", "-o"]).arg(&program).arg("github.com/int128/kubelogin");
        go.current_dir(workspace.root.join("tests").join("benches").join("kubelogin")).stderr(Stdio::null());
        if !child::quietly(&mut go) {
            return Err("it could not be built; it needs Go 1.24".into());
        }
    }
    Ok(program)
}

fn beside_kubelogin(program: &Path, tour: &Tour<'_>) -> Result<(f64, f64)> {
    let get = || {
        let mut command = Command::new(program);
        command
            .arg("get-token")
            .arg(format!("--oidc-issuer-url={}", tour.provider.issuer))
            .arg(format!("--oidc-client-id={}", tour.provider.client_id))
            .arg("--oidc-extra-scope=offline_access")
            .args(["--listen-address=127.0.0.1:0", "--authentication-timeout-sec=20"])
            .arg(format!("--browser-command={}", tour.browser))
            .arg(format!("--token-cache-dir={}", tour.sandbox.folder().path().join("kubelogin").display()));
        tour.sandbox.put(&mut command);
        command
    };
    in_turns(tour, get)
}

fn beside_oidc_agent(agent: &OidcAgent, tour: &Tour<'_>) -> Result<(f64, f64)> {
    in_turns(tour, || agent.token(tour))
}

/// `rolecall token` and another program's, one after the other; the first of each is not measured.
fn in_turns(tour: &Tour<'_>, its: impl Fn() -> Command) -> Result<(f64, f64)> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for turn in 0..=TOKENS {
        let ((its_time, its_worked), (our_time, our_worked)) =
            (time(&mut its())?, time(&mut tour.command(&["token"]))?);
        if !its_worked || !our_worked {
            return Err(format!("{} gives no token", if our_worked { "it" } else { "rolecall" }));
        }
        if turn > 0 {
            theirs.push(its_time);
            ours.push(our_time);
        }
    }
    Ok((median(ours), median(theirs)))
}

/// `rolecall inspect` of a token with ten thousand groups, a process with all it does.
fn inspect(workspace: &Workspace, tour: &Tour<'_>) -> Result<f64> {
    let times = workspace.released("rolecall-engine-times");
    let token = child::output(&mut workspace.program(&times.to_string_lossy(), &["token-with-groups"]))?;
    let file = tour.sandbox.folder().path().join("ten-thousand-groups.jwt");
    std::fs::write(&file, token).map_err(|error| error.to_string())?;
    let mut times = Vec::new();
    for _ in 0..TOKENS {
        let (milliseconds, worked) = time(&mut tour.command(&["inspect", &file.to_string_lossy()]))?;
        if !worked {
            return Err("it failed".into());
        }
        times.push(milliseconds);
    }
    Ok(median(times))
}

/// `rolecall refresh`, a process with all it does.
fn refresh(tour: &Tour<'_>) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..TOKENS {
        let (milliseconds, worked) = time(&mut tour.command(&["refresh"]))?;
        if !worked {
            return Err("rolecall refresh failed".into());
        }
        times.push(milliseconds);
    }
    Ok(median(times))
}
