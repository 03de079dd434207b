//! The end of the program, however it comes: from the menu, by a signal, with the display, after a panic. Each of them
//! waits, for a bounded time, for what is in flight (RF-9).

use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::shell::Shell;

/// How long the end waits for sign-ins, refreshes, revocations and writes that have begun. Session managers give a
/// program longer than this at log-out.
const PATIENCE: Duration = Duration::from_secs(12);

/// A program whose main thread does not react to quit is ended from here after this time.
#[cfg(unix)]
const QUIT_TIMEOUT: Duration = Duration::from_secs(5);

static PROGRAM: OnceLock<Program> = OnceLock::new();

struct Program {
    shell: Shell,
    runtime: Handle,
    main_thread: ThreadId,
    /// Held while the end is under way.
    finished: Mutex<bool>,
}

/// Watches for the ends that no event loop tells of. To be called once, on the main thread.
pub(crate) fn watch(shell: &Shell, runtime: &Handle) {
    let program = Program {
        shell: shell.clone(),
        runtime: runtime.clone(),
        main_thread: thread::current().id(),
        finished: Mutex::new(false),
    };
    if PROGRAM.set(program).is_err() {
        return;
    }
    finish_after_panic();
    #[cfg(target_os = "linux")]
    crate::environment::on_lost_display(finish);
    #[cfg(unix)]
    runtime.spawn(quit_on_signals(shell.clone()));
}

/// Waits for what is in flight, revokes sessions that were kept in memory only, clears our token from the clipboard and
/// takes the icon away. A second call waits for the first: more than one thread notices a lost display. Not to be called
/// from within the runtime.
pub(crate) fn finish() {
    let Some(program) = PROGRAM.get() else { return };
    let mut finished = program.finished.lock().unwrap_or_else(PoisonError::into_inner);
    if *finished {
        return;
    }
    *finished = true;
    let shell = &program.shell;
    // Given up first, so that a program started in the meantime opens its window instead of activating this one.
    let leave = async {
        #[cfg(target_os = "linux")]
        shell.instance().release().await;
        shell.tray().remove().await;
    };
    shell.clipboard().close();
    program.runtime.block_on(async { tokio::join!(shell.live().finish(PATIENCE), leave) });
}

/// The main thread's panic ends the program, wherever the toolkit called from; those of other threads do not.
fn finish_after_panic() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic);
        let Some(program) = PROGRAM.get().filter(|program| program.main_thread == thread::current().id()) else {
            return;
        };
        // Not where the end itself panicked.
        let at_its_end = program.finished.try_lock().map_or(true, |finished| *finished);
        if !at_its_end {
            finish();
        }
    }));
}

/// A request to end, an interrupt, a hang-up: what a log-out, a terminal and a lost terminal send.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "the main thread does not answer; what is in flight is waited for")]
async fn quit_on_signals(shell: Shell) {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(signal);
    let [Ok(mut terminate), Ok(mut interrupt), Ok(mut hang_up)] = signals else {
        tracing::warn!("signals can't be handled");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    shell.quit();
    tokio::time::sleep(QUIT_TIMEOUT).await;
    let begun = PROGRAM.get().is_none_or(|program| program.finished.try_lock().map_or(true, |finished| *finished));
    if !begun {
        tracing::warn!("the window does not hear the request to end");
        thread::spawn(|| {
            finish();
            std::process::exit(1);
        });
    }
}
