use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge};
use url::Url;

use super::Provider;
use crate::config::Profile;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// What to ask for besides the profile's settings.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Ask the person for consent again: some providers give a refresh token only then (OpenID Connect Core section 11).
    pub consent: bool,
    /// Whom to propose at the provider's sign-in page.
    pub login_hint: Option<String>,
}

/// One sign-in under way: the link, and what its answer is checked against. Its secrets are random and unrelated.
pub struct Attempt {
    /// The authorization link.
    pub url: Url,
    /// Ties the answer to this attempt; used once.
    pub state: Secret,
    /// The issuer the answer must name, if it names one (RFC 9207).
    pub issuer: String,
    /// Whether the provider announced that it names itself.
    pub issuer_required: bool,
    pub(super) nonce: Secret,
    pub(super) verifier: Secret,
    pub(super) redirect_uri: Url,
}

/// Parameters a profile can't set, because the protocol does.
const OURS: [&str; 8] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "state",
    "nonce",
    "scope",
    "code_challenge",
    "code_challenge_method",
];

impl Provider {
    /// Makes the link: code flow with PKCE S256 (RFC 7636), state and nonce, always all three.
    ///
    /// # Errors
    /// [`Code::BadSetting`] when the profile sets a parameter that is not its to set.
    pub fn authorize(&self, profile: &Profile, redirect_uri: &Url, ask: &Ask) -> Result<Attempt> {
        if let Some(name) = profile.params.keys().find(|name| OURS.contains(&name.as_str())) {
            return Err(Problem::new(Code::BadSetting, format!("the parameter {name} can't be set by a profile")));
        }
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = CsrfToken::new_random_len(32);
        let nonce = Nonce::new_random_len(32);
        let mut url = self.inner.authorization.clone();
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", &profile.client_id)
                .append_pair("redirect_uri", redirect_uri.as_str())
                .append_pair("scope", &profile.scopes.to_string())
                .append_pair("state", state.secret())
                .append_pair("nonce", nonce.secret())
                .append_pair("code_challenge", challenge.as_str())
                .append_pair("code_challenge_method", "S256");
            if let Some(audience) = &profile.audience {
                query.append_pair("audience", audience);
            }
            if (ask.consent || profile.ask_consent) && !profile.params.contains_key("prompt") {
                query.append_pair("prompt", "consent");
            }
            if let Some(hint) = &ask.login_hint {
                query.append_pair("login_hint", hint);
            }
            query.extend_pairs(&profile.params);
        }
        Ok(Attempt {
            url,
            state: Secret::new(state.into_secret()),
            issuer: self.inner.issuer.clone(),
            issuer_required: self.inner.issuer_in_answer,
            nonce: Secret::new(nonce.secret().clone()),
            verifier: Secret::new(verifier.into_secret()),
            redirect_uri: redirect_uri.clone(),
        })
    }
}
