//! What people use today, beside us: kubelogin with a cached token; and a bare request beside our refresh.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{TOKENS, median, time};
use crate::cargo::Workspace;
use crate::shell::Tour;
use crate::{Result, child, http};

/// Medians in milliseconds, ours first.
pub(super) struct Peers {
    /// `rolecall token` and `kubelogin get-token`, both with a token that still holds; or why it was not measured.
    pub(super) kubelogin: std::result::Result<(f64, f64), String>,
    /// `rolecall refresh`, a process with key store and all, and a bare post to the token endpoint within this one.
    pub(super) refresh: (f64, f64),
}

pub(super) fn measure(workspace: &Workspace, tour: &Tour<'_>) -> Result<Peers> {
    let kubelogin = build(workspace).and_then(|program| beside_kubelogin(&program, tour));
    Ok(Peers { kubelogin, refresh: beside_a_bare_request(tour)? })
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
            .arg(format!("--token-cache-dir={}", tour.stage.folder().path().join("kubelogin").display()));
        tour.stage.put(&mut command);
        command
    };
    if !time(&mut get())?.1 {
        return Err("it could not sign in".into());
    }
    let (mut ours, mut its) = (Vec::new(), Vec::new());
    let mut token = tour.command(&["token"]);
    for _ in 0..TOKENS {
        its.push(time(&mut get())?.0);
        ours.push(time(&mut token)?.0);
    }
    Ok((median(ours), median(its)))
}

fn beside_a_bare_request(tour: &Tour<'_>) -> Result<(f64, f64)> {
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    let mut refresh = tour.command(&["refresh"]);
    let address = format!("{}/accounts/ed", tour.provider.issuer.trim_end_matches('/'));
    for _ in 0..TOKENS {
        let begun = std::time::Instant::now();
        http::post(&address, r#"{"roles":["Editor"]}"#)?;
        bare.push(begun.elapsed().as_secs_f64() * 1000.0);
        let (milliseconds, worked) = time(&mut refresh)?;
        if !worked {
            return Err("rolecall refresh failed".into());
        }
        ours.push(milliseconds);
    }
    Ok((median(ours), median(bare)))
}
