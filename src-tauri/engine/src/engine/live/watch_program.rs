//! Notices that another version of the program was installed over it.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use notify::{RecursiveMode, Watcher as _};

use super::Live;
use crate::engine::lock;

/// What distinguishes a file from one that replaced it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Version {
    #[cfg(unix)]
    file: (u64, u64),
    size: u64,
    modified: Option<SystemTime>,
}

impl Version {
    /// `None` where there is no file: between the removal of one and the arrival of the next, or after the removal of the
    /// program.
    fn of(program: &Path) -> Option<Self> {
        let data = std::fs::metadata(program).ok()?;
        Some(Self {
            #[cfg(unix)]
            file: (std::os::unix::fs::MetadataExt::dev(&data), std::os::unix::fs::MetadataExt::ino(&data)),
            size: data.len(),
            modified: data.modified().ok(),
        })
    }
}

impl Live {
    /// From now on the view tells when another version is installed at the path of this program
    /// ([`crate::view::View::updated`]). The running one goes on until it is started again.
    pub fn watch_program(&self, program: &Path) {
        let (Some(first), Some(folder)) = (Version::of(program), program.parent()) else { return };
        let (live, path) = (Arc::downgrade(&self.inner), program.to_owned());
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let about_us = event.is_ok_and(|event| !event.kind.is_access() && event.paths.contains(&path));
            let Some(inner) = live.upgrade().filter(|_| about_us) else { return };
            let updated = Version::of(&path).is_some_and(|now| now != first);
            Self { inner }.change(|model| model.updated = updated);
        });
        let started = watcher.and_then(|mut watcher| {
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
            Ok(watcher)
        });
        match started {
            Ok(watcher) => *lock(&self.inner.program_watcher) = Some(watcher),
            Err(error) => tracing::warn!(%error, "another version of the program would not be noticed"),
        }
    }
}
