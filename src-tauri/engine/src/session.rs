//! The state of one profile's session without its tokens: what is shown, remembered and compared.
//!
//! Everything here is plain data and pure functions; the operations in [`crate::engine`] carry them out.

mod refusal;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{Profile, Recognition};
use crate::history::Change;
use crate::identity::Identity;
use crate::ports::{ClockReading, Timestamp};
use crate::problem::Problem;
use crate::tokens::{Tokens, seconds};

pub use refusal::Refusal;
pub(crate) use refusal::asked_for;

/// How far a sign-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Asking the provider how it signs people in.
    Preparing,
    /// The link is out; the person signs in.
    InBrowser,
    /// The answer came and is being checked.
    Checking,
}

/// A session without its tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each shown on its own")]
pub struct SessionSummary {
    /// Who.
    pub identity: Identity,
    /// When the access token was issued.
    pub issued_at: Timestamp,
    /// When it ends; `None` when the provider did not say.
    pub expires_at: Option<Timestamp>,
    /// The boot clock when the access token was received, where this process received it.
    #[serde(skip)]
    pub obtained_at_boot: Option<Duration>,
    /// By how many thousandths the next refresh is earlier or later than usual, so that not all of them come at once.
    #[serde(skip)]
    pub jitter: i64,
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
    /// What the last refresh changed.
    #[serde(rename = "brought")]
    pub changes: Vec<Change>,
    /// What failed after the session was stored.
    #[serde(skip)]
    pub warnings: Vec<Problem>,
    /// The product, as recognised when the provider was last asked.
    #[serde(default, rename = "make")]
    pub product: Option<Recognition>,
    /// The path of the callback address at the last sign-in; `None` where that was before paths differed.
    #[serde(default)]
    pub redirect_path: Option<String>,
    /// Whether the provider names itself in its answers (RFC 9207); `None` where it was not remembered.
    #[serde(default)]
    pub names_itself: Option<bool>,
    /// The scopes the provider says it knows.
    #[serde(default)]
    pub scopes_supported: Vec<String>,
}

/// What the state folder remembers of a profile. No token is in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LastKnown {
    /// The session when it was last read.
    #[serde(rename = "standing")]
    pub summary: SessionSummary,
    /// How that ended, if it did.
    pub end: Option<End>,
    /// Of which profile it is, so that it can be told where no profile has this issuer and client ID any more.
    #[serde(default)]
    pub of: Option<Whose>,
}

/// What names a profile besides its issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whose {
    /// Its name.
    pub name: String,
    /// Its client ID.
    pub client_id: String,
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

impl LastKnown {
    /// What is known of a session that has not ended.
    #[must_use]
    pub fn of_session(summary: SessionSummary) -> Self {
        Self { summary, end: None, of: None }
    }

    /// The same, of this profile.
    #[must_use]
    pub fn of(mut self, profile: &Profile) -> Self {
        self.of = Some(Whose { name: profile.name.to_string(), client_id: profile.client_id.clone() });
        self
    }

    /// The same, ended. The first end stays: a session does not end twice.
    #[must_use]
    pub fn ended(mut self, end: End) -> Self {
        self.end.get_or_insert(end);
        self
    }
}

impl SessionSummary {
    /// Takes over what the tokens say about time.
    pub fn take_times(&mut self, tokens: &Tokens) {
        self.issued_at = tokens.obtained_at;
        self.expires_at = tokens.expires_at;
        self.obtained_at_boot = tokens.obtained_at_boot;
        self.jitter = jitter(&tokens.access.fingerprint());
    }

    /// Puts begin and end in the terms of a wall clock that was set since the token was got: its age is known by the boot
    /// clock, so it is neither older nor younger for it (RF-8).
    pub fn adjust_to_clock(&mut self, clocks: ClockReading) {
        let Some(got) = self.obtained_at_boot else { return };
        let age = seconds(clocks.boot.saturating_sub(got));
        let set_by = clocks.wall.0.saturating_sub(age).saturating_sub(self.issued_at.0);
        if set_by.abs() >= CLOCK_SET {
            self.issued_at = self.issued_at.plus(set_by);
            self.expires_at = self.expires_at.map(|end| end.plus(set_by));
        }
    }
}

/// Seconds before the end at which an access token is refreshed ahead of time, and under which it counts as stale.
pub const MARGIN: i64 = 60;

/// Where the wall clock and the boot clock advanced by amounts that differ by this many seconds or more, the wall clock was
/// set; a smaller difference is drift.
pub const CLOCK_SET: i64 = 30;

/// When a session is refreshed by itself: at 80 % of the access token's life give or take a tenth of that, at the latest
/// [`MARGIN`] seconds before its end, at the earliest 30 seconds after it was got and when the refresh token may be used.
/// `None` where there is no refresh token or no known end.
#[must_use]
pub fn refresh_at(summary: &SessionSummary) -> Option<Timestamp> {
    let end = summary.expires_at.filter(|_| summary.has_refresh_token)?;
    let life = end.0.saturating_sub(summary.issued_at.0).max(0);
    let usual = life / 5 * 4;
    let due = summary.issued_at.0 + usual + usual.saturating_mul(summary.jitter) / 1000;
    let due = due.min(end.0 - MARGIN);
    let allowed = summary.refresh_not_before.map_or(0, |from| from.0);
    Some(Timestamp(due.max(summary.issued_at.0 + 30).max(allowed)))
}

/// The largest jitter, in thousandths.
pub const MOST_JITTER: i64 = 100;

/// From -100 to 100 thousandths. Drawn from the token's own digest: as random as that, and the same however often the
/// session is read.
fn jitter(fingerprint: &str) -> i64 {
    let drawn = i64::from_str_radix(fingerprint.get(..8).unwrap_or_default(), 16).unwrap_or(0);
    drawn % (2 * MOST_JITTER + 1) - MOST_JITTER
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Entitlements;

    fn summary(issued_at: i64, expires_at: Option<i64>) -> SessionSummary {
        SessionSummary {
            identity: Identity {
                issuer: "https://idp.example".into(),
                subject: "1".into(),
                name: "Ed".into(),
                email: None,
                email_verified: None,
                entitlements: Entitlements::default(),
                self_asserted: Entitlements::default(),
                documents: Vec::new(),
            },
            issued_at: Timestamp(issued_at),
            expires_at: expires_at.map(Timestamp),
            obtained_at_boot: None,
            jitter: 0,
            refreshed_at: Timestamp(issued_at),
            has_refresh_token: true,
            refresh_not_before: None,
            refresh_token_withheld: false,
            granted: None,
            memory_only: false,
            unsaved: false,
            remarks: Vec::new(),
            changes: Vec::new(),
            warnings: Vec::new(),
            product: None,
            redirect_path: None,
            names_itself: None,
            scopes_supported: Vec::new(),
        }
    }

    #[test]
    fn a_session_is_refreshed_at_four_fifths_of_its_life_but_a_minute_before_the_end() {
        assert_eq!(refresh_at(&summary(1000, Some(4600))), Some(Timestamp(1000 + 2880)));
        assert_eq!(refresh_at(&summary(1000, Some(1200))), Some(Timestamp(1140)));
    }

    #[test]
    fn a_very_short_life_does_not_make_a_storm() {
        assert_eq!(refresh_at(&summary(1000, Some(1010))), Some(Timestamp(1030)));
        assert_eq!(refresh_at(&summary(1000, Some(1000))), Some(Timestamp(1030)));
    }

    #[test]
    fn without_a_known_end_or_a_refresh_token_nothing_is_scheduled() {
        assert_eq!(refresh_at(&summary(1000, None)), None);
        let later = SessionSummary { refresh_not_before: Some(Timestamp(4550)), ..summary(1000, Some(4600)) };
        assert_eq!(refresh_at(&later), Some(Timestamp(4550)));
        assert_eq!(refresh_at(&SessionSummary { has_refresh_token: false, ..summary(1000, Some(4600)) }), None);
    }

    #[test]
    fn rf_8_the_jitter_is_a_tenth_at_most_and_keeps_the_bounds() {
        let due = |life: i64, jitter| {
            refresh_at(&SessionSummary { jitter, ..summary(1000, Some(1000 + life)) }).unwrap().0 - 1000
        };
        assert_eq!((due(3600, -100), due(3600, 0), due(3600, 100)), (2592, 2880, 3168));
        for life in [1, 60, 90, 120, 300, 3600, 86_400, 31_536_000] {
            for jitter in [-100, -37, 0, 99, 100] {
                let due = due(life, jitter);
                assert!(due >= 30 && (due <= life - MARGIN || due == 30), "{life}, {jitter}: {due}");
                assert!(due >= 30.max((life * 72 / 100 - 5).min(life - MARGIN)), "{life}, {jitter}: {due}");
            }
        }
    }

    #[test]
    fn rf_8_the_jitter_of_many_tokens_spreads_and_that_of_one_stays() {
        let drawn: Vec<i64> = (0..400)
            .map(|number| jitter(&crate::tokens::Secret::new(format!("token {number}")).fingerprint()))
            .collect();
        assert!(drawn.iter().all(|jitter| jitter.abs() <= MOST_JITTER));
        assert!(drawn.iter().any(|jitter| *jitter < -80) && drawn.iter().any(|jitter| *jitter > 80));
        assert_eq!(drawn[7], jitter(&crate::tokens::Secret::new("token 7".into()).fingerprint()));
    }

    #[test]
    fn rf_8_a_wall_clock_that_was_set_makes_a_session_neither_older_nor_younger() {
        let got = SessionSummary { obtained_at_boot: Some(Duration::from_secs(500)), ..summary(10_000, Some(13_600)) };
        for hour in [-3600, 3600] {
            let mut summary = got.clone();
            // Ten minutes later by the boot clock; asleep or awake makes no difference.
            summary.adjust_to_clock(ClockReading { wall: Timestamp(10_600 + hour), boot: Duration::from_secs(1100) });
            assert_eq!((summary.issued_at.0, summary.expires_at.unwrap().0), (10_000 + hour, 13_600 + hour));
        }
        let mut asleep = got.clone();
        asleep.adjust_to_clock(ClockReading { wall: Timestamp(90_000), boot: Duration::from_secs(80_500) });
        assert_eq!(
            (asleep.issued_at, asleep.expires_at),
            (got.issued_at, got.expires_at),
            "time passed, nobody set it"
        );
        let mut unknown = SessionSummary { obtained_at_boot: None, ..got };
        unknown.adjust_to_clock(ClockReading { wall: Timestamp(90_000), boot: Duration::from_secs(1) });
        assert_eq!(unknown.issued_at.0, 10_000);
    }

    #[test]
    fn a_session_ends_once() {
        let last = LastKnown::of_session(summary(0, None)).ended(End::SignedOut { at: Timestamp(1) });
        let again = last.ended(End::ByProvider { at: Timestamp(2), words: "x".into() });
        assert_eq!(again.end, Some(End::SignedOut { at: Timestamp(1) }));
    }
}
