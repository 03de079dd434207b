//! Glewlwyd. Several values are one text with commas; access is granted by scope.

use super::Definition;
use super::knowledge::{Knowledge, Mark};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "glewlwyd",
        name: "Glewlwyd",
        marks: &[
            Mark::Contains("authorization_endpoint", "/api/"),
            Mark::Ends("authorization_endpoint", "/auth"),
            Mark::Ends("userinfo_endpoint", "/userinfo"),
            Mark::Ends("jwks_uri", "/jwks"),
        ],
        send: "Add roles or groups as an additional property or claim of the client’s plugin, as mandatory. Access itself goes by scope there.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};
