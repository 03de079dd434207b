use serde::Serialize;

use super::Badge;
use crate::ports::Timestamp;
use crate::session::Step;

/// A sign-in under way.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Waiting {
    /// The host of the issuer.
    pub host: String,
    /// How far it has come.
    pub step: Step,
    /// Whether a browser was opened; if not, the link has to be copied.
    pub browser_opened: bool,
    /// When it began, POSIX seconds.
    pub started_at: Timestamp,
    /// When it gives up, POSIX seconds.
    pub deadline: Timestamp,
    /// What the person needs on another device, where they sign in there.
    pub device: Option<OtherDevice>,
}

/// A sign-in that the person finishes on another device (RFC 8628).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OtherDevice {
    /// The code to enter there, as the provider writes it.
    pub user_code: String,
    /// The page to enter it at, without its scheme where that is https.
    pub address: String,
    /// Whether the provider gave a link with the code in it; it is what is copied then.
    pub has_link: bool,
    /// The link, or else the address, as a picture for a camera: a row of `0` and `1` (dark) for each line of it. Empty
    /// where it is too long for a picture.
    pub picture: Vec<String>,
    /// Who used the code, where somebody else is signed in here: they are asked about before anything is replaced.
    pub person: Option<CodeUser>,
}

/// Somebody who used a code while somebody else is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CodeUser {
    /// Who.
    pub badge: Badge,
    /// Who is signed in here.
    pub instead_of: String,
    /// When they signed in, POSIX seconds.
    pub at: Timestamp,
}
