use serde_json::{Map, Value};

use super::{DocumentKind, Identity, Verified};

/// One answer of the provider, with the claims at its root.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Which document.
    pub document: DocumentKind,
    /// Its claims.
    pub claims: Map<String, Value>,
    /// How it was checked.
    pub verified: Verified,
}

/// All answers of one sign-in or refresh.
#[derive(Clone, Debug)]
pub struct Answers {}

/// Builds the identity.
#[must_use]
pub fn identity_from(_answers: &Answers) -> Identity {
    todo!()
}
