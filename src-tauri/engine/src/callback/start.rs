use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use super::request::Request;

/// The folder of the start pages.
const PATH: &str = "/start/";
/// How many addresses one sign-in can make; the oldest are not kept beyond that.
const MAX_ADDRESSES: usize = 1000;

/// One-time addresses on the listener that lead the browser to the provider.
///
/// The program that opens a browser gets such an address in its arguments, which every user of the computer can read. The
/// authorization link itself, with state and challenge, is never there (LB-9).
#[derive(Clone, Debug)]
pub struct StartPages {
    origin: String,
    /// By the random part of the address; `None` once it was opened.
    links: Arc<Mutex<HashMap<String, Option<Url>>>>,
}

/// The target of a start page.
pub(super) enum Start {
    /// To the provider.
    Leads(Url),
    /// Nowhere any more: it was opened before.
    UsedUp,
    /// Nowhere yet: the browser only fetches ahead.
    Prefetch,
}

impl StartPages {
    pub(super) fn new(origin: &str) -> Self {
        Self { origin: origin.to_owned(), links: Arc::default() }
    }

    /// An address that leads to `link` when it is opened for the first time. The link itself where no further address can
    /// be made.
    #[must_use]
    pub fn address_of(&self, link: &Url) -> Url {
        let name = crate::oidc::random_text();
        let Ok(address) = Url::parse(&format!("{}{PATH}{name}", self.origin)) else { return link.clone() };
        let mut links = self.links();
        if links.len() >= MAX_ADDRESSES {
            links.clear();
        }
        links.insert(name, Some(link.clone()));
        address
    }

    /// What a request for a start page leads to, used up by it; `None` for any other request.
    pub(super) fn open(&self, request: &Request) -> Option<Start> {
        let name = request.path.strip_prefix(PATH)?;
        let mut links = self.links();
        let link = links.get_mut(name)?;
        if request.is_prefetch && link.is_some() {
            return Some(Start::Prefetch);
        }
        Some(link.take().map_or(Start::UsedUp, Start::Leads))
    }

    fn links(&self) -> MutexGuard<'_, HashMap<String, Option<Url>>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
