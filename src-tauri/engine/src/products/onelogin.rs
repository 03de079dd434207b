//! OneLogin. Groups are sent where the application's parameters map them.

use super::Definition;
use super::knowledge::{Knowledge, ScopeFor};
use crate::identity::Kind;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "onelogin",
        name: "OneLogin",
        hosts: &[".onelogin.com"],
        scopes_for: &[ScopeFor { kind: Kind::Group, scope: "groups", unlisted: false }],
        send: "Add groups to the application’s parameters (Applications › the app › Parameters).",
        assign: "Give the person the role at Users › the person › Applications.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
