use std::collections::BTreeMap;
use std::fmt;

use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge};
use url::Url;

use super::discovery::Provider;
use crate::config::{Profile, is_reserved_parameter};
use crate::problem::Cause;
use crate::problem::{Code, Problem, Result};
use crate::text::clean_line;
use crate::tokens::Secret;

/// Random bytes in a state and in a nonce.
const RANDOM_BYTES: u32 = 32;
/// Random bytes in a PKCE verifier: 64 characters (RFC 7636 section 4.1 asks for at least 32 bytes).
pub(super) const VERIFIER_BYTES: u32 = 48;

/// A fresh random value of 256 bits, in characters that need no encoding in an address.
pub(crate) fn random_text() -> String {
    CsrfToken::new_random_len(RANDOM_BYTES).into_secret()
}

/// Options of one sign-in beyond the profile.
#[derive(Clone, Debug, Default)]
pub struct AuthorizeOptions {
    /// Have the person consent again: some providers give a refresh token only then (OpenID Connect Core section 11).
    pub consent: bool,
    /// Have the person sign in again even where the browser is signed in already, so that it can be somebody else
    /// (OpenID Connect Core section 3.1.2.1).
    pub login: bool,
    /// Who will probably sign in.
    pub login_hint: Option<String>,
}

/// One sign-in under way. Used once.
#[derive(Clone)]
pub struct AuthorizationRequest {
    /// The ordinary link for the browser, which carries the whole request.
    pub url: Url,
    /// The request itself, for a provider that takes it ahead of the browser.
    pub(super) parameters: Vec<(String, String)>,
    /// The state, which the callback must return unchanged.
    pub state: Secret,
    /// The issuer, to compare with the `iss` of the answer (RFC 9207 section 2.4).
    pub issuer: String,
    /// Whether an answer without `iss` must be refused.
    pub issuer_required: bool,
    pub(super) nonce: Secret,
    pub(super) verifier: Secret,
    pub(super) redirect_uri: Url,
}

impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Provider {
    /// Begins a sign-in: the link to open, and what must be remembered until the browser comes back.
    ///
    /// # Errors
    /// [`Code::BadSetting`] when the profile sets a parameter that belongs to the flow.
    pub fn authorize(
        &self,
        profile: &Profile,
        redirect_uri: &Url,
        options: &AuthorizeOptions,
    ) -> Result<AuthorizationRequest> {
        let extra = extra_parameters(profile, options)?;
        let mut url = self.inner.metadata.authorization.clone();
        if let Some((name, _)) = url.query_pairs().find(|(name, _)| is_reserved_parameter(name)) {
            let detail = format!("authorization_endpoint sets '{name}', which is for the sign-in to set");
            return Err(Problem::new(Code::UnsafeEndpoint, detail));
        }
        let state = Secret::new(CsrfToken::new_random_len(RANDOM_BYTES).into_secret());
        let nonce = Secret::new(Nonce::new_random_len(RANDOM_BYTES).secret().clone());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256_len(VERIFIER_BYTES);
        let flow = [
            ("response_type", "code"),
            ("client_id", &profile.client_id),
            ("redirect_uri", redirect_uri.as_str()),
            ("scope", &profile.scopes_at_sign_in().to_string()),
            ("state", state.expose()),
            ("nonce", nonce.expose()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let flow = flow.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let parameters: Vec<(String, String)> = flow.into_iter().chain(extra).chain(resources(profile)).collect();
        url.query_pairs_mut().extend_pairs(&parameters);
        Ok(AuthorizationRequest {
            url,
            parameters,
            state,
            issuer: self.inner.issuer.clone(),
            issuer_required: self.inner.metadata.iss_parameter,
            nonce,
            verifier: Secret::new(verifier.into_secret()),
            redirect_uri: redirect_uri.clone(),
        })
    }

    /// A refusal for a scope, with the scopes that were asked for and that the provider's metadata does not list.
    #[must_use]
    pub fn with_unlisted_scopes(&self, profile: &Profile, problem: Problem) -> Problem {
        let listed = &self.inner.metadata.scopes;
        if problem.code != Code::ScopeRefused || listed.is_empty() {
            return problem;
        }
        let asked = profile.scopes_at_sign_in().to_string();
        let unlisted: Vec<&str> = asked.split(' ').filter(|scope| !listed.iter().any(|known| known == scope)).collect();
        let cause = (unlisted == ["offline_access"]).then_some(Cause::OfflineAccess);
        let problem = problem.because(cause);
        if unlisted.is_empty() || unlisted.iter().all(|scope| problem.detail.contains(scope)) {
            return problem;
        }
        let detail = format!("{}; the provider does not list {}", problem.detail, unlisted.join(", "));
        Problem { detail: clean_line(&detail), ..problem }
    }

    /// The page to sign out at, to be opened in the browser. It carries no ID token, which would stay in the browser's
    /// history; `logout_hint` may say who signs out (OpenID Connect RP-Initiated Logout section 2).
    #[must_use]
    pub fn end_session(&self, profile: &Profile, logout_hint: Option<&str>) -> Option<Url> {
        let mut url = self.inner.metadata.end_session.clone()?;
        url.query_pairs_mut().append_pair("client_id", &profile.client_id);
        if let Some(hint) = logout_hint {
            url.query_pairs_mut().append_pair("logout_hint", hint);
        }
        Some(url)
    }
}

/// What the profile's targets will ask for: a refresh may name a resource only where the sign-in did (RFC 8707 section 2.2).
pub(super) fn resources(profile: &Profile) -> impl Iterator<Item = (String, String)> {
    profile.resources_at_sign_in().into_iter().map(|resource| ("resource".to_owned(), resource.to_owned()))
}

pub(super) fn extra_parameters(profile: &Profile, options: &AuthorizeOptions) -> Result<BTreeMap<String, String>> {
    if let Some(name) = profile.params.keys().find(|name| is_reserved_parameter(name)) {
        let detail = format!("the parameter '{name}' is set by the sign-in itself and can't be changed");
        return Err(Problem::new(Code::BadSetting, detail));
    }
    let mut extra = profile.params.clone();
    if let Some(audience) = &profile.audience {
        extra.insert("audience".into(), audience.clone());
    }
    if let Some(hint) = &options.login_hint {
        extra.insert("login_hint".into(), hint.clone());
    }
    let asked = [("consent", options.consent || profile.ask_consent), ("login", options.login)];
    for (word, _) in asked.into_iter().filter(|(_, asked)| *asked) {
        let prompt = extra.entry("prompt".into()).or_default();
        *prompt = with_prompt(prompt, word);
    }
    Ok(extra)
}

/// A prompt with a further word; `none` goes, for it allows no other beside it (OpenID Connect Core section 3.1.2.1).
fn with_prompt(prompt: &str, word: &str) -> String {
    let mut words: Vec<&str> = prompt.split_whitespace().filter(|word| *word != "none").collect();
    if !words.contains(&word) {
        words.push(word);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::keys::tests::provider;
    use super::*;
    use crate::config::RESERVED_PARAMETERS;

    fn redirect() -> Url {
        Url::parse("http://127.0.0.1:4711/callback").unwrap()
    }

    fn values(url: &Url, name: &str) -> Vec<String> {
        url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
    }

    #[test]
    fn the_link_carries_each_parameter_once_and_the_profiles_own() {
        let (provider, mut profile) = provider();
        profile.audience = Some("https://api.example".into());
        profile.params.insert("organization".into(), "a&b=c".into());
        let options = AuthorizeOptions { consent: true, login: false, login_hint: Some("ada@example.com".into()) };
        let request = provider.authorize(&profile, &redirect(), &options).unwrap();
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", "client"),
            ("redirect_uri", "http://127.0.0.1:4711/callback"),
            ("scope", "openid profile email offline_access"),
            ("state", request.state.expose()),
            ("nonce", request.nonce.expose()),
            ("code_challenge_method", "S256"),
            ("audience", "https://api.example"),
            ("organization", "a&b=c"),
            ("prompt", "consent"),
            ("login_hint", "ada@example.com"),
            ("tenant", "kept"),
        ] {
            assert_eq!(values(&request.url, name), [value], "{name}");
        }
    }

    #[test]
    fn verifier_state_and_nonce_are_long_fresh_and_independent() {
        let (provider, profile) = provider();
        let one = provider.authorize(&profile, &redirect(), &AuthorizeOptions::default()).unwrap();
        let two = provider.authorize(&profile, &redirect(), &AuthorizeOptions::default()).unwrap();
        let mut all: Vec<&str> =
            [&one, &two].iter().flat_map(|a| [a.state.expose(), a.nonce.expose(), a.verifier.expose()]).collect();
        assert!(all.iter().all(|value| value.len() >= 43));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 6);
        assert!(!one.url.as_str().contains(one.verifier.expose()));
        assert_eq!(values(&one.url, "prompt"), [""; 0]);
    }

    #[test]
    fn the_profile_cannot_change_what_belongs_to_the_flow() {
        for name in RESERVED_PARAMETERS {
            let (provider, mut profile) = provider();
            profile.params.insert(name.into(), "x".into());
            let problem = provider.authorize(&profile, &redirect(), &AuthorizeOptions::default()).unwrap_err();
            assert_eq!(problem.code, Code::BadSetting);
            assert!(problem.detail.contains(name));
        }
    }

    #[test]
    fn a_refused_scope_that_the_provider_does_not_list_is_named() {
        let (silent, profile) = provider();
        let refused = || Problem::new(Code::ScopeRefused, "invalid_scope").because(Some(Cause::Scope));
        assert_eq!(silent.with_unlisted_scopes(&profile, refused()), refused(), "nothing is listed");
        for (listed, cause, said) in [
            (&["openid", "profile", "email"][..], Cause::OfflineAccess, "does not list offline_access"),
            (&["openid"], Cause::Scope, "does not list profile, email, offline_access"),
        ] {
            let provider = super::super::keys::tests::provider_listing(listed);
            let problem = provider.with_unlisted_scopes(&profile, refused());
            assert!(problem.detail.contains(said), "{problem}");
            assert_eq!(problem.cause, Some(cause));
            let other = Problem::new(Code::Declined, "no");
            assert_eq!(provider.with_unlisted_scopes(&profile, other.clone()), other);
        }
    }

    #[test]
    fn consent_joins_a_prompt_the_profile_sets() {
        let (provider, mut profile) = provider();
        profile.params.insert("prompt".into(), "select_account".into());
        profile.ask_consent = true;
        let request = provider.authorize(&profile, &redirect(), &AuthorizeOptions::default()).unwrap();
        assert_eq!(values(&request.url, "prompt"), ["select_account consent"]);
    }

    #[test]
    fn tk_1_an_attempt_shows_no_secret_in_debug() {
        let (provider, profile) = provider();
        let request = provider.authorize(&profile, &redirect(), &AuthorizeOptions::default()).unwrap();
        let shown = format!("{request:?}");
        for secret in [&request.state, &request.nonce, &request.verifier] {
            assert!(!shown.contains(secret.expose()));
        }
    }
}
