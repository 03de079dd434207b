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
mod settings_file;
mod single;
mod tray;
mod window;

use std::io::Write as _;
use std::process::ExitCode;

use rolecall_engine::log;
use rolecall_engine::{Engine, Ports};
use tauri::{App, Manager as _, RunEvent};
use tokio::runtime::Runtime;

use crate::desk::Desk;
use crate::single::Other;

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
    let mut context = context();
    context.config_mut().identifier = single::identifier(&context.config().identifier);
    let other = runtime.block_on(single::ask_other(&context.config().identifier));
    match other {
        Other::Shown => return ExitCode::SUCCESS,
        Other::Mute => return give_up("Rolecall is running already, but does not answer. End it and start again."),
        Other::None | Other::NoBus => {}
    }

    let mut builder = tauri::Builder::default();
    if other == Other::None {
        builder = builder.plugin(single::plugin());
    }
    let app = builder
        .plugin(tauri_plugin_notification::init())
        .plugin(autostart::plugin())
        .manage({
            let _inside = runtime.enter();
            Desk::new(Engine::new(ports))
        })
        .invoke_handler(commands::handler())
        .setup(|app| {
            start(app);
            Ok(())
        })
        .build(context);
    let status = match app {
        Ok(app) => app.run_return(|app, event| on_event(app, &event)),
        Err(error) => return give_up(&format!("Rolecall's window can't be opened: {error}")),
    };
    // A key store that does not answer must not keep the program from ending.
    runtime.shutdown_background();
    if status == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The window first; everything else follows beside it. Started by the system at log-in, there is none.
fn start(app: &App) {
    if !autostart::is_by_system() {
        window::show_first(app.handle());
    }
    tauri::async_runtime::spawn(follow::views(app.handle().clone()));
    tauri::async_runtime::spawn(follow::notices(app.handle().clone()));
}

fn on_event(app: &tauri::AppHandle, event: &RunEvent) {
    match event {
        // The last window was closed; `code` is set when quitting on purpose.
        RunEvent::ExitRequested { code: None, api, .. } => {
            api.prevent_exit();
            tauri::async_runtime::spawn(stay_in_tray(app.clone()));
        }
        RunEvent::Exit => app.state::<Desk>().clipboard.close(),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        _ => {}
    }
}

/// With a tray the program stays; without one nobody could have the window back.
async fn stay_in_tray(app: tauri::AppHandle) {
    let shown = app.state::<Desk>().tray.is_shown().await;
    if !shown && app.get_webview_window(window::LABEL).is_none() {
        app.exit(0);
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
