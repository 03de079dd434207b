//! A provider of no known product.

use super::Definition;
use super::knowledge::{Guide, Knowledge};

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "other",
        name: "Other",
        secret_length: 100,
        guide: Some(Guide {
            monogram: "…",
            tile: "Any OpenID issuer",
            issuer: ["Issuer", "https://id.example.org", "Or its discovery link. A slash at the end counts."],
            client_id_where: "Your administrator knows it. The client is public (native), with authorization code and PKCE.",
            audience: None,
            redirects_where: "Among the redirect URIs of the client. Every character counts.",
            registers_redirects: true,
        }),
        ..Knowledge::GENERIC
    },
    rules: &[],
};
