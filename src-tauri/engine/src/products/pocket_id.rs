//! Pocket ID. Groups are sent with their scope; a client may be restricted to certain groups.

use super::Definition;
use super::knowledge::{Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "pocketid",
        name: "Pocket ID",
        marks: &[
            Mark::Ends("authorization_endpoint", "/authorize"),
            Mark::Ends("token_endpoint", "/api/oidc/token"),
            Mark::Ends("end_session_endpoint", "/api/oidc/end-session"),
        ],
        scopes_for: &[ScopeFor { kind: Kind::Group, scope: "groups", unlisted: false }],
        send: "Pocket ID sends the groups a person is in. Add the person to a group under Administration › User Groups; \
               roles of your own are custom claims of the person or of the group.",
        assign: "Add the person to a group under Administration › User Groups.",
        admit: "The client may be kept to certain groups: Administration › OIDC Clients › your client › Allowed User Groups.",
        public_client: "Turn on Public Client at Administration › OIDC Clients › your client.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
