//! Tokens for targets: the session's own, or one made for them by a refresh and kept with the session.

use super::another_token::{Answer, ToKeep};
use super::token::{Freshness, IssuedToken};
use super::{Engine, Found};
use crate::config::Profile;
use crate::problem::{Code, Result};
use crate::targets::Ask;
use crate::tokens::{TokenKind, seconds};
use crate::vault::{KeptToken, kept_token};

impl Engine {
    /// The token a target gets, as fresh as asked for.
    ///
    /// # Errors
    /// Those of [`Engine::token_for`].
    pub async fn target_token(&self, found: &Found, freshness: Freshness) -> Result<IssuedToken> {
        self.token_for(&found.profile, &Ask::of(&found.target), freshness).await
    }

    /// A token for what is asked, as fresh as asked for: the session's own where nothing more is asked, else one from a
    /// refresh that asks for it, kept with the session until it ends. One request however many threads and processes ask.
    ///
    /// # Errors
    /// [`Code::WrongToken`] when the provider gave one for something else, [`Code::TokenRefused`] when it gives none,
    /// [`Code::BadSetting`] when it can't be asked that, and the rows of [`Engine::token`].
    pub async fn token_for(&self, profile: &Profile, ask: &Ask, freshness: Freshness) -> Result<IssuedToken> {
        if ask.is_of_session() {
            return self.token(profile, ask.kind, freshness).await;
        }
        let wanted = ask.parameters(profile.product())?;
        let stored = self.load(profile).await?.ok_or_else(|| self.not_signed_in(profile))?;
        let known = kept_token(&stored.kept, &ask.key());
        let (least, fresh) = match freshness {
            Freshness::ValidFor(least) => {
                let least = seconds(least);
                (least, known.filter(|token| token.holds_for(least, self.clocks())))
            }
            Freshness::New => (0, None),
        };
        if let Some(token) = fresh {
            return Ok(IssuedToken::kept(token.clone(), false));
        }
        let unwanted = known.map(|token| token.secret.fingerprint());
        let keep = ToKeep { ask: ask.clone(), unwanted, least };
        let answer = self.ask_for_another(profile, wanted, Some(keep)).await?;
        if let Answer::Refused(problem) = &answer
            && problem.code == Code::Refused
            && problem.cause.is_none()
        {
            // It may be the session itself that is over: an ordinary refresh says so, and ends it where it is.
            self.join_refresh(profile).await?;
        }
        let (token, new) = answer.into_token(ask)?;
        Ok(IssuedToken::kept(token, new))
    }
}

impl IssuedToken {
    fn kept(token: KeptToken, refreshed: bool) -> Self {
        Self { secret: token.secret, kind: TokenKind::Access, expires_at: token.expires_at, refreshed }
    }
}
