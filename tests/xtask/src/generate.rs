//! `cargo xtask generate`: the files that are made from the code, and that `cargo test` compares.

use crate::cargo::Workspace;
use crate::{Result, child};

/// Writes the files that the tests compare: the page's types and the tables of fixtures, requirements and modules.
pub(crate) fn run(_: &[String]) -> Result<()> {
    let workspace = Workspace::find()?;
    for (package, test) in [
        ("rolecall-engine", "the_page_knows_every_type_it_draws"),
        ("rolecall-it", "a_table_lists_every_fixture"),
        ("rolecall-it", "every_requirement_has_a_test_that_names_it"),
        ("rolecall-it", "cf_1_every_applicable_module_is_replayed"),
    ] {
        child::run(workspace.cargo(&["test", "--quiet", "-p", package, test]).env("ROLECALL_GENERATE", "1"))?;
    }
    Ok(())
}
