//! Following the key store: whether it is asking the person, and answers that come after they were given up.

use std::sync::Arc;

use super::Live;
use crate::engine::lock;

impl Live {
    /// Shows while the key store asks the person, and reads again what could not be read once it has answered.
    pub(super) fn follow_key_store(&self) {
        let mut unanswered = self.inner.engine.unanswered_by_key_store();
        let live = Arc::downgrade(&self.inner);
        let task = self.inner.runtime.spawn(async move {
            let mut seen = unanswered.borrow_and_update().answered_late;
            while unanswered.changed().await.is_ok() {
                let now = *unanswered.borrow_and_update();
                let Some(inner) = live.upgrade() else { return };
                let live = Live { inner };
                live.change(|model| model.key_store_asks = now.calls > 0);
                if now.answered_late > seen {
                    seen = now.answered_late;
                    live.load_failed();
                }
            }
        });
        lock(&self.inner.tasks).push(task);
    }

    fn load_failed(&self) {
        let failed = lock(&self.inner.model).failed_for_key_store();
        for profile in failed {
            self.load(profile);
        }
    }
}
