//! The program `rolecall`.

use std::process::{Command, ExitCode};

use rolecall_cli::{Terminal, run};
use rolecall_engine::Ports;
use rolecall_engine::log;
use tracing_subscriber::EnvFilter;

/// Memory is wiped when it is given back: libraries keep answers and forms, tokens among them, in buffers of their own.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    let protected = rolecall_engine::process::protect_memory();
    trace();
    if let Err(error) = protected {
        tracing::warn!(%error, "the memory of this process is not kept out of core dumps");
    }
    let mut terminal = Terminal::real();
    let interrupt = terminal.interrupt.clone();
    // Ctrl-C, a request to end and a closed window: without this they could cut off a refresh that has been sent.
    let _ = ctrlc::set_handler(move || interrupt.request());
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        terminal.info("rolecall: this computer gives no more threads or files");
        return ExitCode::from(2);
    };
    let status = runtime.block_on(run(std::env::args_os(), Ports::system(), &mut terminal));
    // A key store that hangs must not keep the program from ending.
    runtime.shutdown_background();
    match terminal.take_successor().filter(|_| status == 0) {
        Some(program) => become_program(program, &mut terminal),
        None => ExitCode::from(status),
    }
}

/// Runs a program in the place of this one, under the same process ID, so that signals reach it and its exit status is the
/// caller's. The program may allow core dumps for itself again. Returns only where it could not be run.
fn become_program(mut program: Command, terminal: &mut Terminal) -> ExitCode {
    #[cfg(unix)]
    let error = {
        use std::os::unix::process::CommandExt as _;
        program.exec()
    };
    // Other systems can't replace a process: this one waits, and the console sends its signals to both.
    #[cfg(not(unix))]
    let error = match program.status() {
        Ok(status) => return ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)),
        Err(error) => error,
    };
    let name = program.get_program().to_string_lossy().into_owned();
    terminal.info(&format!("rolecall: {name} could not be run: {error}"));
    // The exit statuses of shells (POSIX, Shell Command Language, section 2.8.2).
    ExitCode::from(if error.kind() == std::io::ErrorKind::NotFound { 127 } else { 126 })
}

/// `ROLECALL_LOG` sets how much is logged, to standard error.
fn trace() {
    let Ok(levels) = std::env::var("ROLECALL_LOG") else { return };
    let filter = EnvFilter::builder().parse_lossy(log::directives(&levels));
    // By default, a line that can't be written (the disk is full, the terminal was closed) is reported on standard error as
    // well, which fails too, and then panics.
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    lines.log_internal_errors(false).init();
}
