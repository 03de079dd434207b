use serde_json::{Map, Value};

use super::entitlements::Collector;
use super::{DocumentKind, DocumentReport, Identity, Verified};
use crate::text::clean;

/// One answer of the provider, with the claims at its root.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Which document.
    pub document: DocumentKind,
    /// Its claims.
    pub claims: Map<String, Value>,
    /// How it was checked.
    pub verified: Verified,
}

/// All answers of one sign-in or refresh.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The issuer, byte for byte.
    pub issuer: String,
    /// Those that could be read, in the order ID token, access token, userinfo, introspection.
    pub answers: Vec<Answer>,
    /// What became of each, also of those that could not be read.
    pub reports: Vec<DocumentReport>,
}

/// The longest name that is shown, in characters.
const LONGEST_NAME: usize = 120;

/// Builds the identity. Who somebody is comes from the ID token, then userinfo, never from the access token.
#[must_use]
pub fn identity_from(answers: &Answers) -> Identity {
    let about = |name: &str| {
        let trusted = answers
            .answers
            .iter()
            .filter(|answer| matches!(answer.document, DocumentKind::IdToken | DocumentKind::Userinfo));
        trusted.filter_map(|answer| answer.claims.get(name)).find(|value| !value.is_null()).cloned()
    };
    let text = |name: &str| {
        about(name)
            .and_then(|value| value.as_str().map(|text| clean(text.trim(), LONGEST_NAME)))
            .filter(|text| !text.is_empty())
    };
    let subject = about("sub").and_then(|value| value.as_str().map(ToOwned::to_owned)).unwrap_or_default();
    let whole = || match (text("given_name"), text("family_name")) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (one, other) => one.or(other),
    };
    let name = text("name")
        .or_else(whole)
        .or_else(|| text("preferred_username"))
        .or_else(|| text("nickname"))
        .or_else(|| text("email"))
        .unwrap_or_else(|| clean(&subject, LONGEST_NAME));
    let mut collector = Collector::default();
    for answer in &answers.answers {
        collector.read(answer);
    }
    Identity {
        issuer: answers.issuer.clone(),
        subject,
        name,
        email: text("email"),
        email_verified: about("email_verified").as_ref().and_then(truth),
        entitlements: collector.finish(),
        documents: answers.reports.clone(),
    }
}

/// `true`, or "true" as some providers write it.
fn truth(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_str()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    })
}
