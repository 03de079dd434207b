//! Dex. Groups come from the connector the person signs in through.

use super::Definition;
use super::knowledge::{Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "dex",
        name: "Dex",
        issuer_shape: |url| url.path().trim_end_matches('/').ends_with("/dex"),
        marks: &[
            Mark::Ends("authorization_endpoint", "/auth"),
            Mark::Ends("jwks_uri", "/keys"),
            Mark::Ends("device_authorization_endpoint", "/device/code"),
        ],
        scopes_for: &[ScopeFor { kind: Kind::Group, scope: "groups", unlisted: false }],
        send: "Dex sends groups where its connector reads them (LDAP group search, GitHub teams, …): check the connector’s settings, and that the person is in a group there.",
        assign: "Add the person to a group where the connector reads them (the directory, the GitHub team, …).",
        allow_refresh: "In Dex the connector has to support refresh, and the client must be asked for offline_access.",
        public_client: "Set public: true for the client in Dex’s configuration.",
        directory: "Dex keeps no directory: groups come from the connector at sign-in. Sign in again, and ask whoever runs the directory behind it.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
