use std::io;
use std::sync::{Mutex, PoisonError};

use rolecall_engine::ports::Browser;
use rolecall_provider::{HeadlessBrowser, Visit};
use tokio::task::JoinHandle;
use url::Url;

/// A browser that really walks the provider's pages and back into the listener.
pub struct AutomaticBrowser {
    walker: Mutex<HeadlessBrowser>,
    walks: Mutex<Vec<JoinHandle<Result<Visit, String>>>>,
}

impl AutomaticBrowser {
    /// Walks like this.
    #[must_use]
    pub fn new(walker: HeadlessBrowser) -> Self {
        Self { walker: Mutex::new(walker), walks: Mutex::default() }
    }

    /// Walks like this from now on.
    pub fn set_walker(&self, walker: HeadlessBrowser) {
        *self.walker.lock().unwrap_or_else(PoisonError::into_inner) = walker;
    }

    /// The last walk, once it has ended.
    ///
    /// # Panics
    /// When there was none, or it failed.
    pub async fn last_walk(&self) -> Visit {
        let walk = self.walks.lock().unwrap_or_else(PoisonError::into_inner).pop();
        walk.expect("a walk").await.expect("it ends").expect("it arrives")
    }
}

impl Browser for AutomaticBrowser {
    fn open(&self, url: &Url) -> io::Result<()> {
        let (walker, url) = (self.walker.lock().unwrap_or_else(PoisonError::into_inner).clone(), url.clone());
        let walk = tokio::spawn(async move { walker.visit(&url).await });
        self.walks.lock().unwrap_or_else(PoisonError::into_inner).push(walk);
        Ok(())
    }
}

/// A browser that opens and from which nobody ever comes back.
#[derive(Debug)]
pub struct NeverReturns;

impl Browser for NeverReturns {
    fn open(&self, _: &Url) -> io::Result<()> {
        Ok(())
    }
}
