use crate::config::{Product, Profile, Recognition};
use crate::history::{Became, Change};
use crate::identity::{DocumentKind, DocumentReport, DocumentState, Entitlement, Facts, Identity, Kind};
use crate::ports::Timestamp;
use crate::session::SessionSummary;
use crate::text::{clean_line, visible};

/// One role, group or permission somebody asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name as the person wrote it.
    pub value: String,
    /// What it is, where they said.
    pub kind: Option<Kind>,
}

/// What findings are made from.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// What was asked for, and what is expected.
    pub profile: &'a Profile,
    /// Which product it is.
    pub product: Product,
    /// What came.
    pub identity: &'a Identity,
    /// The scope granted, where the provider said (RFC 6749 section 5.1).
    pub granted: Option<&'a str>,
    /// The scopes the provider says it knows; empty when it does not say.
    pub scopes_supported: &'a [String],
    /// Whether `offline_access` was asked for and no refresh token came.
    pub refresh_token_withheld: bool,
    /// What the last refresh changed.
    pub changes: &'a [Change],
    /// When roles and groups were last read.
    pub refreshed_at: Timestamp,
    /// When this is asked.
    pub now: Timestamp,
    /// What the person asks about; `None` for everything.
    pub wanted: Option<&'a Wanted>,
}

impl<'a> Evidence<'a> {
    /// The evidence of a session.
    #[must_use]
    pub fn of(profile: &'a Profile, summary: &'a SessionSummary, now: Timestamp) -> Self {
        let told = summary.product.as_ref().map(|it: &Recognition| it.product);
        Self {
            profile,
            product: profile.provider.or(told).unwrap_or_else(|| profile.product()),
            identity: &summary.identity,
            granted: summary.granted.as_deref(),
            scopes_supported: &summary.scopes_supported,
            refresh_token_withheld: summary.refresh_token_withheld,
            changes: &summary.changes,
            refreshed_at: summary.refreshed_at,
            now,
            wanted: None,
        }
    }

    /// The same, about one role, group or permission.
    #[must_use]
    pub fn about(self, wanted: &'a Wanted) -> Self {
        Self { wanted: Some(wanted), ..self }
    }

    /// Whether something of this kind is missing: the one asked about, an expected one, or everything there could be.
    pub(super) fn lacks(&self, kind: Kind) -> bool {
        self.misses(kind) || (self.wanted.is_none() && self.has_nothing())
    }

    /// Whether one that was named, by question or profile, is missing.
    pub(super) fn misses(&self, kind: Kind) -> bool {
        match self.wanted {
            Some(wanted) => wanted.kind.is_none_or(|asked| asked == kind) && self.found(wanted).is_empty(),
            None => self.expected_missing().any(|(missing, _)| missing == kind),
        }
    }

    pub(super) fn lacks_any(&self) -> bool {
        Kind::ALL.into_iter().any(|kind| self.lacks(kind))
    }

    /// Nothing of this kind came but what everybody has.
    pub(super) fn has_none(&self, kind: Kind) -> bool {
        self.identity.entitlements.beyond_defaults(kind).next().is_none()
    }

    /// No role, group or permission came but what everybody has.
    pub(super) fn has_nothing(&self) -> bool {
        Kind::ALL.into_iter().all(|kind| self.has_none(kind))
    }

    /// Expected and not there.
    pub fn expected_missing(&self) -> impl Iterator<Item = (Kind, &'a str)> {
        let (expect, entitlements) = (&self.profile.expect, &self.identity.entitlements);
        let roles = expect.roles.iter().map(|value| (Kind::Role, value.as_str()));
        let groups = expect.groups.iter().map(|value| (Kind::Group, value.as_str()));
        let read = self.anything_read();
        roles.chain(groups).filter(move |(kind, value)| read && !entitlements.has(*kind, &visible(value, 1000)))
    }

    /// Where the one asked about stands.
    #[must_use]
    pub fn found(&self, wanted: &Wanted) -> Vec<(Kind, &'a Entitlement)> {
        let value = visible(&wanted.value, 1000);
        let all = self.identity.entitlements.iter();
        all.filter(|(kind, found)| wanted.kind.is_none_or(|asked| asked == *kind) && found.value == value).collect()
    }

    /// Some that differ only in case or in what stands before the last slash, or are the same but of another kind.
    #[must_use]
    pub fn alike(&self, wanted: &Wanted) -> Vec<(Kind, &'a Entitlement)> {
        let leaf = |text: &str| text.rsplit(['/', ':']).next().unwrap_or_default().trim().to_lowercase();
        let name = leaf(&wanted.value);
        let exact = visible(&wanted.value, 1000);
        let all = self.identity.entitlements.iter();
        let other = |kind: Kind| wanted.kind.is_some_and(|asked| asked != kind);
        all.filter(|(kind, found)| leaf(&found.value) == name && (found.value != exact || other(*kind)))
            .take(5)
            .collect()
    }

    pub(super) fn report(&self, document: DocumentKind) -> Option<&'a DocumentReport> {
        self.identity.documents.iter().find(|report| report.document == document)
    }

    /// What stood in a document that was read.
    pub(super) fn facts(&self, document: DocumentKind) -> Option<&'a Facts> {
        self.report(document).filter(|report| report.state == DocumentState::Read).map(|report| &report.facts)
    }

    /// What stood in each document that was read.
    pub(super) fn all_facts(&self) -> impl Iterator<Item = (DocumentKind, &'a Facts)> {
        let read = self.identity.documents.iter().filter(|report| report.state == DocumentState::Read);
        read.map(|report| (report.document, &report.facts))
    }

    /// The first document in which a claim stood, with its quoted value.
    pub(super) fn quoted(&self, claim: &str) -> Option<(DocumentKind, &'a str)> {
        self.all_facts().find_map(|(document, facts)| Some((document, facts.quoted(claim)?)))
    }

    /// Whether anything could be read at all; without that nothing can be said to be missing.
    pub(super) fn anything_read(&self) -> bool {
        self.all_facts().next().is_some()
    }

    pub(super) fn asked_for(&self, scope: &str) -> bool {
        self.profile.scopes.has(scope)
    }

    pub(super) fn vanished(&self) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().filter(|change| change.change == Became::ClaimVanished)
    }

    /// One line for each document that was looked at.
    #[must_use]
    pub fn looked_at(&self) -> Vec<String> {
        self.identity.documents.iter().map(describe).collect()
    }

    pub(super) fn asked_line(&self) -> String {
        format!("Asked for: {}", clean_line(&self.profile.scopes.to_string()))
    }
}

pub(super) const fn document_name(document: DocumentKind) -> &'static str {
    match document {
        DocumentKind::IdToken => "ID token",
        DocumentKind::AccessToken => "Access token",
        DocumentKind::Userinfo => "Userinfo",
        DocumentKind::Introspection => "Introspection",
    }
}

pub(super) fn describe(report: &DocumentReport) -> String {
    let document = document_name(report.document);
    match report.state {
        DocumentState::Read if report.claims == 1 => format!("{document}: read, 1 claim"),
        DocumentState::Read => format!("{document}: read, {} claims", report.claims),
        DocumentState::Opaque => format!("{document}: can’t be read, it is not a JWT"),
        DocumentState::Encrypted => format!("{document}: can’t be read, it is encrypted for somebody else"),
        DocumentState::Absent => format!("{document}: the provider gave none"),
        DocumentState::Failed => format!("{document}: asking for it failed"),
    }
}

pub(super) fn path_text(path: &[String]) -> String {
    clean_line(&path.join(" › "))
}
