//! What is in a token that was sent to a receiver, to compare the receiver's answer with.

use serde_json::{Map, Value};

use super::ParsedToken;
use crate::identity::{Answer, Answers, DocumentKind, Identity, Verified, identity_from};
use crate::ports::Timestamp;
use crate::receivers::SentToken;
use crate::redact::Redactor;
use crate::text::{clean_line, visible};
use crate::tokens::Secret;

/// The most audiences and texts that are kept.
const MOST: usize = 100;
/// The longest of them, in characters.
const LONGEST: usize = 1000;

/// Takes a token apart. The second is what it says of the person, built as for a document of the profile: `like` has the
/// paths, conventions and secrets of that.
pub(crate) fn read_sent_token(token: &Secret, person: &Identity, like: &Answers) -> (SentToken, Option<Identity>) {
    let mut sent = SentToken::default();
    let ParsedToken::Signed(jwt) = ParsedToken::of(token.expose()) else { return (sent, None) };
    sent.algorithm = Some(clean_line(jwt.alg()));
    let claims = jwt.into_claims();
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let is = |name: &str, value: &str| text(name) == Some(value);
    sent.readable = true;
    sent.same_person = Some(is("iss", &person.issuer) && is("sub", &person.subject));
    sent.issuer = text("iss").map(|issuer| shown(issuer, &like.redactor));
    sent.subject = text("sub").map(|subject| shown(subject, &like.redactor));
    sent.audience = audience(&claims, &like.redactor);
    sent.expires_at = time(&claims, "exp");
    sent.not_before = time(&claims, "nbf");
    sent.texts = claims
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?)))
        .take(MOST)
        .map(|(name, value)| (shown(name, &like.redactor), shown(value, &like.redactor)))
        .collect();
    let answer = Answer { document: DocumentKind::IdToken, claims, verified: Verified::None };
    let identity = identity_from(&Answers { answers: vec![answer], ..like.clone() });
    (sent, Some(identity))
}

fn shown(text: &str, redactor: &Redactor) -> String {
    visible(&redactor.text(text), LONGEST)
}

fn audience(claims: &Map<String, Value>, redactor: &Redactor) -> Vec<String> {
    let several = claims.get("aud").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let one = claims.get("aud").and_then(Value::as_str);
    one.into_iter()
        .chain(several.iter().filter_map(Value::as_str))
        .take(MOST)
        .map(|audience| shown(audience, redactor))
        .collect()
}

fn time(claims: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    let seconds = claims.get(name)?.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and a date that far is far enough")]
    Some(Timestamp(seconds.floor() as i64))
}
