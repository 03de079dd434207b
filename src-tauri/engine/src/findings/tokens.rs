//! Rules about the tokens themselves.

use super::{Evidence, Finding};
use crate::identity::{DocumentKind, DocumentState, Kind};
use crate::products::{ChangesCome, describe};
use crate::text::clean_line;

/// Seconds after which what was read may well have changed.
const STALE: i64 = 300;

/// The access token is not a JWT, or encrypted, so what it carries can't be shown. That is the provider's right
/// (RFC 6749 section 1.4).
pub(super) fn unreadable(evidence: &Evidence<'_>) -> Option<Finding> {
    let report = evidence.report(DocumentKind::AccessToken)?;
    let code = match report.state {
        DocumentState::Opaque => "access_token_opaque",
        DocumentState::Encrypted => "access_token_encrypted",
        DocumentState::Read | DocumentState::Absent | DocumentState::Failed => return None,
    };
    let finding =
        Finding::info(code, "The access token can’t be read, so nothing in it is shown").seen(describe(report));
    Some(
        match evidence
            .product
            .readable_access_token
            .filter(|_| evidence.request.known && evidence.request.audience.is_none())
        {
            Some(fix) => finding.seen("No API audience was asked for").fix(fix),
            None => finding,
        },
    )
}

/// `offline_access` was asked for and no refresh token came (OpenID Connect Core section 11).
pub(super) fn no_refresh_token(evidence: &Evidence<'_>) -> Option<Finding> {
    if !evidence.refresh_token_withheld {
        return None;
    }
    let title = "The provider gave no refresh token, so this session ends with the access token";
    let mut finding = Finding::warning("offline_access_without_refresh_token", title)
        .seen("Asked for: offline_access")
        .seen("No refresh token came");
    if let Some(granted) = evidence.granted {
        finding = finding.seen(format!("Granted: {}", clean_line(granted)));
    }
    let mut fix = Vec::new();
    if evidence.request.ask_consent {
        finding = finding.seen("Consent was asked for (prompt=consent)");
    } else {
        fix.push("Sign in again and let Rolecall ask for consent (prompt=consent): some providers give a refresh token only then.");
    }
    if evidence.granted.is_some_and(|granted| granted.split_whitespace().any(|scope| scope == "offline_access")) {
        fix.push("The scope offline_access was granted, so what is missing is the client’s permission to refresh.");
    }
    fix.push(evidence.product.allow_refresh);
    Some(finding.fix(fix.join(" ")).possible())
}

/// The missing entitlement may have been assigned after the tokens were read.
pub(super) fn stale(evidence: &Evidence<'_>) -> Option<Finding> {
    let age = evidence.now.0.saturating_sub(evidence.refreshed_at.0);
    if age < STALE || !evidence.misses_any() || !evidence.anything_read() {
        return None;
    }
    let fix = match evidence.product.changes_come {
        ChangesCome::WithRefresh => "Refresh: what was given since comes with it.",
        ChangesCome::WithSignIn => {
            "Sign in again: this provider decides at sign-in what the tokens say, and a refresh repeats it."
        }
        ChangesCome::Unknown => {
            "Refresh. If it does not come, sign out and in again: some providers decide at sign-in only."
        }
    };
    let finding = Finding::info("stale", "It may have been given since this was read")
        .seen(if evidence.request.known {
            format!("Read {} minutes ago", age / 60)
        } else {
            match age {
                0..172_800 => format!("Made {} minutes ago", age / 60),
                _ => format!("Made {} days ago", age / 86_400),
            }
        })
        .fix(fix);
    Some(finding.possible())
}

/// As many groups as a limit lets through: there may be more.
pub(super) fn group_limit(evidence: &Evidence<'_>) -> Option<Finding> {
    let limit = evidence.product.group_limit?;
    if evidence.identity.entitlements.groups.len() != limit {
        return None;
    }
    let title = format!("Exactly {limit} groups came, which is {}’s limit: there may be more", evidence.product.name);
    let finding = if evidence.misses(Kind::Group) {
        Finding::warning("size_limit", title)
    } else {
        Finding::info("size_limit", title)
    };
    Some(finding.seen(format!("Groups: {limit}")).fix("Have the claim filtered to the groups this application needs."))
}
