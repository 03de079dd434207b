//! Frontegg. A template decides which claims the token has.

use super::Definition;
use super::knowledge::{ChangesCome, Knowledge};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "frontegg",
        name: "Frontegg",
        hosts: &[".frontegg.com"],
        changes_come: ChangesCome::WithSignIn,
        send: "Add roles and permissions to the JWT template (Token management › Claims), then sign in again.",
        assign: "Assign the role to the person under Users.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
