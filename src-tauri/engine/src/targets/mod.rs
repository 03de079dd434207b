//! Which token for which target: what is asked for, under which key it is kept, and whether the answer is what was asked for.
//!
//! | file | holds |
//! |---|---|
//! | `ask` | what a token is to be for, and how each provider is asked |
//! | `given` | the check of a token against what was asked for |
//! | `lookup` | the target a caller means, by the place it names |
//! | `sts` | the request to a security token service (AWS), and its answer |

mod ask;
mod given;
mod lookup;
pub(crate) mod sts;

pub use ask::Ask;
pub(crate) use given::{audiences, check};
pub(crate) use lookup::is_same_address;
pub use lookup::{Found, at_address, at_cluster, at_git_host, at_registry, named};
pub use sts::Credentials;
