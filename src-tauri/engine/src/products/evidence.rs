//! The evidence that findings are made from.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::knowledge::Knowledge;
use crate::history::{Became, Change};
use crate::identity::{
    Assigned, Assignment, ClaimPath, Directory, DocumentKind, DocumentReport, DocumentState, Entitlement, Facts,
    Identity, Kind,
};
use crate::ports::Timestamp;
use crate::receivers::Receiver;
use crate::text::{clean_line, visible};

/// A pure function from evidence to at most one finding.
pub(crate) type Rule = fn(&Evidence<'_>) -> Option<Finding>;

/// One role, group or permission somebody asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name, as the person typed it.
    pub value: String,
    /// Its kind, where the person gave one.
    pub kind: Option<Kind>,
}

/// What the profile requests from the provider, and what it expects in the answer.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The profile's name.
    pub profile: &'a str,
    /// The issuer, byte for byte.
    pub issuer: &'a str,
    /// The client ID.
    pub client_id: &'a str,
    /// The scopes asked for.
    pub scopes: &'a [String],
    /// The API audience asked for.
    pub audience: Option<&'a str>,
    /// Further parameters of the authorization request.
    pub params: &'a BTreeMap<String, String>,
    /// Claims to read besides the known ones.
    pub claims: &'a [ClaimPath],
    /// Roles the person expects to have.
    pub expected_roles: &'a [String],
    /// Groups the person expects to be in.
    pub expected_groups: &'a [String],
    /// Whether consent was asked for.
    pub ask_consent: bool,
    /// Whether it is known what was requested; `false` for pasted documents.
    pub known: bool,
}

/// The evidence that findings are made from.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// What was requested, and what is expected.
    pub request: Request<'a>,
    /// The product, where that is certain; otherwise [`Knowledge::GENERIC`].
    pub product: &'static Knowledge,
    /// The person's entitlements, as read.
    pub identity: &'a Identity,
    /// The scope granted, where the provider said (RFC 6749 section 5.1).
    pub granted: Option<&'a str>,
    /// The scopes the provider says it knows; empty when it does not say.
    pub scopes_supported: &'a [String],
    /// Whether `offline_access` was asked for and no refresh token came.
    pub refresh_token_withheld: bool,
    /// What the last refresh changed.
    pub changes: &'a [Change],
    /// What a receiver read in the token, where one was asked.
    pub receiver: Option<&'a Receiver>,
    /// When roles and groups were last read.
    pub refreshed_at: Timestamp,
    /// The current time.
    pub now: Timestamp,
    /// The entitlement the person asks about; `None` for everything.
    pub wanted: Option<&'a Wanted>,
    /// What the provider's own directory said, where it was asked. `identity` is what the documents carry, without it.
    pub directory: Option<&'a Directory>,
    /// Set when the question is about a person other than the one who is signed in.
    pub about_somebody_else: bool,
}

impl<'a> Evidence<'a> {
    /// The same evidence, asked about one role, group or permission.
    #[must_use]
    pub fn about(self, wanted: &'a Wanted) -> Self {
        Self { wanted: Some(wanted), ..self }
    }

    /// The same evidence, with the directory's answer.
    #[must_use]
    pub fn with_directory(self, directory: Option<&'a Directory>) -> Self {
        Self { directory, ..self }
    }

    /// Whether something of this kind is missing: the one asked about, an expected one, or everything there could be.
    pub(crate) fn lacks(&self, kind: Kind) -> bool {
        self.misses(kind) || (self.wanted.is_none() && self.has_nothing())
    }

    /// Whether one that was named, by question or profile, is missing.
    pub(crate) fn misses(&self, kind: Kind) -> bool {
        match self.wanted {
            Some(wanted) => wanted.kind.is_none_or(|asked| asked == kind) && self.found(wanted).is_empty(),
            None => self.expected_missing().any(|(missing, _)| missing == kind),
        }
    }

    pub(crate) fn misses_any(&self) -> bool {
        Kind::ALL.into_iter().any(|kind| self.misses(kind))
    }

    pub(crate) fn lacks_any(&self) -> bool {
        Kind::ALL.into_iter().any(|kind| self.lacks(kind))
    }

    /// Whether nothing of this kind was received except what everybody has.
    pub(crate) fn has_none(&self, kind: Kind) -> bool {
        self.identity.entitlements.beyond_defaults(kind).next().is_none()
    }

    /// Whether no role, group or permission was received except what everybody has.
    pub(crate) fn has_nothing(&self) -> bool {
        Kind::ALL.into_iter().all(|kind| self.has_none(kind))
    }

    /// The expected entitlements that are missing.
    pub fn expected_missing(&self) -> impl Iterator<Item = (Kind, &'a str)> {
        let entitlements = &self.identity.entitlements;
        let roles = self.request.expected_roles.iter().map(|value| (Kind::Role, value.as_str()));
        let groups = self.request.expected_groups.iter().map(|value| (Kind::Group, value.as_str()));
        let read = self.anything_read();
        roles.chain(groups).filter(move |(kind, value)| read && !entitlements.has(*kind, &visible(value, 1000)))
    }

    /// The entries for the entitlement asked about; empty where no document carries it.
    #[must_use]
    pub fn found(&self, wanted: &Wanted) -> Vec<(Kind, &'a Entitlement)> {
        let value = visible(&wanted.value, 1000);
        let all = self.identity.entitlements.iter();
        all.filter(|(kind, found)| wanted.kind.is_none_or(|asked| asked == *kind) && found.value == value).collect()
    }

    /// What the directory says of the one asked about; `None` where nothing was asked.
    pub(crate) fn assignment(&self) -> Option<Assignment<'a>> {
        let wanted = self.wanted?;
        Some(self.directory?.assignment(wanted.kind, &visible(&wanted.value, 1000)))
    }

    /// The entitlement asked about, where the directory has it assigned and no document carries it.
    pub(crate) fn assigned_and_missing(&self) -> Option<(&'a Wanted, &'a Assigned)> {
        let wanted = self.wanted.filter(|wanted| self.found(wanted).is_empty())?;
        match self.assignment()? {
            // A document may spell it differently.
            Assignment::Assigned(assigned) if !self.carries(assigned) => Some((wanted, assigned)),
            _ => None,
        }
    }

    fn carries(&self, assigned: &Assigned) -> bool {
        self.identity.entitlements.of(assigned.kind).iter().any(|one| assigned.is(&one.value))
    }

    /// The person it is about, as it reads after "assigned to".
    pub(crate) fn whom(&self) -> String {
        if self.about_somebody_else { clean_line(&self.identity.name) } else { "you".to_owned() }
    }

    /// The person it is about, at the beginning of a sentence.
    pub(crate) fn whom_is(&self) -> String {
        if self.about_somebody_else { format!("{} is", clean_line(&self.identity.name)) } else { "You are".to_owned() }
    }

    pub(crate) fn report(&self, document: DocumentKind) -> Option<&'a DocumentReport> {
        self.identity.documents.iter().find(|report| report.document == document)
    }

    /// The claims of a document that was read.
    pub(crate) fn facts(&self, document: DocumentKind) -> Option<&'a Facts> {
        self.report(document).filter(|report| report.state == DocumentState::Read).map(|report| &report.facts)
    }

    /// The claims of each document that was read.
    pub(crate) fn all_facts(&self) -> impl Iterator<Item = (DocumentKind, &'a Facts)> {
        let read = self.identity.documents.iter().filter(|report| report.state == DocumentState::Read);
        read.map(|report| (report.document, &report.facts))
    }

    /// The first document that has a claim, with the claim's value quoted.
    pub(crate) fn quoted(&self, claim: &str) -> Option<(DocumentKind, &'a str)> {
        self.all_facts().find_map(|(document, facts)| Some((document, facts.quoted(claim)?)))
    }

    /// Whether any document that was read has this claim at its root.
    pub(crate) fn any_has(&self, claim: &str) -> bool {
        self.all_facts().any(|(_, facts)| facts.has(claim))
    }

    /// Whether any document could be read; otherwise nothing can be said to be missing.
    pub(crate) fn anything_read(&self) -> bool {
        self.all_facts().next().is_some()
    }

    pub(crate) fn asked_for(&self, scope: &str) -> bool {
        self.request.scopes.iter().any(|asked| asked == scope)
    }

    pub(crate) fn vanished(&self) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().filter(|change| change.change == Became::ClaimVanished)
    }

    /// One line for each document that was requested.
    #[must_use]
    pub fn looked_at(&self) -> Vec<String> {
        self.identity.documents.iter().map(describe).collect()
    }

    /// The requested scopes, in one line.
    pub(crate) fn asked_line(&self) -> String {
        format!("Asked for: {}", clean_line(&self.request.scopes.join(" ")))
    }

    /// The issuer's host, with its port where that is not the usual one.
    pub(crate) fn host(&self) -> &'a str {
        let rest = self.request.issuer.split_once("://").map_or(self.request.issuer, |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// `too_many` groups for a token, as Entra ID tells it: a pointer (OpenID Connect Core section 5.6.2) or a flag.
    pub(crate) fn overage(&self) -> Option<(DocumentKind, String)> {
        let pointer = self.quoted("_claim_names").filter(|(_, names)| names.contains("groups"));
        let flag = self.quoted("hasgroups").filter(|(_, value)| value.to_lowercase().contains("true"));
        match (pointer, flag) {
            (Some((document, names)), _) => Some((document, format!("_claim_names: {}", clean_line(names)))),
            (None, Some((document, _))) => Some((document, "hasgroups: true".to_owned())),
            (None, None) => None,
        }
    }
}

pub(crate) const fn document_name(document: DocumentKind) -> &'static str {
    match document {
        DocumentKind::IdToken => "ID token",
        DocumentKind::AccessToken => "Access token",
        DocumentKind::Userinfo => "Userinfo",
        DocumentKind::Introspection => "Introspection",
        DocumentKind::Directory => "Directory",
    }
}

pub(crate) fn describe(report: &DocumentReport) -> String {
    let document = document_name(report.document);
    let text = match report.state {
        DocumentState::Read if report.claims == 1 => format!("{document}: read, 1 claim"),
        DocumentState::Read => format!("{document}: read, {} claims", report.claims),
        DocumentState::Opaque => format!("{document}: can’t be read, it is not a JWT"),
        DocumentState::Encrypted => format!("{document}: can’t be read, it is encrypted for somebody else"),
        DocumentState::Absent => format!("{document}: the provider gave none"),
        DocumentState::Failed => format!("{document}: asking for it failed"),
    };
    match &report.reason {
        Some(reason) => format!("{text} ({})", clean_line(reason)),
        None => text,
    }
}

/// How something is assigned, as a line of evidence.
pub(crate) fn how_assigned(assigned: &Assigned) -> String {
    let at = assigned.context.as_ref().map_or_else(String::new, |context| format!(" at {}", clean_line(context)));
    match &assigned.through {
        Some(through) => format!("Directory: assigned through {}{at}", through.words()),
        None => format!("Directory: assigned{at}"),
    }
}

pub(crate) fn path_text(path: &[String]) -> String {
    clean_line(&path.join(" › "))
}
