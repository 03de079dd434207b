//! AD FS. Claims come by issuance rules of the web API that the parameter resource names.

use super::Definition;
use super::knowledge::{ClaimMark, Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "adfs",
        name: "AD FS",
        claim_marks: &[&[ClaimMark::Has("apptype"), ClaimMark::Has("appid"), ClaimMark::Has("authmethod")]],
        issuer_shape: |url| url.path().trim_end_matches('/').ends_with("/adfs"),
        marks: &[
            Mark::Contains("authorization_endpoint", "/adfs/oauth2/authorize"),
            Mark::Contains("token_endpoint", "/adfs/oauth2/token"),
        ],
        scopes_for: &[ScopeFor { kind: Kind::Role, scope: "allatclaims", unlisted: false }],
        never_in_userinfo: true,
        send: "Add an issuance rule for role or group claims to the web API, grant it the scope allatclaims, and send the API’s identifier as the parameter resource.",
        assign: "Have the administrator add the person to the group that the issuance rule reads.",
        several_values: Some("One value is a text here and several are a list; check the issuance rule that writes this claim."),
        ..Knowledge::GENERIC
    },
    rules: &[],
};
