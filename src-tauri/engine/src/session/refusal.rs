use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::config::Profile;
use crate::ports::Timestamp;
use crate::problem::{Cause, Code, Problem};
use crate::text::clean_line;

/// A sign-in that failed, as remembered to be explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// When.
    pub at: Timestamp,
    /// The row of the problem table.
    pub code: Code,
    /// What was said of it; holds no token.
    pub detail: String,
    /// The cause, where that is known.
    #[serde(default)]
    pub cause: Option<Cause>,
    /// What was asked for.
    #[serde(default)]
    pub asked: Option<String>,
}

impl Refusal {
    /// What to remember of a failed sign-in. What the person themself stopped, and a dead network, explain nothing.
    #[must_use]
    pub fn of(problem: &Problem, at: Timestamp) -> Option<Self> {
        problem.code.row().explains_sign_in.then(|| Self::new(problem, at))
    }

    /// What to remember of a problem.
    #[must_use]
    pub fn new(problem: &Problem, at: Timestamp) -> Self {
        Self { at, code: problem.code, detail: clean_line(&problem.detail), cause: problem.cause, asked: None }
    }

    /// What is remembered while a code is being exchanged, and stays where the program is killed before it has stored what
    /// came: nobody holds that then.
    #[must_use]
    pub(crate) fn cut_off(at: Timestamp) -> Self {
        let what = "it was cut off after the provider had let the person in, so a session that nothing here holds may be left at the provider";
        Self::new(&Problem::new(Code::Cancelled, what), at)
    }

    /// The same, with what was asked for then.
    #[must_use]
    pub fn asking(self, profile: &Profile) -> Self {
        Self { asked: Some(clean_line(&asked_for(profile))), ..self }
    }
}

/// What a profile asks for, in a line.
pub(crate) fn asked_for(profile: &Profile) -> String {
    let mut asked = profile.scopes.to_string();
    if let Some(audience) = &profile.audience {
        let _ = write!(asked, ", for the API {audience}");
    }
    for (name, value) in &profile.params {
        let _ = write!(asked, ", {name}={value}");
    }
    asked
}
