//! How one profile stands, without its tokens: what is shown, remembered and compared.
//!
//! Everything here is plain data and pure moves; the verbs in [`crate::engine`] carry them out.

use serde::{Deserialize, Serialize};

use crate::config::Make;
use crate::history::Change;
use crate::identity::Identity;
use crate::ports::Timestamp;

/// Somebody is signed in: everything about it but the tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each shown on its own")]
pub struct Standing {
    /// Who.
    pub identity: Identity,
    /// When the access token was got.
    pub issued_at: Timestamp,
    /// When it ends; `None` when the provider did not say.
    pub expires_at: Option<Timestamp>,
    /// When roles and groups were last read.
    pub refreshed_at: Timestamp,
    /// Whether the provider gave a refresh token.
    pub has_refresh_token: bool,
    /// Before when the refresh token must not be used (Rauthy writes it as one with an `nbf`); `None` where it does not say.
    #[serde(default)]
    pub refresh_not_before: Option<Timestamp>,
    /// Whether `offline_access` was asked for and no refresh token came.
    pub refresh_token_withheld: bool,
    /// The scope granted, where the provider said.
    pub granted: Option<String>,
    /// The session is kept in memory only and ends with the program.
    pub memory_only: bool,
    /// The key store did not take the newest tokens; they are in memory and must not be lost.
    #[serde(default)]
    pub unsaved: bool,
    /// What was missing or odd in the provider's discovery document.
    pub remarks: Vec<String>,
    /// What the last refresh brought.
    pub brought: Vec<Change>,
    /// Which make of provider this is, as far as was told when it was last asked.
    #[serde(default)]
    pub make: Option<Make>,
    /// The scopes the provider says it knows.
    #[serde(default)]
    pub scopes_supported: Vec<String>,
}

/// What the state folder remembers of a profile. No token is in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Last {
    /// How it stood when it was last read.
    pub standing: Standing,
    /// How that ended, if it did.
    pub end: Option<End>,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum End {
    /// The person signed out.
    SignedOut {
        /// When.
        at: Timestamp,
    },
    /// The provider ended it.
    ByProvider {
        /// When it was noticed.
        at: Timestamp,
        /// The provider's words.
        words: String,
    },
}

impl Last {
    /// Remembers a standing session.
    #[must_use]
    pub fn standing(standing: Standing) -> Self {
        Self { standing, end: None }
    }

    /// The same, ended. The first end stays: a session does not end twice.
    #[must_use]
    pub fn ended(mut self, end: End) -> Self {
        self.end.get_or_insert(end);
        self
    }
}

/// Seconds before the end at which an access token is renewed ahead of time, and under which it counts as stale.
pub const MARGIN: i64 = 60;

/// When a session is renewed by itself: at 80 % of the access token's life, at the latest [`MARGIN`] seconds before its
/// end, at the earliest 30 seconds after it was got and when the refresh token may be used. `None` where there is no refresh token or no known end.
#[must_use]
pub fn refresh_at(standing: &Standing) -> Option<Timestamp> {
    let end = standing.expires_at.filter(|_| standing.has_refresh_token)?;
    let life = end.0.saturating_sub(standing.issued_at.0).max(0);
    let due = (standing.issued_at.0 + life / 5 * 4).min(end.0 - MARGIN);
    let allowed = standing.refresh_not_before.map_or(0, |from| from.0);
    Some(Timestamp(due.max(standing.issued_at.0 + 30).max(allowed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Entitlements;

    fn standing(issued_at: i64, expires_at: Option<i64>) -> Standing {
        Standing {
            identity: Identity {
                issuer: "https://idp.example".into(),
                subject: "1".into(),
                name: "Ed".into(),
                email: None,
                email_verified: None,
                entitlements: Entitlements::default(),
                own_word: Entitlements::default(),
                documents: Vec::new(),
            },
            issued_at: Timestamp(issued_at),
            expires_at: expires_at.map(Timestamp),
            refreshed_at: Timestamp(issued_at),
            has_refresh_token: true,
            refresh_not_before: None,
            refresh_token_withheld: false,
            granted: None,
            memory_only: false,
            unsaved: false,
            remarks: Vec::new(),
            brought: Vec::new(),
            make: None,
            scopes_supported: Vec::new(),
        }
    }

    #[test]
    fn a_session_is_renewed_at_four_fifths_of_its_life_but_a_minute_before_the_end() {
        assert_eq!(refresh_at(&standing(1000, Some(4600))), Some(Timestamp(1000 + 2880)));
        assert_eq!(refresh_at(&standing(1000, Some(1200))), Some(Timestamp(1140)));
    }

    #[test]
    fn a_very_short_life_does_not_make_a_storm() {
        assert_eq!(refresh_at(&standing(1000, Some(1010))), Some(Timestamp(1030)));
        assert_eq!(refresh_at(&standing(1000, Some(1000))), Some(Timestamp(1030)));
    }

    #[test]
    fn without_a_known_end_or_a_refresh_token_nothing_is_scheduled() {
        assert_eq!(refresh_at(&standing(1000, None)), None);
        let later = Standing { refresh_not_before: Some(Timestamp(4550)), ..standing(1000, Some(4600)) };
        assert_eq!(refresh_at(&later), Some(Timestamp(4550)));
        assert_eq!(refresh_at(&Standing { has_refresh_token: false, ..standing(1000, Some(4600)) }), None);
    }

    #[test]
    fn a_session_ends_once() {
        let last = Last::standing(standing(0, None)).ended(End::SignedOut { at: Timestamp(1) });
        let again = last.ended(End::ByProvider { at: Timestamp(2), words: "x".into() });
        assert_eq!(again.end, Some(End::SignedOut { at: Timestamp(1) }));
    }
}
