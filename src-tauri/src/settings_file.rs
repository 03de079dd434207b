use rolecall_engine::config::Config;
use rolecall_engine::ports::open_detached;

use crate::environment;
use crate::failure::Failure;
use crate::shell::Shell;

/// Opens the folder that holds `rolecall.toml` in the system's file manager. The path is the engine's, and it is handed
/// over as one argument; no shell sees it.
pub(crate) async fn show(shell: &Shell) -> Result<(), Failure> {
    let path = Config::path(&shell.engine().ports().folders);
    let folder = path.parent().map(ToOwned::to_owned).unwrap_or_default();
    let shown = folder.clone();
    let opened = tauri::async_runtime::spawn_blocking(move || open_detached(folder, environment::withheld())).await;
    match opened {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(failure(&shown, &error)),
        Err(error) => Err(failure(&shown, &error)),
    }
}

fn failure(folder: &std::path::Path, error: &dyn std::fmt::Display) -> Failure {
    let text = format!("The file is in {}. The system says: {error}", folder.display());
    Failure::of_system("The folder can’t be opened.", &text)
}
