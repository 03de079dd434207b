//! Clerk. An OAuth application never gets the roles in an organization; it does get metadata.

use super::Definition;
use super::knowledge::{ClaimMark, Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "clerk",
        name: "Clerk",
        claim_marks: &[&[ClaimMark::Text("sid", "sess_"), ClaimMark::Has("azp")]],
        hosts: &[".clerk.accounts.dev"],
        marks: &[
            Mark::Ends("authorization_endpoint", "/oauth/authorize"),
            Mark::Ends("introspection_endpoint", "/oauth/token_info"),
        ],
        scopes_for: &[ScopeFor { kind: Kind::Role, scope: "public_metadata", unlisted: false }],
        never: Some("Clerk never gives an application’s tokens the roles in an organization"),
        organizations: true,
        send: "Roles in an organization never reach an OAuth application. Write a role into the person’s public_metadata, and let the application have the scope public_metadata.",
        assign: "Write the role into the person’s public_metadata.",
        refused_scope: "Take the scope out of the profile’s scopes, or add it to the OAuth application.",
        public_client: "Turn on Public at the OAuth application.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
