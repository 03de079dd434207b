//! Casdoor. Access token and ID token are the same JWT; roles and permissions are objects, groups are `org/group`.

use super::Definition;
use super::knowledge::{Knowledge, Mark};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "casdoor",
        name: "Casdoor",
        marks: &[
            Mark::Ends("authorization_endpoint", "/login/oauth/authorize"),
            Mark::Ends("token_endpoint", "/api/login/oauth/access_token"),
        ],
        send: "Set the application’s token format to JWT, or add roles and groups to its token fields. With JWT-Empty or JWT-Standard none of them is sent.",
        assign: "Add the person to a role or group under Roles or Groups.",
        directory: "Casdoor is not known to tell more than userinfo does: refresh. The administrator sees them at Users › the person.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
