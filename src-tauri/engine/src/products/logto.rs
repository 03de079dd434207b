//! Logto. Roles of organizations are sent as `organization:role`; times are in milliseconds.

use super::Definition;
use super::knowledge::{Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "logto",
        name: "Logto",
        hosts: &[".logto.app"],
        marks: &[
            Mark::Ends("authorization_endpoint", "/oidc/auth"),
            Mark::Ends("userinfo_endpoint", "/oidc/me"),
        ],
        scopes_for: &[
            ScopeFor { kind: Kind::Role, scope: "roles", unlisted: false },
            ScopeFor { kind: Kind::Role, scope: "urn:logto:scope:organization_roles", unlisted: false },
        ],
        organizations: true,
        send: "Assign the role under User management › the person › Roles, or in the organization for one that holds there.",
        assign: "Assign the role under User management › the person › Roles.",
        public_client: "Choose the application type Native app.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
