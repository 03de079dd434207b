use super::{Evidence, Request};
use crate::config::Profile;
use crate::identity::Identity;
use crate::ports::Timestamp;
use crate::session::SessionSummary;

impl<'a> Request<'a> {
    /// What a profile asks for.
    #[must_use]
    pub fn of(profile: &'a Profile) -> Self {
        Self {
            profile: profile.name.as_str(),
            issuer: profile.issuer.as_str(),
            client_id: &profile.client_id,
            scopes: profile.scopes.as_slice(),
            audience: profile.audience.as_deref(),
            params: &profile.params,
            claims: &profile.claims,
            expected_roles: &profile.expect.roles,
            expected_groups: &profile.expect.groups,
            ask_consent: profile.ask_consent,
            known: true,
        }
    }
}

impl<'a> Evidence<'a> {
    /// The evidence of a session.
    #[must_use]
    pub fn of(profile: &'a Profile, summary: &'a SessionSummary, now: Timestamp) -> Self {
        Self {
            product: profile.known_product(summary.product.as_ref()).knowledge(),
            granted: summary.granted.as_deref(),
            scopes_supported: &summary.scopes_supported,
            refresh_token_withheld: summary.refresh_token_withheld,
            changes: &summary.changes,
            refreshed_at: summary.refreshed_at,
            now,
            ..Self::of_identity(profile, &summary.identity)
        }
    }

    /// What is known when nothing but the answers is available: the product as the profile suggests it, nothing granted,
    /// read just now.
    #[must_use]
    pub fn of_identity(profile: &'a Profile, identity: &'a Identity) -> Self {
        Self {
            request: Request::of(profile),
            product: profile.product().knowledge(),
            identity,
            granted: None,
            scopes_supported: &[],
            refresh_token_withheld: false,
            changes: &[],
            receiver: None,
            refreshed_at: Timestamp(0),
            now: Timestamp(0),
            wanted: None,
            directory: None,
            about_somebody_else: false,
        }
    }
}
