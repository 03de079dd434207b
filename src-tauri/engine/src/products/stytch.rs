//! Stytch. Roles are in the session object.

use super::Definition;
use super::knowledge::{ChangesCome, ClaimMark, Knowledge};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "stytch",
        name: "Stytch",
        claim_marks: &[&[ClaimMark::Has("https://stytch.com/session")]],
        hosts: &[".stytch.com"],
        changes_come: ChangesCome::WithSignIn,
        send: "Give the member a role under RBAC; the session’s roles come with the next sign-in.",
        assign: "Give the member a role under RBAC.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
