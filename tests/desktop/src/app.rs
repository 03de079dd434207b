use std::process::{Child, Command};

use crate::sandbox::Sandbox;
use crate::wait::until;

/// The program, started as a person would. It ends with this value.
pub struct App(Child);

impl App {
    /// Starts it.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start(sandbox: &Sandbox) -> Self {
        Self::start_as(sandbox.program())
    }

    /// Starts it with something else about it.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start_as(mut command: Command) -> Self {
        Self(command.spawn().expect("the program is built: cargo build -p rolecall-desktop"))
    }

    /// Its process identifier.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    /// Whether it is still there.
    ///
    /// # Panics
    /// When the system does not say.
    pub fn is_running(&mut self) -> bool {
        self.0.try_wait().expect("a child can be asked after").is_none()
    }

    /// Waits for its end and gives its exit status.
    pub async fn wait_for_exit(&mut self) -> Option<i32> {
        until("the program ends", async || self.0.try_wait().ok().flatten()).await.code()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
