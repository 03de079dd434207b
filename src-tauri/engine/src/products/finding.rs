//! The result of a rule.

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
    /// The fact, in one sentence.
    pub title: String,
    /// The evidence it was concluded from.
    pub evidence: Vec<String>,
    /// What to do, where that is known.
    pub fix: Option<String>,
    /// Something to paste.
    pub snippet: Option<Snippet>,
    /// The expected or asked-for one it is about; `None` for a finding about everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The roles, groups and permissions that its texts name. A report leaves them out unless the person asks for names.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub(crate) names: Vec<(Kind, String)>,
    /// How certain it is; findings are sorted by this.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub(crate) certainty: Certainty,
}

/// One role, group or permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct About {
    /// Its kind, where one was given.
    pub kind: Option<Kind>,
    /// Its name.
    pub value: String,
}

/// How certain a finding is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// The answers prove that this is the cause.
    Proven,
    /// The answers look like this when it is the cause. Another cause may look the same; the finding then says so.
    #[default]
    Likely,
    /// It can't be told from the answers.
    Possible,
    /// Not a cause, but worth knowing.
    Remark,
    /// Worth knowing, listed last.
    Aside,
}

/// Text to paste into another program.
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

    /// Sorts it before findings that are only likely.
    pub(crate) fn proven(self) -> Self {
        Self { certainty: Certainty::Proven, ..self }
    }

    /// Sorts it among the likely findings, whatever its severity.
    pub(crate) fn likely(self) -> Self {
        Self { certainty: Certainty::Likely, ..self }
    }

    /// Sorts it last.
    pub(crate) fn aside(self) -> Self {
        Self { certainty: Certainty::Aside, ..self }
    }

    /// Sorts it after the likely findings.
    pub(crate) fn possible(self) -> Self {
        Self { certainty: Certainty::Possible, ..self }
    }

    /// Records that its texts name one of the person's roles, groups or permissions.
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
