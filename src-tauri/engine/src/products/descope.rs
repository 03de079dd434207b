//! Descope. Roles belong to the project or to a tenant; userinfo has the current ones.

use super::Definition;
use super::knowledge::{ChangesCome, ClaimMark, Knowledge};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "descope",
        name: "Descope",
        claim_marks: &[&[ClaimMark::Has("drn")]],
        hosts: &[".descope.com"],
        changes_come: ChangesCome::WithRefresh,
        send: "Give the person a role, in the project or in a tenant. Userinfo has the current ones.",
        assign: "Give the person a role, in the project or in a tenant.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
