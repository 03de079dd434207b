//! Secrets and the tokens of one session.
//!
//! A [`Secret`] is masked in `Debug` and `Display`, cannot be serialised, compared by `==` or cloned by accident into a
//! view, and is wiped when dropped. It is opened by [`Secret::expose`] alone, so a search for that word is the audit.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::ports::Timestamp;

/// A value that must never be shown: a token, an authorization code, a state, a PKCE verifier.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a value into custody.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value itself. Every call is a place to review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares in constant time.
    #[must_use]
    pub fn matches(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }

    /// The first 16 hexadecimal digits of the SHA-256: names a token in a marker without giving it away.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.0.as_bytes());
        digest.iter().take(8).fold(String::new(), |mut text, byte| {
            use fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// What a token response gave (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3).
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Sent to APIs and to userinfo. Opaque to us; read at most as a view for the person.
    pub access: Secret,
    /// Spent for new tokens; absent when the provider gave none.
    pub refresh: Option<Secret>,
    /// The verified statement of who signed in; a refresh may leave the earlier one standing.
    pub id: Secret,
    /// When the access token ends, POSIX seconds; `None` when the provider did not say.
    pub expires_at: Option<Timestamp>,
    /// When these were received, POSIX seconds.
    pub obtained_at: Timestamp,
    /// The scope the provider says it granted; `None` means "as asked" (RFC 6749 section 5.1).
    pub scope: Option<String>,
}

impl Tokens {
    /// Whether the access token still holds for at least `seconds` from `now`. An unknown lifetime is never fresh.
    #[must_use]
    pub fn holds_for(&self, seconds: i64, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end.0 - now.0 >= seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tk_1_a_secret_shows_itself_neither_in_debug_nor_in_display() {
        let secret = Secret::new("canary-token".into());
        assert!(!format!("{secret:?} {secret}").contains("canary"));
    }
}
