//! Canaille. Groups are in userinfo, by their display names.

use super::Definition;
use super::knowledge::{Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "canaille",
        name: "Canaille",
        marks: &[
            Mark::Ends("authorization_endpoint", "/oauth/authorize"),
            Mark::Ends("jwks_uri", "/oauth/jwks.json"),
        ],
        // Canaille has no scope offline_access; it issues a refresh token without it.
        scopes: "openid profile email",
        userinfo_only: true,
        scopes_for: &[ScopeFor { kind: Kind::Group, scope: "groups", unlisted: false }],
        send: "Canaille sends the person’s groups in userinfo. Let the client have that scope, and add the person to a group.",
        assign: "Add the person to a group under Groups.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
