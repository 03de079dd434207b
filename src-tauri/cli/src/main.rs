//! The program `rolecall`.

use std::process::ExitCode;

use rolecall_cli::{Terminal, run};
use rolecall_engine::Ports;
use tracing_subscriber::EnvFilter;

/// Memory is wiped when it is given back: libraries keep answers and forms, tokens among them, in buffers of their own.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    log();
    let mut terminal = Terminal::real();
    let interrupt = terminal.interrupt.clone();
    // Ctrl-C, a request to end and a closed window: without this they could cut off a renewal that has been sent.
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

/// `ROLECALL_LOG` takes a level, or what `tracing` calls directives. Only our own words are let through, for those are
/// known to hold no token, whatever the libraries below say at their finest (TK-1).
fn log() {
    let Ok(wish) = std::env::var("ROLECALL_LOG") else { return };
    let ours = |directive: &str| match directive.trim() {
        "" => None,
        directive if directive.starts_with("rolecall") => Some(directive.to_owned()),
        directive if directive.contains(['=', ':', '[']) => None,
        level => Some(format!("rolecall_engine={level},rolecall_cli={level}")),
    };
    let directives: Vec<String> = wish.split(',').filter_map(ours).collect();
    let filter = EnvFilter::builder().parse_lossy(format!("off,{}", directives.join(",")));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
