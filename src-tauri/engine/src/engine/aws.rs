//! Credentials for a role of AWS, or of what speaks its STS, bought with a token and kept with the session.

use std::time::Duration;

use serde_json::{Map, Value};

use super::establish::Warnings;
use super::operations::ending;
use super::token::Freshness;
use super::{Engine, Found, LOCK_WAIT};
use crate::config::AwsRole;
use crate::oidc::{Http, ParsedToken};
use crate::problem::{Code, Problem, Result};
use crate::redact::Redactor;
use crate::targets::sts::{self, NoCredentials};
use crate::targets::{Ask, Credentials};
use crate::tokens::Secret;
use crate::vault::{KeptToken, keep_token, kept_token};

/// Programs of AWS ask again, twice per command, once no more than 15 minutes are left.
const LEAST: i64 = 15 * 60;
/// How long to wait for another process that asks for the same.
const WAIT: Duration = Duration::from_secs(45);
/// For how long the token must still be valid.
const TOKEN: Duration = Duration::from_secs(60);

impl Engine {
    /// Credentials for the role of a target, kept with the session: one request to the STS however many processes ask.
    ///
    /// # Errors
    /// [`Code::TargetRefused`] with what the role's trust policy has to be held against, [`Code::TargetUnreachable`], and
    /// the rows of [`Engine::token_for`].
    pub async fn aws_credentials(&self, found: &Found, role: &AwsRole) -> Result<Credentials> {
        let key = key(found, role);
        if let Some(kept) = self.kept_credentials(found, &key).await? {
            return Ok(kept);
        }
        let state = self.coordination(&found.profile);
        let _one = tokio::select! {
            lock = state.lock_for_sts(WAIT) => lock?,
            () = self.inner.operations.closing() => return Err(ending()),
        };
        if let Some(kept) = self.kept_credentials(found, &key).await? {
            return Ok(kept);
        }
        let credentials = self.take_role(found, role).await?;
        self.keep_credentials(found, key, &credentials).await?;
        Ok(credentials)
    }

    async fn kept_credentials(&self, found: &Found, key: &str) -> Result<Option<Credentials>> {
        let profile = &found.profile;
        let stored = self.load(profile).await?.ok_or_else(|| self.not_signed_in(profile))?;
        // Short-lived credentials are reused for half of their life; with the full margin they never would be.
        let kept = kept_token(&stored.kept, key).filter(|kept| {
            let life = kept.expires_at.map_or(0, |end| end.0.saturating_sub(kept.obtained_at.0));
            kept.holds_for(LEAST.min(life / 2), self.clocks())
        });
        Ok(kept.and_then(|kept| Credentials::of_secret(&kept.secret, kept.expires_at)))
    }

    async fn take_role(&self, found: &Found, role: &AwsRole) -> Result<Credentials> {
        // Where the token has ended by the clock of the service, a new one is tried once.
        for freshness in [Freshness::ValidFor(TOKEN), Freshness::New] {
            let token = self.target_token(found, freshness).await?;
            match self.ask_sts(found, role, &token.secret).await? {
                Ok(credentials) => return Ok(credentials),
                Err(NoCredentials::Because(problem)) => return Err(problem),
                Err(NoCredentials::TokenEnded) => {}
            }
        }
        let why = "it takes a fresh token for one that has ended; one of the clocks is wrong";
        Err(Problem::new(Code::TargetRefused, why))
    }

    async fn ask_sts(
        &self,
        found: &Found,
        role: &AwsRole,
        token: &Secret,
    ) -> Result<Result<Credentials, NoCredentials>> {
        let claims: Map<String, Value> = match ParsedToken::of(token.expose()) {
            ParsedToken::Signed(jwt) => jwt.into_claims(),
            ParsedToken::Encrypted | ParsedToken::Opaque => Map::new(),
        };
        let endpoint = sts::endpoint(role)?;
        let form = sts::form(role, &sts::session_name(role, &claims), token);
        let http = Http::for_target(&found.profile, &endpoint)?;
        let (status, body) = http.post_to_target("credentials", &endpoint, &form).await.map_err(|problem| {
            if problem.code == Code::Unreachable {
                Problem { code: Code::TargetUnreachable, ..problem }
            } else {
                problem
            }
        })?;
        let host = endpoint.host_str().unwrap_or_default();
        Ok(sts::read((status, &body), role, &claims, host).map_err(|why| match why {
            NoCredentials::Because(problem) => {
                NoCredentials::Because(problem.redacted(&Redactor::default().hiding([token])))
            }
            ended @ NoCredentials::TokenEnded => ended,
        }))
    }

    async fn keep_credentials(&self, found: &Found, key: String, credentials: &Credentials) -> Result<()> {
        let (engine, profile) = (self.clone(), found.profile.clone());
        let kept = KeptToken {
            key,
            secret: credentials.to_secret(),
            expires_at: Some(credentials.expires_at),
            obtained_at: self.now(),
        };
        let task = tokio::spawn(async move {
            let _operation = engine.inner.operations.begin().await?;
            let state = engine.coordination(&profile);
            let _lock = state.lock(LOCK_WAIT).await?;
            // Nobody is signed in any more: what was bought with that session is not kept either.
            let Some(mut stored) = engine.load(&profile).await? else { return Ok(()) };
            keep_token(&mut stored.kept, kept, engine.now());
            engine.keep(&profile, &stored).await;
            Warnings::default().note(state.increment_generation().map(drop));
            Ok(())
        });
        let unexpected = |_| Err(Problem::new(Code::FilesFailing, "keeping the credentials failed unexpectedly"));
        task.await.unwrap_or_else(unexpected)
    }
}

/// All that the credentials depend on.
fn key(found: &Found, role: &AwsRole) -> String {
    let endpoint = role.endpoint.as_ref().map(url::Url::as_str);
    let about = serde_json::json!({
        "aws": role.role, "region": role.region, "endpoint": endpoint, "duration": role.duration,
        "session_name": role.session_name, "token": Ask::of(&found.target).key(),
    });
    about.to_string()
}
