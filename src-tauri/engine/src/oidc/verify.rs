use openidconnect::{AccessToken, AccessTokenHash};
use serde_json::{Map, Value};

use super::http::Http;
use super::jwt::{self, Jwt, Signed};
use super::{Provider, Renewal};
use crate::config::Profile;
use crate::ports::{Clock, Timestamp};
use crate::problem::{Code, Problem, Result};
use crate::tokens::Secret;

/// The claims of an ID token that was verified.
#[derive(Clone, Debug)]
pub struct IdClaims {
    /// All of them.
    pub claims: Map<String, Value>,
    /// `sub`.
    pub subject: String,
    /// `iss`.
    pub issuer: String,
    /// `aud`, always as a list.
    pub audience: Vec<String>,
    /// `azp`.
    pub azp: Option<String>,
    /// `auth_time`, POSIX seconds.
    pub auth_time: Option<f64>,
    /// `nonce`.
    pub nonce: Option<Secret>,
}

/// How far clocks may be apart, in seconds.
const LEEWAY: f64 = 60.0;
/// How far ahead an `iat` may lie, in seconds.
const AHEAD: f64 = 300.0;
/// How old a token may be at sign-in, in seconds.
const OLDEST: f64 = 86_400.0;

impl IdClaims {
    /// The claims of a token that was verified before it was stored.
    #[must_use]
    pub fn of_stored(token: &Secret) -> Option<Self> {
        Self::read(Jwt::parse(token.expose())?.claims).ok()
    }

    /// Reads the claims that identify; those of the wrong type are refused, never taken as absent (ID-3).
    fn read(claims: Map<String, Value>) -> Result<Self> {
        let subject = text(&claims, "sub")?.ok_or_else(|| untrusted("it names no subject"))?;
        if subject.is_empty() || subject.len() > 255 {
            return Err(untrusted("its subject is empty or too long"));
        }
        Ok(Self {
            subject,
            issuer: text(&claims, "iss")?.ok_or_else(|| untrusted("it names no issuer"))?,
            audience: audience(&claims)?,
            azp: text(&claims, "azp")?,
            auth_time: number(&claims, "auth_time")?,
            nonce: text(&claims, "nonce")?.map(Secret::new),
            claims,
        })
    }
}

impl Provider {
    /// Verifies the ID token of a sign-in (OpenID Connect Core section 3.1.3.7).
    pub(super) async fn verify_new(
        &self,
        http: &Http,
        profile: &Profile,
        token: &Secret,
        access: &Secret,
        nonce: &Secret,
        now: Timestamp,
    ) -> Result<IdClaims> {
        let jwt = jwt::parse(token.expose(), "ID token")?;
        let signed = self.signed(http, &jwt, "ID token").await?;
        let id = IdClaims::read(jwt.claims)?;
        self.check(profile, &id)?;
        times(&id.claims, now, Some(OLDEST))?;
        at_hash(&id.claims, access, &signed)?;
        match &id.nonce {
            Some(sent) if nonce.matches(sent.expose()) => Ok(id),
            Some(_) => Err(untrusted("its nonce is not the one that was sent")),
            None => Err(untrusted("it has no nonce")),
        }
    }

    /// Verifies the ID token of a renewal, where there is one, against the earlier one (Core section 12.2).
    ///
    /// # Errors
    /// [`Code::SubjectChanged`] for another person, else [`Code::AnswerNotTrusted`].
    pub async fn verify_renewed(
        &self,
        http: &Http,
        profile: &Profile,
        renewal: &Renewal,
        previous: &IdClaims,
        clock: &dyn Clock,
    ) -> Result<Option<IdClaims>> {
        let Some(token) = &renewal.id else { return Ok(None) };
        let jwt = jwt::parse(token.expose(), "ID token")?;
        let signed = self.signed(http, &jwt, "ID token").await?;
        let id = IdClaims::read(jwt.claims)?;
        if id.subject != previous.subject {
            return Err(Problem::new(Code::SubjectChanged, "the renewed ID token is about another person"));
        }
        self.check(profile, &id)?;
        times(&id.claims, clock.now(), None)?;
        at_hash(&id.claims, &renewal.access, &signed)?;
        same_sign_in(&id, previous)?;
        Ok(Some(id))
    }

    /// Issuer, audience and authorised party.
    fn check(&self, profile: &Profile, id: &IdClaims) -> Result<()> {
        if id.issuer != self.inner.issuer {
            return Err(untrusted(&format!("its issuer is {}", id.issuer)));
        }
        if !id.audience.contains(&profile.client_id) {
            return Err(untrusted("it is for another application"));
        }
        if id.azp.as_ref().is_some_and(|azp| *azp != profile.client_id) {
            return Err(untrusted("it was issued to another application"));
        }
        // Some providers always name further audiences; with the authorised party named that is no danger.
        let trusted =
            |audience: &String| *audience == profile.client_id || profile.trusted_audiences.contains(audience);
        if id.azp.is_none() && !id.audience.iter().all(trusted) {
            return Err(untrusted("it is for further applications and does not say to which it was issued"));
        }
        Ok(())
    }
}

fn same_sign_in(id: &IdClaims, previous: &IdClaims) -> Result<()> {
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    if id.issuer != previous.issuer || sorted(&id.audience) != sorted(&previous.audience) {
        return Err(untrusted("the renewed one is from or for others than the earlier one"));
    }
    if id.azp.is_some() && previous.azp.is_some() && id.azp != previous.azp {
        return Err(untrusted("the renewed one was issued to another application"));
    }
    if let (Some(now), Some(then)) = (id.auth_time, previous.auth_time)
        && (now - then).abs() >= 1.0
    {
        return Err(untrusted("the renewed one speaks of another sign-in"));
    }
    match (&id.nonce, &previous.nonce) {
        (Some(now), Some(then)) if !then.matches(now.expose()) => Err(untrusted("the renewed one has another nonce")),
        _ => Ok(()),
    }
}

/// `exp`, `iat` and `nbf`.
fn times(claims: &Map<String, Value>, now: Timestamp, oldest: Option<f64>) -> Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "POSIX seconds stay exact in a float for millions of years")]
    let now = now.0 as f64;
    let end = number(claims, "exp")?.ok_or_else(|| untrusted("it has no end (exp)"))?;
    if now - LEEWAY >= end {
        return Err(untrusted("it has ended (exp); is this computer's clock right?"));
    }
    let issued = number(claims, "iat")?.ok_or_else(|| untrusted("it does not say when it was issued (iat)"))?;
    if issued > now + AHEAD {
        return Err(untrusted("it was issued in the future (iat); is this computer's clock right?"));
    }
    if oldest.is_some_and(|oldest| now - issued > oldest) {
        return Err(untrusted("it was issued more than a day ago (iat)"));
    }
    if number(claims, "nbf")?.is_some_and(|start| start > now + LEEWAY) {
        return Err(untrusted("it does not hold yet (nbf)"));
    }
    Ok(())
}

/// Ties the access token to the ID token, where the provider does (Core section 3.1.3.8).
fn at_hash(claims: &Map<String, Value>, access: &Secret, signed: &Signed) -> Result<()> {
    let Some(sent) = text(claims, "at_hash")? else { return Ok(()) };
    let token = AccessToken::new(access.expose().to_owned());
    let ours = AccessTokenHash::from_token(&token, &signed.algorithm, &signed.key)
        .map_err(|_| untrusted("its at_hash can't be computed"))?;
    if ours.as_str() == sent { Ok(()) } else { Err(untrusted("it belongs to another access token (at_hash)")) }
}

fn audience(claims: &Map<String, Value>) -> Result<Vec<String>> {
    let wrong = || untrusted("its audience (aud) is missing or of the wrong type");
    match claims.get("aud") {
        Some(Value::String(one)) => Ok(vec![one.clone()]),
        Some(Value::Array(list)) if !list.is_empty() => {
            list.iter().map(|item| item.as_str().map(ToOwned::to_owned).ok_or_else(wrong)).collect()
        }
        _ => Err(wrong()),
    }
}

fn text(claims: &Map<String, Value>, name: &str) -> Result<Option<String>> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(untrusted(&format!("its {name} is not text"))),
    }
}

/// A `NumericDate` (RFC 7519 section 2): any finite JSON number, fractions and exponents included.
fn number(claims: &Map<String, Value>, name: &str) -> Result<Option<f64>> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::Number(number)) => number
            .as_f64()
            .filter(|number| number.is_finite())
            .map(Some)
            .ok_or_else(|| untrusted(&format!("its {name} is out of range"))),
        Some(_) => Err(untrusted(&format!("its {name} is not a number"))),
    }
}

fn untrusted(why: &str) -> Problem {
    Problem::new(Code::AnswerNotTrusted, format!("the ID token: {why}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    const NOW: Timestamp = Timestamp(1_651_330_700);

    #[test]
    fn dates_may_be_any_finite_json_number() {
        let text = r#"{"iat": 1.651330616E9, "exp": 1651366616.5, "nbf": 1651330616}"#;
        assert!(times(&serde_json::from_str(text).unwrap(), NOW, Some(OLDEST)).is_ok());
    }

    #[test]
    fn id_3_dates_of_the_wrong_type_are_refused_never_taken_as_absent() {
        for wrong in [json!("1651366616"), json!(null), json!([1]), json!({}), json!(true)] {
            for name in ["exp", "iat", "nbf"] {
                let mut claims = claims(json!({"iat": 1_651_330_616, "exp": 1_651_366_616}));
                claims.insert(name.into(), wrong.clone());
                assert!(times(&claims, NOW, None).is_err(), "{name} {wrong}");
            }
        }
    }

    #[test]
    fn id_4_ended_future_and_old_tokens_are_refused() {
        for (iat, exp) in
            [(1_651_330_616, 1_651_330_640), (1_651_331_100, 1_651_366_616), (1_651_200_000, 1_651_366_616)]
        {
            assert!(times(&claims(json!({"iat": iat, "exp": exp})), NOW, Some(OLDEST)).is_err(), "{iat} {exp}");
        }
        let within_leeway = claims(json!({"iat": 1_651_330_616, "exp": 1_651_330_641}));
        assert!(times(&within_leeway, NOW, Some(OLDEST)).is_ok());
    }

    #[test]
    fn id_3_identifying_claims_of_the_wrong_type_are_refused() {
        let good = json!({"sub": "1", "iss": "https://idp.example", "aud": "c"});
        assert!(IdClaims::read(claims(good.clone())).is_ok());
        for (name, wrong) in [
            ("sub", json!(1)),
            ("sub", json!("")),
            ("iss", json!([])),
            ("aud", json!(3)),
            ("aud", json!([1])),
            ("azp", json!(1)),
            ("nonce", json!({})),
        ] {
            let mut claims = claims(good.clone());
            claims.insert(name.into(), wrong.clone());
            assert!(IdClaims::read(claims).is_err(), "{name} {wrong}");
        }
    }
}
