use std::time::Duration;

use super::{Engine, read};
use crate::config::Profile;
use crate::ports::{ClockReading, Timestamp};
use crate::problem::Result;
use crate::session::CLOCK_SET;
use crate::tokens::{Secret, TokenKind, Tokens, seconds};

/// How fresh a token must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It is valid for at least so long; it is refreshed first when it is not.
    ValidFor(Duration),
    /// It comes from a refresh made for this request, or from one in flight that others wait for.
    New,
}

/// A token for a program to use.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The token.
    pub secret: Secret,
    /// Which one it is.
    pub kind: TokenKind,
    /// When it ends, POSIX seconds by this computer's clock; `None` when the provider did not say.
    pub expires_at: Option<Timestamp>,
    /// Whether it came of a refresh just now. A session without refresh token keeps the token it has.
    pub refreshed: bool,
}

impl Engine {
    /// A token that is as fresh as asked for. Without a refresh token, the one there is as long as it is valid.
    ///
    /// # Errors
    /// [`crate::Code::SignInNeeded`] and the rows of [`Engine::refresh`].
    pub async fn token(&self, profile: &Profile, kind: TokenKind, freshness: Freshness) -> Result<IssuedToken> {
        let stored = self.load(profile).await?.ok_or_else(|| self.not_signed_in(profile))?;
        let clocks = self.clocks();
        let fresh = match freshness {
            Freshness::ValidFor(least) => is_valid_for(&stored.tokens, kind, seconds(least), clocks),
            Freshness::New => false,
        };
        if fresh || (stored.tokens.refresh.is_none() && is_usable(&stored.tokens, kind, clocks)) {
            return Ok(IssuedToken::of(stored.tokens, kind, clocks, false));
        }
        let refreshed = self.join_refresh(profile).await?;
        Ok(IssuedToken::of(refreshed.stored.tokens, kind, self.clocks(), true))
    }
}

impl IssuedToken {
    fn of(tokens: Tokens, kind: TokenKind, clocks: ClockReading, refreshed: bool) -> Self {
        // Where the clock was set since the token was received, its end is put in the terms of the clock as it is now.
        let set_by = clocks.wall.0.saturating_sub(tokens.time(clocks).0);
        let set_by = if set_by.abs() >= CLOCK_SET { set_by } else { 0 };
        let expires_at = ends(&tokens, kind).map(|end| end.plus(set_by));
        let secret = match kind {
            TokenKind::Access => tokens.access,
            TokenKind::Id => tokens.id,
        };
        Self { secret, kind, expires_at, refreshed }
    }
}

fn ends(tokens: &Tokens, kind: TokenKind) -> Option<Timestamp> {
    match kind {
        TokenKind::Access => tokens.expires_at,
        TokenKind::Id => read::id_token_ends(&tokens.id),
    }
}

fn is_valid_for(tokens: &Tokens, kind: TokenKind, seconds: i64, clocks: ClockReading) -> bool {
    match kind {
        TokenKind::Access => tokens.holds_for(seconds, clocks),
        TokenKind::Id => ends(tokens, kind).is_some_and(|end| end.0.saturating_sub(tokens.time(clocks).0) >= seconds),
    }
}

/// Whether a token may still be handed out when it can't be refreshed: not known to have ended.
pub(super) fn is_usable(tokens: &Tokens, kind: TokenKind, clocks: ClockReading) -> bool {
    let now = tokens.time(clocks);
    match kind {
        TokenKind::Access => tokens.expires_at.is_none_or(|end| end > now),
        TokenKind::Id => ends(tokens, kind).is_some_and(|end| end > now),
    }
}
