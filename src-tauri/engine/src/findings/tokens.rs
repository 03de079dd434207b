//! What the tokens as such show.

use super::evidence::describe;
use super::{Evidence, Finding};
use crate::config::Product;
use crate::identity::{DocumentKind, DocumentState, Kind};
use crate::text::clean_line;

/// Seconds after which what was read may well have changed.
const STALE: i64 = 300;

/// The access token is not a JWT, or encrypted, so what it carries can't be shown. That is the provider's right
/// (RFC 6749 section 1.4; diagnosis D3).
pub(super) fn unreadable(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(report) = evidence.report(DocumentKind::AccessToken) else { return Vec::new() };
    let code = match report.state {
        DocumentState::Opaque => "access_token_opaque",
        DocumentState::Encrypted => "access_token_encrypted",
        DocumentState::Read | DocumentState::Absent | DocumentState::Failed => return Vec::new(),
    };
    let mut finding =
        Finding::info(code, "The access token can’t be read, so nothing in it is shown").seen(describe(report));
    if evidence.product == Product::Auth0 && evidence.profile.audience.is_none() {
        finding = finding.seen("No API audience was asked for").fix(
            "Put the identifier of your API (Applications › APIs) into the profile as its audience and sign in again: Auth0 then gives a JWT. \
             Permissions come with it when that API has RBAC and Add Permissions in the Access Token turned on.",
        );
    }
    vec![finding]
}

/// `offline_access` was asked for and no refresh token came (OpenID Connect Core section 11).
pub(super) fn no_refresh_token(evidence: &Evidence<'_>) -> Vec<Finding> {
    if !evidence.refresh_token_withheld {
        return Vec::new();
    }
    let title = "The provider gave no refresh token, so this session ends with the access token";
    let mut finding = Finding::warning("offline_access_without_refresh_token", title)
        .seen("Asked for: offline_access")
        .seen("No refresh token came");
    if let Some(granted) = evidence.granted {
        finding = finding.seen(format!("Granted: {}", clean_line(granted)));
    }
    let mut fix = Vec::new();
    if evidence.profile.ask_consent {
        finding = finding.seen("Consent was asked for (prompt=consent)");
    } else {
        fix.push("Sign in again and let Rolecall ask for consent (prompt=consent): some providers give a refresh token only then.");
    }
    fix.push(where_to_allow_it(evidence.product));
    vec![finding.fix(fix.join(" "))]
}

const fn where_to_allow_it(product: Product) -> &'static str {
    match product {
        Product::Auth0 => {
            "In Auth0 tick Refresh Token at Applications › your app › Settings › Advanced › Grant Types; with an audience also turn on Allow Offline Access at Applications › APIs › your API › Settings."
        }
        Product::Keycloak => {
            "In Keycloak the client needs the client scope offline_access, and the person the role offline_access."
        }
        Product::Okta => "In Okta tick Refresh Token at Applications › your app › General › Grant type.",
        Product::Authentik => "In authentik add offline_access to the provider’s selected scopes.",
        _ => "At the provider, the client must be allowed the refresh token grant and the scope offline_access.",
    }
}

/// What is missing may have been given since this was read (diagnosis D14).
pub(super) fn stale(evidence: &Evidence<'_>) -> Vec<Finding> {
    let age = evidence.now.0.saturating_sub(evidence.refreshed_at.0);
    let misses = [Kind::Role, Kind::Group, Kind::Permission].into_iter().any(|kind| evidence.misses(kind));
    if age < STALE || !misses || !evidence.anything_read() {
        return Vec::new();
    }
    let fix = match evidence.product {
        Product::Firebase => "Refresh: changed claims come with the next ID token.",
        Product::Auth0 => {
            "Refresh: Actions run again then. Roles of the old Authorization Extension come with the next sign-in only."
        }
        _ => "Refresh. If it does not come, sign out and in again: some providers decide at sign-in only.",
    };
    let finding = Finding::info("stale", "It may have been given since this was read")
        .seen(format!("Read {} minutes ago", age / 60))
        .fix(fix);
    vec![finding]
}

/// As many groups as a limit lets through: there may be more (diagnosis D23).
pub(super) fn size(evidence: &Evidence<'_>) -> Vec<Finding> {
    let limit = match evidence.product {
        Product::Entra => 200,
        Product::Okta => 100,
        _ => return Vec::new(),
    };
    if evidence.identity.entitlements.groups.len() != limit {
        return Vec::new();
    }
    let missing = evidence.misses(Kind::Group);
    let title =
        format!("Exactly {limit} groups came, which is {}’s limit: there may be more", evidence.product.label());
    let finding = if missing { Finding::warning("size_limit", title) } else { Finding::info("size_limit", title) };
    vec![finding.seen(format!("Groups: {limit}")).fix("Have the claim filtered to the groups this application needs.")]
}
