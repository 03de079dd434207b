use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, TomlError};

use super::storage;
use crate::ports::Folders;
use crate::problem::{Code, Problem};
use crate::text::clean;
use crate::whole_file;

/// The most copies kept aside; more than that are not the work of a person.
const MAX_COPIES: u32 = 1000;

/// Why the file can't be used.
pub(super) struct Invalid {
    line: Option<usize>,
    why: String,
}

/// The file as a document, when it can be used as one.
pub(super) fn document(bytes: &[u8]) -> Result<DocumentMut, Invalid> {
    let text = std::str::from_utf8(bytes).map_err(|error| Invalid {
        line: Some(line_at(bytes, error.valid_up_to())),
        why: "there is a byte that is not text in UTF-8".into(),
    })?;
    let document: DocumentMut = text.parse().map_err(|error: TomlError| Invalid {
        line: error.span().map(|span| line_at(bytes, span.start)),
        why: clean(error.message(), 120),
    })?;
    if document.get("profiles").is_some_and(|item| !item.is_table_like()) {
        return Err(Invalid { line: None, why: "'profiles' is not a table".into() });
    }
    Ok(document)
}

/// Copies the file aside and makes the problem that names the copy.
pub(super) fn problem(folders: &Folders, path: &Path, bytes: &[u8], invalid: &Invalid) -> Problem {
    let place = invalid.line.map_or_else(String::new, |line| format!("line {line}: "));
    let kept = match keep_aside(folders, bytes) {
        Ok(copy) => format!("it is kept as {}", copy.display()),
        Err(error) => format!("it could not be copied aside ({error}), and stands untouched"),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Problem::new(Code::ConfigBroken, format!("{name}, {place}{}; {kept}", invalid.why))
}

/// Copies the bytes to `rolecall.toml.broken-<n>`, unless such a copy is there already. Never overwrites one.
pub(super) fn keep_aside(folders: &Folders, bytes: &[u8]) -> io::Result<PathBuf> {
    for number in 1..MAX_COPIES {
        let copy = folders.config.join(format!("rolecall.toml.broken-{number}"));
        match storage::read(&copy)? {
            Some(kept) if kept == bytes => return Ok(copy),
            Some(_) => {}
            None => match whole_file::create(&copy, bytes) {
                Ok(()) => return Ok(copy),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            },
        }
    }
    Err(io::Error::other("there are too many copies already"))
}

fn line_at(bytes: &[u8], position: usize) -> usize {
    bytes.iter().take(position).filter(|byte| **byte == b'\n').count() + 1
}
