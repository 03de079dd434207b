use std::collections::BTreeSet;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use openidconnect::JsonWebKey as _;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm as Alg};
use serde_json::{Map, Value};

use super::clock_skew;
use super::discovery::Provider;
use super::http::Http;
use super::jwt::{LONGEST, ParsedToken};
use super::keys::SignatureError;
use super::token_response::type_of;
use crate::config::Profile;
use crate::ports::Timestamp;
use crate::problem::Cause;
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// How far a clock may be off for `exp` and `nbf`, in seconds.
pub(super) const LEEWAY: i64 = 60;
/// How far in the future a token may have been made, in seconds.
const AHEAD: i64 = 300;
/// How old a token may be at sign-in, in seconds.
const OLDEST: i64 = 24 * 60 * 60;
/// A time from here on is in milliseconds: in seconds it would be the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;
/// The longest `sub`, in characters (OpenID Connect Core section 2).
const LONGEST_SUBJECT: usize = 255;

/// Why a token is not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// In words, to follow "the ID token:".
    pub(super) why: String,
    cause: Option<Cause>,
}

impl Fault {
    fn because(cause: Cause, why: String) -> Self {
        Self { why, cause: Some(cause) }
    }
}

impl From<String> for Fault {
    fn from(why: String) -> Self {
        Self { why, cause: None }
    }
}

impl From<&str> for Fault {
    fn from(why: &str) -> Self {
        why.to_owned().into()
    }
}

/// The claims of an ID token (OpenID Connect Core section 2).
#[derive(Clone)]
pub struct IdClaims {
    /// All of them.
    pub claims: Map<String, Value>,
    /// `iss`.
    pub issuer: String,
    /// `sub`: with the issuer the only key to a person.
    pub subject: String,
    /// `aud`.
    pub audience: Vec<String>,
    /// `azp`: the client it was made for.
    pub azp: Option<String>,
    /// `auth_time`: when the person last proved who they are.
    pub auth_time: Option<Timestamp>,
    /// `nonce`: ties it to one sign-in.
    pub nonce: Option<String>,
}

impl fmt::Debug for IdClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdClaims").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl IdClaims {
    /// The claims of a token that was verified before it was stored. Nothing is checked again.
    #[must_use]
    pub fn of_stored(token: &Secret) -> Option<Self> {
        let ParsedToken::Signed(mut jwt) = ParsedToken::of(token.expose()) else { return None };
        // What was accepted once stays readable, also where more is asked for now.
        if jwt.claims.get("auth_time").is_some_and(|value| auth_time(value).is_err()) {
            jwt.claims.remove("auth_time");
        }
        Self::read(jwt.claims).ok()
    }

    /// Takes the claims apart. One of the wrong type is never taken for an absent one (ID-3).
    fn read(claims: Map<String, Value>) -> Result<Self, Fault> {
        let text = |name: &str| match claims.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(Fault::from(format!("'{name}' is {}, not text", type_of(other)))),
        };
        let required = |name: &str| text(name)?.ok_or_else(|| Fault::from(format!("it has no '{name}'")));
        let subject = required("sub")?;
        if subject.is_empty() || subject.chars().count() > LONGEST_SUBJECT {
            return Err("'sub' is empty or too long".into());
        }
        let (issuer, azp, nonce) = (required("iss")?, text("azp")?, text("nonce")?);
        let audience = audience(claims.get("aud"))?;
        let auth_time = claims.get("auth_time").map_or(Ok(None), auth_time)?;
        Ok(Self { claims, issuer, subject, audience, azp, auth_time, nonce })
    }
}

/// What an ID token is compared with.
pub(super) struct IdTokenExpectations<'a> {
    pub(super) profile: &'a Profile,
    pub(super) issuer: &'a str,
    /// Whether it came with a sign-in, and not with a refresh.
    pub(super) at_sign_in: bool,
    /// The nonce that was sent, where one was.
    pub(super) nonce: Option<&'a Secret>,
    /// The access token that came along.
    pub(super) access: &'a Secret,
    pub(super) now: Timestamp,
    /// When the answer was made, by the provider's clock: only to say whose clock is off.
    pub(super) server_date: Option<Timestamp>,
}

/// A signed token whose signature was checked.
pub(super) struct CheckedJwt {
    pub(super) claims: Map<String, Value>,
    pub(super) key: CoreJsonWebKey,
    pub(super) alg: Alg,
}

impl Provider {
    /// Verifies an ID token: first its signature, always (ID-2), then what it says (section 3.1.3.7).
    pub(super) async fn verify(
        &self,
        http: &Http,
        token: &Secret,
        expected: &IdTokenExpectations<'_>,
    ) -> Result<IdClaims> {
        let algs = &self.inner.metadata.id_token_algs;
        let checked = self.check_signature(http, "the ID token", token, algs).await?;
        let access_hash = access_hash(&checked, expected.access);
        let verified = IdClaims::read(checked.claims).and_then(|id| {
            id.check(expected)?;
            id.check_access_hash(access_hash.as_deref())?;
            Ok(id)
        });
        verified.map_err(|Fault { why, cause }| {
            Problem::new(Code::AnswerNotTrusted, format!("the ID token: {why}")).because(cause)
        })
    }

    /// Checks a signature with the provider's keys. When none fits they are fetched again, once: the provider may have
    /// changed them since (section 10.1.1).
    pub(super) async fn check_signature(
        &self,
        http: &Http,
        what: &str,
        token: &Secret,
        algs: &[Alg],
    ) -> Result<CheckedJwt> {
        let untrusted = |why: &str| Problem::new(Code::AnswerNotTrusted, format!("{what} {why}"));
        let jwt = match ParsedToken::of(token.expose()) {
            ParsedToken::Signed(jwt) if !jwt.is_of_another_kind() => jwt,
            ParsedToken::Signed(_) => return Err(untrusted("is another kind of token")),
            ParsedToken::Encrypted => {
                let problem = untrusted("is encrypted; have the provider send it signed only");
                return Err(problem.because(Some(Cause::EncryptedIdToken)));
            }
            ParsedToken::Opaque if token.expose().len() > LONGEST => return Err(untrusted("is longer than 1 MiB")),
            ParsedToken::Opaque => return Err(untrusted("is not a signed token")),
        };
        let mut keys = self.keys();
        let mut outcome = keys.check(&jwt, algs);
        if outcome.as_ref().is_err_and(|error| *error == SignatureError::NoKey) && self.refetch_keys(http).await? {
            keys = self.keys();
            outcome = keys.check(&jwt, algs);
        }
        let (key, alg) = match outcome {
            Ok((key, alg)) => (key.clone(), alg),
            Err(SignatureError::Algorithm) => {
                let shared = jwt.alg().starts_with("HS").then_some(Cause::SharedSecretSignature);
                let by = if shared.is_some() { ", by a shared secret" } else { "" };
                let problem = untrusted(&format!("is signed with '{}'{by}, which is not accepted", jwt.alg()));
                return Err(problem.because(shared));
            }
            Err(error) => return Err(untrusted(error.message())),
        };
        Ok(CheckedJwt { claims: jwt.claims, key, alg })
    }
}

impl IdClaims {
    fn check(&self, expected: &IdTokenExpectations<'_>) -> Result<(), Fault> {
        if self.issuer != expected.issuer {
            return Err(format!("it is from '{}', not from '{}'", self.issuer, expected.issuer).into());
        }
        check_audience(&self.audience, self.azp.as_deref(), expected.profile)?;
        self.check_times(expected)?;
        self.check_age(expected)?;
        if let Some(sent) = expected.nonce {
            let came = self.nonce.as_deref().ok_or("it has no 'nonce'")?;
            if !sent.matches(came) {
                return Err("its 'nonce' is not the one that was sent".into());
            }
        }
        Ok(())
    }

    fn check_times(&self, expected: &IdTokenExpectations<'_>) -> Result<(), Fault> {
        let (now, at_sign_in) = (expected.now, expected.at_sign_in);
        let time = |name: &str| self.claims.get(name).map(|value| time(name, value)).transpose();
        let clock =
            clock_skew::describe(expected.server_date, now).unwrap_or_else(|| "check this computer's clock".into());
        let ends = time("exp")?.ok_or("it has no 'exp'")?;
        if now.0 >= ends.saturating_add(LEEWAY) {
            return Err(format!("it ended {} s ago; {clock}", now.0.saturating_sub(ends)).into());
        }
        let made = time("iat")?.ok_or("it has no 'iat'")?;
        if made > now.0.saturating_add(AHEAD) {
            not_milliseconds("iat", made)?;
            return Err(format!("it was made {} s in the future; {clock}", made.saturating_sub(now.0)).into());
        }
        if at_sign_in && made < now.0.saturating_sub(OLDEST) {
            return Err(format!("it was made more than a day ago; {clock}").into());
        }
        if let Some(begins) = time("nbf")?.filter(|begins| *begins > now.0.saturating_add(LEEWAY)) {
            not_milliseconds("nbf", begins)?;
            return Err(format!("it does not hold yet; {clock}").into());
        }
        Ok(())
    }

    /// Whoever asks for a sign-in that is not older than `max_age` must be told how old it is (section 3.1.2.1).
    fn check_age(&self, expected: &IdTokenExpectations<'_>) -> Result<(), Fault> {
        let asked = expected.profile.params.get("max_age").filter(|_| expected.at_sign_in);
        let Some(asked) = asked else { return Ok(()) };
        let most: i64 =
            asked.trim().parse().map_err(|_| Fault::from(format!("'max_age' is '{asked}', not a number")))?;
        let at = self.auth_time.ok_or("it has no 'auth_time', though 'max_age' was asked for")?;
        if expected.now.0.saturating_sub(at.0) > most.saturating_add(LEEWAY) {
            return Err("the person proved who they are longer ago than 'max_age' allows".into());
        }
        Ok(())
    }

    /// Section 3.1.3.8.
    fn check_access_hash(&self, expected: Option<&str>) -> Result<(), Fault> {
        match self.claims.get("at_hash") {
            None | Some(Value::Null) => Ok(()),
            Some(Value::String(came)) if Some(came.as_str()) == expected => Ok(()),
            Some(_) => Err("its 'at_hash' does not fit the access token".into()),
        }
    }

    /// Compares a refreshed token with the one before (section 12.2).
    pub(super) fn check_same_sign_in(&self, previous: &Self) -> Result<()> {
        if self.subject != previous.subject {
            return Err(Problem::new(Code::SubjectChanged, "the refreshed ID token names another subject"));
        }
        let set = |id: &Self| id.audience.iter().cloned().collect::<BTreeSet<_>>();
        let differs = |one: Option<&String>, other: Option<&String>| one.zip(other).is_some_and(|(a, b)| a != b);
        let times = self.auth_time.zip(previous.auth_time).filter(|(new, old)| new != old);
        let changed = if self.issuer != previous.issuer {
            "'iss'"
        } else if set(self) != set(previous) {
            "'aud'"
        } else if self.azp != previous.azp {
            "'azp'"
        } else if differs(self.nonce.as_ref(), previous.nonce.as_ref()) {
            "'nonce'"
        } else if let Some((new, old)) = times {
            let detail =
                format!("the refreshed ID token has another 'auth_time' ({}) than the first ({})", new.0, old.0);
            return Err(Problem::new(Code::AnswerNotTrusted, detail).because(Some(Cause::AuthTimeMoved)));
        } else {
            return Ok(());
        };
        Err(Problem::new(
            Code::AnswerNotTrusted,
            format!("the refreshed ID token has another {changed} than the first"),
        ))
    }
}

/// The client itself must be an audience. Further ones are accepted when `azp` says that the token was made for us, or
/// when the profile lists them: many providers always name several.
pub(super) fn check_audience(audience: &[String], azp: Option<&str>, profile: &Profile) -> Result<(), Fault> {
    let client = profile.client_id.as_str();
    if !audience.iter().any(|aud| aud == client) {
        return Err(format!("it is made for '{}', not for this client ID ('{client}')", audience.join("', '")).into());
    }
    match azp {
        Some(azp) if azp != client => Err(format!("its 'azp' is '{azp}', another client").into()),
        Some(_) => Ok(()),
        None => match audience.iter().find(|aud| *aud != client && !profile.trusted_audiences.contains(aud)) {
            Some(foreign) => Err(Fault::because(
                Cause::UntrustedAudience,
                format!("it is also made for '{foreign}', which is not among the trusted_audiences of the profile"),
            )),
            None => Ok(()),
        },
    }
}

/// `aud`: a text, or a list of texts.
pub(super) fn audience(value: Option<&Value>) -> Result<Vec<String>, Fault> {
    let wrong = || Fault::from("'aud' is neither text nor a list of texts");
    match value {
        None | Some(Value::Null) => Err("it has no 'aud'".into()),
        Some(Value::String(one)) => Ok(vec![one.clone()]),
        Some(Value::Array(items)) => {
            items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        Some(_) => Err(wrong()),
    }
}

/// The claim `name`, which holds a time.
fn time(name: &str, value: &Value) -> Result<i64, Fault> {
    seconds(value).ok_or_else(|| {
        let why = format!("'{name}' is {}, not a number", type_of(value));
        Fault::because(Cause::TimeFormat, why)
    })
}

/// A time so far ahead that it can only be in milliseconds is named as that, and not put down to a clock.
fn not_milliseconds(name: &str, time: i64) -> Result<(), Fault> {
    if time < MILLISECONDS {
        return Ok(());
    }
    Err(Fault::because(Cause::TimeFormat, format!("'{name}' is {time}, which is in milliseconds and not in seconds")))
}

/// `auth_time`: a number, or the digits of one. Anything else is never taken for an absent one (ID-3).
fn auth_time(value: &Value) -> Result<Option<Timestamp>, Fault> {
    if value.is_null() {
        return Ok(None);
    }
    let digits = || value.as_str()?.trim().parse().ok();
    match seconds(value).or_else(digits) {
        Some(seconds) => Ok(Some(Timestamp(seconds))),
        None => time("auth_time", value).map(|seconds| Some(Timestamp(seconds))),
    }
}

/// A time: any JSON number, fractions and exponents included (RFC 7519 section 2).
#[expect(
    clippy::cast_possible_truncation,
    reason = "a fraction of a second is of no use; beyond the range it saturates"
)]
pub(super) fn seconds(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    number.as_i64().or_else(|| number.as_f64().filter(|seconds| seconds.is_finite()).map(|seconds| seconds as i64))
}

/// The left half of the access token's hash, made with the hash of the signature's algorithm.
fn access_hash(checked: &CheckedJwt, access: &Secret) -> Option<String> {
    let hash = checked.key.hash_bytes(access.expose().as_bytes(), &checked.alg).ok()?;
    hash.get(..hash.len() / 2).map(|half| BASE64.encode(half))
}

/// What anybody may put into a token: taken apart, and compared with what is expected.
#[cfg(fuzzing)]
pub fn fuzzed(text: &str) {
    let token = Secret::new(text.to_owned());
    let _ = super::jwt::not_before(&token);
    let Some(id) = IdClaims::of_stored(&token) else { return };
    let issuer = crate::config::Issuer::parse("https://idp.example").expect("an issuer");
    let profile = Profile::new("fuzz".parse().expect("a name"), issuer, "client".into());
    let (nonce, access) = (Secret::new("nonce".into()), Secret::new("access".into()));
    let now = Timestamp(1_700_000_000);
    let expected = IdTokenExpectations {
        profile: &profile,
        issuer: "https://idp.example",
        at_sign_in: true,
        nonce: Some(&nonce),
        access: &access,
        now,
        server_date: None,
    };
    if id.check(&expected).is_ok() {
        assert!(id.audience.iter().any(|audience| audience == "client") && id.nonce.as_deref() == Some("nonce"));
    }
    let _ = id.check_access_hash(Some("x"));
    assert!(id.check_same_sign_in(&id).is_ok());
}

#[cfg(test)]
mod tests;
