use serde::Serialize;

use super::{Evidence, Finding, Names, findings, report};
use crate::identity::{Directory, Entitlement, Kind};
use crate::receivers::Receiver;

/// The answer to "why isn't it here?".
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Why {
    /// What was asked about; `None` for everything.
    pub wanted: Option<String>,
    /// What it is, where the person said.
    pub kind: Option<Kind>,
    /// Whether it is here after all.
    pub present: bool,
    /// Where it is.
    pub found: Vec<Found>,
    /// What comes close, the closest first.
    pub alike: Vec<Found>,
    /// One line for each document that was looked at.
    pub looked_at: Vec<String>,
    /// How many claims they had.
    pub claims: usize,
    /// What explains it: what the answers prove first, then what is likely.
    pub findings: Vec<Finding>,
    /// What could be the cause and is not, a few words each.
    pub ruled_out: Vec<String>,
    /// How far the provider's own directory could be asked; `None` where nobody asked it.
    pub directory: Option<Directory>,
    /// What a receiver made of the person; `None` where nobody asked one.
    pub receiver: Option<Receiver>,
    /// The same for the administrator, as Markdown, without a token.
    pub report: String,
}

/// One that is here.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// It, with its sources.
    #[serde(flatten)]
    pub entitlement: Entitlement,
}

/// Answers from what was read last, with a report that names no roles.
#[must_use]
pub fn why(evidence: &Evidence<'_>) -> Why {
    why_with(evidence, Names::Counted)
}

/// The same, with a report that names roles and groups where the person wants that.
#[must_use]
pub fn why_with(evidence: &Evidence<'_>, names: Names) -> Why {
    let list = |all: Vec<(Kind, &Entitlement)>| {
        all.into_iter().map(|(kind, found)| Found { kind, entitlement: found.clone() }).collect::<Vec<_>>()
    };
    let found = evidence.wanted.map(|wanted| list(evidence.found(wanted))).unwrap_or_default();
    let alike = evidence.wanted.filter(|_| found.is_empty()).map(|wanted| list(evidence.alike(wanted)));
    let findings = findings(evidence);
    Why {
        wanted: evidence.wanted.map(|wanted| wanted.value.clone()),
        kind: evidence.wanted.and_then(|wanted| wanted.kind),
        present: !found.is_empty(),
        found,
        alike: alike.unwrap_or_default(),
        looked_at: evidence.looked_at(),
        claims: evidence.identity.documents.iter().map(|report| report.claims).sum(),
        ruled_out: super::directory::ruled_out(evidence).0,
        directory: evidence.directory.cloned(),
        receiver: evidence.receiver.cloned(),
        report: report(evidence, &findings, names),
        findings,
    }
}
