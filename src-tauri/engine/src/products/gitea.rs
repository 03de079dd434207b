//! Gitea and Forgejo. Groups are organizations, and `organization:team` for teams.

use super::Definition;
use super::knowledge::{ChangesCome, Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "gitea",
        name: "Gitea",
        marks: &[
            Mark::Ends("authorization_endpoint", "/login/oauth/authorize"),
            Mark::Ends("jwks_uri", "/login/oauth/keys"),
        ],
        // Gitea does not know offline_access; it issues a refresh token without it.
        scopes: "openid profile email",
        scopes_for: &[ScopeFor { kind: Kind::Group, scope: "groups", unlisted: false }],
        changes_come: ChangesCome::WithRefresh,
        send: "Gitea sends the organizations and teams a person is in, as organization and organization:team. Add the person to a team of an organization.",
        assign: "Add the person to a team (the organization › Teams).",
        public_client: "Untick Confidential Client at Settings › Applications › your application.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
