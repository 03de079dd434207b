//! Size and position of the window, stored in the state folder.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Engine;
use crate::problem::{Problem, Result};
use crate::whole_file;

/// Size, place and zoom of the window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowPlacement {
    /// In CSS pixels; 0 where no window was closed yet.
    pub width: f64,
    /// In CSS pixels; 0 where no window was closed yet.
    pub height: f64,
    /// The upper left corner of its frame in CSS pixels, where the system tells it.
    pub position: Option<(f64, f64)>,
    /// How much larger than usual the page is drawn: 1.5 for one and a half times.
    pub zoom: f64,
}

impl Default for WindowPlacement {
    fn default() -> Self {
        Self { width: 0.0, height: 0.0, position: None, zoom: 1.0 }
    }
}

impl Engine {
    /// The stored placement; `None` where there is none, or none that can be read.
    #[must_use]
    pub fn window_placement(&self) -> Option<WindowPlacement> {
        serde_json::from_slice(&std::fs::read(self.placement_file()).ok()?).ok()
    }

    /// Stores it.
    ///
    /// # Errors
    /// [`crate::Code::FilesFailing`]; what was remembered before stays then.
    pub fn remember_window_placement(&self, placement: &WindowPlacement) -> Result<()> {
        let path = self.placement_file();
        let written =
            serde_json::to_vec(placement).map_err(io::Error::from).and_then(|bytes| whole_file::replace(&path, &bytes));
        written.map_err(|error| Problem::of_file(&path, error))
    }

    fn placement_file(&self) -> PathBuf {
        self.ports().folders.state.join("window.json")
    }
}
