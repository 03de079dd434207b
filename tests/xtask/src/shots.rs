//! `cargo xtask shots`.

use crate::Result;

/// Takes the pictures.
pub(crate) fn run(_: &[String]) -> Result<()> {
    Err("not yet".into())
}
