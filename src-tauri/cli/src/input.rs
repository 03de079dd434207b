//! Reading files and standard input.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use rolecall_engine::inspect::{LONGEST, Pasted, text_of_bytes};
use rolecall_engine::problem::Result;
use rolecall_engine::tokens::Secret;
use rolecall_engine::{Code, Problem};

use crate::io_words;
use crate::terminal::Terminal;

/// One byte more than the limit, so that longer input is recognised.
const LIMIT: u64 = LONGEST as u64 + 1;

/// Reads a file, or standard input for `-`.
pub(crate) fn pasted(file: &Path, terminal: &mut Terminal) -> Result<Pasted> {
    let mut bytes = Vec::new();
    let (label, read) = if file == Path::new("-") {
        if std::io::stdin().is_terminal() {
            terminal.info("Paste a token, or what it says, then press Enter and Ctrl D.");
        }
        ("standard input".to_owned(), std::io::stdin().take(LIMIT).read_to_end(&mut bytes))
    } else {
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        (name, std::fs::File::open(file).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes)))
    };
    if let Err(error) = read {
        return Err(Problem::new(Code::Unreadable, format!("{}: {}", file.display(), io_words(&error))));
    }
    if bytes.len() > LONGEST {
        let why = format!("{label} is longer than {} MB", LONGEST / 1024 / 1024);
        return Err(Problem::new(Code::Unreadable, why));
    }
    Ok(Pasted { label, text: Secret::new(text_of_bytes(&bytes)) })
}
