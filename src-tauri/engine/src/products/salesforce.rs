//! Salesforce. Custom permissions are sent with their scope; a loopback address over http may be refused.

use super::Definition;
use super::knowledge::{Knowledge, Mark, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "salesforce",
        name: "Salesforce",
        hosts: &[".salesforce.com"],
        marks: &[
            Mark::Ends("authorization_endpoint", "/services/oauth2/authorize"),
            Mark::Ends("token_endpoint", "/services/oauth2/token"),
        ],
        // Salesforce calls the scope offline_access refresh_token.
        scopes: "openid profile email",
        scopes_for: &[ScopeFor { kind: Kind::Permission, scope: "custom_permissions", unlisted: false }],
        send: "Add custom attributes to the External Client App, or assign custom permissions to the person by a permission set.",
        assign: "Assign the permission set with the custom permission to the person.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
