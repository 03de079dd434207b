//! Rolecall's window and tray. They draw the engine's views and pass on what a person does; they decide nothing.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod autostart;
mod background;
mod clipboard;
mod commands;
#[cfg(test)]
mod config_tests;
#[cfg(target_os = "linux")]
mod display;
mod document_commands;
mod environment;
mod exit;
mod failure;
mod forward;
mod notify;
mod program;
mod settings_file;
mod shell;
mod single_instance;
mod token_clipboard;
mod token_format;
mod toolkit;
mod tray;
mod tray_actions;
mod window;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use rolecall_engine::log;
use rolecall_engine::ports::SystemBrowser;
use rolecall_engine::{Engine, Ports};
use tauri::{App, Manager as _, RunEvent};
use tokio::runtime::Runtime;

use crate::shell::Shell;
use crate::single_instance::FirstInstance;

/// Memory is wiped when it is given back: libraries keep answers and forms, tokens among them, in buffers of their own.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    environment::prepare_webview();
    if let Some(status) = arguments::answer(std::env::args_os().skip(1)) {
        return status;
    }
    trace();
    // A window that WebDriver steers, in debug builds alone, is looked into by its tests.
    if !environment::is_automated()
        && let Err(error) = rolecall_engine::process::protect_memory()
    {
        tracing::warn!("core dumps of this program can't be prevented: {error}");
    }
    if !environment::has_display() {
        return fail("Rolecall's window needs a display. On a terminal, use the program 'rolecall'.");
    }
    match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => run(runtime),
        Err(error) => fail(&format!("Rolecall can't start its threads: {error}")),
    }
}

/// Configuration and page, as they were built in.
#[expect(clippy::disallowed_methods, reason = "inside what Tauri generates")]
fn context() -> tauri::Context {
    tauri::generate_context!()
}

fn run(runtime: Runtime) -> ExitCode {
    tauri::async_runtime::set(runtime.handle().clone());
    let browser = Arc::new(SystemBrowser::without(environment::withheld()));
    let ports = Ports { browser, ..Ports::system() };
    let first = runtime.block_on(single_instance::activate_first());
    match first {
        FirstInstance::Activated => return ExitCode::SUCCESS,
        FirstInstance::Unresponsive => {
            return fail("Rolecall is running already, but does not answer. End it and start again.");
        }
        FirstInstance::None | FirstInstance::NoBus => {}
    }
    #[cfg(target_os = "linux")]
    if !autostart::is_in_tray() && !display::open() {
        return fail(display::NOT_ANSWERING);
    }
    let shell = {
        let _inside = runtime.enter();
        Shell::new(Engine::new(ports))
    };
    exit::watch(&shell, runtime.handle());
    if let Ok(program) = program::path() {
        shell.live().watch_program(&program);
    }
    let code = if wait_in_tray(&shell, first) { run_toolkit(&shell, first) } else { ExitCode::SUCCESS };
    let with_window = *shell.window_wanted();
    exit::finish();
    // A key store that does not answer must not keep the program from ending.
    runtime.shutdown_background();
    if shell.restart_wanted() {
        return program::start_again(with_window);
    }
    code
}

/// In the tray alone until the window is wanted, where the program was started for that; false when the end is.
#[cfg(target_os = "linux")]
fn wait_in_tray(shell: &Shell, first: FirstInstance) -> bool {
    if !autostart::is_in_tray() {
        return true;
    }
    background::reap_inherited_children();
    follow(shell, first);
    while shell.wait() == shell::Request::Window {
        if display::open() {
            return true;
        }
        notify::show(
            shell.toolkit(),
            "The window can’t be opened",
            "The display does not answer. Rolecall stays in the tray.",
        );
    }
    false
}

/// Elsewhere the tray is the toolkit's.
#[cfg(not(target_os = "linux"))]
fn wait_in_tray(_: &Shell, _: FirstInstance) -> bool {
    true
}

fn run_toolkit(shell: &Shell, first: FirstInstance) -> ExitCode {
    let mut context = context();
    context.config_mut().identifier = single_instance::identifier();
    let builder = tauri::Builder::default();
    #[cfg(not(target_os = "linux"))]
    let builder = builder
        .plugin(autostart::plugin())
        .plugin(tauri_plugin_notification::init())
        .plugin(single_instance::plugin(|app| app.state::<Shell>().show_window()));
    let app = builder
        .manage(shell.clone())
        .manage(shell.live().clone())
        .manage(shell.engine().clone())
        .invoke_handler(commands::handler())
        .setup(move |app| {
            begin(app, first);
            Ok(())
        })
        .build(context);
    let status = match app {
        Ok(app) => app.run_return(|app, event| on_event(app, &event)),
        Err(error) => return fail(&format!("Rolecall's window can't be opened: {error}")),
    };
    if status == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The window first; everything else follows beside it.
fn begin(app: &App, first: FirstInstance) {
    let shell = app.state::<Shell>();
    if shell.toolkit_started(app.handle()) {
        return app.handle().exit(0);
    }
    #[cfg(target_os = "linux")]
    window::query_system_font();
    let followed = cfg!(target_os = "linux") && autostart::is_in_tray();
    // Elsewhere one that was started for the tray has the toolkit and no window.
    if cfg!(target_os = "linux") || !autostart::is_in_tray() {
        window::show_first(app.handle());
    }
    if !followed {
        follow(&shell, first);
    }
}

/// Forwards the engine's views and notifications until the program ends.
fn follow(shell: &Shell, first: FirstInstance) {
    #[cfg(target_os = "linux")]
    if first == FirstInstance::None {
        let shell = shell.clone();
        tauri::async_runtime::spawn(async move {
            let again = shell.clone();
            shell.instance().claim(move || again.show_window()).await;
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = first;
    tauri::async_runtime::spawn(forward::views(shell.clone()));
    tauri::async_runtime::spawn(forward::notifications(shell.clone()));
}

fn on_event(app: &tauri::AppHandle, event: &RunEvent) {
    match event {
        // The last window was closed; `code` is set when quitting on purpose.
        RunEvent::ExitRequested { code: None, api, .. } => {
            api.prevent_exit();
            let shell = app.state::<Shell>().inner().clone();
            *shell.window_wanted() = false;
            tauri::async_runtime::spawn(background::last_window_closed(shell));
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        _ => {}
    }
}

fn trace() {
    let levels = std::env::var("ROLECALL_LOG").unwrap_or_else(|_| "warn".into());
    let filter = tracing_subscriber::EnvFilter::builder().parse_lossy(log::directives(&levels));
    // By default, a line that can't be written (the disk is full, the terminal was closed) is reported on standard error as
    // well, which fails too, and then panics.
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    lines.log_internal_errors(false).init();
}

fn fail(why: &str) -> ExitCode {
    // There is no other place to report it; a failure to report is ignored.
    let _ = writeln!(std::io::stderr(), "{why}");
    ExitCode::FAILURE
}
