//! From the moment the browser carries the answer back until the real window has drawn who is signed in. A release lets
//! nobody steer its page, so this is the debug build.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::line::Line;
use super::median;
use crate::cargo::Workspace;
use crate::child;
use crate::demo_folders::{DemoFolders, PROFILE};
use crate::provider::Provider;
use crate::tour::Tour;
use crate::window::Window;
use crate::{Result, demo};

/// How often somebody signs in.
const TIMES: usize = 12;

/// Without and with TLS.
pub(super) fn measure(workspace: &Workspace, tour: &Tour<'_>) -> Result<Vec<Line>> {
    let folder = tour.sandbox.folder().inside("shown")?;
    let (program, authority) = (workspace.released("rolecall-demo-provider"), folder.join("authority.pem"));
    let providers = [
        ("http", Provider::start(&program, &[0])?, None),
        ("TLS", Provider::start_with_tls(&program, &authority)?, Some(authority.as_path())),
    ];
    workspace.build_everything()?;
    let mut lines = Vec::new();
    for (words, provider, authority) in providers {
        let folders = DemoFolders::in_folder(folder.join(words))?;
        folders.write_profile(&provider, authority)?;
        let times = sign_ins(workspace, tour, &folders, &folder.join("went-back"), folder.join("log"));
        let times = times.map_err(|why| format!("callback to drawn, in the window: {why}"))?;
        lines.push(Line::Alone(format!("callback to drawn, debug build, {words}"), median(times)));
    }
    Ok(lines)
}

fn sign_ins(
    workspace: &Workspace,
    tour: &Tour<'_>,
    folders: &DemoFolders,
    went_back: &Path,
    log: std::path::PathBuf,
) -> Result<Vec<f64>> {
    let mut driver = Command::new(workspace.released("rolecall-window"));
    folders.put(tour.sandbox.put(&mut driver)).env("BROWSER", demo::as_browser(Path::new(tour.browser))?);
    driver.env("ROLECALL_DEMO_WENT_BACK", went_back);
    let mut window = Window::open(driver, &workspace.built("rolecall-desktop"), log)?;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        window.order("screen", "signed_out")?;
        let _ = std::fs::remove_file(went_back);
        window.order("watch", "signed_in")?;
        window.order("click", "#sign-in")?;
        window.order("screen", "signed_in")?;
        let mut drawn = None;
        let both = child::wait_until(Duration::from_secs(10), || {
            drawn = window.order("drawn", "").ok().and_then(|at| at.as_f64());
            drawn.is_some() && went_back.exists()
        });
        let left: Option<f64> = std::fs::read_to_string(went_back).ok().and_then(|at| at.parse().ok());
        let (Some(drawn), Some(left), true) = (drawn, left, both) else { return Err("the times are missing".into()) };
        times.push(drawn - left);
        window.order("click", "#profile-button")?;
        window.order("press", &format!("Sign out of {PROFILE}"))?;
    }
    Ok(times)
}
