//! Writes the manual pages of `rolecall` and of each of its commands into a folder: what `cargo xtask package` puts into
//! the packages. A program apart, so that what writes them is no part of the one that ships.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or_else(|| std::io::Error::new(std::io::ErrorKind::InvalidInput, "name the folder for the manual pages"))?;
    clap_mangen::generate_to(rolecall_cli::command(), folder)
}
