//! Rolecall's window and tray. Draws what the engine says and hands back what a person does; decides nothing.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod autostart;
mod clipboard;
mod commands;
mod copying;
mod desk;
mod environment;
mod failure;
mod follow;
#[cfg(test)]
mod hardened;
mod notify;
mod rest;
mod settings_file;
mod shell;
mod single;
mod tray;
mod window;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use rolecall_engine::log;
use rolecall_engine::{Engine, Ports};
use tauri::{App, Manager as _, RunEvent};
use tokio::runtime::Runtime;

use crate::shell::Shell;
use crate::single::Other;

/// How long the end of the program waits for a key store that has not taken the newest session yet.
const LAST_WRITE: Duration = Duration::from_secs(3);

/// Memory is wiped when it is given back: libraries keep answers and forms, tokens among them, in buffers of their own.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    environment::close_doors();
    trace();
    if !environment::has_display() {
        return give_up("Rolecall's window needs a display. On a terminal, use the program 'rolecall'.");
    }
    match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => run(runtime),
        Err(error) => give_up(&format!("Rolecall can't start its threads: {error}")),
    }
}

/// Configuration and page, as they were built in.
#[expect(clippy::disallowed_methods, reason = "inside what Tauri generates")]
fn context() -> tauri::Context {
    tauri::generate_context!()
}

fn run(runtime: Runtime) -> ExitCode {
    tauri::async_runtime::set(runtime.handle().clone());
    let ports = Ports::system();
    let other = runtime.block_on(single::ask_other());
    match other {
        Other::Shown => return ExitCode::SUCCESS,
        Other::Mute => return give_up("Rolecall is running already, but does not answer. End it and start again."),
        Other::None | Other::NoBus => {}
    }
    let shell = {
        let _inside = runtime.enter();
        Shell::new(Engine::new(ports))
    };
    let code = if wait_in_tray(&shell, other) { with_the_toolkit(&shell, other) } else { ExitCode::SUCCESS };
    runtime.block_on(shell.live.write_all_held(LAST_WRITE));
    shell.clipboard.close();
    runtime.block_on(shell.tray.take_down());
    // A key store that does not answer must not keep the program from ending.
    runtime.shutdown_background();
    code
}

/// In the tray alone until the window is wanted, where the program was started for that; false when the end is.
#[cfg(target_os = "linux")]
fn wait_in_tray(shell: &Shell, other: Other) -> bool {
    if !autostart::is_in_tray() {
        return true;
    }
    rest::reap_what_a_former_self_left();
    follow(shell, other);
    shell.wait() == shell::Wish::Window
}

/// Elsewhere the tray is the toolkit's.
#[cfg(not(target_os = "linux"))]
fn wait_in_tray(_: &Shell, _: Other) -> bool {
    true
}

fn with_the_toolkit(shell: &Shell, other: Other) -> ExitCode {
    let mut context = context();
    context.config_mut().identifier = single::identifier();
    let builder = tauri::Builder::default().plugin(autostart::plugin());
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(tauri_plugin_notification::init()).plugin(single::plugin());
    let app = builder
        .manage(shell.clone())
        .invoke_handler(commands::handler())
        .setup(move |app| {
            begin(app, other);
            Ok(())
        })
        .build(context);
    let status = match app {
        Ok(app) => app.run_return(|app, event| on_event(app, &event)),
        Err(error) => return give_up(&format!("Rolecall's window can't be opened: {error}")),
    };
    if status == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The window first; everything else follows beside it.
fn begin(app: &App, other: Other) {
    let shell = app.state::<Shell>();
    if shell.came_up(app.handle()) {
        return app.handle().exit(0);
    }
    #[cfg(target_os = "linux")]
    window::learn_typeface();
    let followed = cfg!(target_os = "linux") && autostart::is_in_tray();
    // Elsewhere one that was started for the tray has the toolkit and no window.
    if cfg!(target_os = "linux") || !autostart::is_in_tray() {
        window::show_first(app.handle());
    }
    if !followed {
        follow(&shell, other);
    }
}

/// Has everything else know what the engine says, until the program ends.
fn follow(shell: &Shell, other: Other) {
    #[cfg(target_os = "linux")]
    if other == Other::None {
        let shell = shell.clone();
        tauri::async_runtime::spawn(async move { single::hold(&shell).await });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = other;
    tauri::async_runtime::spawn(follow::views(shell.clone()));
    tauri::async_runtime::spawn(follow::notices(shell.clone()));
}

fn on_event(app: &tauri::AppHandle, event: &RunEvent) {
    match event {
        // The last window was closed; `code` is set when quitting on purpose.
        RunEvent::ExitRequested { code: None, api, .. } => {
            api.prevent_exit();
            let shell = app.state::<Shell>().inner().clone();
            *shell.window_wanted() = false;
            tauri::async_runtime::spawn(rest::after_the_last_window(shell));
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        _ => {}
    }
}

fn trace() {
    let wish = std::env::var("ROLECALL_LOG").unwrap_or_else(|_| "warn".into());
    let filter = tracing_subscriber::EnvFilter::builder().parse_lossy(log::directives(&wish));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

fn give_up(why: &str) -> ExitCode {
    // Nowhere else to say it, and nothing to be done when that fails too.
    let _ = writeln!(std::io::stderr(), "{why}");
    ExitCode::FAILURE
}
