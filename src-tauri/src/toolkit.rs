use std::sync::{Arc, OnceLock};

use tauri::AppHandle;

/// Tauri's handle, once the toolkit is up. In the tray alone there is none.
#[derive(Clone, Default)]
pub(crate) struct Toolkit(Arc<OnceLock<AppHandle>>);

impl Toolkit {
    /// The handle, where the toolkit is up.
    pub(crate) fn get(&self) -> Option<&AppHandle> {
        self.0.get()
    }

    /// From now on the toolkit is up.
    pub(crate) fn set(&self, app: &AppHandle) {
        // All handles of an application are equivalent.
        let _ = self.0.set(app.clone());
    }
}
