use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Step;
use crate::problem::{Code, Problem, Result};
use crate::text::clean_line;
use crate::whole_file::PREFIX;

/// A file's text; `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problem::of_file(path, error)),
    }
}

/// Copies a file as it is, with its mode, under a name that no other copy has. `None` where there is no file.
pub(super) fn back_up(path: &Path) -> Result<Option<PathBuf>> {
    if !path.exists() {
        return Ok(None);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let copy = |number: u32| path.with_file_name(format!("{name}.before-rolecall-{number}"));
    let copy = (1..10_000).map(copy).find(|copy| !copy.exists());
    let copy = copy.ok_or_else(|| Problem::of_file(path, ErrorKind::AlreadyExists.into()))?;
    std::fs::copy(path, &copy).map_err(|error| Problem::of_file(&copy, error))?;
    Ok(Some(copy))
}

pub(super) fn carry_out(step: &Step) -> Result<()> {
    match step {
        Step::Write(path, text) => replace(path, text).map_err(|error| Problem::of_file(path, error)),
        Step::Run(words) => run(words),
        Step::Link(link, to) => make_link(link, to).map_err(|error| Problem::of_file(link, error)),
        Step::Unlink(link, to) => {
            let is_ours = std::fs::read_link(link).is_ok_and(|known| known == *to);
            let removed = if is_ours { std::fs::remove_file(link) } else { Ok(()) };
            removed.map_err(|error| Problem::of_file(link, error))
        }
    }
}

/// Replaces a file as a whole, where a link leads to it there, and keeps its mode. Not by [`crate::whole_file`], which makes
/// file and folder private: these are another program's.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_data()?;
    if let Ok(known) = std::fs::metadata(&path) {
        file.as_file().set_permissions(known.permissions())?;
    }
    file.persist(&path)?;
    Ok(())
}

fn run(words: &[std::ffi::OsString]) -> Result<()> {
    let Some((program, arguments)) = words.split_first() else { return Ok(()) };
    let said = |what: String| Problem::new(Code::BadSetting, format!("{}: {what}", program.to_string_lossy()));
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| said(format!("it could not be run: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(said(clean_line(&String::from_utf8_lossy(&output.stderr))))
}

#[cfg(unix)]
fn make_link(link: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(folder) = link.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // A link is replaced: it may lead to an earlier place of this program. A file of that name is left alone.
    if std::fs::read_link(link).is_ok() {
        std::fs::remove_file(link)?;
    }
    std::os::unix::fs::symlink(to, link)
}

/// Links need a privilege on Windows that few people have, so the program is copied.
#[cfg(not(unix))]
fn make_link(link: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(folder) = link.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(to, link.with_extension("exe")).map(drop)
}
