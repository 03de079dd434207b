//! Secrets and the tokens of one session.
//!
//! A [`Secret`] is masked in `Debug` and `Display`, cannot be serialised, compared by `==` or cloned by accident into a
//! view, and is wiped when dropped. It is opened by [`Secret::expose`] alone, so a search for that word is the audit.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::ports::{ClockReading, Timestamp};

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
        short_digest(&self.0)
    }
}

/// The first 16 hexadecimal digits of the SHA-256 of a text.
pub(crate) fn short_digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).fold(String::new(), |mut digits, byte| {
        use fmt::Write as _;
        let _ = write!(digits, "{byte:02x}");
        digits
    })
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

/// Which of a session's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// The access token.
    Access,
    /// The ID token.
    Id,
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
    /// What the boot clock showed then, where it was this process that received them.
    pub obtained_at_boot: Option<Duration>,
    /// The scope the provider says it granted; `None` means "as asked" (RFC 6749 section 5.1).
    pub scope: Option<String>,
}

impl Tokens {
    /// Whether the access token still holds for at least `seconds`. An unknown lifetime is never fresh, and neither is a
    /// token that was got in what is the future now: the wall clock was set back, so nobody knows how old it is (RF-8).
    #[must_use]
    pub fn holds_for(&self, seconds: i64, clocks: ClockReading) -> bool {
        let age_known = self.obtained_at_boot.is_some() || !is_ahead(self.obtained_at, clocks.wall);
        age_known && self.expires_at.is_some_and(|end| end.0 - self.time(clocks).0 >= seconds)
    }

    /// The time to hold against the ends of these tokens: for those this process got, the wall clock as it goes on from
    /// then, whatever it was set to since; for others the wall clock.
    #[must_use]
    pub fn time(&self, clocks: ClockReading) -> Timestamp {
        match self.obtained_at_boot {
            Some(got) => self.obtained_at.plus(seconds(clocks.boot.saturating_sub(got))),
            None => clocks.wall,
        }
    }
}

/// A few minutes are left for clocks of several computers, and for being set right, in seconds.
const AHEAD: i64 = 300;

/// Whether something is said to have happened later than now.
pub(crate) fn is_ahead(at: Timestamp, now: Timestamp) -> bool {
    at > now.plus(AHEAD)
}

/// Whole seconds.
pub(crate) fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tk_1_a_secret_shows_itself_neither_in_debug_nor_in_display() {
        let secret = Secret::new("canary-token".into());
        assert!(!format!("{secret:?} {secret}").contains("canary"));
    }

    fn tokens(obtained_at_boot: Option<u64>) -> Tokens {
        Tokens {
            access: Secret::new("a".into()),
            refresh: None,
            id: Secret::new("i".into()),
            expires_at: Some(Timestamp(13_600)),
            obtained_at: Timestamp(10_000),
            obtained_at_boot: obtained_at_boot.map(Duration::from_secs),
            scope: None,
        }
    }

    fn at(wall: i64, boot: u64) -> ClockReading {
        ClockReading { wall: Timestamp(wall), boot: Duration::from_secs(boot) }
    }

    #[test]
    fn rf_8_a_token_this_process_got_ages_by_the_boot_clock_alone() {
        let tokens = tokens(Some(50));
        for wall in [0, 10_000, 13_599, 17_200, i64::MAX] {
            assert!(tokens.holds_for(60, at(wall, 50 + 3540)), "{wall}: it is 3540 s old");
            assert!(!tokens.holds_for(60, at(wall, 50 + 3541)), "{wall}: asleep or not, less than a minute is left");
        }
    }

    #[test]
    fn rf_8_a_token_of_another_process_ages_by_the_wall_clock_unless_that_was_set_back() {
        let tokens = tokens(None);
        assert!(tokens.holds_for(60, at(13_540, 9)) && !tokens.holds_for(60, at(13_541, 9)));
        assert!(tokens.holds_for(60, at(9_700, 9)), "five minutes are nothing between two clocks");
        assert!(!tokens.holds_for(60, at(9_699, 9)), "got in the future: its age is not known");
    }
}
