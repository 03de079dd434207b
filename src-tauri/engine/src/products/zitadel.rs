//! ZITADEL. Roles of a project are an object keyed by role, then by the organization that granted it.

use super::Definition;
use super::knowledge::{ClaimMark, Guide, Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "zitadel",
        name: "ZITADEL",
        claim_marks: &[&[ClaimMark::Begins("urn:zitadel:iam:")]],
        secret_length: 48,
        hosts: &[".zitadel.cloud"],
        marks: &[
            Mark::Ends("authorization_endpoint", "/oauth/v2/authorize"),
            Mark::Ends("token_endpoint", "/oauth/v2/token"),
        ],
        any_port: true,
        issuer_form: |_, url| Ok(url.origin().ascii_serialization()),
        userinfo_only: true,
        // Reserved scopes work at every ZITADEL although scopes_supported lists none of them.
        scopes_for: &[ScopeFor { kind: Kind::Role, scope: "urn:zitadel:iam:org:projects:roles", unlisted: true }],
        send: "Turn on Assert Roles on Authentication in the project, and User Roles Inside ID Token in the application’s token settings. \
               The person also needs an authorization (role) in that project.",
        into_id_token: "Turn on User Roles Inside ID Token in the application’s token settings.",
        assign: "Give the person a role in the project, at Projects › the project › Authorizations.",
        allow_scope: "Turn on Assert Roles on Authentication in the project as well.",
        public_client: "Choose the application type Native, with the authentication method None.",
        guide: Some(Guide {
            monogram: "Z",
            tile: "Instance domain",
            issuer: ["Instance domain", "acme-ab12cd.zitadel.cloud", "Or the domain of your own ZITADEL."],
            client_id_where: "Projects › your project › your application › Client ID. The application’s type is Native.",
            audience: None,
            redirects_where: "Projects › your project › your application › Redirect Settings. ZITADEL lets any port of this computer through.",
            registers_redirects: true,
        }),
        ..Knowledge::GENERIC
    },
    rules: &[],
};
