//! `WorkOS` `AuthKit`. Roles are those of the organization signed in to.

use super::Definition;
use super::knowledge::Knowledge;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "workos",
        name: "WorkOS",
        hosts: &[".workos.com", ".authkit.app"],
        organizations: true,
        send: "WorkOS writes roles into session tokens of the chosen organization; an OAuth application of Connect gets none by itself. Add them to the JWT template.",
        assign: "Give the member a role in the organization.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
