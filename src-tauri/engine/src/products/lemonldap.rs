//! `LemonLDAP::NG`. Groups are one text joined by semicolons, unless set to array; a refused person is not redirected back.

use super::Definition;
use super::knowledge::{Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "lemonldap",
        name: "LemonLDAP::NG",
        marks: &[
            Mark::Ends("authorization_endpoint", "/oauth2/authorize"),
            Mark::Ends("jwks_uri", "/oauth2/jwks"),
            Mark::Ends("end_session_endpoint", "/oauth2/logout"),
        ],
        scopes_for: &[ScopeFor { kind: Kind::Group, scope: "groups", unlisted: false }],
        send: "Export the attribute groups to the relying party. For the ID token turn on Force claims in ID token.",
        into_id_token: "Turn on Force claims in ID token at the relying party.",
        several_values: Some("Set the claim’s type to array “always” at the relying party’s exported attributes."),
        allow_refresh: "Turn on Allow offline access at the relying party’s options.",
        admit: "An access rule of the relying party keeps the person out; LemonLDAP::NG shows that on a page of its own.",
        public_client: "Turn on Public client at the relying party’s security options.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
