//! What a rule says.

use serde::{Deserialize, Serialize};

use crate::identity::Kind;
use crate::problem::Severity;

/// One explained fact about something missing or odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Finding {
    /// A stable name, `snake_case`.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is the case, one sentence.
    pub title: String,
    /// What it was concluded from.
    pub evidence: Vec<String>,
    /// What to do, where that is known.
    pub fix: Option<String>,
    /// Something to paste.
    pub snippet: Option<Snippet>,
    /// The expected or asked-for one it is about; `None` for a finding about everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The roles, groups and permissions that its words name: a report leaves them out unless the person wants them there.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub(crate) names: Vec<(Kind, String)>,
    /// How far the evidence carries: the order in which findings are told.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub(crate) certainty: Certainty,
}

/// One role, group or permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct About {
    /// What it is, where that was said.
    pub kind: Option<Kind>,
    /// Its name.
    pub value: String,
}

/// How far the evidence carries a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// The answers themselves show that this is the cause.
    Proven,
    /// This is what the answers look like when it is the cause; something else may look alike, and then says so.
    #[default]
    Likely,
    /// It can't be told from the answers.
    Possible,
    /// Good to know, whatever is missing.
    Remark,
    /// Good to know, after all else.
    Aside,
}

/// Text to paste somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Snippet {
    /// Its language, for example `js`.
    pub language: String,
    /// The text.
    pub text: String,
}

impl Finding {
    pub(crate) fn new(code: &str, severity: Severity, title: impl Into<String>) -> Self {
        let certainty = if severity == Severity::Info { Certainty::Remark } else { Certainty::Likely };
        let title = title.into();
        Self {
            code: code.into(),
            severity,
            title,
            evidence: Vec::new(),
            fix: None,
            snippet: None,
            about: None,
            names: Vec::new(),
            certainty,
        }
    }

    /// A warning that is likely the cause.
    pub(crate) fn warning(code: &str, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, title)
    }

    /// A remark.
    pub(crate) fn info(code: &str, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Info, title)
    }

    /// Told before what is only likely.
    pub(crate) fn proven(self) -> Self {
        Self { certainty: Certainty::Proven, ..self }
    }

    /// Told among what is likely, whatever its severity.
    pub(crate) fn likely(self) -> Self {
        Self { certainty: Certainty::Likely, ..self }
    }

    /// Told at the very end.
    pub(crate) fn aside(self) -> Self {
        Self { certainty: Certainty::Aside, ..self }
    }

    /// Told after what is likely.
    pub(crate) fn possible(self) -> Self {
        Self { certainty: Certainty::Possible, ..self }
    }

    /// Notes that its words name one of the person's roles, groups or permissions.
    pub(crate) fn naming(mut self, kind: Kind, value: &str) -> Self {
        self.names.push((kind, value.to_owned()));
        self
    }

    pub(crate) fn seen(mut self, line: impl Into<String>) -> Self {
        self.evidence.push(line.into());
        self
    }

    pub(crate) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    pub(crate) fn snippet(mut self, language: &str, text: impl Into<String>) -> Self {
        self.snippet = Some(Snippet { language: language.into(), text: text.into() });
        self
    }
}
