//! Firebase. Custom claims are at the root of the ID token; a claim that is `true` is a role.

use super::Definition;
use super::knowledge::{ChangesCome, ClaimMark, Knowledge};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "firebase",
        name: "Firebase",
        claim_marks: &[&[ClaimMark::Has("firebase"), ClaimMark::Has("user_id")]],
        hosts: &["securetoken.google.com"],
        scopes: "openid profile email",
        changes_come: ChangesCome::WithRefresh,
        send: "Set custom claims with the Admin SDK (setCustomUserClaims). They come with the next ID token, so refresh after that.",
        assign: "Set the custom claim with the Admin SDK (setCustomUserClaims).",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
