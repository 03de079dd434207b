//! Ory Hydra and Ory Network. The consent application decides on the claims, once, when consent is given.

use super::Definition;
use super::knowledge::{ChangesCome, Knowledge, Mark};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "ory",
        name: "Ory",
        hosts: &[".oryapis.com"],
        marks: &[
            Mark::Ends("authorization_endpoint", "/oauth2/auth"),
            Mark::Ends("token_endpoint", "/oauth2/token"),
            Mark::Ends("jwks_uri", "/.well-known/jwks.json"),
        ],
        changes_come: ChangesCome::WithSignIn,
        send: "Have the consent application put them into the session: session.id_token for the ID token and userinfo, session.access_token for a JWT access token (under ext).",
        assign: "Give the person the role where the consent application reads it.",
        allow_refresh: "The client needs the grant refresh_token and the scope offline_access, and the consent application has to grant that scope.",
        public_client: "Set token_endpoint_auth_method to none for the client.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
