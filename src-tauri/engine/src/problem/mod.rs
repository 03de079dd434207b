//! Errors as people are told of them: what happened, what is kept, what to do next.
//!
//! A [`Problem`] names a row of one table by its [`Code`]. Everything that follows from the code alone is a column of that
//! table ([`Row`]): the texts, the exit status, the severity, what a window offers, whether it is tried again. Where more is
//! known, a [`Cause`] says what lies behind the code and replaces the advice. What an error of another library says is kept
//! as [`Problem::source`]; nothing decides by the text of a message.

mod cause;
mod code;
mod row;
mod source;
mod table;

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use crate::redact::{Redactor, without_tokens};
use crate::text::clean_line;

pub use cause::{Cause, CauseRow};
pub use code::Code;
pub use row::{Area, Remedy, Row, Severity};
pub use source::Source;

/// The result of every operation.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// One thing that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which row of the table.
    pub code: Code,
    /// What exactly happened, in one sentence or phrase, cleaned for showing.
    pub detail: String,
    /// For how many seconds the provider asks not to be asked again.
    pub wait: Option<u32>,
    /// The cause, where that is known.
    pub cause: Option<Cause>,
    /// The error of the layer below, where there is one and it can hold no secret.
    pub source: Option<Source>,
}

impl Problem {
    /// A problem with its particulars. Text from the network is cleaned here (CLI-1), and a token in it
    /// is taken out (TK-2).
    #[must_use]
    pub fn new(code: Code, detail: impl AsRef<str>) -> Self {
        Self { code, detail: clean_line(&without_tokens(detail.as_ref())), wait: None, cause: None, source: None }
    }

    /// A file that could not be used: [`Code::FilesFailing`], with the error as its source.
    #[must_use]
    pub fn of_file(path: &Path, error: io::Error) -> Self {
        Self::new(Code::FilesFailing, format!("{}: {error}", path.display())).with_source(error)
    }

    /// The same, with every token that the redactor knows taken out of its words.
    #[must_use]
    pub(crate) fn redacted(self, redactor: &Redactor) -> Self {
        Self { detail: redactor.words(&self.detail), ..self }
    }

    /// The same problem, with its cause.
    #[must_use]
    pub fn because(self, cause: Option<Cause>) -> Self {
        Self { cause: cause.or(self.cause), ..self }
    }

    /// The same, with the error of the layer below. That error must not hold a token, a code or a whole address.
    #[must_use]
    pub fn with_source(self, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(Source::new(error)), ..self }
    }

    /// What is kept and what to do next.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self.cause {
            Some(cause) => cause.row().hint,
            None => self.code.row().hint,
        }
    }

    /// The command that mends it, for the command line; empty where there is none.
    #[must_use]
    pub const fn command(&self) -> &'static str {
        match self.cause {
            Some(cause) => cause.row().command,
            None => self.code.row().command,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = self.code.row().title;
        if self.code == Code::NoActiveProfile && !self.detail.is_empty() {
            return write!(f, "{title}. Choose one: {}", self.detail);
        }
        if self.detail.is_empty() { f.write_str(title) } else { write!(f, "{title}: {}", self.detail) }
    }
}

impl Error for Problem {
    /// The error of the layer below; without one, the [`Cause`].
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match (&self.source, &self.cause) {
            (Some(source), _) => Some(source.get()),
            (None, Some(cause)) => Some(cause),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_behind_a_problem_is_found_by_its_type_and_not_by_its_text() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let problem = Problem::of_file(Path::new("/state/a.json"), full);
        let kind = problem.source().and_then(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind);
        assert_eq!((problem.code, kind), (Code::FilesFailing, Some(io::ErrorKind::StorageFull)));
        let refused = Problem::new(Code::Refused, "no").because(Some(Cause::RedirectUri));
        let cause = refused.source().and_then(|source| source.downcast_ref::<Cause>());
        assert_eq!(cause, Some(&Cause::RedirectUri));
        assert_eq!(refused.hint(), Cause::RedirectUri.row().hint);
        assert!(Problem::new(Code::Refused, "no").source().is_none());
    }
}
