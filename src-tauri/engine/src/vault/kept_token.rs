use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::ports::{ClockReading, Timestamp};
use crate::tokens::{Secret, is_ahead};

/// The most tokens that are kept beside the session's own; the one that ends first makes room.
const MOST: usize = 24;

/// A token of another kind from the same session, or credentials that were got with one, kept until it ends.
#[derive(Clone, Debug)]
pub struct KeptToken {
    /// What was asked for, in full. Contains no secret.
    pub key: String,
    /// The token.
    pub secret: Secret,
    /// When it ends, POSIX seconds; `None` when nobody said, so that it is never handed out again.
    pub expires_at: Option<Timestamp>,
    /// When it was received, POSIX seconds.
    pub obtained_at: Timestamp,
}

impl KeptToken {
    /// Whether it still holds for at least `seconds`. One that was got in what is the future now is of no known age (RF-8).
    #[must_use]
    pub fn holds_for(&self, seconds: i64, clocks: ClockReading) -> bool {
        let end = self.expires_at.filter(|_| !is_ahead(self.obtained_at, clocks.wall));
        end.is_some_and(|end| end.0.saturating_sub(clocks.wall.0) >= seconds)
    }
}

/// The token of this key.
#[must_use]
pub fn kept<'t>(tokens: &'t [KeptToken], key: &str) -> Option<&'t KeptToken> {
    tokens.iter().find(|token| token.key == key)
}

/// Adds a token, replacing the one of the same key, and drops those that have ended.
pub fn keep(tokens: &mut Vec<KeptToken>, token: KeptToken, now: Timestamp) {
    tokens.retain(|known| known.key != token.key && known.expires_at.is_some_and(|end| end > now));
    while tokens.len() >= MOST {
        let first = tokens.iter().enumerate().min_by_key(|(_, token)| token.expires_at).map(|(at, _)| at);
        tokens.remove(first.unwrap_or_default());
    }
    tokens.push(token);
}

/// The written form, beside the session's own tokens.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptTokenJson {
    key: String,
    secret: String,
    expires_at: Option<i64>,
    obtained_at: i64,
}

impl KeptTokenJson {
    pub(super) fn of(token: &KeptToken) -> Self {
        Self {
            key: token.key.clone(),
            secret: token.secret.expose().to_owned(),
            expires_at: token.expires_at.map(|end| end.0),
            obtained_at: token.obtained_at.0,
        }
    }

    pub(super) fn take(&mut self) -> KeptToken {
        KeptToken {
            key: std::mem::take(&mut self.key),
            secret: Secret::new(std::mem::take(&mut self.secret)),
            expires_at: self.expires_at.map(Timestamp),
            obtained_at: Timestamp(self.obtained_at),
        }
    }
}

impl Drop for KeptTokenJson {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn token(key: &str, expires_at: Option<i64>) -> KeptToken {
        KeptToken {
            key: key.into(),
            secret: Secret::new(format!("of {key}")),
            expires_at: expires_at.map(Timestamp),
            obtained_at: Timestamp(1000),
        }
    }

    #[test]
    fn tg_2_one_per_key_is_kept_until_it_ends_and_not_without_bound() {
        let mut tokens = Vec::new();
        keep(&mut tokens, token("a", Some(2000)), Timestamp(1000));
        keep(&mut tokens, token("a", Some(3000)), Timestamp(1000));
        assert_eq!(kept(&tokens, "a").unwrap().expires_at, Some(Timestamp(3000)));
        for number in 0..40 {
            keep(&mut tokens, token(&number.to_string(), Some(2100 + number)), Timestamp(1000));
        }
        assert!(tokens.len() == MOST && kept(&tokens, "39").is_some() && kept(&tokens, "0").is_none());
        keep(&mut tokens, token("b", Some(9000)), Timestamp(2999));
        assert!(tokens.len() == 2 && kept(&tokens, "a").is_some(), "the others have ended");
    }

    #[test]
    fn rf_8_a_token_of_unknown_end_or_from_the_future_is_not_handed_out() {
        let at = |wall| ClockReading { wall: Timestamp(wall), boot: Duration::ZERO };
        let known = token("a", Some(2000));
        assert!(known.holds_for(30, at(1970)) && !known.holds_for(30, at(1971)) && !known.holds_for(30, at(600)));
        assert!(!token("a", None).holds_for(0, at(1000)));
    }
}
