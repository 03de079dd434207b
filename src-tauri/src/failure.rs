use rolecall_engine::view::Notice;
use rolecall_engine::{Code, Problem};
use serde::Serialize;

/// What a command answers when it could not do what was asked. Never holds a token.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    /// The row of the problem table; none for what the shell itself could not do.
    pub(crate) code: Option<Code>,
    /// What happened, a short sentence.
    pub(crate) title: String,
    /// What is kept and what next.
    pub(crate) text: String,
}

impl Failure {
    /// A failure of the system.
    pub(crate) fn of_system(title: &str, text: &str) -> Self {
        Self { code: None, title: title.to_owned(), text: text.to_owned() }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let Notice { code, title, text, .. } = Notice::of(&problem);
        Self { code: Some(code), title, text }
    }
}

impl From<arboard::Error> for Failure {
    fn from(error: arboard::Error) -> Self {
        Self {
            code: None,
            title: "The clipboard can’t be used.".to_owned(),
            text: format!("Nothing was copied, and you stay signed in. Try again. The system says: {error}"),
        }
    }
}
