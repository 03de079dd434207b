//! FusionAuth. Roles are in the access token of people registered for the application.

use super::Definition;
use super::evidence::{Evidence, Rule};
use super::finding::Finding;
use super::knowledge::{ChangesCome, ClaimMark, Knowledge, Mark};
use crate::identity::DocumentKind;

const RULES: &[Rule] = &[registration];

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "fusionauth",
        name: "FusionAuth",
        claim_marks: &[&[ClaimMark::Has("applicationId"), ClaimMark::Has("authenticationType")]],
        hosts: &[".fusionauth.io"],
        marks: &[
            Mark::Ends("authorization_endpoint", "/oauth2/authorize"),
            Mark::Ends("userinfo_endpoint", "/oauth2/userinfo"),
            Mark::Ends("end_session_endpoint", "/oauth2/logout"),
            Mark::Ends("jwks_uri", "/.well-known/jwks.json"),
        ],
        changes_come: ChangesCome::WithRefresh,
        send: "FusionAuth writes roles into the access token of people registered for the application. Add the registration with its roles; for the ID token add a JWT populate lambda.",
        into_id_token: "Add a JWT populate lambda that copies the roles into the ID token, or have the application read the access token.",
        assign: "Add the role at Users › the person › Registrations › this application.",
        allow_refresh: "Tick Refresh Token under Enabled grants at the application’s OAuth settings, and ask for offline_access.",
        public_client: "Set Client authentication to Not required (with PKCE) at the application’s OAuth settings.",
        issuer_hint: "FusionAuth’s issuer is a setting of the tenant (General › Issuer), often a bare name: set it to the address of the provider.",
        ..Knowledge::GENERIC
    },
    rules: RULES,
};

/// FusionAuth gives roles only to people registered for the application.
fn registration(evidence: &Evidence<'_>) -> Option<Finding> {
    if !evidence.lacks_any() || evidence.facts(DocumentKind::AccessToken)?.has("applicationId") {
        return None;
    }
    let finding = Finding::warning("registration_missing", "The person is not registered for this application")
        .seen("Access token: no applicationId, which FusionAuth writes for registered people only")
        .fix(
            "In FusionAuth open Users › the person › Registrations, add this application with its roles, then refresh.",
        );
    Some(finding.proven())
}
