//! Supabase Auth. The claim `role` is the database's role; application roles are in `app_metadata`.

use super::Definition;
use super::knowledge::{ChangesCome, ClaimMark, Knowledge, Mark};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "supabase",
        name: "Supabase",
        claim_marks: &[&[ClaimMark::Has("aal"), ClaimMark::Has("session_id"), ClaimMark::Has("app_metadata")]],
        hosts: &[".supabase.co"],
        marks: &[
            Mark::Ends("authorization_endpoint", "/auth/v1/oauth/authorize"),
            Mark::Ends("token_endpoint", "/auth/v1/oauth/token"),
        ],
        is_default: Some(|value, _| value == "authenticated"),
        never_in_userinfo: true,
        changes_come: ChangesCome::WithRefresh,
        send: "Write application roles into app_metadata on the server, or add them by a custom access token hook. The claim role names the database’s role only.",
        assign: "Supabase’s claim role names the database’s role. Write application roles into app_metadata on the server, or add them by a custom access token hook.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
