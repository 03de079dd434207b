//! APIs beside the protocol, scripted by a test: what a product's documents say it answers. A double, not the product.

/// An answer that a test ordered.
#[derive(Clone, Debug)]
pub struct Scripted {
    /// The status.
    pub status: u16,
    /// The body. `ORIGIN` in it stands for the provider's own origin, `TOKEN` for the token it was asked with.
    pub body: String,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u32>,
    /// `Location`.
    pub location: Option<String>,
    /// How long it takes, in milliseconds.
    pub takes: u64,
}

/// What an API was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCall {
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The scopes of the token it came with; `None` where the token is unknown.
    pub scope: Option<String>,
    /// The body.
    pub body: String,
}

impl Scripted {
    /// JSON with a status.
    #[must_use]
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self { status, body: body.to_string(), retry_after: None, location: None, takes: 0 }
    }

    /// Any text with a status of success.
    #[must_use]
    pub fn text(body: &str) -> Self {
        Self { status: 200, body: body.to_owned(), retry_after: None, location: None, takes: 0 }
    }
}
