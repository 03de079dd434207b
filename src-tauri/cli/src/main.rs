//! The program `rolecall`.

use std::process::ExitCode;

use rolecall_cli::{Terminal, run};
use rolecall_engine::Ports;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("ROLECALL_LOG").unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let mut terminal = Terminal::real();
    let interrupt = terminal.interrupt.clone();
    // Without a handler Ctrl-C ends the program, which is right for everything but a renewal that has been sent.
    let _ = ctrlc::set_handler(move || interrupt.stop());
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        terminal.talk("rolecall: this computer gives no more threads or files");
        return ExitCode::from(2);
    };
    let status = runtime.block_on(run(std::env::args_os(), Ports::system(), &mut terminal));
    // A key store that hangs must not keep the program.
    runtime.shutdown_background();
    ExitCode::from(status)
}
