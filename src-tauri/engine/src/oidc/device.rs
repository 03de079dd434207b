use std::fmt;
use std::time::Duration;

use openidconnect::PkceCodeChallenge;
use serde_json::{Map, Value};
use url::Url;

use super::authorize::{VERIFIER_BYTES, extra_parameters};
use super::discovery::Provider;
use super::http::{Http, Reply};
use super::prose::Sent;
use super::provider_error::{ProviderError, RequestKind};
use super::redeem::Grant;
use super::token_response::{TokenResponse, error_answer, lifetime};
use super::{AuthorizeOptions, endpoint};
use crate::config::Profile;
use crate::ports::Clock;
use crate::problem::{Cause, Code, Problem, Result};
use crate::text::clean;
use crate::tokens::Secret;

/// The grant type of a device code (RFC 8628 section 3.4).
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// How often to ask where the provider does not say (RFC 8628 section 3.2).
const USUAL_INTERVAL: Duration = Duration::from_secs(5);
/// The longest pause between two questions that a provider may ask for.
const LONGEST_INTERVAL: i64 = 120;
/// How long a code counts as good where the provider does not say, in seconds; it must (RFC 8628 section 3.2).
const USUAL_LIFE: i64 = 300;
/// A code that lives longer than this lives this long, in seconds.
const LONGEST_LIFE: i64 = 24 * 60 * 60;
/// The longest code that a person is asked to type, in characters.
const LONGEST_USER_CODE: usize = 64;

/// A sign-in that is finished on another device (RFC 8628 section 3.2).
#[derive(Clone)]
pub struct DeviceAuthorization {
    device_code: Secret,
    verifier: Secret,
    /// The code to type, as the provider writes it.
    pub user_code: String,
    /// The address of the page for the code.
    pub verification_uri: Url,
    /// The same with the code in it, where the provider gives one.
    pub complete: Option<Url>,
    /// For how long the code is good.
    pub lifetime: Duration,
    /// How long to wait before each question.
    pub interval: Duration,
}

/// The answer to one question whether the person has finished (RFC 8628 section 3.5).
#[derive(Debug)]
pub enum DeviceAnswer {
    /// Not yet.
    Pending,
    /// Not yet, and from now on ask less often.
    SlowDown,
    /// They have.
    Granted(Box<Grant>),
}

impl fmt::Debug for DeviceAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceAuthorization").finish_non_exhaustive()
    }
}

impl Provider {
    /// Asks for a code that the person enters on another device, with a PKCE challenge: Keycloak wants one of clients that
    /// are set to PKCE, and others ignore it (RFC 8628 section 3.1).
    ///
    /// # Errors
    /// [`Code::DeviceLoginRefused`] where the provider does not offer it, or not to this client, in its own words;
    /// [`Code::WrongClient`], [`Code::ScopeRefused`], [`Code::Refused`], [`Code::AnswerBroken`], and the codes of a request
    /// that fails.
    pub async fn device_authorization(&self, http: &Http, profile: &Profile) -> Result<DeviceAuthorization> {
        let metadata = &self.inner.metadata;
        let Some(url) = &metadata.device else {
            let detail = format!("{} does not announce it", profile.issuer.host());
            return Err(Problem::new(Code::DeviceLoginRefused, detail));
        };
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256_len(VERIFIER_BYTES);
        let verifier = Secret::new(verifier.into_secret());
        let scopes = profile.scopes_at_sign_in().to_string();
        // A prompt is for a browser that was sent; there is none here.
        let extra = extra_parameters(profile, &AuthorizeOptions::default())?;
        let extra = extra.iter().filter(|(name, _)| *name != "prompt").map(|(name, value)| (&**name, &**value));
        let resources = profile.resources_at_sign_in().into_iter().map(|resource| ("resource", resource));
        let form: Vec<(&str, &str)> = [
            ("client_id", profile.client_id.as_str()),
            ("scope", &scopes),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ]
        .into_iter()
        .chain(extra)
        .chain(resources)
        .collect();
        let reply = http.post("a code for another device", url, &form, metadata.secret_in).await?;
        let sent = Sent { scopes: &scopes, secret: http.has_secret() };
        let members = reply.object().filter(|members| reply.is_success() && !members.contains_key("error"));
        let Some(members) = members else {
            let problem = self.with_unlisted_scopes(profile, error_answer(&reply, RequestKind::Device, sent, &[]));
            return Err(forbidden(&reply, problem));
        };
        read_code(&reply, &members, verifier, profile)
    }

    /// Asks once whether the person has finished. There is no nonce in this flow: the ID token's signature, issuer, audience
    /// and times are checked, and whose it is has to be shown (RFC 8628 section 5.4, DF-1).
    ///
    /// # Errors
    /// [`Code::Declined`], [`Code::DeviceCodeExpired`], [`Code::DeviceLoginRefused`]; [`Code::AnswerNotTrusted`] when the ID
    /// token is not in order; the others of a token request. [`Code::Unreachable`] and [`Code::ProviderFailing`] are no
    /// answer: the code is still good.
    pub async fn poll_device(
        &self,
        http: &Http,
        profile: &Profile,
        device: &DeviceAuthorization,
        clock: &dyn Clock,
    ) -> Result<DeviceAnswer> {
        let form = [
            ("grant_type", GRANT),
            ("device_code", device.device_code.expose()),
            ("client_id", &profile.client_id),
            ("code_verifier", device.verifier.expose()),
        ];
        let reply = http.post("tokens", &self.inner.metadata.token, &form, self.inner.metadata.secret_in).await?;
        match ProviderError::of_reply(&reply).map(|error| error.error).as_deref() {
            Some("authorization_pending") => return Ok(DeviceAnswer::Pending),
            Some("slow_down") => return Ok(DeviceAnswer::SlowDown),
            Some("expired_token" | "code_expired") => return Err(Problem::new(Code::DeviceCodeExpired, "")),
            // Entra ID's word for access_denied.
            Some("authorization_declined") => return Err(Problem::new(Code::Declined, "authorization_declined")),
            _ => {}
        }
        let scopes = profile.scopes_at_sign_in().to_string();
        let sent = Sent { scopes: &scopes, secret: http.has_secret() };
        let secrets = [&device.device_code, &device.verifier];
        let response = TokenResponse::read(&reply, RequestKind::Device, sent, &secrets)
            .map_err(|problem| forbidden(&reply, problem))?;
        let (tokens, id) = self.accept(http, profile, response, (reply.date, None), clock).await?;
        Ok(DeviceAnswer::Granted(Box::new(Grant { tokens, id, redirect_path: None })))
    }
}

/// A refusal of the flow itself, as against one of this request: the other ways to sign in may still work.
fn forbidden(reply: &Reply, problem: Problem) -> Problem {
    let error = ProviderError::of_reply(reply).map(|error| error.error).unwrap_or_default();
    let of_the_flow = matches!(error.as_str(), "unauthorized_client" | "unsupported_grant_type" | "not_supported")
        || matches!(problem.cause, Some(Cause::FlowNotAllowed | Cause::Policy));
    if of_the_flow && !matches!(problem.cause, Some(Cause::ClientSecretMissing | Cause::ClientSecretWrong)) {
        return Problem { code: Code::DeviceLoginRefused, cause: None, ..problem };
    }
    problem
}

fn read_code(
    reply: &Reply,
    members: &Map<String, Value>,
    verifier: Secret,
    profile: &Profile,
) -> Result<DeviceAuthorization> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let lacks = |name: &str| reply.problem(Code::AnswerBroken, &format!("the answer has no usable {name}"));
    let device_code = text("device_code").ok_or_else(|| lacks("device_code"))?;
    let user_code = text("user_code").map(|code| clean(code.trim(), LONGEST_USER_CODE));
    let user_code = user_code.filter(|code| !code.ends_with('…')).ok_or_else(|| lacks("user_code"))?;
    // Google's name for it came before the standard's.
    let address = text("verification_uri").or_else(|| text("verification_url"));
    let address = address.ok_or_else(|| lacks("verification_uri"))?;
    let verification_uri = endpoint::page("verification_uri", address, profile)?;
    let complete = text("verification_uri_complete").or_else(|| text("verification_url_complete"));
    // The code and the address are enough; a link that must not be opened is left out.
    let complete = complete.and_then(|link| endpoint::page("verification_uri_complete", link, profile).ok());
    let seconds = members.get("expires_in").and_then(lifetime).unwrap_or(USUAL_LIFE).min(LONGEST_LIFE);
    let interval = members.get("interval").and_then(lifetime).map(|seconds| seconds.min(LONGEST_INTERVAL));
    Ok(DeviceAuthorization {
        device_code: Secret::new(device_code.to_owned()),
        verifier,
        user_code,
        verification_uri,
        complete,
        lifetime: Duration::from_secs(seconds.unsigned_abs()),
        interval: interval.map_or(USUAL_INTERVAL, |seconds| Duration::from_secs(seconds.unsigned_abs())),
    })
}
