use super::Missing;
use crate::config::{Confidence, Profile};
use crate::findings::{Evidence, Finding, findings};
use crate::history::Change;
use crate::identity::{Directory, Entitlements};
use crate::ports::Timestamp;
use crate::session::SessionSummary;

/// A session as the command line shows it: all that `status`, `roles` and `refresh` print.
///
/// Values are as the provider and the profile write them, because scripts compare them; code that prints them for people
/// cleans them first.
#[derive(Clone, Debug)]
pub struct SessionReport {
    /// The profile's name.
    pub profile: String,
    /// The issuer.
    pub issuer: String,
    /// Its host, port included where it is not the usual one.
    pub host: String,
    /// The client ID.
    pub client_id: String,
    /// The provider's product and by what it was recognised, in words; `None` where it was not.
    pub product: Option<String>,
    /// The subject.
    pub subject: String,
    /// The person's name.
    pub name: String,
    /// The email address.
    pub email: Option<String>,
    /// Whether the provider vouches for it.
    pub email_verified: Option<bool>,
    /// When the access token ends; `None` when the provider did not say.
    pub expires_at: Option<Timestamp>,
    /// When roles and groups were last read.
    pub refreshed_at: Timestamp,
    /// Whether the provider gave a refresh token.
    pub has_refresh_token: bool,
    /// What the last refresh changed.
    pub changes: Vec<Change>,
    /// Roles, groups, permissions.
    pub entitlements: Entitlements,
    /// How far the provider's own directory could be asked; `None` where nobody asked it.
    pub directory: Option<Directory>,
    /// Values the person may have set themself; nothing relies on them.
    pub self_asserted: Entitlements,
    /// Expected by the profile and not received.
    pub missing: Vec<Missing>,
    /// What is missing or odd.
    pub findings: Vec<Finding>,
}

impl SessionReport {
    /// The report of this profile's session at the time `now`.
    #[must_use]
    pub fn of(profile: &Profile, summary: &SessionSummary, now: Timestamp) -> Self {
        Self::with_directory(profile, summary, None, now)
    }

    /// The same with what the provider's own directory said, where it was asked: it is one more source then.
    #[must_use]
    pub fn with_directory(
        profile: &Profile,
        summary: &SessionSummary,
        directory: Option<&Directory>,
        now: Timestamp,
    ) -> Self {
        let identity = &summary.identity;
        let evidence = Evidence::of(profile, summary, now).with_directory(directory);
        let entitlements = &identity.entitlements;
        let missing = evidence.expected_missing().map(|(kind, value)| Missing { kind, value: value.to_owned() });
        let recognised = summary.product.as_ref().filter(|it| it.confidence != Confidence::Unknown);
        let product = recognised.map(|it| {
            let likely = if it.confidence == Confidence::Likely { "likely " } else { "" };
            format!("{likely}{} ({})", it.product.label(), it.reason)
        });
        Self {
            profile: profile.name.to_string(),
            issuer: profile.issuer.as_str().to_owned(),
            host: profile.issuer.host(),
            client_id: profile.client_id.clone(),
            product,
            subject: identity.subject.clone(),
            name: identity.name.clone(),
            email: identity.email.clone(),
            email_verified: identity.email_verified,
            expires_at: summary.expires_at,
            refreshed_at: summary.refreshed_at,
            has_refresh_token: summary.has_refresh_token,
            changes: summary.changes.clone(),
            entitlements: directory.map_or_else(|| entitlements.clone(), |asked| entitlements.with_directory(asked)),
            directory: directory.cloned(),
            self_asserted: identity.self_asserted.clone(),
            missing: missing.collect(),
            findings: findings(&evidence),
        }
    }
}
