//! The state folder: how processes coordinate over one profile, and what is remembered of it. It contains no token.
//!
//! Every file is named after the profile's key, so that two profiles never share one.
//!
//! | file | type | contents |
//! |---|---|---|
//! | `KEY.lock` | [`Coordination`] | the lock held by whoever changes the session |
//! | `KEY.sts.lock` | [`Coordination`] | the lock held by whoever asks a security token service |
//! | `KEY.generation` | [`Coordination`] | how often the session was written, so that other processes notice |
//! | `KEY.spending` | [`Coordination`] | the refresh token that is being used, until its answer is stored |
//! | `KEY.key-store.json` | [`Remembered`] | what the key store may hold for this profile |
//! | `KEY.last.json` | [`Remembered`] | the session as it was last read |
//! | `KEY.history.json` | [`Remembered`] | how roles and groups changed |
//! | `KEY.handed.json` | [`HandedOut`] | which caller was handed which token, by fingerprint, for some minutes |
//! | `KEY.asking.lock`, `KEY.asked.json` | [`Asking`] | which program asks the person to sign in, and when that failed |
//! | `KEY.refused.json` | [`Remembered`] | why the last sign-in failed |

mod asking;
mod coordination;
mod files;
mod handed_out;
mod remembered;

pub use asking::Asking;
pub use coordination::{Coordination, RefreshMarker};
pub use handed_out::HandedOut;
pub use remembered::{KeyStoreEntry, Remembered};
