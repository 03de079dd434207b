//! The program `rolecall`.

use std::process::ExitCode;

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
    ExitCode::from(status)
}

/// `ROLECALL_LOG` sets how much is logged, to standard error.
fn trace() {
    let Ok(levels) = std::env::var("ROLECALL_LOG") else { return };
    let filter = EnvFilter::builder().parse_lossy(log::directives(&levels));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
