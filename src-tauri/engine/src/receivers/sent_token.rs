//! What is in the token that was sent, as far as the receiver looks at it. Never the token itself.

use serde::Serialize;

use crate::ports::Timestamp;

/// A token a receiver was shown. Nothing of it is checked here: that is what the receiver does.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SentToken {
    /// Whether it can be read: a signed JWT.
    pub readable: bool,
    /// Who made it (`iss`).
    pub issuer: Option<String>,
    /// Whom it is about (`sub`).
    pub subject: Option<String>,
    /// Whom it is for (`aud`).
    pub audience: Vec<String>,
    /// When it ends (`exp`), POSIX seconds.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub expires_at: Option<Timestamp>,
    /// Before when it must not be taken (`nbf`), POSIX seconds.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub not_before: Option<Timestamp>,
    /// How it is signed (`alg` of its header).
    pub algorithm: Option<String>,
    /// Whether it is about the person of the profile: the same issuer and subject. `None` where that can't be read.
    pub same_person: Option<bool>,
    /// The texts at its root, by the name of their claim: what a user name may have been made from.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub(crate) texts: Vec<(String, String)>,
}
