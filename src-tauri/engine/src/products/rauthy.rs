//! Rauthy. Roles are always sent, groups with their scope; a refresh token must not be used before its `nbf`.

use super::Definition;
use super::knowledge::{ChangesCome, Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "rauthy",
        name: "Rauthy",
        marks: &[
            Mark::Ends("authorization_endpoint", "/oidc/authorize"),
            Mark::Ends("jwks_uri", "/oidc/certs"),
        ],
        scopes_for: &[ScopeFor { kind: Kind::Group, scope: "groups", unlisted: false }],
        changes_come: ChangesCome::WithRefresh,
        send: "Rauthy always writes the roles a person has. Give the person a role under Users, then refresh.",
        assign: "Give the person a role or group under Users › the person.",
        allow_scope: "Add the scope to the client’s allowed scopes (Clients › your client).",
        allow_refresh: "In Rauthy allow the flow refresh_token for the client (Clients › your client).",
        public_client: "Untick Confidential at Clients › your client.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
