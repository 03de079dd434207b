use super::{Evidence, Finding, Severity, in_words};
use crate::config::ProviderKind;
use crate::identity::{DocumentKind, DocumentState};

/// The access token is not a JWT, so what it carries can't be shown. That is the provider's right (RFC 6749 section 1.4).
pub(super) fn rule(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(report) = evidence.report(DocumentKind::AccessToken) else { return Vec::new() };
    if report.state != DocumentState::Opaque {
        return Vec::new();
    }
    let for_want_of_audience = evidence.provider() == ProviderKind::Auth0 && evidence.profile.audience.is_none();
    let mut seen = vec![in_words(report)];
    if for_want_of_audience {
        seen.push("No API audience was asked for".into());
    }
    let fix = for_want_of_audience.then(|| {
        "Put the identifier of your API (Applications › APIs) into the profile as its audience and sign in again: Auth0 then gives a JWT. \
         Permissions come with it when that API has RBAC and Add Permissions in the Access Token turned on."
            .to_owned()
    });
    vec![Finding {
        code: "access_token_opaque".into(),
        severity: Severity::Info,
        title: "The access token can’t be read, so nothing in it is shown".into(),
        evidence: seen,
        fix,
        snippet: None,
    }]
}
