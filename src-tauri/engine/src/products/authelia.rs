//! Authelia. Groups are in userinfo only, unless a claims policy says otherwise.

use super::Definition;
use super::knowledge::{Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "authelia",
        name: "Authelia",
        marks: &[
            Mark::Ends("authorization_endpoint", "/api/oidc/authorization"),
            Mark::Ends("token_endpoint", "/api/oidc/token"),
        ],
        userinfo_only: true,
        scopes_for: &[ScopeFor { kind: Kind::Group, scope: "groups", unlisted: false }],
        send: "Authelia sends the person’s groups in userinfo to clients whose scopes include groups in its configuration; \
               for the ID token add a claims policy with id_token: [groups].",
        into_id_token: "Add a claims policy with id_token: [groups] to the client in Authelia’s configuration, or have the application ask userinfo.",
        assign: "Add the person to a group in Authelia’s users file or directory.",
        allow_scope: "Add the scope to the client’s scopes in Authelia’s configuration.",
        allow_refresh: "In Authelia’s configuration the client needs the scope offline_access and the grant type refresh_token.",
        public_client: "Set public: true and token_endpoint_auth_method: none for the client in Authelia’s configuration.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
