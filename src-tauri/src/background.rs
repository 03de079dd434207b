//! What happens when the last window was closed.

use crate::shell::Shell;

/// With a tray the program keeps running; without one the window could not be opened again.
pub(crate) async fn last_window_closed(shell: Shell) {
    if !shell.tray().is_shown().await {
        if !*shell.window_wanted() {
            shell.quit();
        }
        return;
    }
    #[cfg(target_os = "linux")]
    linux::restart_without_toolkit(&shell).await;
}

#[cfg(target_os = "linux")]
pub(crate) use linux::reap_inherited_children;

#[cfg(target_os = "linux")]
mod linux {
    use std::io::Error;
    use std::os::unix::process::CommandExt as _;
    use std::time::Duration;

    use rustix::process::{WaitOptions, wait};

    use crate::shell::Shell;
    use crate::{environment, program};

    /// How often to check whether the clipboard still has our token.
    const SOON: Duration = Duration::from_secs(1);

    /// Executes the program again, in the tray alone and under the same process ID, as soon as nothing would be lost by
    /// that. A toolkit that was once up can't be taken down again: it keeps two thirds of the memory, a process for the
    /// network and a thread that looks at the memory every few seconds.
    pub(super) async fn restart_without_toolkit(shell: &Shell) {
        // WebDriver would lose its connection to the program.
        if environment::is_automated() {
            return;
        }
        let mut views = shell.live().view();
        loop {
            shell.live().idle().await;
            if *shell.window_wanted() {
                return;
            }
            if shell.clipboard().is_in_use().await {
                // It is let go of by a change of the view, at about the same time.
                let _ = tokio::time::timeout(SOON, views.changed()).await;
                continue;
            }
            shell.instance().release().await;
            let again = exec_in_tray(shell);
            let shown = shell.clone();
            shell.instance().claim(move || shown.show_window()).await;
            match again {
                NotExecuted::Busy => {}
                NotExecuted::WindowWanted => return,
                NotExecuted::Failed(error) => return tracing::warn!("the toolkit stays up: {error}"),
            }
        }
    }

    /// Why the program is not executed again.
    enum NotExecuted {
        /// An operation has begun.
        Busy,
        /// The window is wanted after all.
        WindowWanted,
        /// The system does not execute it.
        Failed(Error),
    }

    /// Returns only where the program was not executed again.
    fn exec_in_tray(shell: &Shell) -> NotExecuted {
        let mut command = match program::command() {
            Ok(command) => command,
            Err(error) => return NotExecuted::Failed(error),
        };
        // Both are held to the end: no window comes up that would be gone at once, and no request is sent whose answer
        // nobody would store.
        let wanted = shell.window_wanted();
        if *wanted {
            return NotExecuted::WindowWanted;
        }
        let Some(_paused) = shell.live().pause_if_idle() else { return NotExecuted::Busy };
        NotExecuted::Failed(command.arg(program::IN_TRAY).exec())
    }

    /// The webview's processes end once this program has been executed again; nobody else would ask after them.
    pub(crate) fn reap_inherited_children() {
        std::thread::spawn(|| while wait(WaitOptions::empty()).is_ok() {});
    }
}
