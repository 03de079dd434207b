//! `cargo xtask bench`.

use crate::Result;

/// Measures.
pub(crate) fn run(_: &[String]) -> Result<()> {
    Err("not yet".into())
}
