use serde_json::{Map, Value};

use super::{Conventions, DocumentKind, DocumentState, Kind, Verified};
use crate::redact::Redactor;

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

/// A claim path named in a profile, and what it contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPath {
    /// The names from the root on; never split on dots.
    pub path: Vec<String>,
    /// What it contains.
    pub means: Kind,
}

/// All answers of one sign-in or refresh.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The issuer, byte for byte.
    pub issuer: String,
    /// The documents that could be read.
    pub answers: Vec<Answer>,
    /// Those that could not.
    pub unread: Vec<(DocumentKind, DocumentState)>,
    /// Why one of them could not, in a sentence, where that is known.
    pub reasons: Vec<(DocumentKind, String)>,
    /// How the provider's product writes values.
    pub conventions: Conventions,
    /// The tokens of this session: a value or name that repeats one is replaced (TK-2).
    pub redactor: Redactor,
    /// Claim paths to read besides the known ones.
    pub paths: Vec<ClaimPath>,
}
